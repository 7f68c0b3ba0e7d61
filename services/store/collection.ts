import { MongoServerError } from 'mongodb';
import type { Collection, Db, IndexDescription } from 'mongodb';
import type { z } from 'zod';

/**
 * How long a record is kept and why. `books`: ten years, OSS record keeping (Reg. 282/2011 art. 63c);
 * `dispute`: 18 months, card dispute windows; `operational`: until the process that owns it has ended;
 * `transient`: removed by a TTL index.
 */
export type RetentionClass = 'books' | 'dispute' | 'operational' | 'transient';

/** One collection: who owns it, how long it is kept, what a document looks like, which indexes make it correct. */
export interface CollectionSpec<Document extends { _id: string }> {
  readonly name: string;
  readonly owner: string;
  readonly retention: RetentionClass;
  readonly schema: z.ZodType<Document>;
  readonly indexes: readonly IndexDescription[];
}

export function collectionOf<Document extends { _id: string }>(
  db: Db,
  spec: CollectionSpec<Document>,
): Collection<Document> {
  return db.collection<Document>(spec.name, { ignoreUndefined: true });
}

/** The unique index said no: somebody (perhaps we, before a crash) wrote it first. */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === 11000;
}
