import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bookTotals } from './book-totals.ts';
import { openTestDatabase } from '../../support/mongo.ts';
import { openSubscriptions } from './subscription-fixture.ts';
import type { SubscriptionsUnderTest } from './subscription-fixture.ts';

// Goal: periods are billed from the original anchor, once, whatever crashes; trials, coupons, usage and prices by their
// rules. Method: the real services on a real database, the sandbox's acquirers over HTTP.

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let shop: SubscriptionsUnderTest;
const begin = '2026-01-31T10:00:00.000Z';

beforeAll(async () => {
  database = await openTestDatabase();
  shop = await openSubscriptions(database.db);
  await shop.sellRecurring('studio', 1_000);
});
afterAll(async () => {
  await shop.close();
  await database.close();
});

describe('a subscription of a month', () => {
  it('begins with its order, once', async () => {
    const subscription = await shop.subscribe([{ price: 'studio', quantity: 1 }], { at: begin });
    expect(subscription).toMatchObject({
      status: 'active',
      timeZone: 'Europe/Berlin',
      period: { index: 0, start: begin },
    });
    expect(await shop.steps.openFromOrder(subscription.sourceOrder, begin)).toEqual([subscription.id]);
    expect((await shop.store.require(subscription.sourceOrder)).billing).toMatchObject({ reason: 'purchase' });
    expect(await shop.told(subscription.id)).toEqual(['subscription_started']);
  });

  it('keeps the 31st: periods are computed from the anchor', async () => {
    const { id } = await shop.subscribe([{ price: 'studio', quantity: 1 }], { at: begin });
    const after = await shop.run(id, '2026-06-15T00:00:00.000Z');
    const bills = await shop.bills(id);
    expect(bills.map(({ billing }) => billing?.periodStart.slice(0, 10))).toEqual([
      '2026-02-28',
      '2026-03-31',
      '2026-04-30',
      '2026-05-31',
    ]);
    expect(bills.map(({ status, quote }) => [status, quote?.gross])).toEqual(bills.map(() => ['completed', 1_000]));
    expect(after).toMatchObject({ status: 'active', openBill: null, period: { index: 4 } });
    expect(await bookTotals(database.db)).toEqual({});
  });

  it('is charged once when a step is repeated after a crash at any point', async () => {
    const { id, nextActionAt } = await shop.subscribe([{ price: 'studio', quantity: 1 }], { at: begin });
    const at = nextActionAt ?? '';
    await shop.steps.collect(id, at);
    const done = await shop.records.require(id);
    const [bill] = await shop.bills(id);
    // The record as a crash right before its last write leaves it: everything was done, and nothing says so.
    const subscriptions = database.db.collection<{ _id: string }>('subscriptions');
    const openBill = { ...lostBill(bill?.id ?? '', done), openedAt: at };
    await subscriptions.updateOne({ _id: id }, { $set: { openBill } });
    await shop.steps.collect(id, at);
    expect(await shop.records.require(id)).toMatchObject({ openBill: null, status: 'active', period: done.period });
    const [paid] = await shop.world.booked(bill?.id ?? '');
    expect(paid).toMatchObject({ captured: 1_000 });
    expect(await shop.bills(id)).toHaveLength(1);
    expect((await shop.told(id)).filter((template) => template === 'subscription_renewed')).toHaveLength(1);
  });
});

/** What the open bill of a renewal was. */
function lostBill(order: string, { items, period }: Awaited<ReturnType<typeof shop.records.require>>) {
  const { start, end } = period;
  const lines = items.map((item) => ({ item, start, end, share: null }));
  return {
    ...{ order, kind: 'cycle', follows: 'period', lines, start, end, couponPeriod: 2, change: null, command: null },
    ...{ round: 1, offSession: true, lookAt: null, looks: 0 },
  };
}

