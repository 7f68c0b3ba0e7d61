import type { Db } from 'mongodb';
import { z } from 'zod';
import { fail } from '../../domain/failures.ts';
import type { Locale } from '../../domain/order/order.ts';
import { collectionOf, isDuplicateKey } from '../store/collection.ts';
import type { CollectionSpec } from '../store/collection.ts';

/** What the customer stated, word for word. */
export interface WithdrawalStatement {
  readonly name: string;
  /** As typed. */
  readonly orderNumber: string;
  /** As typed: what we write goes to the address of the order, never to this one. */
  readonly email: string;
  readonly locale: Locale;
}

/**
 * `received`: written down. `awaiting_payment`: the order is not paid yet, so there is no money to give back.
 * `refund_requested`: the refund decides. `nothing_to_refund`: nothing was paid, or all of it went back.
 * `unmatched`: no order has this number and this address. `needs_person`: the refund could not be asked for.
 */
export const withdrawalStatuses = [
  'received',
  'awaiting_payment',
  'refund_requested',
  'nothing_to_refund',
  'unmatched',
  'needs_person',
] as const;
export type WithdrawalStatus = (typeof withdrawalStatuses)[number];

/** What became of a statement. */
export interface WithdrawalOutcome {
  readonly status: Exclude<WithdrawalStatus, 'received'>;
  readonly orderId: string | null;
  readonly refundId: string | null;
  /** A failure code; null when there is nothing to explain. */
  readonly reason: string | null;
}

export interface WithdrawalDocument extends WithdrawalStatement, Omit<WithdrawalOutcome, 'status'> {
  readonly _id: string;
  readonly status: WithdrawalStatus;
  /** ISO 8601 UTC: the moment that counts for every deadline. */
  readonly receivedAt: string;
  /** When somebody has to look at it next; null once it is settled. */
  readonly nextLookAt: string | null;
}

export const withdrawalsCollection: CollectionSpec<WithdrawalDocument> = {
  name: 'withdrawals',
  owner: 'withdrawal',
  // What was stated and when is evidence; what went back is in the books.
  retention: 'dispute',
  schema: z.strictObject({
    _id: z.string().regex(/^wdr_[0-9A-Z]{16}$/),
    name: z.string(),
    orderNumber: z.string(),
    email: z.string(),
    locale: z.enum(['en', 'de']),
    status: z.enum(withdrawalStatuses),
    orderId: z.string().nullable(),
    refundId: z.string().nullable(),
    reason: z.string().nullable(),
    receivedAt: z.string(),
    nextLookAt: z.string().nullable(),
  }),
  indexes: [
    { key: { nextLookAt: 1 }, name: 'due' },
    { key: { status: 1, receivedAt: -1 }, name: 'by_status' },
    { key: { orderId: 1, receivedAt: -1 }, name: 'by_order' },
  ],
};

export type WithdrawalStore = ReturnType<typeof createWithdrawalStore>;

export function createWithdrawalStore(db: Db) {
  const withdrawals = collectionOf(db, withdrawalsCollection);

  async function require(id: string): Promise<WithdrawalDocument> {
    return (await withdrawals.findOne({ _id: id })) ?? fail('request.not_found', `There is no withdrawal ${id}`);
  }

  return {
    require,

    /** Inserts, or answers what is already there under this id. */
    async insert(document: WithdrawalDocument): Promise<WithdrawalDocument> {
      try {
        await withdrawals.insertOne(document);
        return document;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        return require(document._id);
      }
    },

    /** Only while it is open: what is settled stays. `nextLookAt` null settles it. */
    async note(id: string, outcome: WithdrawalOutcome, nextLookAt: string | null): Promise<void> {
      await withdrawals.updateOne({ _id: id, nextLookAt: { $ne: null } }, { $set: { ...outcome, nextLookAt } });
    },

    async postpone(id: string, nextLookAt: string): Promise<void> {
      await withdrawals.updateOne({ _id: id, nextLookAt: { $ne: null } }, { $set: { nextLookAt } });
    },

    /** Open ones whose time has come, the longest overdue first. */
    due: (now: string, limit: number): Promise<WithdrawalDocument[]> =>
      withdrawals
        .find({ nextLookAt: { $ne: null, $lte: now } })
        .sort({ nextLookAt: 1 })
        .limit(limit)
        .toArray(),

    /** Newest first. */
    list: (status: WithdrawalStatus, limit: number): Promise<WithdrawalDocument[]> =>
      withdrawals.find({ status }).sort({ receivedAt: -1 }).limit(limit).toArray(),
  };
}
