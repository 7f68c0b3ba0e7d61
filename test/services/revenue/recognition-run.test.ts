import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { accountingInstant } from '../../../domain/revenue/accounting-month.ts';
import { addDays } from '../../../domain/time/calendar-date.ts';
import { openTestDatabase } from '../../support/mongo.ts';
import { crashingAt } from '../../support/mortal-db.ts';
import { openRevenue, subscriptionQuote } from './revenue-fixture.ts';
import type { RevenueUnderTest } from './revenue-fixture.ts';

const soldAt = '2027-01-01T10:00:00.000Z';
const nightAfter = (day: string): string => `${addDays(day, 1)}T02:10:00.000Z`;

let server: Awaited<ReturnType<typeof openTestDatabase>>;
let revenue: RevenueUnderTest;
beforeEach(async () => {
  server = await openTestDatabase();
  revenue = openRevenue(server.db);
});
afterEach(() => server.close());

const deferred = async (): Promise<number> => (await revenue.balances())['deferred_revenue/seller_default'] ?? 0;
const earned = async (): Promise<number> => 0 - ((await revenue.balances())['revenue/seller_default'] ?? 0);

describe('a run', () => {
  it('posts what was earned until the end of the day, once, dated on that day', async () => {
    await revenue.sell('ord_a', subscriptionQuote([120_000]), soldAt);
    const [page] = await revenue.runFor(null, nightAfter('2027-01-31'));
    expect(page).toEqual({ day: '2027-01-31', posted: 1, recognised: { EUR: 10192 }, problems: [], next: null });
    expect(await revenue.ledger.find('order/ord_a/line/1/revenue/2027-01-31')).toMatchObject({
      kind: 'recognition',
      at: '2027-01-31T23:59:59.999Z',
    });
    const [again] = await revenue.runFor(null, nightAfter('2027-01-31'));
    expect(again).toMatchObject({ posted: 0, recognised: {} });
    expect([await earned(), await deferred()]).toEqual([10192, 10192 - 120_000]);
  });

  it('goes through every open schedule in pages', async () => {
    for (let order = 1; order <= 7; order += 1) await revenue.sell(`ord_${order}`, subscriptionQuote([365]), soldAt);
    const pages = await revenue.runFor('2027-01-01', nightAfter('2027-01-01'));
    expect(pages.map(({ posted, next }) => [posted, next])).toEqual([
      [3, 'ord_3/1'],
      [3, 'ord_6/1'],
      [1, null],
    ]);
  });

  it('adds up per currency', async () => {
    await revenue.sell('ord_e', subscriptionQuote([36_500, 36_500]), soldAt);
    await revenue.sell('ord_j', subscriptionQuote([365], { currency: 'JPY' }), soldAt);
    const [page] = await revenue.runFor('2027-01-03', nightAfter('2027-01-03'));
    expect(page?.recognised).toEqual({ EUR: 600, JPY: 3 });
  });

  it('makes up missed days, those of a month that is still open in their month', async () => {
    await revenue.sell('ord_a', subscriptionQuote([120_000]), soldAt);
    await revenue.runFor('2027-01-20', nightAfter('2027-01-20'));
    await revenue.runFor('2027-02-02', nightAfter('2027-02-02'));
    const at = async (day: string) => (await revenue.ledger.find(`order/ord_a/line/1/revenue/${day}`))?.at;
    expect(await at('2027-01-31')).toBe('2027-01-31T23:59:59.999Z');
    expect(await at('2027-02-02')).toBe('2027-02-02T23:59:59.999Z');
  });

  it('never posts into a closed month: what was missed there is dated today and names its day', async () => {
    await revenue.sell('ord_a', subscriptionQuote([120_000]), soldAt);
    const late = nightAfter('2027-03-15');
    await revenue.runFor('2027-03-15', late);
    const entry = await revenue.ledger.find('order/ord_a/line/1/revenue/2027-01-31');
    expect(entry).toMatchObject({ at: late, memo: 'Revenue of order ord_a, line 1, through 2027-01-31' });
    expect(entry?.at).toBe(accountingInstant('2027-01-31', late, 'Europe/Dublin'));
    const february = await revenue.ledger.find('order/ord_a/line/1/revenue/2027-02-28');
    expect(february?.at).toBe(late);
    expect((await revenue.ledger.find('order/ord_a/line/1/revenue/2027-03-15'))?.at).toBe('2027-03-15T23:59:59.999Z');
  });

  it('closes what is earned, and a fact that becomes known later opens it again', async () => {
    const order = await revenue.sell('ord_a', subscriptionQuote([1200]), soldAt);
    await revenue.runFor('2027-12-31', nightAfter('2027-12-31'));
    expect(await revenue.revenue.ofOrder('ord_a')).toMatchObject([{ open: false }]);
    await revenue.refundLine(order, '1', '2028-01-05T10:00:00.000Z');
    expect(await revenue.revenue.ofOrder('ord_a')).toMatchObject([{ open: true }]);
    const [page] = await revenue.runFor('2028-01-05', nightAfter('2028-01-05'));
    expect(page).toMatchObject({ posted: 0 });
    expect(await revenue.revenue.ofOrder('ord_a')).toMatchObject([{ open: false }]);
    expect(await revenue.balances()).toMatchObject({
      'revenue/seller_default': -1200,
      'refunds/seller_default': 1200,
    });
  });

  it('releases what a refund gave back unearned, and earns nothing more', async () => {
    const order = await revenue.sell('ord_a', subscriptionQuote([36_500]), soldAt);
    await revenue.runFor('2027-01-09', nightAfter('2027-01-09'));
    await revenue.refundLine(order, '1', '2027-01-11T10:00:00.000Z');
    await revenue.runFor('2027-01-11', nightAfter('2027-01-11'));
    // Ten days were earned before the day of the refund, one of them not posted yet when it came.
    expect(await revenue.balances()).toEqual({
      'revenue/seller_default': -1000,
      'refunds/seller_default': 1000,
    });
  });

  it('goes on when one schedule contradicts the book, and says which', async () => {
    await revenue.sell('ord_a', subscriptionQuote([36_500]), soldAt);
    await revenue.sell('ord_b', subscriptionQuote([36_500]), soldAt);
    const other = [
      { account: 'deferred_revenue/seller_default', currency: 'EUR', amount: 7 },
      { account: 'revenue/seller_default', currency: 'EUR', amount: -7 },
    ];
    const fact = 'order/ord_a/line/1/revenue/2027-01-01';
    await revenue.ledger.post({ fact, kind: 'recognition', at: soldAt, postings: other, memo: 'Another' });
    const [page] = await revenue.runFor('2027-01-01', nightAfter('2027-01-01'));
    expect(page).toMatchObject({ posted: 1, problems: [{ schedule: 'ord_a/1', code: 'ledger.conflict' }] });
  });

  it('posts everything once when four runs go at the same time', async () => {
    for (let order = 1; order <= 6; order += 1) await revenue.sell(`ord_${order}`, subscriptionQuote([36_500]), soldAt);
    await Promise.all([1, 2, 3, 4].map(() => revenue.runFor('2027-01-31', nightAfter('2027-01-31'), 10)));
    expect(await earned()).toBe(6 * 3100);
    expect((await revenue.report.verify()).differences).toEqual([]);
  });
});

