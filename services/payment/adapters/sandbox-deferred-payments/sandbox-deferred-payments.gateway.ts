import { z } from 'zod';
import { fail } from '../../../../domain/failures.ts';
import { requestPartner } from '../../../http/partner-request.ts';
import type { PartnerRequest } from '../../../http/partner-request.ts';
import type { PaymentGateway } from '../../payment-gateway.ts';
import { readGatewayAnswer } from '../gateway-answer.ts';
import type { GatewayConfig } from '../gateway-config.ts';
import {
  collectionKinds,
  collectionSchema,
  payoutSchema,
  toGatewayPayment,
  toGatewayRefund,
} from './sandbox-deferred-payments.mapping.ts';

const id = 'deferred_payments';
const collectionAnswer = z.object({ collection: collectionSchema });
const collectionsAnswer = z.object({ collections: z.array(collectionSchema).max(1) });
const payoutAnswer = z.object({ payout: payoutSchema });
const payoutsAnswer = z.object({ payouts: z.array(payoutSchema).max(1) });

/** Bank transfers and vouchers: nothing is authorised; the money is awaited and then there. */
export function createSandboxDeferredPayments(config: GatewayConfig): PaymentGateway {
  const root = `${config.baseUrl}/deferred-payments`;

  async function call<Body>(
    schema: z.ZodType<Body>,
    path: string,
    request: Pick<PartnerRequest, 'method' | 'idempotencyKey' | 'body'>,
  ): Promise<Body | 'wrong_state'> {
    const { apiKey, timeoutMs } = config;
    return readGatewayAnswer(id, await requestPartner({ ...request, url: root + path, apiKey, timeoutMs }), schema);
  }
  async function read<Body>(schema: z.ZodType<Body>, path: string): Promise<Body> {
    const answer = await call(schema, path, { method: 'GET' });
    return answer === 'wrong_state' ? fail('payment.gateway_rejected', `${id} refused to read ${path}`) : answer;
  }
  const pathOf = (paymentId: string) => `/collections/${encodeURIComponent(paymentId)}`;
  const collectionOf = async (paymentId: string) => (await read(collectionAnswer, pathOf(paymentId))).collection;

  return {
    id,
    async authorize(request) {
      const kind = collectionKinds.get(request.method);
      if (kind === undefined) return fail('payment.gateway_rejected', `${id} does not take ${request.method}`);
      const answer = await call(collectionAnswer, '/collections', {
        method: 'POST',
        idempotencyKey: request.key,
        body: {
          orderReference: request.reference,
          kind,
          minorUnits: request.amount.amount,
          currency: request.amount.currency,
          payerToken: request.token,
          backUrl: request.returnUrl,
        },
      });
      return answer === 'wrong_state'
        ? fail('payment.gateway_rejected', `${id} refused a new collection`)
        : toGatewayPayment(answer.collection);
    },
    /** The provider captures by itself, all or nothing: asking says whether it has. */
    async capture({ paymentId, amount }) {
      const collection = await collectionOf(paymentId);
      if (collection.minorUnits !== amount.amount || collection.currency !== amount.currency)
        fail('payment.gateway_rejected', `${id} collects the whole amount of ${paymentId} or nothing`);
      return toGatewayPayment(collection);
    },
    async void({ key, paymentId }) {
      const answer = await call(collectionAnswer, `${pathOf(paymentId)}/withdraw`, {
        method: 'POST',
        idempotencyKey: key,
        body: {},
      });
      return toGatewayPayment(answer === 'wrong_state' ? await collectionOf(paymentId) : answer.collection);
    },
    async refund({ key, paymentId, amount }) {
      const answer = await call(payoutAnswer, `${pathOf(paymentId)}/payouts`, {
        method: 'POST',
        idempotencyKey: key,
        body: { minorUnits: amount.amount },
      });
      return answer === 'wrong_state'
        ? fail('payment.gateway_rejected', `${id} holds no money of ${paymentId}`)
        : toGatewayRefund(answer.payout);
    },
    async lookup({ key }) {
      const { collections } = await read(collectionsAnswer, `/collections?requestKey=${encodeURIComponent(key)}`);
      return collections[0] === undefined ? null : toGatewayPayment(collections[0]);
    },
    async lookupRefund({ key }) {
      const { payouts } = await read(payoutsAnswer, `/payouts?requestKey=${encodeURIComponent(key)}`);
      return payouts[0] === undefined ? null : toGatewayRefund(payouts[0]);
    },
  };
}
