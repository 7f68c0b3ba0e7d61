import type { Db } from 'mongodb';
import { z } from 'zod';
import { bulkRefundStatuses, bulkRefundTransitions } from '../../domain/bulk-refund/bulk-refund.ts';
import type { BulkRefundStatus } from '../../domain/bulk-refund/bulk-refund.ts';
import { fail } from '../../domain/failures.ts';
import { canTransition } from '../../domain/state-machine.ts';
import { collectionOf, isDuplicateKey } from '../store/collection.ts';
import type { CollectionSpec } from '../store/collection.ts';
import type { ReadBulkRefundRequest } from './bulk-refund-request.ts';

/** What happened to a bulk refund. Permanent: timelines hold it. */
export type BulkRefundEvent =
  'requested' | 'prepared' | 'confirmed' | 'paused' | 'resumed' | 'completed' | 'cancelled' | 'expired';

/** The record of one bulk refund; its orders are records of their own. Its workflow is `bulk-refund/<id>`. */
export interface BulkRefundDocument {
  /** "blk_…" */
  readonly _id: string;
  readonly request: ReadBulkRefundRequest;
  /** Hash of the request, so that one id with two different requests is a conflict and not a replay. */
  readonly requestHash: string;
  readonly status: BulkRefundStatus;
  /** A name of a deadline; null when there is nothing to explain. */
  readonly statusReason: string | null;
  /** How far the dry run has come. */
  readonly prepared: {
    readonly orders: number;
    readonly last: { readonly createdAt: string; readonly id: string } | null;
  };
  /** When the wait for a person ends by itself, ISO 8601 UTC; null while nobody is waited for. */
  readonly waitUntil: string | null;
  /** Opaque id of the person. */
  readonly confirmedBy: string | null;
  /** ISO 8601 UTC, as are the others. */
  readonly requestedAt: string;
  /** When its workflow was started; null until then, which is what the sweep looks for. */
  readonly startedAt: string | null;
  readonly confirmedAt: string | null;
  readonly endedAt: string | null;
  readonly timeline: readonly { readonly at: string; readonly event: BulkRefundEvent; readonly by: string | null }[];
  readonly revision: number;
}

export const bulkRefundsCollection: CollectionSpec<BulkRefundDocument> = {
  name: 'bulk_refunds',
  owner: 'bulk-refund',
  retention: 'books',
  schema: z.custom<BulkRefundDocument>(
    (value) =>
      z
        .looseObject({
          _id: z.string(),
          status: z.enum(bulkRefundStatuses),
          requestedAt: z.string(),
          revision: z.int(),
        })
        .safeParse(value).success,
  ),
  indexes: [{ key: { startedAt: 1, requestedAt: 1 }, name: 'unstarted' }],
};

export interface BulkRefundChange {
  readonly event: BulkRefundEvent | null;
  readonly at: string;
  readonly by?: string;
  readonly status?: BulkRefundStatus;
  readonly set?: Partial<
    Pick<BulkRefundDocument, 'statusReason' | 'prepared' | 'waitUntil' | 'confirmedBy' | 'confirmedAt' | 'endedAt'>
  >;
}

export type BulkRefundStore = ReturnType<typeof createBulkRefundStore>;

export function createBulkRefundStore(db: Db) {
  const jobs = collectionOf(db, bulkRefundsCollection);

  async function require(id: string): Promise<BulkRefundDocument> {
    return (await jobs.findOne({ _id: id })) ?? fail('bulk_refund.not_found', `There is no bulk refund ${id}`);
  }

  return {
    require,

    /** Inserts, or returns the one that is already there under this id. @throws idempotency.conflict */
    async insert(job: BulkRefundDocument): Promise<BulkRefundDocument> {
      try {
        await jobs.insertOne(job);
        return job;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        const existing = await require(job._id);
        if (existing.requestHash !== job.requestHash)
          fail('idempotency.conflict', `Bulk refund ${job._id} exists with other content`);
        return existing;
      }
    },

    /**
     * Writes what happened to it as it was read. null: somebody has changed it meanwhile; read it again.
     * @throws bulk_refund.state_conflict for a status that does not follow
     */
    async change(known: BulkRefundDocument, { event, at, by, status, set }: BulkRefundChange) {
      if (status !== undefined && !canTransition(bulkRefundTransitions, known.status, status))
        fail('bulk_refund.state_conflict', `bulk refund ${known._id} is ${known.status}`);
      return jobs.findOneAndUpdate(
        { _id: known._id, revision: known.revision },
        {
          $set: { ...set, ...(status === undefined ? {} : { status }) },
          ...(event === null ? {} : { $push: { timeline: { at, event, by: by ?? null } } }),
          $inc: { revision: 1 },
        },
        { returnDocument: 'after' },
      );
    },

    async markStarted(id: string, at: string): Promise<void> {
      await jobs.updateOne({ _id: id, startedAt: null }, { $set: { startedAt: at } });
    },

    /** Recorded before `olderThan` and still without a workflow, oldest first. */
    unstarted: (olderThan: string, limit: number): Promise<BulkRefundDocument[]> =>
      jobs
        .find({ startedAt: null, requestedAt: { $lt: olderThan } })
        .sort({ requestedAt: 1 })
        .limit(limit)
        .toArray(),
  };
}
