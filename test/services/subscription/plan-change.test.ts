import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestDatabase } from '../../support/mongo.ts';
import { bookTotals } from './book-totals.ts';
import { now, openSubscriptions } from './subscription-fixture.ts';
import type { SubscriptionsUnderTest } from './subscription-fixture.ts';

// Goal: a change costs what its preview said, to the cent, or changes nothing; what is given back pays for what follows.
// Method: the real services on a real database, the sandbox's acquirers over HTTP.

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let shop: SubscriptionsUnderTest;
const begin = '2026-04-01T09:00:00.000Z';
const middle = '2026-04-16T09:00:00.000Z';

beforeAll(async () => {
  database = await openTestDatabase();
  shop = await openSubscriptions(database.db);
  await shop.sellRecurring('small', 1_000);
  await shop.sellRecurring('medium', 2_000);
  await shop.sellRecurring('large', 4_000);
  await shop.sellRecurring('yearly', 9_000, {}, { interval: 'year' });
});
afterAll(async () => {
  await shop.close();
  await database.close();
});

const begun = (price: string, change: object = {}) =>
  shop.subscribe([{ price, quantity: 1 }], { at: begin, ...change });
const credit = (id: string) => shop.storeCredit.balance(`subscription/${id}`, 'EUR');

describe('an upgrade at once', () => {
  it('charges what its preview said, to the cent, and credits the unused time', async () => {
    const { id, sourceOrder } = await begun('small');
    const change = now({ price: 'large' });
    const preview = await shop.preview(id, change, middle);
    // Half of the month is left: 2000 for the new plan, 500 back for the old one.
    expect(preview).toMatchObject({ credit: 500, charge: 1_500, quote: { gross: 2_000 } });
    const later = '2026-04-16T09:10:00.000Z';
    const answer = await shop.command(id, { kind: 'change', change, preview: preview.id }, later);
    expect(answer).toMatchObject({ kind: 'done' });
    const [bill] = await shop.bills(id);
    const [paid] = await shop.world.booked(bill?.id ?? '');
    expect(paid).toMatchObject({ captured: preview.charge });
    expect((await shop.store.require(sourceOrder)).refunds).toMatchObject([
      { amount: 500, status: 'succeeded', reason: 'plan_changed' },
    ]);
    expect(await credit(id)).toBe(0);
    expect(await shop.records.require(id)).toMatchObject({ items: [{ price: 'large' }], openBill: null });
    expect(await shop.told(id)).toContain('plan_changed');
    expect(await bookTotals(database.db)).toEqual({});
  });

  it('twice in a month: the second credits the line that the first one billed', async () => {
    const { id } = await begun('small');
    await shop.command(
      id,
      { kind: 'change', change: now({ price: 'medium' }), preview: null },
      '2026-04-11T09:00:00.000Z',
    );
    const preview = await shop.preview(id, now({ price: 'large' }), '2026-04-21T09:00:00.000Z');
    // 20 of 30 days at 2000 were billed as 1333; 10 of those 20 are left.
    expect(preview).toMatchObject({ credit: 667, quote: { gross: 1_333 } });
    await shop.command(
      id,
      { kind: 'change', change: now({ price: 'large' }), preview: null },
      '2026-04-21T09:00:00.000Z',
    );
    await shop.run(id, '2026-05-02T00:00:00.000Z');
    expect((await shop.bills(id)).at(-1)).toMatchObject({ quote: { gross: 4_000 }, creditApplied: 0 });
    expect(await bookTotals(database.db)).toEqual({});
  });

  it('leaves everything as it was when the charge is declined', async () => {
    const { id, sourceOrder } = await begun('small', { payment: { method: 'card', token: 'tok_ok_then_funds_9' } });
    const before = await shop.records.require(id);
    await shop.command(id, { kind: 'payment_method', method: 'card', token: 'tok_funds', backup: false }, middle);
    const answer = await shop.command(id, { kind: 'change', change: now({ price: 'large' }), preview: null }, middle);
    expect(answer).toMatchObject({ kind: 'declined', declineClass: 'soft_funds' });
    const after = await shop.records.require(id);
    expect(after).toMatchObject({ items: before.items, period: before.period, status: 'active', openBill: null });
    expect((await shop.bills(id)).map(({ status }) => status)).toEqual(['failed']);
    expect((await shop.store.require(sourceOrder)).refunds).toMatchObject([{ status: 'cancelled' }]);
    expect(await credit(id)).toBe(0);
    expect(await bookTotals(database.db)).toEqual({});
  });

  it('waits for the bank, and is made when the customer has confirmed it', async () => {
    const { id } = await begun('small');
    await shop.command(id, { kind: 'payment_method', method: 'card', token: 'tok_3ds', backup: false }, middle);
    const answer = await shop.command(id, { kind: 'change', change: now({ price: 'large' }), preview: null }, middle);
    expect(answer).toMatchObject({ kind: 'waiting', reason: 'action_required' });
    expect(await shop.records.require(id)).toMatchObject({ items: [{ price: 'small' }] });
    const [bill] = await shop.bills(id);
    const [payment] = await shop.world.booked(bill?.id ?? '');
    await shop.world.act(`/3ds/${payment?.id ?? ''}/complete`);
    const moved = '2026-04-16T09:03:00.000Z';
    expect(await shop.steps.agenda(id, moved)).toMatchObject({ wakeAt: moved, step: 'collect', reason: 'look_up' });
    await shop.steps.collect(id, moved);
    expect(await shop.records.require(id)).toMatchObject({ items: [{ price: 'large' }], openBill: null });
  });

  it('is not charged by a preview that no longer holds', async () => {
    const { id } = await begun('small');
    const change = now({ price: 'large' });
    const { id: preview } = await shop.preview(id, change, middle);
    const late = await shop.command(id, { kind: 'change', change, preview }, '2026-04-16T10:00:00.000Z');
    expect(late).toMatchObject({ kind: 'refused', code: 'preview.stale' });
    const other = await shop.command(id, { kind: 'change', change: now({ price: 'medium' }), preview }, middle);
    expect(other).toMatchObject({ kind: 'refused', code: 'preview.stale' });
    expect(await shop.bills(id)).toEqual([]);
  });
});