describe('a run that dies', () => {
  it.each(['lost_answer', 'lost_write'] as const)(
    'at any write (%s) is finished by the next one, to the cent',
    async (how) => {
      for (let crashAt = 1; crashAt <= 8; crashAt += 1) {
        const name = `${how}_${crashAt}`;
        const quote = subscriptionQuote([36_500, 36_500], { sellerId: name });
        const order = await revenue.sell(`ord_${name}`, quote, soldAt);
        const dying = openRevenue(crashingAt(server.db, crashAt, how).db);
        await dying.runFor('2027-02-02', nightAfter('2027-02-02')).catch(() => undefined);
        // The days go on, and so do the facts, before anybody looks.
        await revenue.refundLine(order, '2', '2027-02-04T10:00:00.000Z');
        await revenue.runFor('2027-02-05', nightAfter('2027-02-05'));
        const mine = Object.entries(await revenue.balances()).filter(([account]) => account.endsWith(`/${name}`));
        expect(Object.fromEntries(mine)).toEqual({
          [`deferred_revenue/${name}`]: 3600 - 36_500,
          [`revenue/${name}`]: -3600 - 3400,
          [`refunds/${name}`]: 3400,
        });
      }
      expect((await revenue.report.verify()).differences).toEqual([]);
    },
    60_000,
  );
});
