import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BusinessTaxIdStatus } from '../../../domain/order/order.ts';
import { issuedQuotesCollection } from '../../../services/pricing/issued-quote-store.ts';
import { quoteHash } from '../../../services/pricing/quote-hash.ts';
import type { QuoteRequest } from '../../../services/pricing/quote-schemas.ts';
import { ensureIndexes } from '../../../services/store/collections.ts';
import { openTestDatabase } from '../../support/mongo.ts';
import { at, basket, failing, openPricing } from './pricing-fixture.ts';

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let shop: ReturnType<typeof openPricing>;
const dayMs = 24 * 3600_000;
const after = (ms: number, from = at) => new Date(Date.parse(from) + ms).toISOString();

beforeAll(async () => {
  database = await openTestDatabase();
  await ensureIndexes(database.db);
  shop = openPricing(database.db);
  await shop.putProduct('editor');
  await shop.putProduct('book', { taxClass: 'ebook' });
  const editor = { product: 'editor', scheme: { type: 'per_unit', amount: 11_900 } };
  await shop.putPrice('editor-eur', { ...editor, currencyOptions: { USD: { scheme: editor.scheme } } });
  await shop.putPrice('editor-jpy', { ...editor, currency: 'JPY' });
  await shop.putPrice('book-eur', { product: 'book', scheme: { type: 'flat', amount: 1000 } });
  await shop.putCoupon('TEN', { percentOff: '10', duration: 'once' });
  await shop.publishRates('2027-01-29', { USD: '1.0850', JPY: '162.55', KWD: '0.33391' });
});
afterAll(() => database.close());

interface Terms {
  readonly issuedAt: string;
  readonly pricedAt: string;
  readonly businessTaxIdStatus: BusinessTaxIdStatus;
  readonly displayCurrency: string | null;
}
const issue = (request: QuoteRequest = basket(), terms: Partial<Terms> = {}) =>
  shop.issuedQuotes.issue(request, {
    ...{ issuedAt: at, pricedAt: at, businessTaxIdStatus: 'not_given', displayCurrency: null },
    ...terms,
  });
const honour = (id: string, request: QuoteRequest = basket(), when = at) => shop.issuedQuotes.honour(id, request, when);

describe('an issued quote', () => {
  it('is kept as it was given, under an id, with its hash and its end', async () => {
    const issued = await issue();
    expect(issued.id).toMatch(/^quo_[0-9A-Z]{16}$/);
    expect(issued).toMatchObject({ expiresAt: after(dayMs), quote: { gross: 11_900 }, display: null });
    expect(issued.hash).toBe(quoteHash(issued.quote));
    expect(await shop.issuedQuotes.get(issued.id)).toEqual(issued);
    expect((await issue()).id).not.toBe(issued.id);
  });

  it('has a document that a time limit removes', async () => {
    const { id } = await issue();
    const stored = await database.db.collection<{ _id: string }>('quotes').findOne({ _id: id });
    expect(issuedQuotesCollection.schema.safeParse(stored).success).toBe(true);
    expect(stored).toMatchObject({ createdAt: new Date(at) });
  });

  it('that does not exist is not found', async () => {
    await expect(shop.issuedQuotes.get('quo_NONE')).rejects.toMatchObject({ code: 'quote.not_found' });
  });

  it('hashes what it asks for, and not the order of fields or what was known of the customer', async () => {
    const { quote, hash } = await issue();
    const reordered = { ...{ reverseCharge: quote.reverseCharge, lines: quote.lines }, ...quote };
    expect(quoteHash(reordered)).toBe(hash);
    expect(quoteHash({ ...quote, placeOfSupply: { ...quote.placeOfSupply, postalCode: '10115', evidence: [] } })).toBe(
      hash,
    );
    expect(quoteHash({ ...quote, gross: quote.gross + 1 })).not.toBe(hash);
    expect(quoteHash({ ...quote, placeOfSupply: { ...quote.placeOfSupply, country: 'FR' } })).not.toBe(hash);
    expect(quoteHash({ ...quote, lines: quote.lines.map((line) => ({ ...line, quantity: 2 })) })).not.toBe(hash);
  });
});

