import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { MongoClient } from 'mongodb';
import type { BusinessTaxIdStatus } from '../../../domain/order/order.ts';
import { sum } from '../../../domain/money/money.ts';
import { couponInputSchema, priceInputSchema, productInputSchema } from '../../../services/catalog/catalog-schemas.ts';
import { createCatalogService } from '../../../services/catalog/catalog-service.ts';
import { createFileStore } from '../../../services/catalog/file-store.ts';
import { createCouponRedemptions } from '../../../services/pricing/coupon-redemptions.ts';
import type { CouponRedemptions } from '../../../services/pricing/coupon-redemptions.ts';
import { quoteRequestSchema } from '../../../services/pricing/quote-schemas.ts';
import { createQuoteService } from '../../../services/pricing/quote-service.ts';
import type { QuoteService } from '../../../services/pricing/quote-service.ts';
import { tableTaxEngine } from '../../../services/tax/adapters/tables/table-tax-engine.ts';
import { createSellerService } from '../../../services/seller/seller-service.ts';
import { openTestDatabase } from '../../support/mongo.ts';
import { propertyRuns } from '../../support/property-runs.ts';

const at = '2027-02-01T10:00:00.000Z';
let database: Awaited<ReturnType<typeof openTestDatabase>>;
let client: MongoClient;
let quotes: QuoteService;
let redemptions: CouponRedemptions;
const finds: string[] = [];

const prices = {
  editor: { product: 'editor', currency: 'EUR', taxBehavior: 'inclusive', scheme: { type: 'flat', amount: 11_900 } },
  editor_net: {
    product: 'editor',
    currency: 'EUR',
    taxBehavior: 'exclusive',
    scheme: { type: 'flat', amount: 10_000 },
  },
  editor_usd: {
    product: 'editor',
    currency: 'USD',
    taxBehavior: 'exclusive',
    scheme: { type: 'per_unit', amount: 9_999 },
  },
  book: { product: 'book', currency: 'EUR', taxBehavior: 'inclusive', scheme: { type: 'per_unit', amount: 999 } },
  seats_usd: {
    product: 'seats',
    currency: 'USD',
    taxBehavior: 'exclusive',
    scheme: { type: 'package', size: 5, amount: 10_000 },
  },
  seats: {
    product: 'seats',
    currency: 'EUR',
    taxBehavior: 'inclusive',
    scheme: {
      type: 'graduated',
      tiers: [
        { upTo: 10, unitAmount: 1000 },
        { upTo: null, unitAmount: 733, flatAmount: 7 },
      ],
    },
    recurring: { interval: 'month', count: 1 },
  },
  huge: { product: 'editor', currency: 'EUR', taxBehavior: 'inclusive', scheme: { type: 'per_unit', amount: 2 ** 52 } },
  pack: { product: 'pack', currency: 'EUR', taxBehavior: 'inclusive', scheme: { type: 'flat', amount: 15_000 } },
};

beforeAll(async () => {
  database = await openTestDatabase();
  client = await MongoClient.connect(database.uri, { monitorCommands: true });
  client.on('commandStarted', ({ commandName, command }) => {
    if (commandName === 'find') finds.push(String(command['find']));
  });
  const db = client.db(database.db.databaseName);
  const files = createFileStore({ db, maxBytes: 1000 });
  await files.putFile('book.epub', Readable.from(['book']), at);
  const sellers = createSellerService({ db, clock: Date.now });
  const catalog = createCatalogService({ db, files, licensePools: { replace: () => Promise.resolve() }, sellers });
  const put = (id: string, product: object) => catalog.putProduct(id, productInputSchema.parse(product));
  await put('editor', {
    name: 'Editor',
    taxClass: 'software_download',
    delivery: [{ method: 'license', pool: ['K'] }],
  });
  await put('book', { name: 'Book', taxClass: 'ebook', delivery: [{ method: 'download', file: 'book.epub' }] });
  await put('seats', { name: 'Seats', taxClass: 'saas', delivery: [{ method: 'account' }] });
  await put('pack', { name: 'Pack', taxClass: 'saas', delivery: [], components: [{ product: 'editor', quantity: 2 }] });
  for (const [id, price] of Object.entries(prices)) await catalog.putPrice(id, priceInputSchema.parse(price), at);
  const coupons = {
    TEN: { percentOff: '10', duration: 'once' },
    BOOKS: { amountOff: 500, currency: 'EUR', duration: 'once', products: ['book'] },
    DOLLARS: { amountOff: 500, currency: 'USD', duration: 'once' },
    ENDED: { percentOff: '10', duration: 'once', validUntil: at },
    LIMITED: { percentOff: '10', duration: 'once', maxRedemptions: 5 },
    ALL: { percentOff: '100', duration: 'forever' },
  };
  for (const [id, coupon] of Object.entries(coupons)) await catalog.putCoupon(id, couponInputSchema.parse(coupon));
  redemptions = createCouponRedemptions({ db });
  quotes = createQuoteService({ catalog, redemptions, sellers, taxEngine: tableTaxEngine });
});
afterAll(async () => {
  await client.close();
  await database.close();
});

