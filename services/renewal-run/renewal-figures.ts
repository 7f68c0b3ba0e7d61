import type { Db } from 'mongodb';
import { ordersCollection } from '../order/order-store.ts';
import { collectionOf } from '../store/collection.ts';
import { subscriptionsCollection } from '../subscription/subscription-store.ts';
import type { RenewalFigures, RenewalForecast } from './renewal-run-store.ts';

interface Group {
  readonly _id: { readonly status?: string; readonly currency: string };
  readonly count: number;
  readonly amount: number;
}

/** Longer than any grace and spread after the end of a period. */
const actsWithinMs = 2 * 24 * 60 * 60_000;

/** Adds up what the records of orders and subscriptions say; nothing is written. */
export function createRenewalFigures(db: Db) {
  const orders = collectionOf(db, ordersCollection);
  const subscriptions = collectionOf(db, subscriptionsCollection);

  return {
    /** Bills of periods that were opened in this time (half-open, ISO 8601 UTC), as they stand now. */
    async between(from: string, to: string): Promise<RenewalFigures> {
      const groups = await orders
        .aggregate<Group>([
          { $match: { createdAt: { $gte: from, $lt: to }, 'billing.reason': 'subscription_cycle' } },
          {
            $group: {
              _id: { status: '$status', currency: '$currency' },
              count: { $sum: 1 },
              amount: { $sum: '$quote.gross' },
            },
          },
        ])
        .toArray();
      // A bill of which nothing is owed any more is neither.
      const collected = groups.filter(({ _id }) => _id.status === 'completed' || _id.status === 'paid');
      const open = groups.filter(({ _id }) => _id.status !== 'cancelled' && !collected.some((one) => one._id === _id));
      return {
        ...{ renewed: countOf(collected), failed: countOf(open) },
        ...{ amounts: byCurrency(collected), uncollected: byCurrency(open) },
      };
    },

    /** Subscriptions whose period ends on that day (YYYY-MM-DD, UTC), and what they were billed last. */
    async forecast(day: string): Promise<RenewalForecast> {
      const start = `${day}T00:00:00.000Z`;
      const end = new Date(Date.parse(start) + 24 * 60 * 60_000).toISOString();
      // By the index: what ends then acts not much later.
      const soon = new Date(Date.parse(end) + actsWithinMs).toISOString();
      const groups = await subscriptions
        .aggregate<Group>([
          { $match: { nextActionAt: { $ne: null, $lt: soon } } },
          { $match: { 'period.end': { $gte: start, $lt: end }, status: { $in: ['trialing', 'active'] } } },
          { $lookup: { from: ordersCollection.name, localField: 'latestOrder', foreignField: '_id', as: 'bill' } },
          { $unwind: '$bill' },
          { $group: { _id: { currency: '$currency' }, count: { $sum: 1 }, amount: { $sum: '$bill.quote.gross' } } },
        ])
        .toArray();
      return { day, subscriptions: countOf(groups), amounts: byCurrency(groups) };
    },
  };
}

export type RenewalFigureReader = ReturnType<typeof createRenewalFigures>;

function countOf(groups: readonly Group[]): number {
  return groups.reduce((total, { count }) => total + count, 0);
}

function byCurrency(groups: readonly Group[]): Readonly<Record<string, number>> {
  const amounts: Record<string, number> = {};
  for (const { _id, amount } of groups) amounts[_id.currency] = (amounts[_id.currency] ?? 0) + amount;
  return amounts;
}