describe('a trial', () => {
  it('costs nothing, is reminded of, and is charged when it ends', async () => {
    await shop.sellRecurring('trial', 1_500, {}, { trial: { days: 14 } });
    const begun = await shop.subscribe([{ price: 'trial', quantity: 1 }], { at: begin });
    expect(begun).toMatchObject({ status: 'trialing', trialEnd: '2026-02-14T10:00:00.000Z' });
    expect((await shop.store.require(begun.sourceOrder)).quote).toMatchObject({ gross: 0 });
    const after = await shop.run(begun.id, '2026-02-15T00:00:00.000Z');
    expect(after).toMatchObject({ status: 'active', period: { index: 1, end: '2026-03-14T10:00:00.000Z' } });
    expect((await shop.bills(begun.id)).map(({ quote }) => quote?.gross)).toEqual([1_500]);
    expect(await shop.told(begun.id)).toEqual(['subscription_started', 'trial_ending', 'subscription_renewed']);
  });

  it('ends by itself without a payment method', async () => {
    await shop.sellRecurring('free-trial', 1_500, {}, { trial: { days: 7, methodRequired: false } });
    const payment = { method: 'none', token: 'none' };
    const begun = await shop.subscribe([{ price: 'free-trial', quantity: 1 }], { at: begin, payment });
    const after = await shop.run(begun.id, '2026-02-15T00:00:00.000Z');
    expect(after).toMatchObject({ status: 'expired', nextActionAt: null });
    expect(await shop.bills(begun.id)).toEqual([]);
  });

  it('is granted once for an inbox, whatever its aliases, and once for a card; the sale goes on at its price', async () => {
    await shop.sellRecurring('once', 1_500, {}, { trial: { days: 14 } });
    const buyer = { name: 'Ada Example', country: 'DE', ipCountry: 'DE', cardCountry: 'DE' };
    const order = async (email: string, fingerprint: string) => {
      const payment = { method: 'card', token: 'tok_ok', fingerprint };
      const placed = await shop.place(['once'], { customer: { ...buyer, email }, payment });
      return placed.quote?.gross;
    };
    expect(await order('ada.trial@gmail.com', 'fp_1')).toBe(0);
    expect(await order('adatrial+again@gmail.com', 'fp_2')).toBe(1_500);
    expect(await order('somebody.else@example.com', 'fp_1')).toBe(1_500);
    expect(await order('third@example.com', 'fp_3')).toBe(0);
  });

  it('is free again when its order came to nothing', async () => {
    await shop.sellRecurring('undone', 1_500, {}, { trial: { days: 14 } });
    const customer = {
      email: 'undone@example.com',
      name: 'Ada Example',
      country: 'DE',
      ipCountry: 'DE',
      cardCountry: 'DE',
    };
    const { id } = await shop.place(['undone'], { customer });
    await shop.orders.prepare(id, begin);
    await shop.orders.recordEvent({ orderId: id, event: 'cancelled', at: begin });
    expect((await shop.place(['undone'], { customer })).quote?.gross).toBe(0);
  });

  it('is not begun without a payment method where it asks for one', async () => {
    await shop.sellRecurring('asks', 1_500, {}, { trial: { days: 14 } });
    const payment = { method: 'none', token: 'none' };
    await expect(shop.place(['asks'], { payment })).rejects.toMatchObject({ code: 'subscription.method_required' });
  });

  it('is made longer, and ended early on request', async () => {
    await shop.sellRecurring('early', 1_500, {}, { trial: { days: 14 } });
    const { id } = await shop.subscribe([{ price: 'early', quantity: 1 }], { at: begin });
    const longer = '2026-02-20T10:00:00.000Z';
    expect(await shop.command(id, { kind: 'extend_trial', trialEnd: longer }, begin)).toEqual({
      kind: 'scheduled',
      at: longer,
    });
    const at = '2026-02-10T09:00:00.000Z';
    expect(await shop.command(id, { kind: 'convert_trial' }, at)).toMatchObject({ kind: 'done' });
    expect(await shop.records.require(id)).toMatchObject({
      ...{ status: 'active', trialEnd: at, period: { index: 1, start: at, end: '2026-03-10T09:00:00.000Z' } },
    });
  });
});

