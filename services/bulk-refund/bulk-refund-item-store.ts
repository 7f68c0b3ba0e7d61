import type { Db } from 'mongodb';
import { z } from 'zod';
import { bulkRefundItemStates } from '../../domain/bulk-refund/bulk-refund.ts';
import type { BulkRefundCounts, BulkRefundItem, BulkRefundItemState } from '../../domain/bulk-refund/bulk-refund.ts';
import { collectionOf, isDuplicateKey } from '../store/collection.ts';
import type { CollectionSpec } from '../store/collection.ts';

export type BulkRefundItemDocument = BulkRefundItem & { readonly _id: string };

export const bulkRefundItemsCollection: CollectionSpec<BulkRefundItemDocument> = {
  name: 'bulk_refund_items',
  owner: 'bulk-refund',
  retention: 'books',
  schema: z.object({
    _id: z.string(),
    bulkRefund: z.string(),
    orderId: z.string(),
    position: z.int().nonnegative(),
    refundId: z.string(),
    currency: z.string().nullable(),
    amount: z.int().nonnegative(),
    state: z.enum(bulkRefundItemStates),
    reason: z.string().nullable(),
  }),
  indexes: [
    { key: { bulkRefund: 1, state: 1, position: 1 }, name: 'by_state' },
    { key: { bulkRefund: 1, position: 1 }, name: 'by_position' },
  ],
};

/** Orders of one bulk refund that are alike. `amount`: minor units of `currency`, of all of them together. */
export interface BulkRefundGroup {
  readonly state: BulkRefundItemState;
  readonly currency: string | null;
  readonly reason: string | null;
  readonly orders: number;
  readonly amount: number;
}

export type BulkRefundItemStore = ReturnType<typeof createBulkRefundItemStore>;

export function createBulkRefundItemStore(db: Db) {
  const items = collectionOf(db, bulkRefundItemsCollection);

  return {
    /** Those that are there already stay as they are. */
    async insert(fresh: readonly BulkRefundItem[]): Promise<void> {
      if (fresh.length === 0) return;
      const documents = fresh.map((item) => ({ _id: `${item.bulkRefund}/${item.orderId}`, ...item }));
      try {
        await items.insertMany(documents, { ordered: false });
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
    },

    /** The first ones in these states, by position. */
    inStates: (bulkRefund: string, states: readonly BulkRefundItemState[], limit: number) =>
      items
        .find({ bulkRefund, state: { $in: [...states] } })
        .sort({ position: 1 })
        .limit(limit)
        .toArray(),

    /** A page, from this position on. */
    page: (bulkRefund: string, { from, limit, state }: ItemPage): Promise<BulkRefundItemDocument[]> =>
      items
        .find({ bulkRefund, position: { $gte: from }, ...(state === null ? {} : { state }) })
        .sort({ position: 1 })
        .limit(limit)
        .toArray(),

    count: (bulkRefund: string, state: BulkRefundItemState): Promise<number> =>
      items.countDocuments({ bulkRefund, state }),

    /** Says where one stands now, unless somebody has said it meanwhile. */
    async move(
      { _id, state }: BulkRefundItemDocument,
      to: Pick<BulkRefundItem, 'state' | 'reason'> & Partial<Pick<BulkRefundItem, 'amount'>>,
    ): Promise<void> {
      await items.updateOne({ _id, state }, { $set: to });
    },

    async groups(bulkRefund: string): Promise<readonly BulkRefundGroup[]> {
      const groups = await items
        .aggregate<{ _id: Pick<BulkRefundGroup, 'state' | 'currency' | 'reason'>; orders: number; amount: number }>([
          { $match: { bulkRefund } },
          {
            $group: {
              _id: { state: '$state', currency: '$currency', reason: '$reason' },
              orders: { $sum: 1 },
              amount: { $sum: '$amount' },
            },
          },
        ])
        .toArray();
      return groups.map(({ _id, orders, amount }) => ({ ..._id, orders, amount }));
    },
  };
}

export interface ItemPage {
  readonly from: number;
  readonly limit: number;
  readonly state: BulkRefundItemState | null;
}

export function countsOf(groups: readonly BulkRefundGroup[]): BulkRefundCounts {
  const count = (state: BulkRefundItemState): number =>
    groups.reduce((total, group) => total + (group.state === state ? group.orders : 0), 0);
  return {
    planned: count('planned'),
    refused: count('refused'),
    started: count('started'),
    with_gateway: count('with_gateway'),
    needs_person: count('needs_person'),
    succeeded: count('succeeded'),
    failed: count('failed'),
  };
}
