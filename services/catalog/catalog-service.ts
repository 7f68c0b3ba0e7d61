import type { Db } from 'mongodb';
import { defaultSellerId } from '../../domain/catalog/catalog.ts';
import type { DeliverySpec, Price, Product } from '../../domain/catalog/catalog.ts';
import type { Coupon } from '../../domain/catalog/coupon.ts';
import { fail } from '../../domain/failures.ts';
import type { InputProblem } from '../../domain/failures.ts';
import { retiredProblem } from '../../domain/money/currency-life-cycle.ts';
import { assertNever } from '../../domain/state-machine.ts';
import type { CouponInput, PriceInput, ProductInput } from './catalog-schemas.ts';
import { createCatalogStore } from './catalog-store.ts';
import type { CatalogStore } from './catalog-store.ts';
import type { SellerService } from '../seller/seller-service.ts';
import type { FileStore } from './file-store.ts';

/** What the catalogue needs of the delivery service: the keys that come with a product. Repeatable. */
export interface LicensePools {
  replace(poolId: string, keys: readonly string[]): Promise<void>;
}

export interface CatalogDeps {
  readonly db: Db;
  readonly files: Pick<FileStore, 'unknownFiles'>;
  readonly licensePools: LicensePools;
  readonly sellers: Pick<SellerService, 'exists'>;
}

/** Every put is an upsert of the whole entry: the same input again changes nothing. */
export interface CatalogService {
  /** @throws catalog.file_unknown, catalog.product_unknown, catalog.seller_unknown, request.invalid (a nested bundle) */
  putProduct(id: string, input: ProductInput): Promise<Product>;
  /** @throws catalog.product_unknown, price.currency_retired as of `at` (ISO 8601) */
  putPrice(id: string, input: PriceInput, at: string): Promise<Price>;
  /** @throws catalog.product_unknown */
  putCoupon(id: string, input: CouponInput): Promise<Coupon>;
  /** @throws catalog.product_unknown */
  getProduct(id: string): Promise<Product>;
  /** @throws catalog.coupon_unknown */
  getCoupon(id: string): Promise<Coupon>;
  /** One query; unknown ids are missing from the map. */
  getProducts(ids: Iterable<string>): Promise<ReadonlyMap<string, Product>>;
  getPrices(ids: Iterable<string>): Promise<ReadonlyMap<string, Price>>;
  /** Every price of these products. One query. */
  getPricesOfProducts(productIds: Iterable<string>): Promise<readonly Price[]>;
  getCoupons(ids: Iterable<string>): Promise<ReadonlyMap<string, Coupon>>;
}

export function createCatalogService({ db, files, licensePools, sellers }: CatalogDeps): CatalogService {
  const store = createCatalogStore(db);
  return {
    async putProduct(id, input) {
      const { seller, delivery, components, name, taxClass } = input;
      const sellerId = seller ?? defaultSellerId;
      if (seller !== null && seller !== defaultSellerId) await requireSeller(sellers, seller);
      await requireFiles(files, delivery);
      await requireComponents(store, id, input);
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
    async putPrice(id, input, at) {
      refuseRetiredCurrencies(input, at);
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
    getProduct: async (id) =>
      (await store.products.byIds([id])).get(id) ?? fail('catalog.product_unknown', `there is no product "${id}"`),
    getCoupon: async (id) =>
      (await store.coupons.byIds([id])).get(id) ?? fail('catalog.coupon_unknown', `there is no coupon "${id}"`),
    getProducts: (ids) => store.products.byIds(ids),
    getPrices: (ids) => store.prices.byIds(ids),
    getPricesOfProducts: (productIds) => store.prices.where('product', productIds),
    getCoupons: (ids) => store.coupons.byIds(ids),
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

async function requireSeller(sellers: CatalogDeps['sellers'], id: string): Promise<void> {
  if (await sellers.exists(id)) return;
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

/**
 * Components exist, none is a bundle itself, and nothing that is already a component becomes one: each line of an order
 * is one product. What a bundle delivers is what its components deliver.
 */
async function requireComponents(
  store: CatalogStore,
  id: string,
  { components, delivery }: Pick<ProductInput, 'components' | 'delivery'>,
): Promise<void> {
  if (components.length === 0) return;
  const refuse = (problems: readonly InputProblem[]) => {
    if (problems.length > 0) fail('request.invalid', problems[0]?.message, problems);
  };
  if (delivery.length > 0)
    refuse([{ path: 'delivery', message: 'a bundle is delivered by its components; leave this empty' }]);
  const references = components.map(({ product }, index) => ({ id: product, path: `components[${index}].product` }));
  const inItself = references.filter((reference) => reference.id === id);
  refuse(inItself.map(({ path }) => ({ path, message: 'a bundle cannot contain itself' })));
  const products = await requireProducts(store, references);
  const bundles = references.filter((reference) => (products.get(reference.id)?.components ?? []).length > 0);
  refuse(bundles.map(({ path, id: inner }) => ({ path, message: `"${inner}" is a bundle; bundles do not nest` })));
  const outer = await store.products.where('components.product', [id]);
  refuse(outer.map((bundle) => ({ path: 'components', message: `it is part of the bundle "${bundle.id}"` })));
}

function refuseRetiredCurrencies({ currency, currencyOptions }: PriceInput, at: string): void {
  const problems = [
    retiredProblem(currency, at, 'currency'),
    ...Object.keys(currencyOptions).map((option) => retiredProblem(option, at, `currencyOptions.${option}`)),
  ].filter((problem) => problem !== null);
  if (problems.length > 0) fail('price.currency_retired', problems[0]?.message, problems);
}
