import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { bulkRefundItemsCollection } from '../../services/bulk-refund/bulk-refund-item-store.ts';
import { inWords } from '../system/json-call.ts';
import type { JsonAnswer } from '../system/json-call.ts';
import { createWaybillApi } from '../system/waybill-api.ts';
import type { PlacedOrder } from './customers.ts';
import type { Harness } from './harness.ts';

export interface BulkFigures {
  readonly dryRunSeconds: number;
  /** From the confirmation until the report, with the kill. */
  readonly refundSeconds: number;
  readonly succeeded: number;
  /** How many were refunded when the worker was killed. */
  readonly killedAfter: number;
}

const viewSchema = z.looseObject({
  id: z.string(),
  status: z.string(),
  orders: z.looseObject({ selected: z.int(), succeeded: z.int() }),
});

const patienceMs = 1_200_000;

/** All of them as one job, confirmed after its dry run, the worker killed when half of them are refunded. */
export async function refundInBulk({ system, db, log }: Harness, placed: readonly PlacedOrder[]): Promise<BulkFigures> {
  const api = createWaybillApi(system);
  const said = (answer: JsonAnswer) => {
    if (answer.status >= 300) throw new Error(`the API answered ${inWords(answer)}`);
    return viewSchema.parse(answer.body);
  };
  const until = async (id: string, holds: (view: z.output<typeof viewSchema>) => boolean) => {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      const view = said(await api.call(`/bulk-refunds/${id}`));
      if (holds(view)) return view;
      if (Date.now() > deadline) throw new Error(`bulk refund ${id} is ${JSON.stringify(view.orders)}`);
      await sleep(500);
    }
  };
  const begin = Date.now();
  const orders = placed.map((order) => order.id);
  const { id } = said(
    await api.post('/bulk-refunds', { orders, refund: { kind: 'full' }, reason: 'Recall', by: 'ops_1' }),
  );
  await until(id, ({ status }) => status === 'awaiting_confirmation');
  const confirmed = Date.now();
  log(`dry run of ${orders.length} orders: ${(confirmed - begin) / 1000} s`);
  said(await api.post(`/bulk-refunds/${id}/confirm`, { by: 'ops_2' }));
  const succeeded = (): Promise<number> =>
    db.collection(bulkRefundItemsCollection.name).countDocuments({ bulkRefund: id, state: 'succeeded' });
  while ((await succeeded()) < orders.length / 2 && Date.now() - confirmed < patienceMs) await sleep(100);
  await system.worker.kill();
  const killedAfter = await succeeded();
  log(`worker killed after ${killedAfter} refunds`);
  await system.worker.start();
  const ended = await until(id, ({ status }) => status === 'completed');
  return {
    dryRunSeconds: (confirmed - begin) / 1000,
    refundSeconds: (Date.now() - confirmed) / 1000,
    succeeded: ended.orders.succeeded,
    killedAfter,
  };
}
