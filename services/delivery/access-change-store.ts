import type { Db } from 'mongodb';
import { z } from 'zod';
import { accessReasons } from '../../domain/entitlement/entitlement.ts';
import type { AccessChange } from '../../domain/entitlement/entitlement.ts';
import { collectionOf, isDuplicateKey } from '../store/collection.ts';
import type { CollectionSpec } from '../store/collection.ts';

/** Where and when something changed about the access that a line gives. */
export interface AccessChangePlace {
  readonly orderId: string;
  readonly line: string;
  /** ISO 8601 UTC. */
  readonly at: string;
}

/** One recorded change of a line's access; never altered and never removed. */
export type AccessChangeDocument = AccessChange & AccessChangePlace & { readonly _id: string };

const placed = { _id: z.string(), orderId: z.string(), line: z.string(), at: z.string(), fact: z.string().min(1) };

export const accessChangesCollection: CollectionSpec<AccessChangeDocument> = {
  name: 'access_changes',
  owner: 'delivery',
  // What was taken away, when and why, belongs to what was supplied.
  retention: 'books',
  schema: z.discriminatedUnion('kind', [
    z.object({
      ...placed,
      kind: z.literal('revoked'),
      units: z.int().positive().nullable(),
      reason: z.enum(accessReasons),
    }),
    z.object({ ...placed, kind: z.literal('suspended'), reason: z.enum(accessReasons) }),
    z.object({ ...placed, kind: z.literal('restored') }),
  ]),
  indexes: [{ key: { orderId: 1, line: 1 }, name: 'by_order_line' }],
};

export type AccessChangeStore = ReturnType<typeof createAccessChangeStore>;

export function createAccessChangeStore(db: Db) {
  const changes = collectionOf(db, accessChangesCollection);

  return {
    /** Writes the change down, once per line, kind and fact. */
    async record(place: AccessChangePlace, change: AccessChange): Promise<void> {
      const { orderId, line } = place;
      const _id = `${orderId}/${line}/${change.kind}/${change.fact}`;
      try {
        await changes.insertOne({ _id, ...place, ...change });
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
    },

    ofLine: (orderId: string, line: string): Promise<AccessChangeDocument[]> =>
      changes.find({ orderId, line }).toArray(),

    ofOrders: (orderIds: readonly string[]): Promise<AccessChangeDocument[]> =>
      changes.find({ orderId: { $in: [...orderIds] } }).toArray(),
  };
}
