import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Db } from 'mongodb';
import { recognitionSchedules } from '../../../services/revenue/recognition-schedule-store.ts';
import { openTestDatabase } from '../../support/mongo.ts';
import { monthly, openRevenue, subscriptionQuote } from './revenue-fixture.ts';
import type { RevenueUnderTest } from './revenue-fixture.ts';

const soldAt = '2027-01-01T10:00:00.000Z';

let server: Awaited<ReturnType<typeof openTestDatabase>>;
let revenue: RevenueUnderTest;
beforeAll(async () => {
  server = await openTestDatabase();
  revenue = openRevenue(server.db);
});
afterAll(() => server.close());

/** The database, and how often its collections were opened for a call. */
function counting(db: Db): { readonly db: Db; readonly calls: () => number } {
  let calls = 0;
  const counted = new Proxy(db, {
    get(target, name) {
      if (name !== 'collection') return Reflect.get(target, name, target) as unknown;
      return (...given: Parameters<Db['collection']>) =>
        new Proxy(target.collection(...given), {
          get(collection, member) {
            const value: unknown = Reflect.get(collection, member, collection);
            if (typeof value !== 'function') return value;
            return (...args: unknown[]): unknown => {
              calls += 1;
              return Reflect.apply(value, collection, args);
            };
          },
        });
    },
  });
  return { db: counted, calls: () => calls };
}

describe('a sale', () => {
  it('of a year of service opens a schedule over 365 days, and what was paid is owed', async () => {
    await revenue.sell('ord_year', subscriptionQuote([120_000]), soldAt);
    const [schedule, ...others] = await revenue.revenue.ofOrder('ord_year');
    expect(others).toEqual([]);
    expect(schedule).toEqual({
      _id: 'ord_year/1',
      orderId: 'ord_year',
      line: '1',
      sellerId: 'seller_default',
      currency: 'EUR',
      net: 120_000,
      period: { start: '2027-01-01', end: '2028-01-01' },
      events: [],
      soldAt,
      booked: { through: null, recognised: 0, refunded: 0, disputed: 0 },
      pending: null,
      open: true,
      revision: 0,
    });
    expect(recognitionSchedules.schema.safeParse(schedule).success).toBe(true);
    expect(await revenue.balances()).toMatchObject({ 'deferred_revenue/seller_default': -120_000 });
  });

  it('of a month bought on the 31st runs to the last day of the next', async () => {
    await revenue.sell('ord_month', subscriptionQuote([1000], { recurring: monthly }), '2027-01-31T10:00:00.000Z');
    const [schedule] = await revenue.revenue.ofOrder('ord_month');
    expect(schedule?.period).toEqual({ start: '2027-01-31', end: '2027-02-28' });
  });

  it('counts its days where the books are kept', async () => {
    await revenue.sell('ord_summer', subscriptionQuote([1000]), '2027-06-30T23:30:00.000Z');
    const [schedule] = await revenue.revenue.ofOrder('ord_summer');
    expect(schedule?.period.start).toBe('2027-07-01');
  });

  it('opens one schedule per deferred line, however often it is repeated', async () => {
    const quote = subscriptionQuote([500, 700]);
    for (let times = 1; times <= 3; times += 1) await revenue.sell('ord_twice', quote, soldAt);
    const schedules = await revenue.revenue.ofOrder('ord_twice');
    expect(schedules.map(({ line, net }) => [line, net])).toEqual([
      ['1', 500],
      ['2', 700],
    ]);
  });

  it('defers no trial, no usage, no one-off and no parcel', async () => {
    const quote = subscriptionQuote([0]);
    await revenue.sell('ord_trial', quote, soldAt);
    for (const [id, change] of [
      ['ord_usage', { recurring: { ...monthly, usage: 'metered', meter: 'calls' } }],
      ['ord_once', { recurring: null }],
      ['ord_box', { recurring: monthly, taxClass: 'physical' }],
    ] as const)
      await revenue.sell(id, subscriptionQuote([900], change), soldAt);
    for (const id of ['ord_trial', 'ord_usage', 'ord_once', 'ord_box'])
      expect(await revenue.revenue.ofOrder(id)).toEqual([]);
  });

  it('of downloads costs neither a query nor a write', async () => {
    const counted = counting(server.db);
    const { revenue: ours } = openRevenue(counted.db);
    const before = counted.calls();
    await ours.open({ orderId: 'ord_download', quote: subscriptionQuote([4900], { recurring: null }) });
    expect(counted.calls() - before).toBe(0);
    await revenue.sell('ord_counted', subscriptionQuote([4900]), soldAt);
    await ours.open({ orderId: 'ord_counted', quote: subscriptionQuote([4900]) });
    expect(counted.calls()).toBeGreaterThan(before);
  });

  it('of which we only keep a commission has earned it at once', async () => {
    const sellerTerms = { role: 'agent', commissionBasisPoints: 1000, fixedFee: 50, gatewayFees: 'us' } as const;
    await revenue.sell('ord_agent', subscriptionQuote([10_000], { sellerId: 'seller_agent', sellerTerms }), soldAt);
    expect(await revenue.revenue.ofOrder('ord_agent')).toEqual([]);
    expect(await revenue.balances()).toMatchObject({ 'revenue/seller_agent': -1050 });
  });

  it('that is not in the journal opens nothing', async () => {
    const unknown = { orderId: 'ord_unknown', quote: subscriptionQuote([100]) };
    await expect(revenue.revenue.open(unknown)).rejects.toMatchObject({ code: 'order.state_conflict' });
  });
});

describe('a fact about a line', () => {
  const cancelled = { kind: 'cancelled', id: 'c1', on: '2027-02-01', when: 'now' } as const;

  it('counts once', async () => {
    const order = await revenue.sell('ord_fact', subscriptionQuote([1000]), soldAt);
    const line = { orderId: order.orderId, line: '1' };
    await revenue.revenue.note(line, cancelled);
    await revenue.revenue.note(line, cancelled);
    const [schedule] = await revenue.revenue.ofOrder('ord_fact');
    expect(schedule?.events).toEqual([cancelled]);
  });

  it('needs a schedule', async () => {
    const line = { orderId: 'ord_none', line: '1' };
    await expect(revenue.revenue.note(line, cancelled)).rejects.toMatchObject({ code: 'revenue.schedule_not_found' });
  });

  it('is noted of a refund with the net of the line that it gives back', async () => {
    const order = await revenue.sell('ord_back', subscriptionQuote([1000, 3000]), soldAt);
    await revenue.refundLine(order, '2', '2027-02-01T10:00:00.000Z');
    const [first, second] = await revenue.revenue.ofOrder('ord_back');
    expect(first?.events).toEqual([]);
    expect(second?.events).toMatchObject([{ kind: 'credited', on: '2027-02-01', cause: 'refund', net: 3000 }]);
  });
});