type Line = readonly [price: string, quantity: number];
interface Basket {
  readonly currency?: string;
  readonly coupon?: string;
  readonly status?: BusinessTaxIdStatus;
}

function quote(customer: object, lines: readonly Line[], { status = 'not_given', ...part }: Basket = {}) {
  const body = { currency: 'EUR', customer, lines: lines.map(([price, quantity]) => ({ price, quantity })), ...part };
  return quotes.quote(quoteRequestSchema.parse(body), at, status);
}

const failing = (code: string, ...paths: string[]) =>
  expect.objectContaining({ code, problems: paths.map((path): unknown => expect.objectContaining({ path })) });

describe('a quote', () => {
  it('takes the German tax out of an inclusive price and freezes what was sold', async () => {
    const german = await quote({ country: 'DE', postalCode: '10115', ipCountry: 'DE' }, [['editor', 1]]);
    const tax = { jurisdiction: 'DE', name: 'VAT', rate: '0.19', base: 10_000, amount: 1900 };
    expect(german).toMatchObject({
      currency: 'EUR',
      net: 10_000,
      discount: 0,
      tax: 1900,
      gross: 11_900,
      lines: [{ price: 'editor', quantity: 1, list: 11_900, discount: 0, net: 10_000, tax: 1900, gross: 11_900 }],
      taxes: [{ ...tax, name: expect.any(String) as unknown }],
      placeOfSupply: { country: 'DE' },
      reverseCharge: false,
    });
    expect(german.lines[0]).toMatchObject({
      line: '1',
      product: 'editor',
      productName: 'Editor',
      sellerId: 'seller_default',
      taxClass: 'software_download',
      taxBehavior: 'inclusive',
      delivery: [{ method: 'license', pool: 'editor' }],
    });
  });

  it('adds the tax to an exclusive price', async () => {
    const texan = await quote({ country: 'US', region: 'TX', postalCode: '78701' }, [['editor_usd', 3]], {
      currency: 'USD',
    });
    expect(texan).toMatchObject({ net: 29_997, gross: 29_997 + texan.tax, placeOfSupply: { region: 'TX' } });
    // Texas taxes 80 % of the charge for software as a service, at 6.25 %.
    const seats = await quote({ country: 'US', region: 'TX', postalCode: '78701' }, [['seats_usd', 7]], {
      currency: 'USD',
    });
    expect(seats).toMatchObject({ net: 20_000, tax: 1000, gross: 21_000 });
    expect(seats.taxes).toMatchObject([{ jurisdiction: 'US-TX', rate: '0.0625', base: 16_000, amount: 1000 }]);
    const french = await quote({ country: 'FR' }, [['editor_net', 1]]);
    expect(french).toMatchObject({ net: 10_000, tax: 2000, gross: 12_000 });
  });

  it('is taxed by the law of the moment it is asked for', async () => {
    const request = quoteRequestSchema.parse({
      currency: 'EUR',
      customer: { country: 'DE' },
      lines: [{ price: 'editor_net', quantity: 1 }],
    });
    const { tax } = await quotes.quote(request, '2020-09-01T00:00:00.000Z', 'not_given');
    expect(tax).toBe(1600);
  });

  it('reverses the charge for a business whose id is confirmed, and for no other', async () => {
    const business = { country: 'FR', type: 'business', businessTaxId: 'FR40303265045' };
    const confirmed = await quote(business, [['editor_net', 1]], { status: 'confirmed' });
    expect(confirmed).toMatchObject({ net: 10_000, tax: 0, gross: 10_000, reverseCharge: true });
    // 11 900 holds 20 % French tax for a consumer; the business owes that tax itself.
    expect(await quote(business, [['editor', 1]], { status: 'confirmed' })).toMatchObject({ net: 9917, gross: 9917 });
    for (const status of ['unavailable', 'unknown', 'malformed', 'not_given'] as const)
      expect(await quote(business, [['editor_net', 1]], { status })).toMatchObject({
        tax: 2000,
        gross: 12_000,
        reverseCharge: false,
      });
  });

  it('prices tiers, several lines and one price twice', async () => {
    const mixed = await quote({ country: 'DE' }, [
      ['seats', 12],
      ['book', 3],
      ['seats', 1],
    ]);
    expect(mixed.lines.map(({ line, list }) => [line, list])).toEqual([
      ['1', 11_473],
      ['2', 2997],
      ['3', 1000],
    ]);
    expect(mixed.gross).toBe(15_470);
    expect(mixed.lines.map(({ taxClass }) => taxClass)).toEqual(['saas', 'ebook', 'saas']);
  });

  it('gives 20 lines two queries, and a coupon one more', async () => {
    const lines = Array.from({ length: 20 }, (_, index): Line => [
      ['editor', 'book', 'seats'][index % 3] ?? '',
      index + 1,
    ]);
    finds.length = 0;
    await quote({ country: 'DE' }, lines);
    expect(finds).toEqual(['prices', 'products']);
    finds.length = 0;
    await quote({ country: 'DE' }, lines, { coupon: 'TEN' });
    expect([...finds].sort()).toEqual(['coupons', 'prices', 'products']);
  });

  it('sums to the cent for every basket', async () => {
    const line = fc.tuple(fc.constantFrom('editor', 'editor_net', 'book', 'seats'), fc.integer({ min: 1, max: 500 }));
    const country = fc.constantFrom('DE', 'FR', 'HU', 'FI', 'IE', 'CH', 'NO', 'GB');
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { minLength: 1, maxLength: 20 }),
        country,
        fc.constantFrom(null, 'TEN', 'ALL'),
        async (lines, customerCountry, coupon) => {
          const result = await quote({ country: customerCountry }, lines, coupon === null ? {} : { coupon });
          expect(result.net + result.tax).toBe(result.gross);
          for (const field of ['net', 'discount', 'tax', 'gross'] as const)
            expect(sum(result.lines.map((l) => l[field]))).toBe(result[field]);
          expect(sum(result.taxes.map(({ amount }) => amount))).toBe(result.tax);
          for (const l of result.lines) {
            expect(l.net + l.tax).toBe(l.gross);
            expect(sum(l.taxes.map(({ amount }) => amount))).toBe(l.tax);
            expect(l.taxBehavior === 'inclusive' ? l.gross : l.net).toBe(l.list - l.discount);
          }
        },
      ),
      { numRuns: propertyRuns(0.06) },
    );
  });
});

