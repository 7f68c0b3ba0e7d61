import type { Db } from 'mongodb';
import { z } from 'zod';
import { gatewayFeeBearers, sellerRoles } from '../../domain/seller/seller.ts';
import type { Seller } from '../../domain/seller/seller.ts';
import { collectionOf, isDuplicateKey } from '../store/collection.ts';
import type { CollectionSpec } from '../store/collection.ts';

export type SellerDocument = Omit<Seller, 'id'> & {
  readonly _id: string;
  /** Grows with every write, and a write names the one that it read. */
  readonly revision: number;
};

const terms = z.object({
  validFrom: z.iso.datetime(),
  validTo: z.iso.datetime().nullable(),
  role: z.enum(sellerRoles),
  commissionBasisPoints: z.int().min(0).max(10_000),
  fixedFees: z.array(z.object({ currency: z.string().length(3), amount: z.int().min(0) })),
  gatewayFees: z.enum(gatewayFeeBearers),
  source: z.string(),
});

export const sellersCollection: CollectionSpec<SellerDocument> = {
  name: 'sellers',
  owner: 'seller',
  retention: 'books',
  schema: z.object({
    _id: z.string(),
    revision: z.int(),
    name: z.string(),
    addressLines: z.array(z.string()),
    country: z.string().length(2).nullable(),
    taxId: z.string().nullable(),
    locale: z.enum(['en', 'de']),
    terms: z.array(terms),
  }),
  indexes: [],
};

export function createSellerStore(db: Db) {
  const sellers = collectionOf(db, sellersCollection);

  return {
    async find(id: string): Promise<SellerDocument | null> {
      const found = await sellers.findOne({ _id: id });
      return found === null ? null : sellersCollection.schema.parse(found);
    },

    async byIds(ids: readonly string[]): Promise<readonly SellerDocument[]> {
      const found = await sellers.find({ _id: { $in: [...ids] } }).toArray();
      return found.map((document) => sellersCollection.schema.parse(document));
    },

    /** False, and nothing written, when there is one already. */
    async insert(seller: SellerDocument): Promise<boolean> {
      try {
        await sellers.insertOne(seller);
        return true;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        return false;
      }
    },

    /** False, and nothing written, when somebody has written since `seller.revision` − 1 was read. */
    async replace(seller: SellerDocument): Promise<boolean> {
      const written = await sellers.replaceOne({ _id: seller._id, revision: seller.revision - 1 }, seller);
      return written.matchedCount === 1;
    },
  };
}
