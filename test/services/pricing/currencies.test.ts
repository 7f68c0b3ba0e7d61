import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestDatabase } from '../../support/mongo.ts';
import { at, basket, failing, openPricing } from './pricing-fixture.ts';

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let shop: ReturnType<typeof openPricing>;
/** When Bulgaria still had its lev. */
const levs = '2025-12-31T21:59:00.000Z';

beforeAll(async () => {
  database = await openTestDatabase();
  shop = openPricing(database.db);
  await shop.putProduct('editor');
  await shop.putPrice('editor-eur', {
    ...{ product: 'editor', scheme: { type: 'per_unit', amount: 11_900 } },
    currencyOptions: {
      USD: { scheme: { type: 'flat', amount: 12_900 }, taxBehavior: 'exclusive' },
      JPY: { scheme: { type: 'per_unit', amount: 19_800 } },
      KWD: { scheme: { type: 'per_unit', amount: 39_995 } },
    },
  });
  await shop.putPrice(
    'editor-bgn',
    { product: 'editor', currency: 'BGN', scheme: { type: 'flat', amount: 23_275 } },
    levs,
  );
});
afterAll(() => database.close());

const quote = (currency: string, part: object = {}) =>
  shop.quotes.quote(basket({ currency, ...part }), at, 'not_given');

describe('a price in several currencies', () => {
  it.each([
    ['EUR', 'DE', 2, 23_800],
    ['JPY', 'JP', 2, 39_600],
    ['KWD', 'KW', 1, 39_995],
  ])('costs in %s what it says for it', async (currency, country, quantity, gross) => {
    const lines = [{ price: 'editor-eur', quantity }];
    expect(await quote(currency, { customer: { country }, lines })).toMatchObject({ currency, gross });
  });

  it('has the scheme and tax behaviour of the currency', async () => {
    const lines = [{ price: 'editor-eur', quantity: 5 }];
    const { lines: sold } = await quote('USD', { customer: { country: 'FR' }, lines });
    expect(sold).toMatchObject([{ list: 12_900, net: 12_900, tax: 2580, gross: 15_480, taxBehavior: 'exclusive' }]);
  });

  it('is not sold in any other, and says in which it is', async () => {
    const refused = quote('GBP');
    await expect(refused).rejects.toEqual(failing('price.currency_not_sold', 'currency'));
    await expect(refused).rejects.toMatchObject({
      message: '"editor-eur" is sold in EUR, USD, JPY, KWD, not GBP',
    });
  });
});

describe('a currency that has ended', () => {
  const lev = basket({ currency: 'BGN', lines: [{ price: 'editor-bgn', quantity: 1 }] });

  it('is sold in until its last minute and refused from then on, saying what came after', async () => {
    expect(await shop.quotes.quote(lev, levs, 'not_given')).toMatchObject({ gross: 23_275 });
    const refused = shop.quotes.quote(lev, '2025-12-31T22:00:00.000Z', 'not_given');
    await expect(refused).rejects.toEqual(failing('price.currency_retired', 'currency'));
    await expect(refused).rejects.toMatchObject({ message: 'BGN ended on 2026-01-01; sell in EUR' });
  });
});
