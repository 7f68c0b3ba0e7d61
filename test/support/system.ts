import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import type { OrderView } from '../../clients/http/order-view.ts';
import { loadSampleCatalog } from '../../dev/demo/load-catalog.ts';
import { createPartnerWorld } from '../../dev/system/partner-world.ts';
import type { SampleWorld } from '../../dev/demo/run-sample.ts';
import { createWaybillApi } from '../../dev/system/waybill-api.ts';
import { startSystem } from '../../dev/system/start-system.ts';
import type { System, SystemOptions } from '../../dev/system/start-system.ts';
import { orderWorkflowId } from '../../workflows/order/order.contract.ts';

/** Starting processes, a namespace and the catalogue on a busy machine. */
export const systemStartMs = 180_000;
/** For a test that waits for orders: polls end earlier by themselves, with a reason. */
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
async function startTestSystem(options: Pick<SystemOptions, 'duplicateWebhooks'> = {}): Promise<TestSystem> {
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

/** The system of a whole test file: started before its first test, ended after its last. */
export function systemOfThisFile(options: Pick<SystemOptions, 'duplicateWebhooks'> = {}): () => TestSystem {
  let started: TestSystem | undefined;
  beforeAll(async () => {
    started = await startTestSystem(options);
  }, systemStartMs);
  afterAll(async () => {
    await started?.stop();
  }, journeyMs);
  return () => {
    if (started === undefined) throw new Error('the system did not start');
    return started;
  };
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

/** Places it and answers its id. @throws when it is not accepted */
export async function place({ api, runId }: TestSystem, buyer: string, order: object): Promise<string> {
  return (await api.place(order, `${runId}-${buyer}`)).id;
}

export function untilStatus({ api }: TestSystem, orderId: string, status: OrderView['status']): Promise<OrderView> {
  return api.untilOrder(orderId, `is ${status}`, (order) => order.status === status);
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
