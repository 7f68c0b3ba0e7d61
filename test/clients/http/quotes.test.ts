import { describe, expect, it } from '@jest/globals';
import { createExchangeRateStore } from '../../../services/exchange-rates/exchange-rate-store.ts';
import { ecbPublisher } from '../../../services/exchange-rates/rate-publisher.ts';
import { basket, orderBody, pixelPrice, serveApi, stockShelf } from './api-under-test.ts';

const { api, db } = await serveApi({ stocked: true });

const put = (url: string, payload: object) => api.call({ method: 'PUT', url, payload });
const post = (url: string, payload: object) => api.call({ method: 'POST', url, payload });

interface QuoteBody {
  readonly id: string;
  readonly hash: string;
  readonly expiresAt: string;
  readonly gross: number;
}
interface ProblemBody {
  readonly code: string;
  readonly errors: readonly { readonly path: string; readonly message: string }[];
}

async function quoted(payload: object = basket): Promise<QuoteBody> {
  const answer = await post('/v1/quotes', payload);
  expect({ status: answer.statusCode, body: answer.body }).toMatchObject({ status: 200 });
  return answer.json<QuoteBody>();
}

describe('a quote', () => {
  it('has an id, a hash and an end, and reads back as it was given', async () => {
    const quote = await quoted();
    expect(quote).toMatchObject({ gross: 11_900, display: null });
    expect(quote.id).toMatch(/^quo_/);
    expect(quote.hash).toMatch(/^[0-9a-f]{64}$/);
    expect(Date.parse(quote.expiresAt)).toBeGreaterThan(Date.now() + 23 * 3600_000);
    const again = await api.call({ url: `/v1/quotes/${quote.id}` });
    expect(again.json()).toEqual(quote);
  });

  it('that is not there is 404, and an id that is none is 400', async () => {
    const none = await api.call({ url: '/v1/quotes/quo_0000000000000000' });
    expect([none.statusCode, none.json<ProblemBody>().code]).toEqual([404, 'quote.not_found']);
    expect((await api.call({ url: '/v1/quotes/1' })).statusCode).toBe(400);
  });

  it('shows the total in another currency by a published rate', async () => {
    const date = new Date().toISOString().slice(0, 10);
    const rates = createExchangeRateStore({ db: db, publisher: ecbPublisher });
    const published = { source: 'ECB', date, base: 'EUR', rates: { USD: '1.0850' } };
    await rates.insert(published, { status: 'accepted', at: new Date().toISOString() });
    expect(await quoted({ ...basket, displayCurrency: 'USD' })).toMatchObject({
      ...{ currency: 'EUR', gross: 11_900 },
      display: { currency: 'USD', gross: 12_912, rate: '1.085', source: 'ECB', date },
    });
    expect(await quoted({ ...basket, displayCurrency: 'ISK' })).toMatchObject({ display: null });
  });

  it('of a bundle has one line per component', async () => {
    await put('/v1/products/book', { name: 'Book', taxClass: 'ebook', delivery: [] });
    await put('/v1/prices/book-eur', { ...pixelPrice, product: 'book', scheme: { type: 'flat', amount: 5_000 } });
    const components = [
      { product: 'pixel-editor', quantity: 1 },
      { product: 'book', quantity: 1 },
    ];
    await put('/v1/products/set', { name: 'Set', taxClass: 'saas', delivery: [], components });
    await put('/v1/prices/set-eur', { ...pixelPrice, product: 'set', scheme: { type: 'flat', amount: 8_450 } });
    const lines = [{ price: 'set-eur', quantity: 1 }];
    expect(await quoted({ ...basket, lines })).toMatchObject({
      gross: 8_450,
      lines: [
        { line: '1.1', product: 'pixel-editor', bundle: 'set', gross: 5_950 },
        { line: '1.2', product: 'book', bundle: 'set', gross: 2_500 },
      ],
    });
    const placed = await post('/v1/orders', { ...orderBody, lines });
    expect(placed.json()).toMatchObject({ lines: [{ line: '1.1' }, { line: '1.2', bundle: 'set' }] });
  });
});