describe('what a period costs', () => {
  it('a coupon takes off what its duration says, from the terms that were redeemed', async () => {
    const coupon = {
      discount: { type: 'percent', percentOff: '50' } as const,
      duration: 'repeating' as const,
      periods: 2,
    };
    await shop.catalog.putCoupon('half', { ...coupon, maxRedemptions: null, validUntil: null, products: null });
    const { id } = await shop.subscribe([{ price: 'studio', quantity: 1 }], { at: begin, coupon: 'half' });
    await shop.run(id, '2026-04-15T00:00:00.000Z');
    expect((await shop.bills(id)).map(({ quote }) => quote?.gross)).toEqual([500, 1_000]);
  });

  it('usage is billed with the next period, by its tiers, and nothing for none', async () => {
    const tiers = [
      { upTo: 100, unitAmount: 10 },
      { upTo: null, unitAmount: 5 },
    ];
    const scheme = { scheme: { type: 'graduated', tiers } };
    await shop.sellRecurring('calls', 0, scheme, { usage: 'metered', meter: 'api_calls' });
    const begun = await shop.subscribe([{ price: 'calls', quantity: 1 }], { at: begin });
    const at = '2026-02-10T00:00:00.000Z';
    const used = { subscription: begun.id, meter: 'api_calls', quantity: 150, at, id: 'u1', value: null };
    await shop.usage.record([used], at);
    await shop.run(begun.id, '2026-04-15T00:00:00.000Z');
    expect((await shop.bills(begun.id)).map(({ quote }) => quote?.gross)).toEqual([1_250]);
    expect(await shop.records.require(begun.id)).toMatchObject({ period: { index: 2 }, status: 'active' });
  });

  it('a higher price is charged only after a notice in time', async () => {
    await shop.sellRecurring('rising', 1_000);
    const { id } = await shop.subscribe([{ price: 'rising', quantity: 1 }], { at: '2026-03-01T09:00:00.000Z' });
    await shop.run(id, '2026-03-30T00:00:00.000Z');
    await shop.sellRecurring('rising', 1_200);
    await shop.run(id, '2026-06-02T00:00:00.000Z');
    expect((await shop.bills(id)).map(({ quote }) => quote?.gross)).toEqual([1_000, 1_200, 1_200]);
    expect(await shop.told(id)).toContain('price_change_notice');
  });

  it('a first part of a calendar month costs its part', async () => {
    await shop.sellRecurring('aligned', 3_100, {}, { align: 'calendar' });
    const begun = await shop.subscribe([{ price: 'aligned', quantity: 1 }], { at: '2026-11-21T10:00:00.000Z' });
    const first = (await shop.store.require(begun.sourceOrder)).quote?.gross ?? 0;
    // 9 days and 13 hours of 30 days.
    expect(first).toBe(Math.round((3_100 * (9 * 24 + 13)) / (30 * 24)));
    await shop.run(begun.id, '2027-01-02T00:00:00.000Z');
    expect((await shop.bills(begun.id)).map(({ billing }) => billing?.periodStart)).toEqual([
      '2026-11-30T23:00:00.000Z',
      '2026-12-31T23:00:00.000Z',
    ]);
  });

  it('an add-on that is bought once is on the next bill and then gone', async () => {
    await shop.sell('workshop', 700);
    const { id } = await shop.subscribe([{ price: 'studio', quantity: 1 }], { at: begin });
    const items = [{ price: 'workshop', quantity: 1 }];
    await shop.command(id, { kind: 'add_items', items }, '2026-02-10T00:00:00.000Z');
    await shop.run(id, '2026-04-15T00:00:00.000Z');
    expect((await shop.bills(id)).map(({ quote }) => quote?.gross)).toEqual([1_700, 1_000]);
  });
});