describe('a coupon in a quote', () => {
  it('takes a percentage off before the tax', async () => {
    const result = await quote(
      { country: 'DE' },
      [
        ['editor', 1],
        ['book', 3],
      ],
      { coupon: 'TEN' },
    );
    expect(result.discount).toBe(1490);
    expect(result.lines.map(({ list, discount, gross }) => [list, discount, gross])).toEqual([
      [11_900, 1190, 10_710],
      [2997, 300, 2697],
    ]);
  });

  it('takes an amount off the products it is for', async () => {
    const result = await quote(
      { country: 'DE' },
      [
        ['editor', 1],
        ['book', 1],
      ],
      { coupon: 'BOOKS' },
    );
    expect(result.lines.map(({ discount }) => discount)).toEqual([0, 500]);
  });

  it('may make it free', async () => {
    expect(await quote({ country: 'DE' }, [['editor', 1]], { coupon: 'ALL' })).toMatchObject({
      net: 0,
      tax: 0,
      gross: 0,
      discount: 11_900,
    });
  });

  it.each([
    ['NONE', 'catalog.coupon_unknown'],
    ['DOLLARS', 'price.coupon_refused'],
    ['ENDED', 'price.coupon_refused'],
    ['BOOKS', 'price.coupon_refused'],
  ])('%s is refused with %s', async (coupon, code) => {
    await expect(quote({ country: 'DE' }, [['editor', 1]], { coupon })).rejects.toEqual(failing(code, 'coupon'));
  });
});

describe('a quote is refused', () => {
  it('with the paths of all prices that do not exist', async () => {
    await expect(
      quote({ country: 'DE' }, [
        ['editor', 1],
        ['no', 1],
        ['nope', 2],
      ]),
    ).rejects.toEqual(failing('catalog.price_unknown', 'lines[1].price', 'lines[2].price'));
  });

  it('in a currency that a price is not sold in', async () => {
    await expect(quote({ country: 'US', region: 'TX' }, [['editor', 1]], { currency: 'USD' })).rejects.toEqual(
      failing('price.currency_not_sold', 'currency'),
    );
  });

  it('for a quantity that leaves the range of amounts', async () => {
    await expect(
      quote({ country: 'DE' }, [
        ['editor', 1],
        ['huge', 4],
      ]),
    ).rejects.toEqual(failing('price.quantity_invalid', 'lines[1].quantity'));
  });

  it('when the evidence of the place contradicts itself, saying what to ask', async () => {
    const customer = { country: 'DE', ipCountry: 'FR', cardCountry: 'IT' };
    await expect(quote(customer, [['editor', 1]])).rejects.toMatchObject({
      code: 'tax.place_unclear',
      message: expect.stringMatching(/.{10,}/) as unknown,
    });
  });
});
