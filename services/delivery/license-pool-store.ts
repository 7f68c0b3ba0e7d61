import type { Db } from 'mongodb';
import { z } from 'zod';
import { collectionOf, isDuplicateKey } from '../store/collection.ts';
import type { CollectionSpec } from '../store/collection.ts';

/** One key of a vendor's list. */
export interface LicensePoolKeyDocument {
  readonly _id: string;
  readonly poolId: string;
  readonly key: string;
  /** Place in the vendor's list: keys are used up in that order. */
  readonly position: number;
  readonly assignedTo: string | null;
  /** Which unit of the delivery it serves. */
  readonly index: number | null;
  /** `<delivery id>#<index>` once taken, the own _id while free: unique, so that no unit ever takes two keys. */
  readonly claim: string;
}

export const licensePoolKeysCollection: CollectionSpec<LicensePoolKeyDocument> = {
  name: 'license_pool_keys',
  owner: 'delivery',
  retention: 'operational',
  schema: z.object({
    _id: z.string(),
    poolId: z.string(),
    key: z.string().min(1),
    position: z.int().nonnegative(),
    assignedTo: z.string().nullable(),
    index: z.int().nonnegative().nullable(),
    claim: z.string(),
  }),
  indexes: [
    { key: { claim: 1 }, name: 'unique_claim', unique: true },
    { key: { poolId: 1, assignedTo: 1, position: 1 }, name: 'next_free' },
    { key: { assignedTo: 1, index: 1 }, name: 'of_delivery' },
  ],
};

export type LicensePoolStore = ReturnType<typeof createLicensePoolStore>;

/** Every change is a conditional update of one key's document: what is taken cannot be taken again. */
export function createLicensePoolStore(db: Db) {
  const keys = collectionOf(db, licensePoolKeysCollection);

  /** Takes the next free key for one unit. `taken` also when this unit has one already. */
  async function takeOne(poolId: string, deliveryId: string, index: number): Promise<'taken' | 'empty'> {
    try {
      const key = await keys.findOneAndUpdate(
        { poolId, assignedTo: null },
        { $set: { assignedTo: deliveryId, index, claim: `${deliveryId}#${index}` } },
        { sort: { position: 1 } },
      );
      return key === null ? 'empty' : 'taken';
    } catch (error) {
      if (isDuplicateKey(error)) return 'taken';
      throw error;
    }
  }

  const held = (deliveryId: string): Promise<LicensePoolKeyDocument[]> =>
    keys.find({ assignedTo: deliveryId }).sort({ index: 1 }).toArray();

  return {
    /**
     * As many keys as asked for, in order of index, or null when the pool cannot give them all; then what was taken so
     * far stays assigned until `giveBack`. A repeat answers with the same keys. Two deliveries that together want more
     * than is left may both get null: nothing is oversold.
     */
    async take(poolId: string, deliveryId: string, quantity: number): Promise<readonly string[] | null> {
      // A large order that cannot be served must not take the keys away from small ones in the meantime.
      if (quantity > 1) {
        const [mine, free] = await Promise.all([
          keys.countDocuments({ assignedTo: deliveryId }),
          keys.countDocuments({ poolId, assignedTo: null }, { limit: quantity }),
        ]);
        if (mine + free < quantity) return null;
      }
      for (let index = 0; index < quantity; index += 1) {
        // A repeat may find the pool empty because of the keys that it took itself: `held` decides.
        if ((await takeOne(poolId, deliveryId, index)) === 'empty') break;
      }
      const taken = await held(deliveryId);
      return taken.length === quantity ? taken.map(({ key }) => key) : null;
    },

    /** Makes the keys of a delivery that never happened free again. */
    async giveBack(deliveryId: string): Promise<void> {
      for (const { _id } of await held(deliveryId)) {
        await keys.updateOne({ _id, assignedTo: deliveryId }, { $set: { assignedTo: null, index: null, claim: _id } });
      }
    },

    /** Makes the pool hold these keys: adds new ones, removes free ones that are no longer listed, keeps assigned ones. */
    async replace(poolId: string, listed: readonly string[]): Promise<void> {
      const wanted = [...new Set(listed)];
      await keys.deleteMany({ poolId, assignedTo: null, key: { $nin: wanted } });
      const known = new Set((await keys.find({ poolId, key: { $in: wanted } }).toArray()).map(({ key }) => key));
      const fresh = wanted.flatMap((key, position) => (known.has(key) ? [] : [freeKey(poolId, key, position)]));
      if (fresh.length === 0) return;
      try {
        await keys.insertMany(fresh, { ordered: false });
      } catch (error) {
        // Somebody replaced the pool at the same time: the key is there, which is all that was wanted.
        if (!isDuplicateKey(error)) throw error;
      }
    },

    free: (poolId: string): Promise<number> => keys.countDocuments({ poolId, assignedTo: null }),
  };
}

function freeKey(poolId: string, key: string, position: number): LicensePoolKeyDocument {
  const id = `pool/${encodeURIComponent(poolId)}/${encodeURIComponent(key)}`;
  return { _id: id, poolId, key, position, assignedTo: null, index: null, claim: id };
}
