import type { Db } from 'mongodb';
import { defaultSellerId } from '../../domain/catalog/catalog.ts';
import type { DeliverySpec, Price, Product } from '../../domain/catalog/catalog.ts';
import type { Coupon } from '../../domain/catalog/coupon.ts';
import { fail } from '../../domain/failures.ts';
import { assertNever } from '../../domain/state-machine.ts';
import type { CouponInput, PriceInput, ProductInput } from './catalog-schemas.ts';
import { createCatalogStore } from './catalog-store.ts';
import type { CatalogStore, Seller } from './catalog-store.ts';
import type { FileStore } from './file-store.ts';

/** What the catalogue needs of the delivery service: the keys that come with a product. Repeatable. */
export interface LicensePools {
  replace(poolId: string, keys: readonly string[]): Promise<void>;
}

export interface CatalogDeps {
  readonly db: Db;
  readonly files: Pick<FileStore, 'unknownFiles'>;
  readonly licensePools: LicensePools;
}

/** Every put is an upsert of the whole entry: the same input again changes nothing. */
export interface CatalogService {
  /** @throws catalog.file_unknown, catalog.product_unknown, catalog.seller_unknown, request.invalid (a bundle in itself) */
  putProduct(id: string, input: ProductInput): Promise<Product>;
  /** @throws catalog.product_unknown */
  putPrice(id: string, input: PriceInput): Promise<Price>;
  /** @throws catalog.product_unknown */
  putCoupon(id: string, input: CouponInput): Promise<Coupon>;
  putSeller(seller: Seller): Promise<Seller>;
  /** Called once when a process starts. */
  ensureDefaultSeller(name: string): Promise<void>;
  /** @throws catalog.product_unknown */
  getProduct(id: string): Promise<Product>;
  /** @throws catalog.coupon_unknown */
  getCoupon(id: string): Promise<Coupon>;
  /** One query; unknown ids are missing from the map. */
  getProducts(ids: Iterable<string>): Promise<ReadonlyMap<string, Product>>;
  getPrices(ids: Iterable<string>): Promise<ReadonlyMap<string, Price>>;
  getCoupons(ids: Iterable<string>): Promise<ReadonlyMap<string, Coupon>>;
  getSellers(ids: Iterable<string>): Promise<ReadonlyMap<string, Seller>>;
}

export function createCatalogService({ db, files, licensePools }: CatalogDeps): CatalogService {
  const store = createCatalogStore(db);
  return {
    async putProduct(id, input) {
      const { seller, delivery, components, name, taxClass } = input;
      const sellerId = seller ?? defaultSellerId;
      if (seller !== null && seller !== defaultSellerId) await requireSeller(store, seller);
      await requireFiles(files, delivery);
      await requireComponents(store, id, components);
      // The keys first: a product that is on sale never names a pool that is not there yet.
      for (const spec of delivery)
        if (spec.method === 'license' && spec.pool !== null) await licensePools.replace(id, spec.pool);
      const product: Product = {
        id,
        sellerId,
        name,
        taxClass,
        delivery: delivery.map((spec) => deliverySpec(id, spec)),
        components,
      };
      await store.products.put(product);
      return product;
    },
    async putPrice(id, input) {
      await requireProducts(store, [{ id: input.product, path: 'product' }]);
      const price: Price = { id, ...input };
      await store.prices.put(price);
      return price;
    },
    async putCoupon(id, input) {
      const named = input.products ?? [];
      await requireProducts(
        store,
        named.map((product, index) => ({ id: product, path: `products[${index}]` })),
      );
      const coupon: Coupon = { id, ...input };
      await store.coupons.put(coupon);
      return coupon;
    },
    async putSeller(seller) {
      await store.sellers.put(seller);
      return seller;
    },
    ensureDefaultSeller: (name) => store.sellers.ensure({ id: defaultSellerId, name }),
    getProduct: async (id) =>
      (await store.products.byIds([id])).get(id) ?? fail('catalog.product_unknown', `there is no product "${id}"`),
    getCoupon: async (id) =>
      (await store.coupons.byIds([id])).get(id) ?? fail('catalog.coupon_unknown', `there is no coupon "${id}"`),
    getProducts: (ids) => store.products.byIds(ids),
    getPrices: (ids) => store.prices.byIds(ids),
    getCoupons: (ids) => store.coupons.byIds(ids),
    getSellers: (ids) => store.sellers.byIds(ids),
  };
}

/** As orders freeze it: the pool's keys stay with the delivery service, under the product's id. */
function deliverySpec(productId: string, spec: ProductInput['delivery'][number]): DeliverySpec {
  switch (spec.method) {
    case 'license':
      return { method: 'license', pool: spec.pool === null ? null : productId };
    case 'account':
      return { method: 'account', host: spec.host, plan: spec.plan ?? productId };
    case 'download':
    case 'attachment':
    case 'parcel':
      return spec;
    default:
      return assertNever(spec);
  }
}

async function requireSeller(store: CatalogStore, id: string): Promise<void> {
  if ((await store.sellers.byIds([id])).has(id)) return;
  const message = `there is no seller "${id}"`;
  fail('catalog.seller_unknown', message, [{ path: 'seller', message }]);
}

async function requireFiles(files: Pick<FileStore, 'unknownFiles'>, delivery: ProductInput['delivery']): Promise<void> {
  const named = delivery.flatMap((spec, index) =>
    'file' in spec ? [{ file: spec.file, path: `delivery[${index}].file` }] : [],
  );
  const unknown = await files.unknownFiles(named.map(({ file }) => file));
  const problems = named
    .filter(({ file }) => unknown.includes(file))
    .map(({ file, path }) => ({ path, message: `there is no file "${file}"` }));
  if (problems.length > 0) fail('catalog.file_unknown', problems[0]?.message, problems);
}

interface Reference {
  readonly id: string;
  readonly path: string;
}

async function requireProducts(
  store: CatalogStore,
  references: readonly Reference[],
): Promise<ReadonlyMap<string, Product>> {
  if (references.length === 0) return new Map();
  const products = await store.products.byIds(references.map(({ id }) => id));
  const problems = references
    .filter(({ id }) => !products.has(id))
    .map(({ id, path }) => ({ path, message: `there is no product "${id}"` }));
  if (problems.length > 0) fail('catalog.product_unknown', problems[0]?.message, problems);
  return products;
}

/** Components exist, and none of them contains this product, at any depth. */
async function requireComponents(
  store: CatalogStore,
  id: string,
  components: ProductInput['components'],
): Promise<void> {
  let level: Reference[] = components.map(({ product }, index) => ({
    id: product,
    path: `components[${index}].product`,
  }));
  const seen = new Set<string>();
  while (level.length > 0) {
    const itself = level.find((reference) => reference.id === id);
    if (itself !== undefined) {
      const message = 'a bundle cannot contain itself';
      fail('request.invalid', message, [{ path: itself.path, message }]);
    }
    const products = await requireProducts(store, level);
    level.forEach((reference) => seen.add(reference.id));
    level = level.flatMap((reference) =>
      (products.get(reference.id)?.components ?? [])
        .filter(({ product }) => !seen.has(product))
        .map(({ product }) => ({ id: product, path: reference.path })),
    );
  }
}
