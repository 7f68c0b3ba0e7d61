import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { z } from 'zod';
import type { OrderView } from '../../clients/http/order-view.ts';
import { loadSampleCatalog } from '../../dev/demo/load-catalog.ts';
import { createPartnerWorld } from '../../dev/demo/partner-world.ts';
import type { SampleWorld } from '../../dev/demo/run-sample.ts';
import { waitUntil } from '../../dev/demo/wait-until.ts';
import { createWaybillApi } from '../../dev/demo/waybill-api.ts';
import { startSystem } from '../../dev/system/start-system.ts';
import type { System, SystemOptions } from '../../dev/system/start-system.ts';
import { orderWorkflowId } from '../../workflows/order/order.contract.ts';

/** Starting processes, a namespace and the catalogue on a busy machine. */
export const systemStartMs = 180_000;
/** For a test that waits for orders: polls end after a minute by themselves, with a reason. */
export const journeyMs = 120_000;

export interface TestSystem extends SampleWorld {
  readonly system: System;
  /** Every line that worker and API have printed so far, on both outputs. */
  readonly printed: readonly string[];
  stop(): Promise<void>;
}

/**
 * A whole system of the test file's own, with the sample catalogue: processes, namespace and database of its own on the
 * servers of the test run, so that test files can run side by side.
 */
export async function startTestSystem(options: Pick<SystemOptions, 'duplicateWebhooks'> = {}): Promise<TestSystem> {
  const printed: string[] = [];
  const system = await startSystem({
    log: () => undefined,
    onLine: (line) => printed.push(line),
    isolated: true,
    ...options,
  });
  const api = createWaybillApi(system);
  await loadSampleCatalog(api);
  const runId = randomBytes(6).toString('hex');
  return { system, api, world: createPartnerWorld(system), runId, printed, stop: () => system.stop() };
}

/** An order of one pixel editor by a consumer in Germany; every test has a buyer of its own. */
export function editorOrder(buyer: string, changes: { readonly token?: string } = {}) {
  return {
    currency: 'EUR',
    customer: {
      id: `cus_${buyer}`,
      email: `${buyer}@journeys.example`,
      name: 'Jordan Journey',
      locale: 'en',
      country: 'DE',
      ipCountry: 'DE',
    },
    lines: [{ price: 'pixel-editor-eur', quantity: 1 }],
    payment: { method: 'card', token: changes.token ?? 'tok_ok' },
    consents: { immediateDelivery: true, withdrawalWaiver: true },
  } as const;
}

const placedAnswer = z.object({ id: z.string() });

/** Places it and answers its id. @throws when it is not accepted */
export async function place({ api, runId }: TestSystem, buyer: string, order: object): Promise<string> {
  const { status, body } = await api.post('/orders', order, { 'idempotency-key': `${runId}-${buyer}` });
  if (status !== 202) throw new Error(`POST /v1/orders answered ${status}: ${JSON.stringify(body)}`);
  return placedAnswer.parse(body).id;
}

export function untilOrder(
  { api }: TestSystem,
  orderId: string,
  what: string,
  holds: (order: OrderView) => boolean,
): Promise<OrderView> {
  return waitUntil(`order ${orderId} ${what}`, async () => {
    const order = await api.order(orderId);
    return holds(order) ? order : null;
  });
}

export function untilStatus(system: TestSystem, orderId: string, status: OrderView['status']): Promise<OrderView> {
  return untilOrder(system, orderId, `is ${status}`, (order) => order.status === status);
}

/** Waits until the order's workflow has closed: after that nothing more is sent or charged. */
export async function untilClosed({ system }: TestSystem, orderId: string): Promise<void> {
  const connection = await Connection.connect({ address: system.stack.temporal.address });
  try {
    const client = new Client({ connection, namespace: system.home.namespace });
    await client.workflow.getHandle(orderWorkflowId(orderId)).result();
  } finally {
    await connection.close();
  }
}
