import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sum } from '../../../domain/money/money.ts';
import { openTestDatabase } from '../../support/mongo.ts';
import { propertyRuns } from '../../support/property-runs.ts';
import { at, basket, failing, openPricing } from './pricing-fixture.ts';

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let shop: ReturnType<typeof openPricing>;

beforeAll(async () => {
  database = await openTestDatabase();
  shop = openPricing(database.db);
  const { putProduct, putPrice } = shop;
  await putProduct('editor', { delivery: [{ method: 'license' }] });
  await putProduct('book', { taxClass: 'ebook' });
  await putProduct('seat', { taxClass: 'saas', delivery: [{ method: 'account' }] });
  await putProduct('gift');
  await putPrice('editor-eur', { product: 'editor', scheme: { type: 'flat', amount: 9000 } });
  await putPrice('editor-sale', { product: 'editor', scheme: { type: 'flat', amount: 6000 } });
  await putPrice('book-eur', { product: 'book', scheme: { type: 'per_unit', amount: 1500 } });
  await putPrice('book-net', { product: 'book', taxBehavior: 'exclusive', scheme: { type: 'per_unit', amount: 1400 } });
  await putPrice('seat-month', {
    ...{ product: 'seat', scheme: { type: 'per_unit', amount: 1000 } },
    recurring: { interval: 'month', count: 1 },
  });
  await putPrice('gift-eur', { product: 'gift', scheme: { type: 'flat', amount: 0 } });
  const bundle = (...parts: [string, number][]) => ({
    taxClass: 'saas',
    components: parts.map(([product, quantity]) => ({ product, quantity })),
  });
  await putProduct('pack', bundle(['editor', 1], ['book', 2]));
  await putProduct('with-seat', bundle(['editor', 1], ['seat', 3]));
  await putProduct('only-gifts', bundle(['gift', 1]));
  const pack = { product: 'pack', scheme: { type: 'per_unit', amount: 7500 } };
  await putPrice('pack-eur', pack);
  await putPrice('pack-net', { ...pack, taxBehavior: 'exclusive' });
  await putPrice('pack-usd', { ...pack, currency: 'USD' });
  await putPrice('pack-month', { ...pack, product: 'with-seat', recurring: { interval: 'month', count: 1 } });
  await putPrice('seat-pack-eur', { ...pack, product: 'with-seat' });
  await putPrice('gifts-eur', { ...pack, product: 'only-gifts' });
  await shop.putCoupon('TEN', { percentOff: '10', duration: 'once' });
  await shop.putCoupon('BOOKS', { percentOff: '50', duration: 'once', products: ['book'] });
  await shop.putCoupon('PACKS', { amountOff: 1000, currency: 'EUR', duration: 'once', products: ['pack'] });
});
afterAll(() => database.close());

const quote = (price: string, quantity = 1, part: object = {}) =>
  shop.quotes.quote(basket({ lines: [{ price, quantity }], ...part }), at, 'not_given');

