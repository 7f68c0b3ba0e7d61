import type { Client } from '@temporalio/client';
import type { Db } from 'mongodb';
import { jitterMs } from '../../domain/periods/jitter.ts';
import { nextAction } from '../../domain/subscription/next-action.ts';
import { ordersCollection } from '../../services/order/order-store.ts';
import type { OrderDocument } from '../../services/order/order-store.ts';
import { collectionOf } from '../../services/store/collection.ts';
import { subscriptionsCollection } from '../../services/subscription/subscription-store.ts';
import type { SubscriptionDocument } from '../../services/subscription/subscription-store.ts';
import type { SubscriptionInput } from '../../workflows/subscription/subscription.contract.ts';
import { subscriptionWorkflowType } from '../../workflows/subscription/subscription.contract.ts';
import { subscriptionStart } from '../../workflows/subscription/subscription-start.contract.ts';
import { movedBy } from '../system/subscription-time.ts';
import { perSecond } from './paced.ts';

/** A subscription as the shop sold it, of which the load is copies. */
export interface Template {
  readonly order: OrderDocument;
  readonly subscription: SubscriptionDocument;
}

export async function readTemplate(db: Db, orderId: string): Promise<Template | null> {
  const [order, subscription] = await Promise.all([
    collectionOf(db, ordersCollection).findOne({ _id: orderId }),
    collectionOf(db, subscriptionsCollection).findOne({ sourceOrder: orderId }),
  ]);
  return order === null || subscription === null ? null : { order, subscription };
}

/** The product spreads renewals over ten minutes by their ids. */
const spreadMs = 10 * 60_000;

/**
 * Within what time so many of one moment are due, ms: never longer than the product spreads them. A smaller load has only
 * the ids that fall into a part of it, so that any load comes as fast as one of 1,000 s: 1.7 times as fast as it may be
 * charged.
 */
export function waveMs(count: number, chargesPerSecond: number): number {
  return Math.min(spreadMs, ((0.6 * count) / chargesPerSecond) * 1_000);
}

function idsOfWave(count: number, withinMs: number): readonly string[] {
  const ids: string[] = [];
  for (let tried = 0; ids.length < count; tried += 1) {
    // As long as real ones: they are part of what a renewal weighs.
    const id = `sub_BENCH${tried.toString(36).toUpperCase().padStart(11, '0')}`;
    if (jitterMs(id, spreadMs) < withinMs) ids.push(id);
  }
  return ids;
}

/**
 * Writes copies with customers of their own, whose period ends at `end` (ISO 8601 UTC) and which are renewed within
 * `withinMs` of it. Answers their records.
 */
export async function writeCopies(
  db: Db,
  { order, subscription }: Template,
  { count, end, withinMs }: { readonly count: number; readonly end: string; readonly withinMs: number },
): Promise<readonly SubscriptionDocument[]> {
  const moved = { ...movedBy(subscription, Date.parse(end) - Date.parse(subscription.period.end)), notices: [] };
  const texts = JSON.stringify({ order, subscription: moved });
  const copies = idsOfWave(count, withinMs).map((id, index): Template => {
    const text = texts
      .replaceAll(subscription.id, id)
      .replaceAll(order.id, `ord_BENCHSUB${`${index}`.padStart(8, '0')}`)
      .replaceAll(order.number, `BENCH-SUB-${index}`)
      .replaceAll(order.customer.email, `subscriber-${index}@example.com`)
      .replaceAll(order.customer.id ?? 'no id', `cus_bench_${index}`);
    // What was a template is one again: only ids and the customer have changed.
    const copy = JSON.parse(text) as Template;
    const nextActionAt = nextAction(copy.subscription)?.at ?? null;
    return { order: copy.order, subscription: { ...copy.subscription, nextActionAt } };
  });
  for (let from = 0; from < count; from += 500) {
    const batch = copies.slice(from, from + 500);
    await collectionOf(db, ordersCollection).insertMany(batch.map((copy) => copy.order));
    await collectionOf(db, subscriptionsCollection).insertMany(batch.map((copy) => copy.subscription));
  }
  return copies.map((copy) => copy.subscription);
}

/** Starts their workflows as a run that was continued would be, so that each run is one renewal. Answers the run ids. */
export async function startCopies(
  temporal: Client,
  copies: readonly SubscriptionDocument[],
): Promise<ReadonlyMap<string, string>> {
  const runs = new Map<string, string>();
  await perSecond(copies.length, 40, async (index) => {
    const copy = copies[index];
    if (copy === undefined) return;
    const { status, nextActionAt: wakeAt, period } = copy;
    const input: SubscriptionInput = {
      subscriptionId: copy.id,
      agenda: { status, wakeAt, step: 'collect', reason: 'renew', period: period.index, tell: null },
    };
    const options = { ...subscriptionStart(copy), args: [input] };
    const { workflowId, firstExecutionRunId } = await temporal.workflow.start(subscriptionWorkflowType, options);
    runs.set(workflowId, firstExecutionRunId);
  });
  return runs;
}
