import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestDatabase } from '../../support/mongo.ts';
import { bookTotals } from './book-totals.ts';
import { now, openSubscriptions } from './subscription-fixture.ts';
import type { SubscriptionsUnderTest } from './subscription-fixture.ts';

// Goal: leaving, coming back and resting do what docs/subscriptions.md says of each. Method: the real services on a real
// database, the sandbox's acquirers over HTTP.

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let shop: SubscriptionsUnderTest;
const begin = '2026-03-01T09:00:00.000Z';
const middle = '2026-03-16T09:00:00.000Z';
const periodEnd = '2026-04-01T08:00:00.000Z';

beforeAll(async () => {
  database = await openTestDatabase();
  shop = await openSubscriptions(database.db);
  await shop.sellRecurring('plan', 1_000);
  await shop.sellRecurring('more', 2_000);
  await shop.sellRecurring('calls', 10, {}, { usage: 'metered', meter: 'api_calls' });
});
afterAll(async () => {
  await shop.close();
  await database.close();
});

const begun = (change: object = {}) => shop.subscribe([{ price: 'plan', quantity: 1 }], { at: begin, ...change });
const cancel = (when: 'now' | 'period_end') =>
  ({ kind: 'cancel', when, reason: 'too_expensive', comment: 'mine alone', by: 'customer' }) as const;
const pause = (from: string | null, until: string | null) => ({ kind: 'pause', from, until }) as const;

describe('a cancellation', () => {
  it('at the period end keeps access until then, and keeps the reason', async () => {
    const { id } = await begun();
    expect(await shop.command(id, cancel('period_end'), middle)).toEqual({ kind: 'scheduled', at: periodEnd });
    expect(await shop.records.require(id)).toMatchObject({ status: 'active', nextActionAt: periodEnd });
    const after = await shop.run(id, '2026-05-01T00:00:00.000Z');
    expect(after).toMatchObject({
      ...{ status: 'cancelled', nextActionAt: null, cancelAt: null },
      cancellation: { reason: 'too_expensive', comment: 'mine alone', voluntary: true },
    });
    expect(await shop.bills(id)).toEqual([]);
    expect((await shop.told(id)).filter((template) => template === 'subscription_cancelled')).toHaveLength(2);
  });

  it('is taken back before it takes effect', async () => {
    const { id } = await begun();
    await shop.command(id, cancel('period_end'), middle);
    expect(await shop.command(id, { kind: 'reactivate' }, middle)).toMatchObject({ kind: 'done' });
    expect(await shop.command(id, { kind: 'reactivate' }, middle)).toMatchObject({
      code: 'subscription.not_cancelled',
    });
    const after = await shop.run(id, '2026-04-02T00:00:00.000Z');
    expect(after).toMatchObject({ status: 'active', cancellation: null, period: { index: 1 } });
  });

  it('at once ends access and asks for the unused time back', async () => {
    const { id, sourceOrder } = await begun();
    await shop.command(id, cancel('now'), middle);
    const after = await shop.run(id, middle);
    expect(after).toMatchObject({ status: 'cancelled', endedAt: middle });
    // 15 days and 23 hours of the 30 days and 23 hours.
    const { refunds } = await shop.store.require(sourceOrder);
    expect(refunds).toMatchObject([
      { amount: Math.round((1_000 * (15 * 24 + 23)) / (30 * 24 + 23)), status: 'pending' },
    ]);
    expect(await shop.command(id, { kind: 'resume' }, middle).catch((error: unknown) => error)).toMatchObject({
      code: 'subscription.ended',
    });
  });

  it('by a withdrawal asks for nothing: the withdrawal has a refund of its own', async () => {
    const { id, sourceOrder } = await begun();
    await shop.command(id, { ...cancel('now'), reason: 'withdrawal' }, middle);
    expect(await shop.run(id, middle)).toMatchObject({ status: 'cancelled', endedAt: middle });
    expect((await shop.store.require(sourceOrder)).refunds).toEqual([]);
  });

  it('bills what was used until then', async () => {
    const { id } = await shop.subscribe([{ price: 'calls', quantity: 1 }], { at: begin });
    const used = {
      subscription: id,
      meter: 'api_calls',
      quantity: 30,
      at: '2026-03-10T00:00:00.000Z',
      id: 'c1',
      value: null,
    };
    await shop.usage.record([used], '2026-03-10T00:00:00.000Z');
    await shop.command(id, cancel('now'), middle);
    expect(await shop.run(id, middle)).toMatchObject({ status: 'cancelled' });
    expect((await shop.bills(id)).map(({ quote, status }) => [quote?.gross, status])).toEqual([[300, 'completed']]);
    expect(await bookTotals(database.db)).toEqual({});
  });

  it('of a trial costs nothing', async () => {
    await shop.sellRecurring('trial', 1_500, {}, { trial: { days: 14 } });
    const { id } = await shop.subscribe([{ price: 'trial', quantity: 1 }], { at: begin });
    await shop.command(id, cancel('period_end'), '2026-03-05T00:00:00.000Z');
    expect(await shop.run(id, '2026-04-01T00:00:00.000Z')).toMatchObject({ status: 'cancelled' });
    expect(await shop.bills(id)).toEqual([]);
  });

  it('ends a command that is repeated with the same answer', async () => {
    const { id } = await begun();
    const command = { commandId: 'cmd_once', subscriptionId: id, request: cancel('period_end') };
    await shop.steps.recordCommand(command, middle);
    const first = await shop.steps.command('cmd_once', middle);
    expect((await shop.steps.command('cmd_once', '2026-03-17T00:00:00.000Z')).answer).toEqual(first.answer);
    // The answer was lost in a crash: the record still knows it.
    const commands = database.db.collection<{ _id: string }>('subscription_commands');
    await commands.updateOne({ _id: 'cmd_once' }, { $set: { answer: null } });
    expect((await shop.steps.command('cmd_once', middle)).answer).toEqual(first.answer);
    const other = { ...command, request: cancel('now') };
    await expect(shop.steps.recordCommand(other, middle)).rejects.toMatchObject({ code: 'idempotency.conflict' });
  });
});

