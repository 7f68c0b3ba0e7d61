import { afterAll } from '@jest/globals';
import type { Db } from 'mongodb';
import { z } from 'zod';
import { createSandbox } from '../../../dev/sandbox/create-sandbox.ts';
import { sandboxApiKey } from '../../../dev/sandbox/sandbox-key.ts';
import type { FaultRequest } from '../../../dev/sandbox/faults.ts';
import { freePort } from '../../../dev/stack/free-port.ts';
import { createRetryGovernor } from '../../../services/dunning/retry-governor.ts';
import { createChargePace } from '../../../services/payment/charge-pace.ts';
import type { ChargeGuard, ChargePace } from '../../../services/payment/collect-request.ts';
import { createGateways, gatewayProfiles } from '../../../services/payment/gateway-registry.ts';
import type { GatewayId } from '../../../services/payment/gateway-registry.ts';
import type { PaymentGateway } from '../../../services/payment/payment-gateway.ts';
import { createPaymentService } from '../../../services/payment/payment-service.ts';
import type { ChargeRequest } from '../../../services/payment/payment-service.ts';
import { createPaymentStore } from '../../../services/payment/payment-store.ts';
import { databaseOfThisFile } from '../../support/mongo.ts';

export const at = '2026-11-21T10:00:00.000Z';

/** The process that did the work is gone before it could write down what came of it. */
export class Crash extends Error {}

const book = z.array(
  z.object({
    acquirer: z.string(),
    authorized: z.number(),
    captured: z.number(),
    refunded: z.number(),
    attempts: z.number(),
    askedAt: z.array(z.string()),
    state: z.string(),
    id: z.string(),
  }),
);

const refundList = z.array(z.object({ id: z.string(), key: z.string(), amount: z.int(), state: z.string() }));

export type PaymentsUnderTest = Awaited<ReturnType<typeof openPayments>>;

/** The payment service on a real database, its adapters and the sandbox's providers over HTTP. */
export async function openPayments(db: Db) {
  const sandbox = await createSandbox();
  const store = createPaymentStore(db);
  const closedPort = await freePort();
  let orders = 0;

  const gateways = (urls: Partial<Record<GatewayId, string>> = {}, timeoutMs = 5_000) => {
    const config = (id: GatewayId) => ({ baseUrl: urls[id] ?? sandbox.url, apiKey: sandboxApiKey, timeoutMs });
    return createGateways({
      acquirer_a: config('acquirer_a'),
      acquirer_b: config('acquirer_b'),
      deferred_payments: config('deferred_payments'),
    });
  };
  const governor = createRetryGovernor(db);
  const pace = createChargePace(db, 1_000);
  const service = (
    of: Readonly<Record<string, PaymentGateway>> = gateways(),
    chargeGuard: ChargeGuard = governor,
    chargePace: ChargePace = pace,
  ) =>
    createPaymentService({
      ...{ store, gateways: of, chargeGuard, chargePace },
      profiles: gatewayProfiles,
      returnUrl: (id) => `https://shop.test/${id}`,
    });

  async function send(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await fetch(sandbox.url + path, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    return answer.status === 204 ? null : answer.json();
  }

  return {
    store,
    gateways,
    service,
    /** Nobody listens there: a request surely does not arrive. */
    nowhere: `http://127.0.0.1:${closedPort}`,
    charge: (token: string, change: Partial<ChargeRequest> = {}): ChargeRequest => {
      orders += 1;
      return {
        orderId: `ord_${orders}`,
        amount: { amount: 4900, currency: 'EUR' },
        method: 'card',
        token,
        at,
        ...change,
      };
    },
    booked: async (orderId: string) => book.parse(await send('GET', `/payments?reference=${orderId}`)),
    fault: (fault: FaultRequest) => send('POST', '/faults', fault),
    clearFaults: () => send('DELETE', '/faults'),
    act: (path: string, body?: object) => send('POST', path, body),
    /** What the acquirers know of the refunds of a payment. */
    refundsOf: async (payment: string) => refundList.parse(await send('GET', `/refunds?payment=${payment}`)),
    close: () => sandbox.close(),
  };
}

/** The same on a database of the test file, awaited at its top and closed after its last test. */
export async function paymentsOfThisFile(): Promise<PaymentsUnderTest> {
  const world = await openPayments(await databaseOfThisFile());
  afterAll(() => world.close());
  return world;
}

type Verb = 'authorize' | 'capture' | 'void' | 'refund' | 'lookup';

/** A gateway whose caller dies once, right after the provider did what it was asked for. */
export function crashingAfter(verb: Verb, gateway: PaymentGateway): PaymentGateway {
  let crashed = false;
  return {
    ...gateway,
    [verb]: async (request: never) => {
      const answer: unknown = await gateway[verb](request);
      if (crashed) return answer;
      crashed = true;
      throw new Crash();
    },
  };
}