describe('a bundle in a quote', () => {
  it('is one line per component, split by what they cost alone, each with its own tax class', async () => {
    const { lines, gross } = await quote('pack-eur');
    expect(gross).toBe(7500);
    // Alone: 6000 and 2 × 1500.
    expect(lines).toMatchObject([
      {
        line: '1.1',
        price: 'pack-eur',
        product: 'editor',
        productName: 'editor',
        bundle: 'pack',
        quantity: 1,
        list: 5000,
      },
      { line: '1.2', price: 'pack-eur', product: 'book', bundle: 'pack', quantity: 2, list: 2500, taxClass: 'ebook' },
    ]);
    expect(lines.map(({ delivery }) => delivery)).toEqual([[{ method: 'license', pool: null }], []]);
    expect(lines.map(({ taxes }) => taxes.map(({ rate }) => rate))).toEqual([['0.19'], ['0.07']]);
  });

  it('multiplies quantities, and stands beside other lines', async () => {
    const lines = [
      { price: 'book-eur', quantity: 1 },
      { price: 'pack-eur', quantity: 3 },
      { price: 'editor-eur', quantity: 1 },
    ];
    const result = await shop.quotes.quote(basket({ lines }), at, 'not_given');
    expect(result.lines.map(({ line, product, bundle, quantity }) => [line, product, bundle, quantity])).toEqual([
      ['1', 'book', null, 1],
      ['2.1', 'editor', 'pack', 3],
      ['2.2', 'book', 'pack', 6],
      ['3', 'editor', null, 1],
    ]);
    expect(result.gross).toBe(1500 + 22_500 + 9000);
  });

  it('shares its discount; a coupon for a component is not one for the bundle', async () => {
    const tenth = await quote('pack-eur', 1, { coupon: 'TEN' });
    expect(tenth.lines.map(({ discount }) => discount)).toEqual([500, 250]);
    const off = await quote('pack-eur', 1, { coupon: 'PACKS' });
    expect(off.lines.map(({ discount }) => discount)).toEqual([667, 333]);
    await expect(quote('pack-eur', 1, { coupon: 'BOOKS' })).rejects.toEqual(failing('price.coupon_refused', 'coupon'));
  });

  it('by the month is split by what its components cost by the month', async () => {
    await expect(quote('pack-month')).rejects.toMatchObject({
      message: '"editor" in the bundle "with-seat" needs a 1-month, tax-inclusive price in EUR for 1',
    });
    await shop.putPrice('editor-month', {
      ...{ product: 'editor', scheme: { type: 'flat', amount: 2000 } },
      recurring: { interval: 'month', count: 1 },
    });
    expect((await quote('pack-month')).lines.map(({ list }) => list)).toEqual([3000, 4500]);
  });

  it.each([
    ['pack-net', '"editor" in the bundle "pack" needs a one-off, tax-exclusive price in EUR for 1'],
    ['seat-pack-eur', '"seat" in the bundle "with-seat" needs a one-off, tax-inclusive price in EUR for 3'],
    ['gifts-eur', 'no component of "only-gifts" costs anything alone, so its price cannot be split'],
  ])('%s is refused, saying what is missing', async (price, message) => {
    const refused = quote(price);
    await expect(refused).rejects.toEqual(failing('price.bundle_unsplittable', 'lines[0].price'));
    await expect(refused).rejects.toMatchObject({ message });
  });

  it('is refused when a component has left the catalogue, or has become a bundle behind its back', async () => {
    const products = database.db.collection<{ _id: string }>('products');
    const held = await products.findOneAndUpdate(
      { _id: 'book' },
      { $set: { components: [{ product: 'gift', quantity: 1 }] } },
    );
    await expect(quote('pack-eur')).rejects.toMatchObject({
      code: 'price.bundle_unsplittable',
      message: '"pack" contains "book", which is a bundle itself',
    });
    await products.deleteOne({ _id: 'book' });
    await expect(quote('pack-eur')).rejects.toMatchObject({
      code: 'price.bundle_unsplittable',
      message: '"pack" contains "book", which is no longer in the catalogue',
    });
    if (held !== null) await products.insertOne(held);
    expect((await quote('pack-eur')).gross).toBe(7500);
  });

  it('is refused where its components make too many lines', async () => {
    const components = Array.from({ length: 100 }, () => ({ product: 'book', quantity: 1 }));
    await shop.putProduct('library', { components });
    await shop.putPrice('library-eur', { product: 'library', scheme: { type: 'flat', amount: 50_000 } });
    const lines = (count: number) => Array.from({ length: count }, () => ({ price: 'library-eur', quantity: 1 }));
    const five = await shop.quotes.quote(basket({ lines: lines(5) }), at, 'not_given');
    expect(five.lines).toHaveLength(500);
    await expect(shop.quotes.quote(basket({ lines: lines(6) }), at, 'not_given')).rejects.toEqual(
      failing('request.invalid', 'lines'),
    );
  });

  it('costs to the cent what it costs as a whole, in every mixture', async () => {
    const prices = fc.constantFrom('pack-eur', 'pack-month', 'book-eur', 'book-net', 'editor-eur');
    const lines = fc.array(fc.record({ price: prices, quantity: fc.integer({ min: 1, max: 200 }) }), {
      minLength: 1,
      maxLength: 8,
    });
    const unitOf = new Map(
      Object.entries({ 'pack-eur': 7500, 'pack-month': 7500, 'book-eur': 1500, 'book-net': 1400 }),
    );
    await fc.assert(
      fc.asyncProperty(lines, fc.constantFrom(null, 'TEN'), async (requested, coupon) => {
        const result = await shop.quotes.quote(basket({ lines: requested, coupon }), at, 'not_given');
        expect(result.net + result.tax).toBe(result.gross);
        requested.forEach(({ price, quantity }, index) => {
          const number = `${index + 1}`;
          const parts = result.lines.filter(({ line }) => line === number || line.startsWith(`${number}.`));
          const unit = unitOf.get(price);
          const whole = unit === undefined ? 9000 : unit * quantity;
          expect(sum(parts.map(({ list }) => list))).toBe(whole);
          for (const { list, discount } of parts) expect(discount).toBeLessThanOrEqual(list);
        });
        expect(sum(result.lines.map(({ discount }) => discount))).toBe(result.discount);
      }),
      { numRuns: propertyRuns(0.05) },
    );
  });
});