describe('a pause', () => {
  it('begins with the end of the period, bills nothing, and a new period begins with its end', async () => {
    const { id } = await begun();
    const until = '2026-06-01T09:00:00.000Z';
    expect(await shop.command(id, pause('period_end', until), middle)).toEqual({ kind: 'scheduled', at: periodEnd });
    expect(await shop.run(id, '2026-05-01T00:00:00.000Z')).toMatchObject({ status: 'paused', nextActionAt: until });
    const after = await shop.run(id, '2026-07-02T00:00:00.000Z');
    expect(after).toMatchObject({ status: 'active', pause: null });
    expect((await shop.bills(id)).map(({ billing }) => billing?.periodStart)).toEqual([
      until,
      '2026-07-01T09:00:00.000Z',
    ]);
    expect(await shop.told(id)).toEqual([
      'subscription_started',
      'subscription_paused',
      'subscription_resumed',
      'subscription_renewed',
    ]);
  });

  it('is ended early by a charge; declined, it goes on', async () => {
    const { id } = await begun();
    await shop.command(id, pause('now', null), middle);
    expect(await shop.run(id, '2026-04-20T00:00:00.000Z')).toMatchObject({ status: 'paused', openBill: null });
    const at = '2026-04-20T09:00:00.000Z';
    await shop.command(id, { kind: 'payment_method', method: 'card', token: 'tok_funds', backup: false }, at);
    expect(await shop.command(id, { kind: 'resume' }, at)).toMatchObject({ kind: 'declined' });
    expect(await shop.records.require(id)).toMatchObject({ status: 'paused', openBill: null });
    await shop.command(id, { kind: 'payment_method', method: 'card', token: 'tok_ok', backup: false }, at);
    expect(await shop.command(id, { kind: 'resume' }, at)).toMatchObject({ kind: 'done' });
    expect(await shop.records.require(id)).toMatchObject({
      ...{ status: 'active', pause: null, period: { index: 1, start: at, end: '2026-05-20T09:00:00.000Z' } },
    });
  });

  it('keeps a change for the resume', async () => {
    const { id } = await begun();
    await shop.command(id, pause('now', '2026-05-01T09:00:00.000Z'), middle);
    await shop.run(id, '2026-04-01T00:00:00.000Z');
    const change = now({ price: 'more' });
    expect(await shop.command(id, { kind: 'change', change, preview: null }, '2026-04-02T00:00:00.000Z')).toMatchObject(
      {
        kind: 'scheduled',
      },
    );
    await shop.run(id, '2026-05-02T00:00:00.000Z');
    expect((await shop.bills(id)).map(({ quote }) => quote?.gross)).toEqual([2_000]);
  });

  it('uses up nothing of a discount', async () => {
    const coupon = {
      discount: { type: 'percent', percentOff: '50' } as const,
      duration: 'repeating' as const,
      periods: 2,
    };
    await shop.catalog.putCoupon('half', { ...coupon, maxRedemptions: null, validUntil: null, products: null });
    const { id } = await begun({ coupon: 'half' });
    await shop.command(id, pause('period_end', '2026-07-01T09:00:00.000Z'), middle);
    await shop.run(id, '2026-08-02T00:00:00.000Z');
    expect((await shop.bills(id)).map(({ quote }) => quote?.gross)).toEqual([500, 1_000]);
  });

  it('refuses usage of its time, and bills that of before with the resume', async () => {
    const { id } = await shop.subscribe([{ price: 'calls', quantity: 1 }], { at: begin });
    const used = {
      subscription: id,
      meter: 'api_calls',
      quantity: 30,
      at: '2026-03-10T00:00:00.000Z',
      id: 'p1',
      value: null,
    };
    await shop.usage.record([used], '2026-03-10T00:00:00.000Z');
    await shop.command(id, pause('now', '2026-05-01T09:00:00.000Z'), middle);
    await shop.run(id, '2026-03-20T00:00:00.000Z');
    const then = '2026-03-20T00:00:00.000Z';
    const { answers } = await shop.usage.record([{ ...used, id: 'p2', at: then }], then);
    expect(answers).toMatchObject([{ kind: 'refused', code: 'usage.paused' }]);
    await shop.run(id, '2026-05-02T00:00:00.000Z');
    expect((await shop.bills(id)).map(({ quote }) => quote?.gross)).toEqual([300]);
  });

  it('is cleared by a cancellation: a paused subscription cancels at once, and nothing is refunded', async () => {
    const { id, sourceOrder } = await begun();
    await shop.command(id, pause('now', null), middle);
    await shop.run(id, middle);
    expect(await shop.command(id, cancel('period_end'), '2026-03-20T00:00:00.000Z')).toMatchObject({ kind: 'done' });
    expect(await shop.run(id, '2026-03-20T00:00:00.000Z')).toMatchObject({ status: 'cancelled', pause: null });
    expect((await shop.store.require(sourceOrder)).refunds).toEqual([]);
  });

  it('without an end lasts a year: the customer is told once, thirty days before, and then it ends for good', async () => {
    const { id } = await begun();
    await shop.command(id, pause('now', null), middle);
    const told = async () => (await shop.told(id)).slice(1);
    expect(await shop.run(id, '2027-02-13T00:00:00.000Z')).toMatchObject({ status: 'paused' });
    expect(await told()).toEqual(['subscription_paused']);
    const limit = '2027-03-16T09:00:00.000Z';
    expect(await shop.run(id, '2027-02-15T00:00:00.000Z')).toMatchObject({ status: 'paused', nextActionAt: limit });
    expect(await told()).toEqual(['subscription_paused', 'pause_ending']);
    expect(await shop.run(id, limit)).toMatchObject({
      ...{ status: 'cancelled', endedAt: limit, nextActionAt: null, pause: null },
      cancellation: { reason: 'paused_too_long', by: 'system' },
    });
    expect(await told()).toEqual(['subscription_paused', 'pause_ending', 'subscription_cancelled']);
    expect(await shop.bills(id)).toEqual([]);
  });

  it('without an end that is asked for once more has another year, and one with an end has no limit', async () => {
    const { id } = await begun();
    await shop.command(id, pause('now', null), middle);
    await shop.run(id, '2027-02-20T00:00:00.000Z');
    await shop.command(id, pause(null, null), '2027-02-20T00:00:00.000Z');
    const reminder = '2028-01-21T00:00:00.000Z';
    expect(await shop.run(id, '2027-12-31T00:00:00.000Z')).toMatchObject({ status: 'paused', nextActionAt: reminder });
    const until = '2029-06-01T00:00:00.000Z';
    await shop.command(id, pause(null, until), '2028-01-01T00:00:00.000Z');
    expect(await shop.records.require(id)).toMatchObject({ status: 'paused', nextActionAt: until, notices: [] });
  });

  it('without an end goes on with a resume after the reminder as if nothing had been said', async () => {
    const { id } = await begun();
    await shop.command(id, pause('now', null), middle);
    await shop.run(id, '2027-02-20T00:00:00.000Z');
    expect(await shop.command(id, { kind: 'resume' }, '2027-02-20T09:00:00.000Z')).toMatchObject({ kind: 'done' });
    expect(await shop.run(id, '2027-04-30T00:00:00.000Z')).toMatchObject({ status: 'active', pause: null });
    expect((await shop.bills(id)).map(({ billing }) => billing?.periodStart)).toEqual(
      ['02', '03', '04'].map((month) => expect.stringContaining(`2027-${month}-20T`)),
    );
  });

  it('of before there was a limit ends nobody: they were not told', async () => {
    const { id } = await begun();
    await shop.command(id, pause('now', null), middle);
    await shop.run(id, middle);
    const subscriptions = database.db.collection<{ _id: string }>('subscriptions');
    await subscriptions.updateOne({ _id: id }, { $set: { notices: [], nextActionAt: null } });
    expect(await shop.run(id, '2030-01-01T00:00:00.000Z')).toMatchObject({ status: 'paused' });
    expect((await shop.steps.agenda(id, '2030-01-01T00:00:00.000Z')).wakeAt).toBeNull();
  });

  it('without an end bills what was used before it when it lapses', async () => {
    const { id } = await shop.subscribe([{ price: 'calls', quantity: 1 }], { at: begin });
    const at = '2026-03-10T00:00:00.000Z';
    await shop.usage.record([{ subscription: id, meter: 'api_calls', quantity: 30, at, id: 'l1', value: null }], at);
    await shop.command(id, pause('now', null), middle);
    expect(await shop.run(id, '2027-03-17T00:00:00.000Z')).toMatchObject({ status: 'cancelled' });
    expect((await shop.bills(id)).map(({ quote, status }) => [quote?.gross, status])).toEqual([[300, 'completed']]);
  });

  it.each([
    ['that ends before it begins', pause('period_end', '2026-03-20T00:00:00.000Z'), 'subscription.not_pausable'],
    ['in the past', pause('2026-03-10T00:00:00.000Z', null), 'subscription.not_pausable'],
  ])('is refused: %s', async (_name, request, code) => {
    const { id } = await begun();
    expect(await shop.command(id, request, middle)).toMatchObject({ kind: 'refused', code });
  });
});
