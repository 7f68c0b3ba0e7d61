import type { Db } from 'mongodb';
import { z } from 'zod';
import { fail } from '../../domain/failures.ts';
import { refundRecordStatuses, refundTransitions } from '../../domain/refund/refund-record-status.ts';
import type { RefundRecordStatus } from '../../domain/refund/refund-record-status.ts';
import type { Refund, RefundEvent } from '../../domain/refund/refund.ts';
import { canTransition } from '../../domain/state-machine.ts';
import { collectionOf, isDuplicateKey } from '../store/collection.ts';
import type { CollectionSpec } from '../store/collection.ts';
import type { ReadRefundRequest } from './refund-request.ts';

export type RefundDocument = Refund & {
  readonly _id: string;
  readonly revision: number;
  /** As it was asked for: what it takes is computed when it is reserved. */
  readonly request: ReadRefundRequest;
  /** Hash of the request, so that one id with two different requests is a conflict and not a replay. */
  readonly requestHash: string;
};

export const refundsCollection: CollectionSpec<RefundDocument> = {
  name: 'refunds',
  owner: 'refund',
  retention: 'books',
  schema: z.custom<RefundDocument>(
    (value) =>
      z
        .looseObject({ _id: z.string(), orderId: z.string(), status: z.enum(refundRecordStatuses), amount: z.int() })
        .safeParse(value).success,
  ),
  indexes: [
    { key: { orderId: 1, requestedAt: 1 }, name: 'by_order' },
    { key: { startedAt: 1, requestedAt: 1 }, name: 'unstarted' },
    { key: { status: 1, requestedAt: -1 }, name: 'by_status' },
  ],
};

/** Something that happened to a refund, and what became true with it. */
export interface RefundChange {
  readonly event: RefundEvent;
  readonly at: string;
  /** For the timeline: opaque ids and codes only. */
  readonly note?: string;
  readonly status?: RefundRecordStatus;
  readonly set?: Partial<Omit<Refund, 'id' | 'orderId' | 'status' | 'timeline'>>;
}

export type RefundStore = ReturnType<typeof createRefundStore>;

export function createRefundStore(db: Db) {
  const refunds = collectionOf(db, refundsCollection);

  async function require(refundId: string): Promise<RefundDocument> {
    return (await refunds.findOne({ _id: refundId })) ?? fail('refund.not_found', `There is no refund ${refundId}`);
  }

  return {
    require,

    find: (refundId: string): Promise<RefundDocument | null> => refunds.findOne({ _id: refundId }),

    /** Inserts, or returns the refund that is already there under this id. @throws idempotency.conflict */
    async insert(refund: RefundDocument): Promise<RefundDocument> {
      try {
        await refunds.insertOne(refund);
        return refund;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        const existing = await require(refund._id);
        if (existing.requestHash !== refund.requestHash)
          fail('idempotency.conflict', `Refund ${refund._id} exists with other content`);
        return existing;
      }
    },

    /**
     * Writes what happened to the refund as it was read: status, fields and timeline in one conditional update. null:
     * somebody has changed it meanwhile; read it again.
     * @throws refund.state_conflict for a status that does not follow
     */
    async change(
      known: RefundDocument,
      { event, at, note, status, set }: RefundChange,
    ): Promise<RefundDocument | null> {
      if (status !== undefined && status !== known.status && !canTransition(refundTransitions, known.status, status))
        fail('refund.state_conflict', `refund ${known.id} is ${known.status} and cannot become ${status}`);
      return refunds.findOneAndUpdate(
        { _id: known._id, revision: known.revision },
        {
          $set: { ...set, ...(status === undefined ? {} : { status }) },
          $push: { timeline: { at, event, note: note ?? null } },
          $inc: { revision: 1 },
        },
        { returnDocument: 'after' },
      );
    },

    async markStarted(refundId: string, at: string): Promise<void> {
      await refunds.updateOne({ _id: refundId, startedAt: null }, { $set: { startedAt: at } });
    },

    /** Recorded before `olderThan` and still without a workflow, oldest first. */
    unstarted: (olderThan: string, limit: number): Promise<RefundDocument[]> =>
      refunds
        .find({ startedAt: null, requestedAt: { $lt: olderThan } })
        .sort({ requestedAt: 1 })
        .limit(limit)
        .toArray(),

    byIds: (ids: readonly string[]): Promise<RefundDocument[]> => refunds.find({ _id: { $in: [...ids] } }).toArray(),

    /** Oldest first. */
    ofOrder: (orderId: string): Promise<RefundDocument[]> =>
      refunds.find({ orderId }).sort({ requestedAt: 1, _id: 1 }).toArray(),
  };
}
