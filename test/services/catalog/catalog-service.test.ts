import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Db } from 'mongodb';
import { createCatalogService } from '../../../services/catalog/catalog-service.ts';
import type { CatalogService } from '../../../services/catalog/catalog-service.ts';
import { couponInputSchema, priceInputSchema, productInputSchema } from '../../../services/catalog/catalog-schemas.ts';
import { createFileStore } from '../../../services/catalog/file-store.ts';
import { createSellerService } from '../../../services/seller/seller-service.ts';
import type { SellerService } from '../../../services/seller/seller-service.ts';
import { sellerInputSchema } from '../../../services/seller/seller-schemas.ts';
import { openTestDatabase } from '../../support/mongo.ts';

const at = '2027-01-01T00:00:00.000Z';
let db: Db;
let database: Awaited<ReturnType<typeof openTestDatabase>>;
let catalog: CatalogService;
let sellers: SellerService;
let pools: Map<string, readonly string[]>;

beforeAll(async () => {
  database = await openTestDatabase();
  db = database.db;
});
afterAll(() => database.close());
beforeEach(async () => {
  for (const name of ['products', 'prices', 'coupons', 'sellers', 'files']) await db.collection(name).deleteMany({});
  pools = new Map();
  const files = createFileStore({ db, maxBytes: 1_000_000 });
  await files.putFile('guide.pdf', Readable.from(['guide']), at);
  const licensePools = {
    replace: (poolId: string, keys: readonly string[]) => {
      pools.set(poolId, keys);
      return Promise.resolve();
    },
  };
  sellers = createSellerService({ db, clock: Date.now });
  catalog = createCatalogService({ db, files, licensePools, sellers });
});

const product = (part: object = {}) =>
  productInputSchema.parse({ name: 'Editor', taxClass: 'software_download', delivery: [], ...part });
const price = (part: object = {}) =>
  priceInputSchema.parse({
    product: 'editor',
    currency: 'EUR',
    taxBehavior: 'inclusive',
    scheme: { type: 'flat', amount: 11900 },
    ...part,
  });

const failing = (code: string, path: string) =>
  expect.objectContaining({ code, problems: [expect.objectContaining({ path })] });

describe('products', () => {
  it('are stored whole, read back as they were put, and the same put again changes nothing', async () => {
    const input = product({
      delivery: [
        { method: 'account' },
        { method: 'license', pool: ['K-1', 'K-2'] },
        { method: 'download', file: 'guide.pdf' },
      ],
    });
    const first = await catalog.putProduct('editor', input);
    expect(first).toEqual({
      id: 'editor',
      sellerId: 'seller_default',
      name: 'Editor',
      taxClass: 'software_download',
      delivery: [
        { method: 'account', host: 'default', plan: 'editor' },
        { method: 'license', pool: 'editor' },
        { method: 'download', file: 'guide.pdf' },
      ],
      components: [],
    });
    expect(await catalog.putProduct('editor', input)).toEqual(first);
    expect(await catalog.getProduct('editor')).toEqual(first);
    expect(await db.collection('products').countDocuments()).toBe(1);
    expect(pools).toEqual(new Map([['editor', ['K-1', 'K-2']]]));
  });

  it('are replaced whole by the next put', async () => {
    await catalog.putProduct('editor', product({ delivery: [{ method: 'license' }] }));
    await catalog.putProduct('editor', product({ name: 'Editor 2' }));
    expect(await catalog.getProduct('editor')).toMatchObject({ name: 'Editor 2', delivery: [] });
  });

  it('end as one entry when many put the same id at once', async () => {
    await Promise.all(Array.from({ length: 20 }, () => catalog.putProduct('editor', product())));
    expect(await db.collection('products').countDocuments()).toBe(1);
  });

  it('name the path of a file that is not there, and nothing is stored', async () => {
    const delivery = [
      { method: 'download', file: 'guide.pdf' },
      { method: 'attachment', file: 'no.pdf' },
    ];
    await expect(catalog.putProduct('editor', product({ delivery }))).rejects.toEqual(
      failing('catalog.file_unknown', 'delivery[1].file'),
    );
    await expect(catalog.getProduct('editor')).rejects.toMatchObject({ code: 'catalog.product_unknown' });
  });

  it('belong to a seller that exists', async () => {
    await expect(catalog.putProduct('editor', product({ seller: 'acme' }))).rejects.toEqual(
      failing('catalog.seller_unknown', 'seller'),
    );
    await sellers.put('acme', sellerInputSchema.parse({ name: 'Acme' }), '2027-01-01T00:00:00.000Z');
    expect(await catalog.putProduct('editor', product({ seller: 'acme' }))).toMatchObject({ sellerId: 'acme' });
  });

  it('are bundles of products that exist, never of themselves and never of other bundles', async () => {
    const bundle = (...ids: string[]) => product({ components: ids.map((id) => ({ product: id, quantity: 1 })) });
    await catalog.putProduct('a', product());
    await catalog.putProduct('free', product());
    await expect(catalog.putProduct('b', bundle('a', 'none'))).rejects.toEqual(
      failing('catalog.product_unknown', 'components[1].product'),
    );
    await catalog.putProduct('b', bundle('a'));
    await expect(catalog.putProduct('b', bundle('a', 'b'))).rejects.toEqual(
      failing('request.invalid', 'components[1].product'),
    );
    await expect(catalog.putProduct('c', bundle('free', 'b'))).rejects.toEqual(
      failing('request.invalid', 'components[1].product'),
    );
    // What is part of a bundle does not become one.
    await expect(catalog.putProduct('a', bundle('free'))).rejects.toEqual(failing('request.invalid', 'components'));
    expect((await catalog.getProduct('a')).components).toEqual([]);
  });

  it('that are bundles deliver what their components deliver, and nothing else', async () => {
    await catalog.putProduct('a', product());
    const components = [{ product: 'a', quantity: 1 }];
    await expect(catalog.putProduct('b', product({ components, delivery: [{ method: 'license' }] }))).rejects.toEqual(
      failing('request.invalid', 'delivery'),
    );
  });
});

