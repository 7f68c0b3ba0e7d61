import type { Db } from 'mongodb';
import { z } from 'zod';
import { collectionOf, isDuplicateKey } from '../store/collection.ts';
import type { CollectionSpec } from '../store/collection.ts';

/** What was answered, word for word. */
export interface StoredAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

export interface ApiRequestDocument {
  /** Hash of who asked for what under which key: neither the API key nor the caller's key is kept. */
  readonly _id: string;
  readonly bodyHash: string;
  /** Who works on it; another one may take over after `leaseUntil`. */
  readonly owner: string;
  readonly leaseUntil: Date;
  /** null while it is running. */
  readonly answer: StoredAnswer | null;
  /** A Date: the TTL index counts from it. */
  readonly createdAt: Date;
}

/** Longer than any sensible retry of a caller, with a day off in between. */
const keptForSeconds = 48 * 3600;

export const apiRequestsCollection: CollectionSpec<ApiRequestDocument> = {
  name: 'api_requests',
  owner: 'idempotency',
  retention: 'transient',
  schema: z.strictObject({
    _id: z.string(),
    bodyHash: z.string(),
    owner: z.string(),
    leaseUntil: z.date(),
    answer: z.strictObject({ status: z.int(), contentType: z.string(), body: z.string() }).nullable(),
    createdAt: z.date(),
  }),
  indexes: [{ key: { createdAt: 1 }, name: 'expires', expireAfterSeconds: keptForSeconds }],
};

export type IdempotencyStore = ReturnType<typeof createIdempotencyStore>;

export function createIdempotencyStore(db: Db) {
  const requests = collectionOf(db, apiRequestsCollection);

  return {
    find: (id: string): Promise<ApiRequestDocument | null> => requests.findOne({ _id: id }),

    /** False when there is one already. */
    async insert(request: ApiRequestDocument): Promise<boolean> {
      try {
        await requests.insertOne(request);
        return true;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        return false;
      }
    },

    /** False when its owner, or somebody quicker, still has it. */
    async takeOver(
      id: string,
      from: string,
      to: { readonly owner: string; readonly leaseUntil: Date },
    ): Promise<boolean> {
      const taken = await requests.updateOne({ _id: id, owner: from, answer: null }, { $set: to });
      return taken.matchedCount === 1;
    },

    async finish(id: string, owner: string, answer: StoredAnswer): Promise<void> {
      await requests.updateOne({ _id: id, owner, answer: null }, { $set: { answer } });
    },

    async remove(id: string, owner: string): Promise<void> {
      await requests.deleteOne({ _id: id, owner, answer: null });
    },
  };
}
