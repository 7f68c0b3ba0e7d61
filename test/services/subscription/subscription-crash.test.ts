import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { facts } from '../../../domain/idempotency.ts';
import { auditBook } from '../../../services/ledger/book-audit.ts';
import { openTestDatabase } from '../../support/mongo.ts';
import { Crash } from '../../support/mortal-db.ts';
import { bookTotals } from './book-totals.ts';
import { mortalDb } from '../../support/mortal-db.ts';
import type { Death } from '../../support/mortal-db.ts';
import { now, openSubscriptions } from './subscription-fixture.ts';
import type { SubscriptionsUnderTest } from './subscription-fixture.ts';

// Goal: whatever write a process dies at, the step that is repeated ends as if it had not, and nothing happens twice.
// Method: the real services on a real database that dies at the first, second, … write of the step, until the step
// survives; the sandbox keeps what it was told.

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let mortal: ReturnType<typeof mortalDb>;
let shop: SubscriptionsUnderTest;
const begin = '2026-04-01T09:00:00.000Z';
const middle = '2026-04-16T09:00:00.000Z';

beforeAll(async () => {
  database = await openTestDatabase();
  mortal = mortalDb(database.db);
  shop = await openSubscriptions(mortal.db);
  await shop.sellRecurring('small', 1_000);
  await shop.sellRecurring('large', 4_000);
  await shop.sellRecurring('calls', 10, {}, { usage: 'metered', meter: 'api_calls' });
});
afterAll(async () => {
  await shop.close();
  await database.close();
});

/** Does the step with a death at every write in turn, and again as the activity's retry does. */
async function atEveryWrite(
  how: Death,
  begun: () => Promise<string>,
  step: (id: string) => Promise<unknown>,
  check: (id: string) => Promise<void>,
): Promise<number> {
  for (let n = 1; ; n += 1) {
    const id = await begun();
    mortal.dieAt(n, how);
    await expectCrash(step(id));
    const died = mortal.revive();
    await step(id);
    await check(id);
    if (!died) return n;
  }
}

async function expectCrash(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof Crash)) throw error;
  });
}

async function captured(order: string): Promise<number> {
  return (await shop.world.booked(order)).reduce((total, one) => total + one.captured, 0);
}

describe('a process that dies while it renews', () => {
  it.each(['lost_answer', 'lost_write'] as const)('charges, invoices and tells once (%s)', async (how) => {
    const begun = async () => (await shop.subscribe([{ price: 'small', quantity: 1 }], { at: begin })).id;
    const at = '2026-05-01T09:30:00.000Z';
    const writes = await atEveryWrite(
      how,
      begun,
      (id) => shop.steps.collect(id, at),
      async (id) => {
        expect(await shop.records.require(id)).toMatchObject({
          status: 'active',
          openBill: null,
          period: { index: 1 },
        });
        const bills = await shop.bills(id);
        expect(bills.map(({ status }) => status)).toEqual(['completed']);
        const order = bills[0]?.id ?? '';
        expect(await captured(order)).toBe(1_000);
        expect(await shop.invoices.listByOrder(order)).toHaveLength(1);
        expect(await shop.told(id)).toEqual(['subscription_started', 'subscription_renewed']);
      },
    );
    expect(writes).toBeGreaterThan(8);
    expect(await bookTotals(database.db)).toEqual({});
  });
});

describe('a process that dies while it changes a plan', () => {
  it.each([
    ['upgrade', 'small', 'large', 1_500, 0],
    ['downgrade', 'large', 'small', 0, 1_500],
  ] as const)('is charged, credited and applied once: %s', async (_name, from, to, charge, left) => {
    let made = 0;
    const begun = async () => (await shop.subscribe([{ price: from, quantity: 1 }], { at: begin })).id;
    const change = { kind: 'change', change: now({ price: to }), preview: null } as const;
    await atEveryWrite(
      'lost_answer',
      async () => {
        const id = await begun();
        made += 1;
        const commandId = `cmd_crash_${to}_${made}`;
        await shop.steps.recordCommand({ commandId, subscriptionId: id, request: change }, middle);
        return id;
      },
      () => shop.steps.command(`cmd_crash_${to}_${made}`, middle),
      async (id) => {
        expect(await shop.records.require(id)).toMatchObject({ items: [{ price: to }], openBill: null });
        const [bill] = await shop.bills(id);
        expect(await captured(bill?.id ?? '')).toBe(charge);
        expect(await shop.storeCredit.balance(`subscription/${id}`, 'EUR')).toBe(left);
        const { answer } = await shop.steps.command(`cmd_crash_${to}_${made}`, middle);
        expect(answer).toEqual({ kind: 'done', order: bill?.id });
      },
    );
    expect(await bookTotals(database.db)).toEqual({});
  });
});

