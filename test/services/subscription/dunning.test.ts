import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestDatabase } from '../../support/mongo.ts';
import { bookTotals } from './book-totals.ts';
import { openSubscriptions } from './subscription-fixture.ts';
import type { SubscriptionsUnderTest } from './subscription-fixture.ts';

// Goal: an unpaid renewal is tried again by its schedule, told of, and ends in money or in a cancellation; a gateway that
// is away costs nobody anything. Method: the real services on a real database, the sandbox's acquirers over HTTP.

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let shop: SubscriptionsUnderTest;
const begin = '2026-03-10T09:00:00.000Z';

beforeAll(async () => {
  database = await openTestDatabase();
  shop = await openSubscriptions(database.db);
  await shop.sellRecurring('plan', 1_500);
});
afterAll(async () => {
  await shop.close();
  await database.close();
});

const begun = (token: string) =>
  shop.subscribe([{ price: 'plan', quantity: 1 }], { at: begin, payment: { method: 'card', token } });

/** What the holder of the key that an order gave out is told of it. */
async function license(order: string) {
  const [delivery] = await shop.deliveries.deliveriesOf(order);
  const details = delivery?.details;
  return details?.method === 'license' ? shop.deliveries.licenseStanding(details.keys[0] ?? '') : null;
}

describe('a renewal that is declined', () => {
  it('is recovered by a retry, and the anchor stays', async () => {
    const { id } = await begun('tok_ok_then_funds_2');
    await shop.run(id, '2026-04-10T12:00:00.000Z');
    expect(await shop.records.require(id)).toMatchObject({
      status: 'past_due',
      dunning: { stage: 'grace', attempts: 0 },
    });
    await shop.run(id, '2026-05-05T00:00:00.000Z');
    expect(await shop.records.require(id)).toMatchObject({ status: 'active', dunning: null, openBill: null });
    const told = await shop.told(id);
    expect(told.filter((template) => template === 'payment_failed').length).toBeGreaterThanOrEqual(1);
    expect(told.at(-1)).toBe('subscription_recovered');
    expect(told).not.toContain('subscription_renewed');
    await shop.run(id, '2026-05-11T00:00:00.000Z');
    expect((await shop.bills(id)).map(({ billing, status }) => [billing?.periodStart, status])).toEqual([
      ['2026-04-10T08:00:00.000Z', 'completed'],
      ['2026-05-10T08:00:00.000Z', 'completed'],
    ]);
    expect(await bookTotals(database.db)).toEqual({});
  });

  it('is lost in the end: access rests, then ends, nothing is owed, and it counts as involuntary', async () => {
    const { id, sourceOrder } = await begun('tok_ok_then_funds_99');
    await shop.run(id, '2026-04-26T00:00:00.000Z');
    expect(await license(sourceOrder)).toMatchObject({ state: 'suspended' });
    await shop.run(id, '2026-06-01T00:00:00.000Z');
    const after = await shop.records.require(id);
    expect(after).toMatchObject({
      ...{ status: 'cancelled', nextActionAt: null, openBill: null },
      cancellation: { reason: 'payment_failed', voluntary: false },
    });
    expect(await license(sourceOrder)).toMatchObject({ state: 'revoked' });
    const [bill] = await shop.bills(id);
    expect(bill?.status).toBe('cancelled');
    const told = await shop.told(id);
    expect(told).toEqual(expect.arrayContaining(['payment_failed', 'payment_last_notice', 'access_suspended']));
    expect(told.at(-1)).toBe('subscription_cancelled');
    expect(await bookTotals(database.db)).toEqual({});
  });

  it('is collected at once by a new card, and access comes back with its key', async () => {
    const { id, sourceOrder } = await begun('tok_ok_then_funds_99');
    await shop.run(id, '2026-04-26T00:00:00.000Z');
    const at = '2026-04-26T10:00:00.000Z';
    const card = { kind: 'payment_method', method: 'card', token: 'tok_ok', backup: false } as const;
    expect(await shop.command(id, card, at)).toMatchObject({ kind: 'done' });
    expect(await shop.records.require(id)).toMatchObject({
      status: 'active',
      dunning: null,
      payment: { token: 'tok_ok' },
    });
    expect(await license(sourceOrder)).toMatchObject({ state: 'active' });
  });

  it('falls back to the second method', async () => {
    const { id } = await begun('tok_ok_then_funds_99');
    const backup = { kind: 'payment_method', method: 'card', token: 'tok_ok', backup: true } as const;
    await shop.command(id, backup, begin);
    await shop.run(id, '2026-04-11T00:00:00.000Z');
    expect(await shop.records.require(id)).toMatchObject({ status: 'active', dunning: null });
  });

  it('is tried by the customer beside the schedule, a few times', async () => {
    const { id } = await begun('tok_ok');
    await shop.command(id, { kind: 'payment_method', method: 'card', token: 'tok_funds', backup: false }, begin);
    await shop.run(id, '2026-04-10T12:00:00.000Z');
    const before = await shop.records.require(id);
    const at = '2026-04-10T13:00:00.000Z';
    for (let tries = 0; tries < 5; tries += 1)
      expect(await shop.command(id, { kind: 'retry_payment' }, at)).toMatchObject({ kind: 'declined' });
    const after = await shop.records.require(id);
    expect(after.dunning).toMatchObject({ customerAttempts: 5, attempts: 0, nextRetryAt: before.dunning?.nextRetryAt });
    expect(await shop.command(id, { kind: 'retry_payment' }, at)).toMatchObject({
      code: 'subscription.too_many_tries',
    });
  });

  it('asks for another card at once when this one is stolen, and never tries it again', async () => {
    const { id } = await begun('tok_ok');
    await shop.command(id, { kind: 'payment_method', method: 'card', token: 'tok_stolen', backup: false }, begin);
    await shop.run(id, '2026-05-01T00:00:00.000Z');
    expect(await shop.records.require(id)).toMatchObject({ status: 'past_due', dunning: { nextRetryAt: null } });
    const [bill] = await shop.bills(id);
    const payment = await shop.payments.find(bill?.id ?? '');
    expect(payment?.attempts).toHaveLength(1);
  });
});

describe('a gateway that is away on the day', () => {
  it('is asked again later: access stays, nobody is told of a failure, and the money is taken once', async () => {
    const { id } = await begun('tok_ok');
    await shop.world.fault({ partner: 'acquirer_a', kind: 'error', rate: 1 });
    await shop.world.fault({ partner: 'acquirer_b', kind: 'error', rate: 1 });
    await shop.run(id, '2026-04-10T09:00:00.000Z');
    expect(await shop.records.require(id)).toMatchObject({ status: 'active', dunning: null });
    await shop.world.clearFaults();
    await shop.run(id, '2026-04-11T00:00:00.000Z');
    const [bill] = await shop.bills(id);
    expect(bill?.status).toBe('completed');
    const booked = await shop.world.booked(bill?.id ?? '');
    expect(booked.reduce((total, { captured }) => total + captured, 0)).toBe(1_500);
    expect(await shop.told(id)).toEqual(['subscription_started', 'subscription_renewed']);
  });

  it('an answer that was lost is looked up, never charged again', async () => {
    const { id } = await begun('tok_ok');
    await shop.command(id, { kind: 'payment_method', method: 'card', token: 'tok_lost_ok', backup: false }, begin);
    await shop.run(id, '2026-04-11T00:00:00.000Z');
    const [bill] = await shop.bills(id);
    expect(bill?.status).toBe('completed');
    const booked = await shop.world.booked(bill?.id ?? '');
    expect(booked.map(({ captured }) => captured)).toEqual([1_500]);
  });
});