describe('prices and coupons', () => {
  it('in further currencies are answered with their amounts', async () => {
    const dollars = { scheme: { type: 'flat', amount: 12_900 }, taxBehavior: 'exclusive' };
    const answer = await put('/v1/prices/both', { ...pixelPrice, currencyOptions: { USD: dollars } });
    expect(answer.json()).toEqual({ id: 'both', ...pixelPrice, currencyOptions: { USD: dollars }, recurring: null });
    const customer = { country: 'US', region: 'OR' };
    const lines = [{ price: 'both', quantity: 1 }];
    expect(await quoted({ currency: 'USD', customer, lines })).toMatchObject({ currency: 'USD', gross: 12_900 });
  });

  it.each([
    ['EUR', 400, 'request.invalid'],
    ['EURO', 400, 'request.invalid'],
    ['HRK', 422, 'price.currency_retired'],
  ])('name the option that cannot be: %s', async (currency, status, code) => {
    const currencyOptions = { [currency]: { scheme: { type: 'flat', amount: 1 } } };
    const answer = await put('/v1/prices/wrong', { ...pixelPrice, currencyOptions });
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ code, errors: [{ path: `currencyOptions.${currency}` }] });
  });
});

describe('an order with a quote', () => {
  const french = { ...orderBody.customer, country: 'FR', ipCountry: 'FR', cardCountry: 'FR' };

  it('is charged what was quoted although the price went up', async () => {
    const quote = await quoted();
    await put('/v1/prices/pixel-eur', { ...pixelPrice, scheme: { type: 'per_unit', amount: 19_900 } });
    const placed = await post('/v1/orders', { ...orderBody, quote: quote.id });
    const plain = await post('/v1/orders', orderBody);
    await stockShelf(api);
    expect(placed.statusCode).toBe(202);
    expect(placed.json()).toMatchObject({
      ...{ quote: { id: quote.id, hash: quote.hash }, amounts: { gross: 11_900 } },
    });
    expect(plain.json()).toMatchObject({ quote: { id: null }, amounts: { gross: 19_900 } });
  });

  it.each<[string, object, number, string, string]>([
    ['another basket', { lines: [{ price: 'pixel-eur', quantity: 2 }] }, 409, 'quote.mismatch', 'lines[0]'],
    ['another country', { customer: french }, 409, 'quote.mismatch', 'customer.country'],
    ['an id that is not there', { quote: 'quo_0000000000000000' }, 422, 'quote.unknown', 'quote'],
    ['an id that is none', { quote: 'ord_1' }, 400, 'request.invalid', 'quote'],
  ])('says why not: %s', async (_, part, status, code, path) => {
    const quote = await quoted();
    const answer = await post('/v1/orders', { ...orderBody, quote: quote.id, ...part });
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({
      code,
      errors: expect.arrayContaining([{ path, message: expect.any(String) as unknown }]) as unknown,
    });
  });

  it('says that it has expired, or was priced as of another moment', async () => {
    const { id } = await quoted();
    const quotes = db.collection<{ _id: string }>('quotes');
    await quotes.updateOne({ _id: id }, { $set: { expiresAt: new Date(Date.now() - 1).toISOString() } });
    expect((await post('/v1/orders', { ...orderBody, quote: id })).json()).toMatchObject({
      ...{ status: 409, code: 'quote.expired', errors: [{ path: 'quote' }] },
    });
    const past = await quoted({ ...basket, at: '2026-01-01T00:00:00Z' });
    expect((await post('/v1/orders', { ...orderBody, quote: past.id })).json()).toMatchObject({
      ...{ status: 409, code: 'quote.stale', errors: [{ path: 'quote' }] },
    });
  });
});