describe('a process that dies while it bills usage and credits a correction of what it billed before', () => {
  /** April was billed with 100 units, of which 60 were none. */
  async function correctedAfterwards(usedInMay: number): Promise<string> {
    const { id } = await shop.subscribe([{ price: 'calls', quantity: 1 }], { at: begin });
    const event = { subscription: id, meter: 'api_calls', value: null };
    await shop.usage.record([{ ...event, id: 'april', quantity: 100, at: middle }], middle);
    await shop.run(id, '2026-05-02T00:00:00.000Z');
    const at = '2026-05-16T09:00:00.000Z';
    const fix = { id: 'fix', subscription: id, corrects: 'april', quantity: 40 };
    await shop.usage.record([fix, { ...event, id: 'may', quantity: usedInMay, at }], at);
    return id;
  }

  it.each([
    ['lost_answer', 20],
    ['lost_write', 20],
    ['lost_answer', 0],
  ] as const)('credits it once, and bills the rest once (%s, %i used since)', async (how, usedInMay) => {
    const writes = await atEveryWrite(
      how,
      () => correctedAfterwards(usedInMay),
      (id) => shop.steps.collect(id, '2026-06-01T10:30:00.000Z'),
      async (id) => {
        expect(await shop.records.require(id)).toMatchObject({ openBill: null, period: { index: 2 } });
        const [april, ...since] = await shop.bills(id);
        expect(since.map(({ quote, creditApplied }) => [quote?.gross, creditApplied])).toEqual(
          usedInMay === 0 ? [] : [[200, 200]],
        );
        expect((await shop.invoices.listByOrder(april?.id ?? '')).map(({ kind, gross }) => [kind, gross])).toEqual([
          ['invoice', 1_000],
          ['credit_note', 600],
        ]);
        expect(april?.refunds).toMatchObject([{ amount: 600, status: 'succeeded' }]);
        expect(await shop.storeCredit.balance(`subscription/${id}`, 'EUR')).toBe(600 - 10 * usedInMay);
      },
    );
    expect(writes).toBeGreaterThan(8);
    expect(await bookTotals(database.db)).toEqual({});
  });
});

describe('a process that dies while it waives a bill of some cents', () => {
  const at = '2026-05-01T10:30:00.000Z';

  async function usedSome(): Promise<string> {
    const { id } = await shop.subscribe([{ price: 'calls', quantity: 1 }], { at: begin });
    await shop.usage.record(
      [{ subscription: id, meter: 'api_calls', value: null, id: 'april', quantity: 3, at: middle }],
      middle,
    );
    return id;
  }

  async function expectWaived(id: string): Promise<void> {
    const [bill] = await shop.bills(id);
    const order = bill?.id ?? '';
    expect(bill).toMatchObject({ status: 'completed', creditApplied: 30 });
    expect(await captured(order)).toBe(0);
    expect(await shop.invoices.listByOrder(order)).toHaveLength(1);
    const entry = await shop.ledger.find(facts.smallBalance(order));
    expect(entry?.postings.map(({ amount }) => amount)).toEqual([30, -30]);
    expect(await shop.storeCredit.balance(`small-balance/${id}`, 'EUR')).toBe(0);
  }

  async function expectSoundBook(): Promise<void> {
    const { problems } = await auditBook({ db: database.db }, { settledBefore: '2100-01-01T00:00:00.000Z' });
    expect(problems).toEqual([]);
    expect(await bookTotals(database.db)).toEqual({});
  }

  it.each(['lost_answer', 'lost_write'] as const)('waives, invoices and tells once (%s)', async (how) => {
    const writes = await atEveryWrite(
      how,
      usedSome,
      (id) => shop.steps.collect(id, at),
      async (id) => {
        expect(await shop.records.require(id)).toMatchObject({ status: 'active', dunning: null, openBill: null });
        await expectWaived(id);
        expect(await shop.told(id)).toEqual(['subscription_started', 'subscription_renewed']);
      },
    );
    expect(writes).toBeGreaterThan(8);
    await expectSoundBook();
  });

  it.each([
    ['lost_answer', 'a card that is declined', 'tok_funds', 'card'],
    ['lost_write', 'a transfer, which may be so small', 'tok_bank', 'bank_transfer'],
  ] as const)(
    'goes on with what it wrote down (%s), when the customer pays by %s since',
    async (how, _name, token, method) => {
      for (let n = 1, died = true; died; n += 1) {
        const id = await usedSome();
        mortal.dieAt(n, how);
        await expectCrash(shop.steps.collect(id, at));
        died = mortal.revive();
        const wasWaived = (await shop.records.require(id)).openBill?.waived !== undefined;
        await shop.command(id, { kind: 'payment_method', method, token, backup: false }, at);
        await shop.steps.collect(id, at);
        if (wasWaived) await expectWaived(id);
      }
      const { problems } = await auditBook({ db: database.db }, { settledBefore: '2100-01-01T00:00:00.000Z' });
      expect(problems).toEqual([]);
    },
  );

  it('ends it as paid when the customer cancels meanwhile, from when the waiver is written down', async () => {
    const ends = new Set<string>();
    const cancel = { kind: 'cancel', when: 'now', reason: null, comment: null, by: 'customer' } as const;
    for (let n = 1, died = true; died; n += 1) {
      const id = await usedSome();
      mortal.dieAt(n, 'lost_answer');
      await expectCrash(shop.steps.collect(id, at));
      died = mortal.revive();
      const { openBill } = await shop.records.require(id);
      await shop.command(id, cancel, at);
      expect(await shop.run(id, at)).toMatchObject({ status: 'cancelled', openBill: null });
      const [bill] = await shop.bills(id);
      ends.add(bill?.status ?? 'none');
      if (openBill?.waived !== undefined) await expectWaived(id);
    }
    expect(ends).toContain('completed');
    await expectSoundBook();
  });
});
