import { setTimeout as sleep } from 'node:timers/promises';
import type { OrderView } from '../../clients/http/order-view.ts';
import { hasEnded } from '../../domain/order/order-status.ts';
import type { CustomerAct } from './order-kinds.ts';
import type { PlannedOrder } from './plan.ts';
import type { Shop } from './shop.ts';

export interface PlacedOrder {
  readonly id: string;
  readonly plan: PlannedOrder;
}

/** Places the order and does what its customer does. Throws when the order never comes to the point of it. */
export async function shopping(shop: Shop, seed: number, plan: PlannedOrder): Promise<PlacedOrder> {
  const { id } = await shop.place(seed, plan);
  const { act } = plan.kind;
  if (act !== null) await perform(shop, id, act, plan.hesitationMs);
  return { id, plan };
}

async function perform(shop: Shop, id: string, act: CustomerAct, hesitationMs: number): Promise<void> {
  switch (act) {
    case 'cancel_at_once':
      await sleep(hesitationMs / 10);
      await shop.ask(id, 'cancel', { requestedBy: 'customer' });
      return;
    case 'approve':
    case 'reject':
      await waitUntil(shop, id, ({ status }) => status === 'in_review');
      await sleep(hesitationMs);
      await review(shop, id, act);
      return;
    case 'cancel_at_3ds':
      await waitUntil(shop, id, ({ payment }) => payment.action !== undefined);
      await sleep(hesitationMs);
      await shop.ask(id, 'cancel', { requestedBy: 'customer' });
      return;
    case 'pass_3ds':
    case 'fail_3ds':
    case 'settle':
    case 'expire': {
      const { payment } = await waitUntil(shop, id, ({ payment: { action } }) => action !== undefined);
      await sleep(hesitationMs);
      await atProvider(shop, act, payment.attempts.at(-1)?.paymentId ?? '');
      return;
    }
  }
}

/** The record says "in review" a moment before the workflow takes a decision. */
async function review(shop: Shop, id: string, decision: 'approve' | 'reject'): Promise<void> {
  for (let attempt = 0; attempt < 60; attempt += 1) {
    const refusal = await shop.ask(id, 'review', { decision, by: 'ops_1', note: '' });
    if (refusal?.code !== 'order.not_in_review') return;
    // The answer to an earlier try may have been lost with the worker.
    if ((await shop.read(id)).status !== 'in_review') return;
    await sleep(500);
  }
  throw new Error(`order ${id} is in review and takes no decision`);
}

function atProvider(
  { world }: Shop,
  act: 'pass_3ds' | 'fail_3ds' | 'settle' | 'expire',
  payment: string,
): Promise<unknown> {
  switch (act) {
    case 'pass_3ds':
      return world.complete3ds(payment);
    case 'fail_3ds':
      return world.fail3ds(payment);
    case 'settle':
      return world.settle(payment);
    case 'expire':
      return world.expire(payment);
  }
}

async function waitUntil(shop: Shop, id: string, reached: (order: OrderView) => boolean): Promise<OrderView> {
  const deadline = Date.now() + 300_000;
  for (;;) {
    const order = await shop.read(id);
    if (reached(order)) return order;
    if (hasEnded(order.status) || order.status === 'needs_attention')
      throw new Error(`order ${id} ended ${order.status} (${order.statusReason ?? ''}) before its customer could act`);
    if (Date.now() > deadline) throw new Error(`order ${id} never came to its customer's act; it is ${order.status}`);
    await sleep(400);
  }
}
