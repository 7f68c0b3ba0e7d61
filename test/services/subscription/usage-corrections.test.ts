import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { PriceScheme } from '../../../domain/catalog/catalog.ts';
import { sum } from '../../../domain/money/money.ts';
import { chargedOf } from '../../../domain/order/order-totals.ts';
import { usageAmount } from '../../../domain/usage/usage-charge.ts';
import { openTestDatabase } from '../../support/mongo.ts';
import { propertyRuns } from '../../support/property-runs.ts';
import { bookTotals, waivedOf } from './book-totals.ts';
import { now, openSubscriptions } from './subscription-fixture.ts';
import type { SubscriptionsUnderTest } from './subscription-fixture.ts';

// Goal: usage that was billed and turns out not to have been used is given back by a credit note of the invoice that
// billed it, to the cent, and pays for the bills to come. Method: the real services on a real database, the sandbox's
// acquirers over HTTP; March is billed, corrected in April, and what April's and May's bills come to is read.

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let shop: SubscriptionsUnderTest;
const begin = '2026-03-01T09:00:00.000Z';
const inMarch = '2026-03-10T00:00:00.000Z';
const inApril = '2026-04-10T00:00:00.000Z';
const inMay = '2026-05-10T00:00:00.000Z';
const marchBilled = '2026-04-02T00:00:00.000Z';
const aprilBilled = '2026-05-02T00:00:00.000Z';
const mayBilled = '2026-06-02T00:00:00.000Z';
const metered = { usage: 'metered', meter: 'api_calls' };

beforeAll(async () => {
  database = await openTestDatabase();
  shop = await openSubscriptions(database.db);
  await shop.sellRecurring('calls', 10, {}, metered);
  await shop.sellRecurring('seats', 1_000);
});
afterAll(async () => {
  await shop.close();
  await database.close();
});

const credit = (id: string) => shop.storeCredit.balance(`subscription/${id}`, 'EUR');

async function use(subscription: string, quantity: number, at: string): Promise<void> {
  const event = { subscription, meter: 'api_calls', quantity, at, id: at, value: null };
  await shop.usage.record([event], at);
}

/** Says what the event of a moment should have said. */
async function correct(subscription: string, corrects: string, quantity: number, at: string): Promise<void> {
  const { answers } = await shop.usage.record([{ id: `fix-${at}`, subscription, corrects, quantity }], at);
  expect(answers).toMatchObject([{ kind: 'recorded', late: true }]);
}

/** A subscription of these prices that used 100 units in March, which are billed. */
async function billedMarch(prices: readonly string[], change: object = {}) {
  const lines = prices.map((price) => ({ price, quantity: 1 }));
  const { id } = await shop.subscribe(lines, { at: begin, ...change });
  await use(id, 100, inMarch);
  await shop.run(id, marchBilled);
  const [bill] = await shop.bills(id);
  return { id, order: bill?.id ?? '' };
}

/** Gross of what its bills charged, and what of it store credit paid. */
async function charges(id: string): Promise<readonly (readonly [number | undefined, number | undefined])[]> {
  return (await shop.bills(id)).map(({ quote, creditApplied }) => [quote?.gross, creditApplied]);
}

async function creditNotes(order: string) {
  return (await shop.invoices.listByOrder(order)).filter(({ kind }) => kind === 'credit_note');
}