describe('a downgrade at once', () => {
  it('keeps what is left as credit, which the next renewals use up first', async () => {
    const { id } = await begun('large');
    const answer = await shop.command(id, { kind: 'change', change: now({ price: 'small' }), preview: null }, middle);
    expect(answer).toMatchObject({ kind: 'done' });
    // 2000 back, 500 for the rest of the month at the new plan.
    expect(await credit(id)).toBe(1_500);
    await shop.run(id, '2026-06-02T00:00:00.000Z');
    const bills = await shop.bills(id);
    expect(bills.map(({ creditApplied }) => creditApplied)).toEqual([500, 1_000, 500]);
    const paid = await Promise.all(
      bills.map(async ({ id: order }) => (await shop.world.booked(order))[0]?.captured ?? 0),
    );
    expect(paid).toEqual([0, 0, 500]);
    expect(await credit(id)).toBe(0);
    expect(await bookTotals(database.db)).toEqual({});
  });

  it("is the customer's when the subscription ends: the next one that they begin is renewed with it", async () => {
    const customer = { id: 'cus_returning', email: 'returning@example.com', name: 'Ada Example', country: 'DE' };
    const ofOne = { customer: { ...customer, ipCountry: 'DE', cardCountry: 'DE' } };
    const { id } = await begun('large', ofOne);
    await shop.command(id, { kind: 'change', change: now({ price: 'small' }), preview: null }, middle);
    const cancel = { kind: 'cancel', when: 'period_end', reason: null, comment: null, by: 'customer' } as const;
    await shop.command(id, cancel, middle);
    await shop.run(id, '2026-05-02T00:00:00.000Z');
    expect(await credit(id)).toBe(0);
    expect(await shop.storeCredit.balance('customer/cus_returning', 'EUR')).toBe(1_500);
    const next = await begun('medium', ofOne);
    await shop.run(next.id, '2026-05-02T00:00:00.000Z');
    expect(await shop.bills(next.id)).toMatchObject([{ creditApplied: 1_500 }]);
    expect(await bookTotals(database.db)).toEqual({});
  });
});

describe('another interval at once', () => {
  it('credits the old period and begins a new one with the change', async () => {
    const { id } = await begun('small');
    const change = now({ price: 'yearly' });
    expect(await shop.preview(id, change, middle)).toMatchObject({ credit: 500, charge: 8_500 });
    await shop.command(id, { kind: 'change', change, preview: null }, middle);
    expect(await shop.records.require(id)).toMatchObject({
      period: { index: 1, start: middle, end: '2027-04-16T09:00:00.000Z' },
    });
  });
});

describe('a change with the next period', () => {
  it('is replaced by a later one, and applied with the renewal', async () => {
    const { id, period } = await begun('small');
    const later = (price: string) =>
      ({ kind: 'change', change: { ...now({ price }), when: 'period_end' }, preview: null }) as const;
    expect(await shop.command(id, later('medium'), middle)).toEqual({ kind: 'scheduled', at: period.end });
    await shop.command(id, later('large'), middle);
    await shop.run(id, '2026-05-02T00:00:00.000Z');
    expect((await shop.bills(id)).map(({ quote }) => quote?.gross)).toEqual([4_000]);
    expect(await shop.records.require(id)).toMatchObject({ pendingChange: null, items: [{ price: 'large' }] });
  });

  it('is taken back until then', async () => {
    const { id } = await begun('small');
    const change = { ...now({ quantity: 5 }), when: 'period_end' } as const;
    await shop.command(id, { kind: 'change', change, preview: null }, middle);
    expect(await shop.command(id, { kind: 'withdraw_change' }, middle)).toMatchObject({ kind: 'done' });
    expect(await shop.command(id, { kind: 'withdraw_change' }, middle)).toMatchObject({
      code: 'subscription.no_pending_change',
    });
    await shop.run(id, '2026-05-02T00:00:00.000Z');
    expect((await shop.bills(id)).map(({ quote }) => quote?.gross)).toEqual([1_000]);
  });
});

describe('what cannot be changed', () => {
  it.each([
    ['a price that is not there', { price: 'nowhere' }, 'catalog.price_unknown'],
    ['what it is already', { price: 'small' }, 'subscription.change_invalid'],
    ['an item that is not there', { item: '9', price: 'large' }, 'subscription.change_invalid'],
  ])('is refused: %s', async (_name, change, code) => {
    const { id } = await begun('small');
    expect(await shop.command(id, { kind: 'change', change: now(change), preview: null }, middle)).toMatchObject({
      ...{ kind: 'refused', code },
    });
  });

  it('is refused while it is going to end', async () => {
    const { id } = await begun('small');
    await shop.command(id, { kind: 'cancel', when: 'period_end', reason: null, comment: null, by: 'customer' }, middle);
    const answer = await shop.command(id, { kind: 'change', change: now({ price: 'large' }), preview: null }, middle);
    expect(answer).toMatchObject({ kind: 'refused', code: 'subscription.cancelling' });
  });
});
