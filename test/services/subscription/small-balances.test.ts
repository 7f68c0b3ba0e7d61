import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { facts } from '../../../domain/idempotency.ts';
import { auditBook } from '../../../services/ledger/book-audit.ts';
import { messages } from '../../../services/messages/message-store.ts';
import { collectionOf } from '../../../services/store/collection.ts';
import { openTestDatabase } from '../../support/mongo.ts';
import { bookTotals } from './book-totals.ts';
import { now, openSubscriptions } from './subscription-fixture.ts';
import type { SubscriptionsUnderTest } from './subscription-fixture.ts';

// Goal: what no gateway takes because it is too little is given to the customer: the bill is paid, invoiced and booked in
// full, and nobody is dunned for some cents. Method: the real services on a real database, the sandbox's acquirers over
// HTTP, whose least charge by card is 0.50 EUR; the books are audited after every test.

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let shop: SubscriptionsUnderTest;
const begin = '2026-03-01T09:00:00.000Z';
const inMarch = '2026-03-10T00:00:00.000Z';
const marchBilled = '2026-04-02T00:00:00.000Z';
const inApril = '2026-04-10T00:00:00.000Z';
const aprilBilled = '2026-05-02T00:00:00.000Z';
const metered = { usage: 'metered', meter: 'api_calls' };

beforeAll(async () => {
  database = await openTestDatabase();
  shop = await openSubscriptions(database.db);
  await shop.sellRecurring('calls', 10, {}, metered);
  await shop.sellRecurring('small', 1_000);
  await shop.sellRecurring('large', 4_000);
});
afterAll(async () => {
  await shop.close();
  await database.close();
});

async function expectSoundBooks(): Promise<void> {
  const { problems } = await auditBook({ db: database.db }, { settledBefore: '2100-01-01T00:00:00.000Z' });
  expect(problems).toEqual([]);
  expect(await bookTotals(database.db)).toEqual({});
}

async function use(subscription: string, quantity: number, at: string): Promise<void> {
  const event = { subscription, meter: 'api_calls', quantity, at, id: at, value: null };
  await shop.usage.record([event], at);
}

async function begun(price: string, change: object = {}): Promise<string> {
  return (await shop.subscribe([{ price, quantity: 1 }], { at: begin, ...change })).id;
}

async function captured(order: string): Promise<number> {
  return (await shop.world.booked(order)).reduce((total, one) => total + one.captured, 0);
}

const credit = (holder: string) => shop.storeCredit.balance(holder, 'EUR');
const waived = (order: string) => shop.ledger.find(facts.smallBalance(order));
const cancelNow = { kind: 'cancel', when: 'now', reason: null, comment: null, by: 'customer' } as const;
const card = (token: string) => ({ kind: 'payment_method', method: 'card', token, backup: false }) as const;