describe('a correction of usage that is billed already', () => {
  it('credits the invoice that billed it, and pays for the bills to come', async () => {
    const { id, order } = await billedMarch(['calls']);
    await correct(id, inMarch, 40, inApril);
    await use(id, 20, inApril);
    await shop.run(id, aprilBilled);
    expect(await credit(id)).toBe(400);
    await use(id, 50, inMay);
    await shop.run(id, mayBilled);
    expect(await charges(id)).toEqual([
      [1_000, 0],
      [200, 200],
      [500, 400],
    ]);
    expect((await shop.store.require(order)).refunds).toMatchObject([
      { amount: 600, toCredit: 600, status: 'succeeded', reason: 'price_adjustment' },
    ]);
    expect(await creditNotes(order)).toMatchObject([{ gross: 600, tax: 96, reason: 'price_adjustment' }]);
    expect(await credit(id)).toBe(0);
    expect(await bookTotals(database.db)).toEqual({});
  });

  it('gives the tax back that was added, and no discount', async () => {
    await shop.sellRecurring('net-calls', 10, { taxBehavior: 'exclusive' }, metered);
    const half = { discount: { type: 'percent', percentOff: '50' }, duration: 'forever', periods: null } as const;
    await shop.catalog.putCoupon('half', { ...half, maxRedemptions: null, validUntil: null, products: null });
    const { id, order } = await billedMarch(['net-calls'], { coupon: 'half' });
    await correct(id, inMarch, 40, inApril);
    await shop.run(id, aprilBilled);
    expect(await creditNotes(order)).toMatchObject([{ net: 300, discount: 300, tax: 57, gross: 357 }]);
    expect(await credit(id)).toBe(357);
  });

  it('is credited when there is nothing else to bill, and no bill is made', async () => {
    const { id } = await billedMarch(['calls']);
    await correct(id, inMarch, 0, inApril);
    const after = await shop.run(id, aprilBilled);
    expect(after).toMatchObject({ status: 'active', openBill: null, period: { index: 2 } });
    expect(await charges(id)).toEqual([[1_000, 0]]);
    expect(await credit(id)).toBe(1_000);
  });

  it('leaves what is billed beside it as it is', async () => {
    const { id, order } = await billedMarch(['seats', 'calls']);
    await correct(id, inMarch, 99, inApril);
    await use(id, 3, inApril);
    await shop.run(id, aprilBilled);
    expect(await charges(id)).toEqual([
      [2_000, 0],
      [1_030, 10],
    ]);
    expect(await creditNotes(order)).toMatchObject([{ gross: 10, lines: [{ line: '2' }] }]);
  });

  it('credits each item that the meter counts for at its own price', async () => {
    await shop.sellRecurring('call-support', 3, {}, metered);
    const { id, order } = await billedMarch(['calls', 'call-support']);
    await correct(id, inMarch, 40, inApril);
    await shop.run(id, aprilBilled);
    expect(await charges(id)).toEqual([[1_300, 0]]);
    expect(await creditNotes(order)).toMatchObject([
      {
        lines: [
          { line: '1', gross: 600 },
          { line: '2', gross: 180 },
        ],
      },
    ]);
  });

  it.each([
    ['flat', { type: 'flat', amount: 900 }, 40, 0],
    ['flat, all of it', { type: 'flat', amount: 900 }, 0, 900],
    ['package', { type: 'package', size: 30, amount: 250 }, 31, 500],
    [
      'graduated',
      {
        type: 'graduated',
        tiers: [
          { upTo: 50, unitAmount: 10, flatAmount: 0 },
          { upTo: null, unitAmount: 4, flatAmount: 100 },
        ],
      },
      50,
      300,
    ],
  ])('costs what it would have cost in time: %s', async (name, scheme, used, back) => {
    const price = `calls-${name.replaceAll(/\W+/g, '-')}`;
    await shop.sellRecurring(price, 0, { scheme }, metered);
    const { id } = await billedMarch([price]);
    await correct(id, inMarch, used, inApril);
    await shop.run(id, aprilBilled);
    expect(await credit(id)).toBe(back);
  });

  it('gives back what was paid, also when the price of the item is another one by now', async () => {
    await shop.sellRecurring('dear-calls', 50, {}, metered);
    const { id } = await billedMarch(['calls']);
    const change = { ...now({ price: 'dear-calls' }), when: 'period_end' } as const;
    await shop.command(id, { kind: 'change', change, preview: null }, inApril);
    await use(id, 100, inApril);
    await shop.run(id, aprilBilled);
    await correct(id, inApril, 40, inMay);
    await use(id, 10, inMay);
    await shop.run(id, mayBilled);
    expect(await charges(id)).toEqual([
      [1_000, 0],
      [1_000, 0],
      [500, 500],
    ]);
    expect(await credit(id)).toBe(100);
  });

  it('gives back no more than refunds have left of the line', async () => {
    const { id, order } = await billedMarch(['calls']);
    const gift = { cause: 'goodwill', requestedBy: 'merchant', reason: 'A bad day' } as const;
    expect(await shop.refund({ order, amount: 700, ...gift })).toMatchObject({ status: 'succeeded' });
    await correct(id, inMarch, 40, inApril);
    await shop.run(id, aprilBilled);
    expect(await credit(id)).toBe(300);
    expect(await shop.store.require(order)).toMatchObject({ refundStatus: 'full' });
  });

  it('is credited with the final bill, which it pays for first', async () => {
    const { id, order } = await billedMarch(['calls']);
    await correct(id, inMarch, 40, inApril);
    await use(id, 25, inApril);
    const cancel = { kind: 'cancel', when: 'now', reason: null, comment: null, by: 'customer' } as const;
    const at = '2026-04-15T00:00:00.000Z';
    await shop.command(id, cancel, at);
    expect(await shop.run(id, at)).toMatchObject({ status: 'cancelled' });
    expect(await charges(id)).toEqual([
      [1_000, 0],
      [250, 250],
    ]);
    expect(await creditNotes(order)).toMatchObject([{ gross: 600 }]);
    // What the end leaves is the customer's.
    const { customerKey } = await shop.records.require(id);
    expect([await credit(id), await shop.storeCredit.balance(`customer/${customerKey}`, 'EUR')]).toEqual([0, 350]);
    const fix = { id: 'too-late', subscription: id, corrects: inApril, quantity: 0 };
    expect((await shop.usage.record([fix], at)).answers).toMatchObject([{ code: 'usage.subscription_ended' }]);
  });

  it('is credited once with the bill of a resume, also when that is declined at first', async () => {
    const { id, order } = await billedMarch(['seats', 'calls']);
    await correct(id, inMarch, 40, inApril);
    const paused = '2026-04-15T00:00:00.000Z';
    await shop.command(id, { kind: 'pause', from: 'now', until: null }, paused);
    await shop.run(id, paused);
    const card = (token: string) => ({ kind: 'payment_method', method: 'card', token, backup: false }) as const;
    await shop.command(id, card('tok_funds'), paused);
    expect(await shop.command(id, { kind: 'resume' }, '2026-04-20T00:00:00.000Z')).toMatchObject({ kind: 'declined' });
    await shop.command(id, card('tok_ok'), paused);
    expect(await shop.command(id, { kind: 'resume' }, '2026-04-25T00:00:00.000Z')).toMatchObject({ kind: 'done' });
    expect(await creditNotes(order)).toMatchObject([{ gross: 600 }]);
    expect(await credit(id)).toBe(600);
  });
});