describe('an order that names its quote', () => {
  it('is charged exactly that, whatever the catalogue says by then', async () => {
    const request = basket({ coupon: 'TEN' });
    const issued = await issue(request);
    await shop.putPrice('editor-eur', { product: 'editor', scheme: { type: 'per_unit', amount: 99_900 } });
    await shop.putCoupon('TEN', { percentOff: '1', duration: 'once', validUntil: at });
    await shop.putProduct('editor', { name: 'Editor 2', taxClass: 'physical' });
    const { quote } = await honour(issued.id, request, after(dayMs - 1));
    expect(quote).toEqual(issued.quote);
    await shop.putProduct('editor');
    await shop.putPrice('editor-eur', { product: 'editor', scheme: { type: 'per_unit', amount: 11_900 } });
    await shop.putCoupon('TEN', { percentOff: '10', duration: 'once' });
  });

  it('may know more of its customer, as long as the tax stays the same', async () => {
    const issued = await issue();
    const known = { country: 'DE', postalCode: '10115', ipCountry: 'DE', cardCountry: 'DE' };
    const { quote } = await honour(issued.id, basket({ customer: known }));
    expect(quoteHash(quote)).toBe(issued.hash);
    expect(quote.placeOfSupply).toMatchObject({ postalCode: '10115' });
    expect(quote.placeOfSupply.evidence.length).toBeGreaterThan(1);
  });

  it('ends with it', async () => {
    const { id } = await issue();
    await expect(honour(id, basket(), after(dayMs))).rejects.toEqual(failing('quote.expired', 'quote'));
  });

  it('has to name one that exists', async () => {
    await expect(honour('quo_0000000000000000')).rejects.toEqual(failing('quote.unknown', 'quote'));
  });

  it.each<[string, object, string[]]>([
    ['another currency', { currency: 'USD' }, ['currency']],
    ['another quantity', { lines: [{ price: 'editor-eur', quantity: 2 }] }, ['lines[0]']],
    ['another price', { lines: [{ price: 'book-eur', quantity: 1 }] }, ['lines[0]']],
    ['one line more', { lines: [1, 2].map((quantity) => ({ price: 'editor-eur', quantity })) }, ['lines[1]']],
    ['a coupon', { coupon: 'TEN' }, ['coupon']],
    ['another country', { customer: { country: 'FR' } }, ['customer.country']],
    ['a business', { customer: { country: 'DE', type: 'business' } }, ['customer.type']],
    ['a tax id', { customer: { country: 'DE', businessTaxId: 'DE136695976' } }, ['customer.businessTaxId']],
    ['two things at once', { coupon: 'TEN', customer: { country: 'FR' } }, ['coupon', 'customer.country']],
  ])('is not that quote with %s', async (_, part, paths) => {
    const { id } = await issue();
    await expect(honour(id, basket(part))).rejects.toEqual(failing('quote.mismatch', ...paths));
  });

  it('is not that quote with fewer lines, or without its coupon', async () => {
    const lines = [
      { price: 'editor-eur', quantity: 1 },
      { price: 'book-eur', quantity: 1 },
    ];
    const { id } = await issue(basket({ lines, coupon: 'TEN' }));
    await expect(honour(id)).rejects.toEqual(failing('quote.mismatch', 'lines[1]', 'coupon'));
  });

  it('is not that quote where a detail of the customer changes the tax', async () => {
    const { id } = await issue(basket({ customer: { country: 'ES' } }));
    // The Canary Islands have no VAT.
    const canaries = basket({ customer: { country: 'ES', postalCode: '35001' } });
    await expect(honour(id, canaries)).rejects.toEqual(failing('quote.mismatch', 'customer.postalCode'));
  });

  it('keeps what the register said of its tax id, and passes on to no other', async () => {
    const french = (businessTaxId: string) => basket({ customer: { country: 'FR', type: 'business', businessTaxId } });
    const issued = await issue(french('FR40303265045'), { businessTaxIdStatus: 'confirmed' });
    expect(issued.quote).toMatchObject({ reverseCharge: true, tax: 0 });
    const { quote, businessTaxIdStatus } = await honour(issued.id, french('FR40303265045'));
    expect({ businessTaxIdStatus, gross: quote.gross }).toEqual({
      businessTaxIdStatus: 'confirmed',
      gross: issued.quote.gross,
    });
    await expect(honour(issued.id, french('FR83404833048'))).rejects.toEqual(
      failing('quote.mismatch', 'customer.businessTaxId'),
    );
  });

  it('is not priced as of another day', async () => {
    const { id } = await issue(basket(), { pricedAt: '2020-09-01T00:00:00.000Z' });
    await expect(honour(id)).rejects.toEqual(failing('quote.stale', 'quote'));
  });

  it('is refused when the law has changed since', async () => {
    // Germany went back from 16 to 19 % at the turn of the year, by its own clocks.
    const issuedAt = '2020-12-31T20:00:00.000Z';
    const { id, quote } = await issue(basket(), { issuedAt, pricedAt: issuedAt });
    expect(quote.taxes).toMatchObject([{ rate: '0.16' }]);
    expect((await honour(id, basket(), '2020-12-31T22:59:00.000Z')).quote).toEqual(quote);
    await expect(honour(id, basket(), '2020-12-31T23:00:00.000Z')).rejects.toEqual(failing('quote.stale', 'quote'));
  });

  it('is refused when its currency has ended since', async () => {
    const issuedAt = '2025-12-31T20:00:00.000Z';
    await shop.putPrice(
      'editor-bgn',
      { product: 'editor', currency: 'BGN', scheme: { type: 'flat', amount: 1 } },
      issuedAt,
    );
    const lev = basket({ currency: 'BGN', lines: [{ price: 'editor-bgn', quantity: 1 }] });
    const { id } = await issue(lev, { issuedAt, pricedAt: issuedAt });
    await expect(honour(id, lev, '2025-12-31T22:00:00.000Z')).rejects.toEqual(
      failing('price.currency_retired', 'currency'),
    );
  });
});