describe('a bill that is smaller than any charge', () => {
  it('is paid by us: invoiced and taxed in full, told as a renewal, and nothing is charged', async () => {
    const id = await begun('calls');
    await use(id, 8, inMarch);
    expect(await shop.run(id, marchBilled)).toMatchObject({ status: 'active', dunning: null, openBill: null });
    const [bill] = await shop.bills(id);
    const order = bill?.id ?? '';
    expect(bill).toMatchObject({ status: 'completed', quote: { gross: 80 } });
    expect(await captured(order)).toBe(80);

    await use(id, 3, inApril);
    expect(await shop.run(id, aprilBilled)).toMatchObject({ status: 'active', dunning: null, openBill: null });
    const small = (await shop.bills(id)).at(-1);
    const smallOrder = small?.id ?? '';
    expect(small).toMatchObject({ status: 'completed', quote: { gross: 30, tax: 5 }, creditApplied: 30 });
    expect(await captured(smallOrder)).toBe(0);
    expect(await shop.invoices.listByOrder(smallOrder)).toMatchObject([{ kind: 'invoice', gross: 30, tax: 5 }]);
    expect(await shop.told(id)).toEqual(['subscription_started', 'subscription_renewed', 'subscription_renewed']);
    await expectSoundBooks();
  });

  it('costs us exactly what was left of it, as an expense', async () => {
    const id = await begun('calls');
    await use(id, 4, inMarch);
    await shop.run(id, marchBilled);
    const [bill] = await shop.bills(id);
    expect(await waived(bill?.id ?? '')).toMatchObject({
      kind: 'write_off',
      postings: [
        { account: 'bad_debts', currency: 'EUR', amount: 40 },
        { account: 'customer_credit', currency: 'EUR', amount: -40 },
      ],
    });
    // The customer has bought this bill with it, and nothing else.
    const { customerKey } = await shop.records.require(id);
    const holders = [`subscription/${id}`, `customer/${customerKey}`, `small-balance/${id}`];
    expect(await Promise.all(holders.map(credit))).toEqual([0, 0, 0]);
  });

  it('is charged as soon as a gateway takes it', async () => {
    const id = await begun('calls');
    await use(id, 5, inMarch);
    await shop.run(id, marchBilled);
    const [bill] = await shop.bills(id);
    expect(bill).toMatchObject({ status: 'completed', quote: { gross: 50 }, creditApplied: 0 });
    expect(await captured(bill?.id ?? '')).toBe(50);
    expect(await waived(bill?.id ?? '')).toBeNull();
  });

  it('is paid by the store credit that there is before anything is waived', async () => {
    const id = await begun('calls');
    await use(id, 100, inMarch);
    await shop.run(id, marchBilled);
    await shop.usage.record([{ id: 'fix', subscription: id, corrects: inMarch, quantity: 98 }], inApril);
    await use(id, 4, inApril);
    await shop.run(id, aprilBilled);
    const small = (await shop.bills(id)).at(-1);
    expect(small).toMatchObject({ status: 'completed', quote: { gross: 40 }, creditApplied: 40 });
    expect((await waived(small?.id ?? ''))?.postings[0]).toMatchObject({ amount: 20 });
    expect(await credit(`subscription/${id}`)).toBe(0);
    await expectSoundBooks();
  });

  it('is waived when the subscription ends with it, and invoiced', async () => {
    const id = await begun('calls');
    await use(id, 2, inMarch);
    const at = '2026-03-15T00:00:00.000Z';
    await shop.command(id, cancelNow, at);
    expect(await shop.run(id, at)).toMatchObject({ status: 'cancelled', openBill: null });
    const [bill] = await shop.bills(id);
    expect(bill).toMatchObject({ status: 'completed', creditApplied: 20 });
    expect(await shop.invoices.listByOrder(bill?.id ?? '')).toMatchObject([{ kind: 'invoice', gross: 20 }]);
    await expectSoundBooks();
  });

  it('is waived although the card would have been declined', async () => {
    const id = await begun('calls');
    await shop.command(id, card('tok_funds'), inMarch);
    await use(id, 3, inMarch);
    expect(await shop.run(id, marchBilled)).toMatchObject({ status: 'active', dunning: null });
  });

  it('goes back as credit when it is refunded, and never as money', async () => {
    const id = await begun('calls');
    await use(id, 3, inMarch);
    await shop.run(id, marchBilled);
    const [bill] = await shop.bills(id);
    const order = bill?.id ?? '';
    const gift = { cause: 'goodwill', requestedBy: 'merchant', reason: 'A bad day' } as const;
    expect(await shop.refund({ order, ...gift })).toMatchObject({ status: 'succeeded', amount: 30, toCredit: 30 });
    const { customerKey } = await shop.records.require(id);
    expect(await credit(`customer/${customerKey}`)).toBe(30);
    expect(await shop.world.booked(order)).toEqual([]);
    await expectSoundBooks();
  });
});

describe('a bill that is not paid for another reason than being small', () => {
  it('is not waived when it is larger than any charge', async () => {
    const id = await begun('calls');
    await use(id, 20_000_000, inMarch);
    expect(await shop.run(id, marchBilled)).toMatchObject({ status: 'past_due', dunning: { declineClass: 'hard' } });
    const [bill] = await shop.bills(id);
    expect(await waived(bill?.id ?? '')).toBeNull();
  });

  it('is not waived where nothing is on file to charge', async () => {
    const id = await begun('calls');
    await shop.records.update(await shop.records.require(id), { payment: null });
    await use(id, 3, inMarch);
    expect(await shop.run(id, marchBilled)).toMatchObject({ status: 'past_due', dunning: { declineClass: 'hard' } });
    const [bill] = await shop.bills(id);
    expect(await waived(bill?.id ?? '')).toBeNull();
    // With a card on file it is what no gateway takes.
    await shop.command(id, card('tok_ok'), '2026-04-03T00:00:00.000Z');
    expect(await shop.records.require(id)).toMatchObject({ status: 'active', dunning: null, openBill: null });
    expect((await waived(bill?.id ?? ''))?.postings[0]).toMatchObject({ amount: 30 });
    expect((await shop.told(id)).at(-1)).toBe('subscription_recovered');
  });
});