describe('any corrections', () => {
  const tiers = [
    { upTo: 100, unitAmount: 10, flatAmount: 0 },
    { upTo: null, unitAmount: 8, flatAmount: 500 },
  ];
  const graduated: PriceScheme = { type: 'graduated', tiers };
  const schemeOf = fc.constantFrom<PriceScheme>(
    graduated,
    { type: 'package', size: 10, amount: 90 },
    { type: 'flat', amount: 900 },
  );
  const quantity = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 10 }), fc.integer({ min: 0, max: 200 }));
  const monthOf = fc.record({ used: quantity, corrected: fc.option(quantity) });
  /** By card, in cents. */
  const leastCharge = 50;
  /** The correction makes a bill of 0.08 EUR. */
  const someCents = [
    { used: 101, corrected: 102 },
    { used: 0, corrected: null },
  ];
  let sold = 0;

  it('leave invoices less credit notes, and what was paid and waived less what is left of the credit, at the price of the usage', async () => {
    await fc.assert(
      fc.asyncProperty(schemeOf, fc.array(monthOf, { minLength: 2, maxLength: 5 }), async (scheme, months) => {
        sold += 1;
        await shop.sellRecurring(`any-calls-${sold}`, 0, { scheme }, metered);
        const { id } = await shop.subscribe([{ price: `any-calls-${sold}`, quantity: 1 }], { at: begin });
        const moment = (month: number) => `2026-${`${3 + month}`.padStart(2, '0')}-10T00:00:00.000Z`;
        for (const [index, { used }] of months.entries()) {
          const at = moment(index);
          await shop.run(id, at);
          await use(id, used, at);
          const fixed = months[index - 1]?.corrected ?? null;
          if (fixed !== null) await correct(id, moment(index - 1), fixed, at);
        }
        const last = months.at(-1)?.corrected ?? null;
        await shop.run(id, moment(months.length));
        if (last !== null) await correct(id, moment(months.length - 1), last, moment(months.length));
        await shop.run(id, moment(months.length + 1));

        const bills = await shop.bills(id);
        const documents = (await Promise.all(bills.map((bill) => shop.invoices.listByOrder(bill.id)))).flat();
        const price = sum(
          months.map(({ used, corrected }) => usageAmount(scheme, { quantity: corrected ?? used, billedBefore: 0 })),
        );
        expect(sum(documents.map(({ kind, gross }) => (kind === 'invoice' ? gross : -gross)))).toBe(price);
        const paid = sum(bills.map((bill) => chargedOf(bill)));
        const waived = await Promise.all(bills.map((bill) => waivedOf(shop.ledger, bill.id)));
        for (const amount of waived) expect(amount).toBeLessThan(leastCharge);
        expect(paid + sum(waived) - (await credit(id))).toBe(price);
      }),
      { numRuns: propertyRuns(0.005), examples: [[graduated, someCents]] },
    );
    expect(await bookTotals(database.db)).toEqual({});
  });
});

describe('usage that is not corrected', () => {
  it('leaves every invoice as it was', async () => {
    const { id, order } = await billedMarch(['calls']);
    await use(id, 20, inApril);
    await shop.run(id, aprilBilled);
    expect((await shop.store.require(order)).refunds).toEqual([]);
    expect(await creditNotes(order)).toEqual([]);
  });
});
