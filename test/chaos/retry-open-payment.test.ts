import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openSubscriptions } from '../services/subscription/subscription-fixture.ts';
import type { SubscriptionsUnderTest } from '../services/subscription/subscription-fixture.ts';
import { openTestDatabase } from '../support/mongo.ts';

// Goal: the chaos run may ask for open charges to be collected instead of waiting for the looks at them. Method: the real
// services on a real database, and an acquirer in the sandbox that takes a charge, or does not, and says nothing.

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let shop: SubscriptionsUnderTest;
const begin = '2026-11-01T10:00:00.000Z';
const retry = { kind: 'retry_payment' } as const;

beforeAll(async () => {
  database = await openTestDatabase();
  shop = await openSubscriptions(database.db);
  await shop.sellRecurring('weekly', 1_900, {}, { interval: 'week' });
});
afterAll(async () => {
  await shop.close();
  await database.close();
});

describe('to retry the payment of a bill whose charge has no known outcome', () => {
  it.each([
    ['was made', 'lost_response'],
    ['never arrived', 'timeout'],
  ] as const)(
    'settles it with one charge when the first request %s',
    async (_, kind) => {
      const { id, nextActionAt } = await shop.subscribe([{ price: 'weekly', quantity: 1 }], { at: begin });
      const at = nextActionAt ?? '';
      await shop.world.fault({ partner: 'acquirer_a', kind, request: '^POST .*/payments$' });
      await shop.world.fault({ partner: 'acquirer_a', kind: 'error', request: '^GET ' });
      await shop.steps.collect(id, at);
      const { openBill, status } = await shop.records.require(id);
      expect(status).toBe('active');
      expect(openBill?.lookAt).not.toBeNull();
      expect(await shop.command(id, retry, at)).toMatchObject({ kind: 'waiting', reason: 'unknown' });
      await shop.world.clearFaults();
      expect(await shop.command(id, retry, at)).toEqual({ kind: 'done', order: openBill?.order });
      expect(await shop.command(id, retry, at)).toMatchObject({ kind: 'refused', code: 'subscription.nothing_unpaid' });
      const booked = await shop.world.booked(openBill?.order ?? '');
      expect(booked.map(({ captured }) => captured)).toEqual([1_900]);
      expect(await shop.records.require(id)).toMatchObject({ status: 'active', openBill: null, period: { index: 1 } });
    },
    60_000,
  );
});