describe('an upgrade of some cents, near the end of a period', () => {
  const late = '2026-04-01T02:00:00.000Z';

  it('is made and costs nothing, as its preview said', async () => {
    const id = await begun('small');
    const change = now({ price: 'large' });
    // Six hours of March are left: 32 cents for the new plan, 8 back for the old one.
    const preview = await shop.preview(id, change, late);
    expect(preview).toMatchObject({ charge: 0, credit: 8, quote: { gross: 32 }, balanceUsed: 0, creditLeft: 0 });
    const answer = await shop.command(id, { kind: 'change', change, preview: preview.id }, late);
    const [bill] = await shop.bills(id);
    const order = bill?.id ?? '';
    expect(answer).toEqual({ kind: 'done', order });
    expect(await shop.records.require(id)).toMatchObject({ items: [{ price: 'large' }], openBill: null });
    expect(bill).toMatchObject({ status: 'completed', creditApplied: 32 });
    expect((await waived(order))?.postings[0]).toMatchObject({ amount: 24 });
    expect(await captured(order)).toBe(0);
    expect(await credit(`subscription/${id}`)).toBe(0);
    const told = await collectionOf(database.db, messages).findOne({ orderId: order, template: 'plan_changed' });
    expect(told?.data).toMatchObject({ amount: '0', credit: '8' });
    await expectSoundBooks();
  });

  it('is waived once in thirty days: what a downgrade gives back of it cannot be had again', async () => {
    const id = await begun('small');
    const up = now({ price: 'large' });
    const change = (to: typeof up, at: string) => shop.command(id, { kind: 'change', change: to, preview: null }, at);
    expect(await change(up, late)).toMatchObject({ kind: 'done' });
    expect(await change(now({ price: 'small' }), '2026-04-01T02:30:00.000Z')).toMatchObject({ kind: 'done' });
    const left = await credit(`subscription/${id}`);
    const before = await shop.records.require(id);
    expect(left).toBeGreaterThan(0);
    const twice = now({ price: 'large', quantity: 2 });
    const soon = '2026-04-01T03:00:00.000Z';
    const { charge } = await shop.preview(id, twice, soon);
    expect(charge).toBeGreaterThan(0);
    expect(charge).toBeLessThan(50);
    expect(await change(twice, soon)).toMatchObject({ kind: 'declined', declineCode: 'amount_out_of_range' });
    expect(await credit(`subscription/${id}`)).toBe(left);
    expect(await shop.records.require(id)).toMatchObject({ items: before.items, openBill: null });
    // In the last hours of the next period it is waived again.
    await shop.run(id, '2026-04-01T10:00:00.000Z');
    expect(await shop.preview(id, up, '2026-05-01T02:00:00.000Z')).toMatchObject({ charge: 0, quote: { gross: 33 } });
    await expectSoundBooks();
  });

  it('is declined, as its preview said it would cost, where nothing is on file to charge', async () => {
    const id = await begun('small');
    await shop.records.update(await shop.records.require(id), { payment: null });
    const change = now({ price: 'large' });
    expect(await shop.preview(id, change, late)).toMatchObject({ charge: 24 });
    const answer = await shop.command(id, { kind: 'change', change, preview: null }, late);
    expect(answer).toMatchObject({ kind: 'declined', declineCode: 'no_method' });
    expect(await credit(`subscription/${id}`)).toBe(0);
    await expectSoundBooks();
  });
});

describe('a small bill of which a transfer is under way', () => {
  /** Of 30 cents, which a bank takes; the customer has put a card on file since, with which nobody would. */
  async function awaited() {
    const id = await begun('calls');
    await shop.command(id, { ...card('tok_bank'), method: 'bank_transfer' }, inMarch);
    await use(id, 3, inMarch);
    const at = '2026-04-01T10:00:00.000Z';
    expect((await shop.run(id, at)).openBill).toMatchObject({ kind: 'cycle', lookAt: expect.any(String) });
    await shop.command(id, card('tok_ok'), at);
    const [bill] = await shop.bills(id);
    const order = bill?.id ?? '';
    const [payment] = await shop.world.booked(order);
    return { id, order, transfer: payment?.id ?? '' };
  }

  it('waits for it, and is paid by what it brings', async () => {
    const { id, order, transfer } = await awaited();
    expect((await shop.run(id, '2026-04-01T12:00:00.000Z')).openBill).not.toBeNull();
    await shop.world.act(`/payments/${transfer}/settle`);
    expect(await shop.run(id, marchBilled)).toMatchObject({ status: 'active', openBill: null });
    expect([await captured(order), await waived(order)]).toEqual([30, null]);
    await expectSoundBooks();
  });

  it('is waived when it brings nothing', async () => {
    const { id, order, transfer } = await awaited();
    await shop.world.act(`/payments/${transfer}/expire`);
    expect(await shop.run(id, marchBilled)).toMatchObject({ status: 'active', dunning: null, openBill: null });
    expect(await captured(order)).toBe(0);
    expect((await waived(order))?.postings[0]).toMatchObject({ amount: 30 });
    await expectSoundBooks();
  });
});
