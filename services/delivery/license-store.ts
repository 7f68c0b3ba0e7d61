import type { Db } from 'mongodb';
import { z } from 'zod';
import type { DeliveryRecord } from '../../domain/delivery/delivery.ts';
import { fail } from '../../domain/failures.ts';
import { collectionOf, isDuplicateKey } from '../store/collection.ts';
import type { CollectionSpec } from '../store/collection.ts';

/** One licence: one unit of one delivery. */
export interface LicenseDocument {
  /** `<delivery id>#<index>` */
  readonly _id: string;
  readonly key: string;
  /** The pool that the key came from; null for keys that we generate. */
  readonly pool: string | null;
  readonly deliveryId: string;
  /** 0 … quantity − 1 */
  readonly index: number;
  readonly orderId: string;
  readonly line: string;
  readonly product: string;
  readonly status: 'active' | 'revoked';
  /** ISO 8601 UTC. */
  readonly issuedAt: string;
}

export const licensesCollection: CollectionSpec<LicenseDocument> = {
  name: 'licenses',
  owner: 'delivery',
  // A licence lives as long as the customer may use what was sold.
  retention: 'books',
  schema: z.object({
    _id: z.string(),
    key: z.string().min(1),
    pool: z.string().nullable(),
    deliveryId: z.string(),
    index: z.int().nonnegative(),
    orderId: z.string(),
    line: z.string(),
    product: z.string(),
    status: z.enum(['active', 'revoked']),
    issuedAt: z.string(),
  }),
  indexes: [
    // Vendors' own keys are unique within their pool only; ours (pool null) are unique among all of ours.
    { key: { key: 1, pool: 1 }, name: 'unique_key', unique: true },
    { key: { deliveryId: 1, index: 1 }, name: 'unique_unit_of_delivery', unique: true },
  ],
};

/** A fresh 95-bit key that is taken already means a broken random source, not bad luck. */
const maximumRounds = 5;

export type LicenseStore = ReturnType<typeof createLicenseStore>;

export function createLicenseStore(db: Db) {
  const licenses = collectionOf(db, licensesCollection);

  return {
    /**
     * One licence for each unit of the delivery, and their keys in order of index. A repeat answers with the keys of the
     * first time: the unit's index is unique, so that a second key for it cannot be written.
     * @throws store.unavailable when units stay without a key
     */
    async issue(delivery: DeliveryRecord, keyOf: (index: number) => string, at: string): Promise<readonly string[]> {
      const { id: deliveryId, orderId, line, product, spec, quantity } = delivery;
      const pool = spec.method === 'license' ? spec.pool : null;
      const unit = (index: number): LicenseDocument => ({
        _id: `${deliveryId}#${index}`,
        key: keyOf(index),
        pool,
        deliveryId,
        index,
        orderId,
        line,
        product,
        status: 'active',
        issuedAt: at,
      });
      let missing = Array.from({ length: quantity }, (_, index) => index);
      const ids = missing.map((index) => `${deliveryId}#${index}`);
      for (let round = 0; round < maximumRounds; round += 1) {
        const fresh = missing.map(unit);
        const written = await unlessDuplicate(licenses.insertMany(fresh, { ordered: false }));
        if (written && fresh.length === quantity) return fresh.map(({ key }) => key);
        const issued = await licenses
          .find({ _id: { $in: ids } })
          .sort({ index: 1 })
          .toArray();
        const present = new Set(issued.map(({ index }) => index));
        missing = missing.filter((index) => !present.has(index));
        if (missing.length === 0) return issued.map(({ key }) => key);
      }
      return fail('store.unavailable', `${missing.length} licences of ${deliveryId} could not be given a unique key`);
    },

    /** The units from this index on, for good. */
    async revoke(deliveryId: string, fromIndex: number): Promise<void> {
      await licenses.updateMany(
        { deliveryId, index: { $gte: fromIndex }, status: 'active' },
        { $set: { status: 'revoked' } },
      );
    },

    /** Ours has at most one; two vendors may both have issued the same. */
    byKey: (key: string): Promise<LicenseDocument[]> => licenses.find({ key }).toArray(),

    /** For a delivery that never reached the customer: as if they had not been issued. */
    async discard(deliveryId: string): Promise<void> {
      await licenses.deleteMany({ deliveryId });
    },
  };
}

/** false: some were there already, or their key was. */
async function unlessDuplicate(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    return false;
  }
}
