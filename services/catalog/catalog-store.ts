import type { Db } from 'mongodb';
import { z } from 'zod';
import { taxClasses } from '../../domain/catalog/catalog.ts';
import type { Price, Product } from '../../domain/catalog/catalog.ts';
import type { Coupon } from '../../domain/catalog/coupon.ts';
import { isDuplicateKey } from '../store/collection.ts';
import type { CollectionSpec } from '../store/collection.ts';

type Stored<Entity extends { readonly id: string }> = Omit<Entity, 'id'> & { _id: string };

const deliverySchema = z.discriminatedUnion('method', [
  z.object({ method: z.literal('license'), pool: z.string().nullable() }),
  z.object({ method: z.literal('download'), file: z.string() }),
  z.object({ method: z.literal('attachment'), file: z.string() }),
  z.object({ method: z.literal('account'), host: z.string(), plan: z.string() }),
  z.object({ method: z.literal('parcel') }),
]);

const tiersSchema = z.array(
  z.object({ upTo: z.int().nullable(), unitAmount: z.int().min(0), flatAmount: z.int().min(0) }),
);
const schemeSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('flat'), amount: z.int().min(0) }),
  z.object({ type: z.literal('per_unit'), amount: z.int().min(0) }),
  z.object({ type: z.literal('volume'), tiers: tiersSchema }),
  z.object({ type: z.literal('graduated'), tiers: tiersSchema }),
  z.object({ type: z.literal('package'), size: z.int().min(1), amount: z.int().min(0) }),
]);

const taxBehaviorSchema = z.enum(['inclusive', 'exclusive']);

export const productsCollection: CollectionSpec<Stored<Product>> = {
  name: 'products',
  owner: 'catalog',
  retention: 'operational',
  schema: z.object({
    _id: z.string(),
    sellerId: z.string(),
    name: z.string(),
    taxClass: z.enum(taxClasses),
    delivery: z.array(deliverySchema),
    components: z.array(z.object({ product: z.string(), quantity: z.int().min(1) })),
  }),
  indexes: [],
};

export const pricesCollection: CollectionSpec<Stored<Price>> = {
  name: 'prices',
  owner: 'catalog',
  retention: 'operational',
  schema: z.object({
    _id: z.string(),
    product: z.string(),
    currency: z.string(),
    taxBehavior: taxBehaviorSchema,
    scheme: schemeSchema,
    currencyOptions: z
      .record(z.string(), z.object({ taxBehavior: taxBehaviorSchema, scheme: schemeSchema }))
      // Prices written before there were options.
      .default({}),
    recurring: z
      .object({
        interval: z.enum(['day', 'week', 'month', 'year']),
        count: z.int().min(1),
        usage: z.enum(['licensed', 'metered']),
        meter: z.string().nullable(),
        trial: z.object({ days: z.int().min(1), methodRequired: z.boolean() }).exactOptional(),
        align: z.enum(['anniversary', 'calendar']).exactOptional(),
        includes: z.object({ meter: z.string(), quantity: z.int().min(1) }).exactOptional(),
      })
      .nullable(),
  }),
  indexes: [{ name: 'product', key: { product: 1 } }],
};

export const couponsCollection: CollectionSpec<Stored<Coupon>> = {
  name: 'coupons',
  owner: 'catalog',
  retention: 'operational',
  schema: z.object({
    _id: z.string(),
    discount: z.discriminatedUnion('type', [
      z.object({ type: z.literal('percent'), percentOff: z.string() }),
      z.object({ type: z.literal('amount'), amountOff: z.int().min(1), currency: z.string() }),
    ]),
    duration: z.enum(['once', 'repeating', 'forever']),
    periods: z.int().nullable(),
    maxRedemptions: z.int().nullable(),
    validUntil: z.string().nullable(),
    products: z.array(z.string()).nullable(),
  }),
  indexes: [],
};

/** One kind of catalogue entry: written whole under its own id, read by ids. */
export interface EntryStore<Entity extends { readonly id: string }> {
  put(entity: Entity): Promise<void>;
  /** One query; unknown ids are missing from the map. */
  byIds(ids: Iterable<string>): Promise<ReadonlyMap<string, Entity>>;
  /** Every entry one of whose `field` is one of the values. */
  where(field: string, values: Iterable<string>): Promise<readonly Entity[]>;
}

export interface CatalogStore {
  readonly products: EntryStore<Product>;
  readonly prices: EntryStore<Price>;
  readonly coupons: EntryStore<Coupon>;
}

export function createCatalogStore(db: Db): CatalogStore {
  return {
    products: createEntryStore<Stored<Product>, Product>(db, productsCollection, ({ _id, ...rest }) => ({
      id: _id,
      ...rest,
    })),
    prices: createEntryStore<Stored<Price>, Price>(db, pricesCollection, ({ _id, ...rest }) => ({ id: _id, ...rest })),
    coupons: createEntryStore<Stored<Coupon>, Coupon>(db, couponsCollection, ({ _id, ...rest }) => ({
      id: _id,
      ...rest,
    })),
  };
}

function createEntryStore<Document extends { _id: string }, Entity extends { readonly id: string }>(
  db: Db,
  spec: CollectionSpec<Document>,
  toEntity: (document: Document) => Entity,
): EntryStore<Entity> {
  // Typed by the id alone: what comes back is parsed by the collection's schema.
  const collection = db.collection<{ _id: string }>(spec.name, { ignoreUndefined: true });
  const entitiesWith = async (field: string, values: Iterable<string>): Promise<Entity[]> => {
    const documents = await collection.find({ [field]: { $in: [...new Set(values)] } }).toArray();
    return documents.map((document) => toEntity(spec.schema.parse(document)));
  };
  return {
    async put({ id, ...fields }) {
      try {
        await collection.replaceOne({ _id: id }, fields, { upsert: true });
      } catch (error) {
        // Two first writes at once: the other one inserted, so this one now replaces.
        if (!isDuplicateKey(error)) throw error;
        await collection.replaceOne({ _id: id }, fields);
      }
    },
    byIds: async (ids) => new Map((await entitiesWith('_id', ids)).map((entity) => [entity.id, entity])),
    where: entitiesWith,
  };
}