describe('prices', () => {
  it('belong to a product that exists', async () => {
    await expect(catalog.putPrice('p', price(), at)).rejects.toEqual(failing('catalog.product_unknown', 'product'));
    await catalog.putProduct('editor', product());
    const stored = await catalog.putPrice('p', price(), at);
    expect(await catalog.putPrice('p', price(), at)).toEqual(stored);
    expect(stored).toEqual({ id: 'p', ...price() });
  });

  it('come back in one map without those that are unknown', async () => {
    await catalog.putProduct('editor', product());
    const tiers = [
      { upTo: 5, unitAmount: 3 },
      { upTo: null, unitAmount: 2, flatAmount: 1 },
    ];
    const scheme = { type: 'graduated', tiers };
    const recurring = { interval: 'month', count: 1, usage: 'metered', meter: 'calls' };
    const stored = await catalog.putPrice('p1', price({ scheme, recurring }), at);
    await catalog.putPrice('p2', price(), at);
    const found = await catalog.getPrices(['p1', 'p1', 'p2', 'none']);
    expect([...found.keys()].sort()).toEqual(['p1', 'p2']);
    expect(found.get('p1')).toEqual(stored);
  });
});

describe('prices in several currencies', () => {
  const dollars = { scheme: { type: 'flat', amount: 12_900 } };

  it('keep an amount per currency, and tax behaviour where it differs', async () => {
    await catalog.putProduct('editor', product());
    const input = price({ currencyOptions: { USD: { ...dollars, taxBehavior: 'exclusive' }, GBP: dollars } });
    const stored = await catalog.putPrice('p', input, at);
    expect(stored.currencyOptions).toEqual({
      USD: { ...dollars, taxBehavior: 'exclusive' },
      GBP: { ...dollars, taxBehavior: 'inclusive' },
    });
    expect((await catalog.getPrices(['p'])).get('p')).toEqual(stored);
  });

  it('are read as having none when they were written before there were any', async () => {
    await catalog.putProduct('editor', product());
    await catalog.putPrice('p', price(), at);
    await db.collection('prices').updateOne({}, { $unset: { currencyOptions: '' } });
    expect((await catalog.getPrices(['p'])).get('p')?.currencyOptions).toEqual({});
  });

  it('are found by product', async () => {
    for (const id of ['editor', 'book']) await catalog.putProduct(id, product());
    await catalog.putPrice('p1', price(), at);
    await catalog.putPrice('p2', price({ product: 'book' }), at);
    const found = async (...ids: string[]) => (await catalog.getPricesOfProducts(ids)).map(({ id }) => id).sort();
    expect(await found('editor')).toEqual(['p1']);
    expect(await found('editor', 'book', 'none')).toEqual(['p1', 'p2']);
  });

  it('are not put in a currency that has ended', async () => {
    await catalog.putProduct('editor', product());
    const bulgarian = price({ currency: 'BGN', currencyOptions: { HRK: dollars } });
    await expect(catalog.putPrice('p', bulgarian, at)).rejects.toMatchObject({
      code: 'price.currency_retired',
      problems: [{ path: 'currency' }, { path: 'currencyOptions.HRK' }],
    });
    await expect(catalog.putPrice('p', bulgarian, '2025-12-31T21:00:00.000Z')).rejects.toMatchObject({
      problems: [{ path: 'currencyOptions.HRK' }],
    });
  });
});

describe('coupons', () => {
  it('are stored and name products that exist', async () => {
    const input = couponInputSchema.parse({ percentOff: '10', duration: 'once', products: ['editor'] });
    await expect(catalog.putCoupon('SPRING', input)).rejects.toEqual(failing('catalog.product_unknown', 'products[0]'));
    await catalog.putProduct('editor', product());
    const stored = await catalog.putCoupon('SPRING', input);
    expect(await catalog.getCoupon('SPRING')).toEqual(stored);
    await expect(catalog.getCoupon('spring')).rejects.toMatchObject({ code: 'catalog.coupon_unknown' });
  });
});
