import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BusinessTaxIdAnswer } from '../../../services/tax/business-tax-id-checker.ts';
import { openTestDatabase } from '../../support/mongo.ts';
import { bookTotals } from './book-totals.ts';
import { openSubscriptions } from './subscription-fixture.ts';
import type { SubscriptionsUnderTest } from './subscription-fixture.ts';

// Goal: a renewal of a business that owes the tax itself is taxed by what the register says of its id then. Method: the
// real services on a real database; the register's answer is the test's.

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let shop: SubscriptionsUnderTest;
let answer: BusinessTaxIdAnswer;
const begin = '2026-11-21T12:00:00.000Z';
const confirmed = { status: 'confirmed', consultationNumber: 'WAPI1' } as const;

beforeAll(async () => {
  database = await openTestDatabase();
  shop = await openSubscriptions(database.db, { checker: { check: () => Promise.resolve(answer) } });
  await shop.sellRecurring('plan', 1_000, { taxBehavior: 'exclusive' });
});
afterAll(async () => {
  await shop.close();
  await database.close();
});

/** A French business whose id was confirmed at the sale. */
async function begun(businessTaxId: string) {
  answer = confirmed;
  const customer = {
    ...{ email: 'achats@example.fr', name: 'Exemple SA', country: 'FR', ipCountry: 'FR', cardCountry: 'FR' },
    ...{ type: 'business', businessTaxId },
  };
  const { id } = await shop.place([], { lines: [{ price: 'plan', quantity: 1 }], customer });
  await shop.orders.prepare(id, begin);
  await shop.orders.settleTax(id, await shop.orders.checkBusinessTaxId(id, begin), begin);
  await shop.payments.take(await shop.orders.charge(id, begin));
  await shop.orders.fulfilFromStock(id, begin);
  const [subscription = ''] = await shop.steps.openFromOrder(id, begin);
  return subscription;
}

const billed = async (id: string) =>
  (await shop.bills(id)).map(({ quote, businessTaxIdStatus }) => `${quote?.tax} ${businessTaxIdStatus}`);

describe('a renewal of a business of another country', () => {
  it('carries tax once the register does not know its id any more, and none when it does again', async () => {
    const id = await begun('FR40303265045');
    answer = { status: 'unknown' };
    await shop.run(id, '2026-12-22T00:00:00.000Z');
    answer = confirmed;
    await shop.run(id, '2027-01-22T00:00:00.000Z');
    expect(await billed(id)).toEqual(['200 unknown', '0 confirmed']);
    expect(await bookTotals(database.db)).toEqual({});
  });

  it('is taxed as before while the register is away', async () => {
    const id = await begun('FR83404833048');
    answer = { status: 'unavailable', reason: 'MS_UNAVAILABLE' };
    await shop.run(id, '2026-12-22T00:00:00.000Z');
    expect(await billed(id)).toEqual(['0 confirmed']);
  });
});
