import type { Db } from 'mongodb';
import { z } from 'zod';
import type { DeliveryRecord } from '../../domain/delivery/delivery.ts';
import { fail } from '../../domain/failures.ts';
import { collectionOf, isDuplicateKey } from '../store/collection.ts';
import type { CollectionSpec } from '../store/collection.ts';

/** The right to fetch one file a number of times. The count is also evidence of use in a dispute. */
export interface DownloadGrantDocument {
  /** The delivery id. */
  readonly _id: string;
  readonly file: string;
  readonly remaining: number;
  readonly used: number;
  /** ISO 8601 UTC. */
  readonly lastUsedAt: string | null;
  readonly status: 'active' | 'revoked';
}

export const downloadGrantsCollection: CollectionSpec<DownloadGrantDocument> = {
  name: 'download_grants',
  owner: 'delivery',
  retention: 'dispute',
  schema: z.object({
    _id: z.string(),
    file: z.string().min(1),
    remaining: z.int().nonnegative(),
    used: z.int().nonnegative(),
    lastUsedAt: z.string().nullable(),
    status: z.enum(['active', 'revoked']),
  }),
  indexes: [],
};

/** Times that the file of one bought unit may be fetched: new computers and broken transfers, not passing it around. */
export const downloadsPerUnit = 5;

export type DownloadGrantStore = ReturnType<typeof createDownloadGrantStore>;

export function createDownloadGrantStore(db: Db) {
  const grants = collectionOf(db, downloadGrantsCollection);

  return {
    /** The grant of this delivery; made on first use and never refilled. */
    async open({ id, quantity }: DeliveryRecord, file: string): Promise<void> {
      const fresh: DownloadGrantDocument = {
        _id: id,
        file,
        remaining: downloadsPerUnit * quantity,
        used: 0,
        lastUsedAt: null,
        status: 'active',
      };
      try {
        await grants.insertOne(fresh);
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
    },

    /**
     * Uses one download up, as long as fewer were used than these units give.
     * @throws download.limit_reached, download.revoked, delivery.not_found
     */
    async use(id: string, units: number, at: string): Promise<{ readonly file: string }> {
      const grant = await grants.findOneAndUpdate(
        { _id: id, status: 'active', remaining: { $gt: 0 }, used: { $lt: downloadsPerUnit * units } },
        { $inc: { remaining: -1, used: 1 }, $set: { lastUsedAt: at } },
      );
      if (grant !== null) return { file: grant.file };
      const refused = await grants.findOne({ _id: id });
      if (refused === null) return fail('delivery.not_found', 'There is no such download');
      return refused.status === 'revoked' ? fail('download.revoked') : fail('download.limit_reached');
    },

    async revoke(id: string): Promise<void> {
      await grants.updateOne({ _id: id }, { $set: { status: 'revoked' } });
    },
  };
}