describe('the total in another currency', () => {
  it.each([
    ['EUR', 'USD', 12_912, '1.085', '2027-01-29'],
    ['EUR', 'JPY', 19_343, '162.55', '2027-01-29'],
    ['EUR', 'KWD', 39_735, '0.33391', '2027-01-29'],
    ['EUR', 'EUR', 11_900, '1', '2027-01-29'],
  ])(
    'of %s is shown in %s by the last published rate, with its source and day',
    async (_, currency, gross, rate, date) => {
      const { display, quote } = await issue(basket(), { displayCurrency: currency });
      expect(display).toEqual({ currency, gross, rate, source: 'ECB', date });
      expect(quote).toMatchObject({ currency: 'EUR', gross: 11_900 });
    },
  );

  it('is shown of a currency without minor units', async () => {
    const yen = basket({ currency: 'JPY', lines: [{ price: 'editor-jpy', quantity: 1 }], customer: { country: 'JP' } });
    const { display } = await issue(yen, { displayCurrency: 'EUR' });
    expect(display).toMatchObject({ currency: 'EUR', gross: 7321, date: '2027-01-29' });
  });

  it('is null when no rate is on file, and kept with the quote', async () => {
    expect((await issue(basket(), { displayCurrency: 'ISK' })).display).toBeNull();
    expect(
      (await issue(basket(), { displayCurrency: 'USD', pricedAt: '2026-02-01T10:00:00.000Z' })).display,
    ).toBeNull();
    const { id, display } = await issue(basket(), { displayCurrency: 'USD' });
    expect((await shop.issuedQuotes.get(id)).display).toEqual(display);
  });
});
