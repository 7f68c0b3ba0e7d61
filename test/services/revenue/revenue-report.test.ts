import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestDatabase } from '../../support/mongo.ts';
import { openRevenue, subscriptionQuote } from './revenue-fixture.ts';
import type { RevenueUnderTest } from './revenue-fixture.ts';

const at = '2027-04-01T10:00:00.000Z';

let server: Awaited<ReturnType<typeof openTestDatabase>>;
let revenue: RevenueUnderTest;
beforeAll(async () => {
  server = await openTestDatabase();
  revenue = openRevenue(server.db);
  const year = await revenue.sell('ord_year', subscriptionQuote([36_500]), '2027-01-01T10:00:00.000Z');
  await revenue.sell('ord_yen', subscriptionQuote([365], { currency: 'JPY' }), '2027-01-01T10:00:00.000Z');
  await revenue.sell('ord_once', subscriptionQuote([4900], { recurring: null }), '2027-01-20T10:00:00.000Z');
  await revenue.sell('ord_other', subscriptionQuote([7300], { sellerId: 'seller_b' }), '2027-02-01T10:00:00.000Z');
  await revenue.runFor('2027-01-31', '2027-02-01T02:10:00.000Z');
  await revenue.refundPart(year, '1', 18_250, '2027-02-11T10:00:00.000Z');
  await revenue.runFor('2027-02-28', '2027-03-01T02:10:00.000Z');
});
afterAll(() => server.close());

describe('the summary of a period', () => {
  it('rolls deferred revenue forward per seller and currency, and ends at what the ledger holds', async () => {
    expect(await revenue.report.summary({ from: '2027-01-01', to: '2027-02-01', at })).toEqual([
      summary('seller_default', 'EUR', { deferred: 36_500, recognised: 3100, closing: 33_400, earnedAtSale: 4900 }),
      summary('seller_default', 'JPY', { deferred: 365, recognised: 31, closing: 334 }),
    ]);
    const february = await revenue.report.summary({ from: '2027-02-01', to: '2027-03-01', at });
    // Ten days at 1.00, then eighteen at 0.50; of the 182.50 that went back, 41 of 365 days were earned.
    expect(february).toEqual([
      summary('seller_b', 'EUR', { deferred: 7300, recognised: 560, closing: 6740 }),
      summary('seller_default', 'EUR', {
        opening: 33_400,
        recognised: 1900,
        refunded: 18_250 - 2050,
        closing: 33_400 - 1900 - 16_200,
      }),
      summary('seller_default', 'JPY', { opening: 334, recognised: 28, closing: 306 }),
    ]);
    const held = await revenue.ledger.balances({ account: 'deferred_revenue' });
    expect(held.map(({ balance }) => 0 - balance)).toEqual(february.map(({ closing }) => closing));
  });

  it('explains every difference between opening and closing', async () => {
    for (const row of await revenue.report.summary({ from: '2027-01-15', to: '2027-02-20', at })) {
      expect(row.opening + row.deferred - row.recognised - row.refunded - row.disputed).toBe(row.closing);
      expect(row.other).toBe(0);
    }
  });

  it('is empty where nothing was sold, and refuses what is no date', async () => {
    expect(await revenue.report.summary({ from: '2026-01-01', to: '2026-02-01', at })).toEqual([]);
    const wrong = revenue.report.summary({ from: '2027-02-30', to: '2027-03-01', at });
    await expect(wrong).rejects.toMatchObject({ code: 'time.date_invalid' });
  });
});

describe('the check of deferred revenue', () => {
  it('finds schedules and ledger in agreement', async () => {
    expect(await revenue.report.verify()).toEqual({ schedules: 3, differences: [] });
  });

  it('finds a posting that nobody scheduled', async () => {
    const postings = [
      { account: 'deferred_revenue/seller_b', currency: 'EUR', amount: 5 },
      { account: 'revenue/seller_b', currency: 'EUR', amount: -5 },
    ];
    await revenue.ledger.post({ fact: 'stray', kind: 'recognition', at, postings, memo: 'By hand' });
    expect((await revenue.report.verify()).differences).toEqual([
      { seller: 'seller_b', currency: 'EUR', schedules: 6740, ledger: 6735 },
    ]);
  });
});

function summary(seller: string, currency: string, change: object) {
  const nothing = { opening: 0, deferred: 0, recognised: 0, refunded: 0, disputed: 0, other: 0, closing: 0 };
  return { seller, currency, ...nothing, earnedAtSale: 0, ...change };
}
