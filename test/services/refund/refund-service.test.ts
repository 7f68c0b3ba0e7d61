import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { facts } from '../../../domain/idempotency.ts';
import { isFailure } from '../../../domain/failures.ts';
import { openTestDatabase } from '../../support/mongo.ts';
import { at, openRefunds } from './refund-fixture.ts';
import type { RefundsUnderTest } from './refund-fixture.ts';

// Goal: money goes back once, never more than there is, and leaves one credit note and one balanced entry. Method: the
// real services on a real database, with the sandbox's acquirers.

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let shop: RefundsUnderTest;

beforeAll(async () => {
  database = await openTestDatabase();
  shop = await openRefunds(database.db);
  await shop.sell('editor', 11_900);
  await shop.sell('course', 5_951);
});
afterAll(async () => {
  await shop.close();
  await database.close();
});

const merchant = { reason: 'Bought twice', requestedBy: 'merchant' } as const;

describe('a refund of everything', () => {
  it('goes back to the gateway, is credited, booked and told, and access ends', async () => {
    const { id } = await shop.paidOrder([{ price: 'editor', quantity: 2 }]);
    const refund = await shop.refund({ order: id, ...merchant });
    expect(refund).toMatchObject({ status: 'succeeded', amount: 23_800, toCredit: 0, judgement: null });
    const order = await shop.store.require(id);
    expect(order).toMatchObject({ refundStatus: 'full', refunds: [{ id: refund.id, status: 'succeeded' }] });
    const [, creditNote] = await shop.invoices.listByOrder(id);
    expect(creditNote).toMatchObject({ kind: 'credit_note', id: refund.creditNote, gross: 23_800, tax: 3_800 });
    expect(await shop.ledger.find(facts.refund(id, refund.id))).not.toBeNull();
    expect((await shop.deliveries.deliveriesOf(id)).map(({ status }) => status)).toEqual(['revoked']);
    expect((await shop.messages.listByOrder(id)).map(({ template }) => template)).toContain('refund_done');
    expect(await shop.payments.find(id)).toMatchObject({ refunded: 23_800 });
    expect(await shop.ledger.sums()).toEqual([{ currency: 'EUR', sum: 0 }]);
  });

  it('can be asked for by its invoice', async () => {
    const { id } = await shop.paidOrder([{ price: 'editor', quantity: 1 }]);
    const [invoice] = await shop.invoices.listByOrder(id);
    expect(await shop.refund({ invoice: invoice?.id ?? '', ...merchant })).toMatchObject({
      orderId: id,
      amount: 11_900,
    });
  });

  it('is one refund however often every step of it is repeated', async () => {
    const { id } = await shop.paidOrder([{ price: 'editor', quantity: 1 }]);
    const request = { order: id, ...merchant };
    const refundId = 'rfd_repeated';
    for (let round = 0; round < 3; round += 1) await shop.refunds.requestRefund(request, { refundId, at });
    for (let round = 0; round < 3; round += 1) await shop.refunds.advance(refundId, at);
    for (let round = 0; round < 3; round += 1) await shop.refunds.payBack(refundId, at);
    for (let round = 0; round < 3; round += 1) await shop.refunds.settle(refundId, at);
    expect(await shop.invoices.listByOrder(id)).toHaveLength(2);
    expect((await shop.messages.listByOrder(id)).filter(({ template }) => template === 'refund_done')).toHaveLength(1);
    expect((await shop.world.booked(id)).map(({ refunded }) => refunded)).toEqual([11_900]);
    expect((await shop.refunds.get(refundId)).timeline.filter(({ event }) => event === 'paid_back')).toHaveLength(1);
  });
});

describe('a part of an order', () => {
  it('goes back by units, and the last unit takes the last cent', async () => {
    const { id } = await shop.paidOrder([{ price: 'course', quantity: 3 }]);
    const amounts: number[] = [];
    for (let unit = 0; unit < 3; unit += 1)
      amounts.push((await shop.refund({ order: id, lines: [{ line: '1', quantity: 1 }], ...merchant })).amount);
    expect(amounts.reduce((a, b) => a + b)).toBe(3 * 5_951);
    const documents = await shop.invoices.listByOrder(id);
    const [invoice, ...credits] = documents;
    for (const part of ['net', 'tax', 'gross'] as const)
      expect(credits.reduce((total, credit) => total + credit[part], 0)).toBe(invoice?.[part]);
    const revoked = (await shop.deliveries.deliveriesOf(id)).map(({ status }) => status);
    expect(revoked).toEqual(['revoked']);
  });

  it('goes back by amount, spread over the lines by what is left of them', async () => {
    const { id } = await shop.paidOrder([
      { price: 'editor', quantity: 1 },
      { price: 'course', quantity: 1 },
    ]);
    const refund = await shop.refund({ order: id, amount: 1_000, ...merchant });
    expect(refund.parts).toEqual([
      { line: '1', quantity: 0, gross: 667 },
      { line: '2', quantity: 0, gross: 333 },
    ]);
    expect((await shop.store.require(id)).refundStatus).toBe('partial');
    expect((await shop.deliveries.deliveriesOf(id)).every(({ status }) => status === 'delivered')).toBe(true);
    const rest = await shop.refund({ order: id, ...merchant });
    expect(rest.amount).toBe(11_900 + 5_951 - 1_000);
    expect((await shop.store.require(id)).refundStatus).toBe('full');
  });

  it('becomes store credit where that is wanted, and no gateway is asked', async () => {
    const { id } = await shop.paidOrder([{ price: 'editor', quantity: 1 }], {
      customer: { id: 'cus_credit', email: 'credit@example.com', name: 'C', country: 'DE', ipCountry: 'DE' },
    });
    const refund = await shop.refund({ order: id, amount: 5_000, outcome: 'store_credit', ...merchant });
    expect(refund).toMatchObject({ status: 'succeeded', toCredit: 5_000, watchUntil: null });
    expect(await shop.storeCredit.balance('customer/cus_credit', 'EUR')).toBe(5_000);
    expect((await shop.world.booked(id)).map(({ refunded }) => refunded)).toEqual([0]);
    const told = (await shop.messages.listByOrder(id)).map(({ template }) => template);
    expect(told).toContain('refund_to_store_credit');
  });

  it('as a gift leaves what was bought with the customer', async () => {
    const { id } = await shop.paidOrder([{ price: 'editor', quantity: 1 }]);
    await shop.refund({ order: id, cause: 'goodwill', ...merchant });
    expect((await shop.deliveries.deliveriesOf(id)).map(({ status }) => status)).toEqual(['delivered']);
  });
});

describe('many refunds at once', () => {
  it('50 for one order never take more than there is; who comes too late is told why and reserves nothing', async () => {
    const { id } = await shop.paidOrder([{ price: 'editor', quantity: 7 }]);
    const asked = Array.from({ length: 50 }, (_, index) =>
      shop.refund({ order: id, lines: [{ line: '1', quantity: 1 }], ...merchant }, `rfd_many_${index}`),
    );
    const answers = await Promise.allSettled(asked);
    const lost = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason as unknown] : []));
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(7);
    expect(lost.every((error) => isFailure(error, 'refund.exceeds'))).toBe(true);
    const order = await shop.store.require(id);
    expect(order.refundStatus).toBe('full');
    expect(order.refunds.reduce((total, { amount }) => total + amount, 0)).toBe(7 * 11_900);
    expect((await shop.world.booked(id)).map(({ refunded }) => refunded)).toEqual([7 * 11_900]);
    const [invoice, ...credits] = await shop.invoices.listByOrder(id);
    expect(credits).toHaveLength(7);
    expect(credits.reduce((total, { tax }) => total + tax, 0)).toBe(invoice?.tax);
  }, 60_000);
});

describe('what cannot be given back is refused with the place in the request, and nothing is reserved', () => {
  const refusals = [
    ['an order that there is not', { order: 'ord_nowhere' }, 'order.not_found'],
    ['an invoice that there is not', { invoice: 'inv_nowhere' }, 'invoice.not_found'],
    ['a line of another order', { lines: [{ line: '7' }] }, 'refund.line_unknown'],
    ['more units than were sold', { lines: [{ line: '1', quantity: 2 }] }, 'refund.exceeds'],
    ['more money than is left', { amount: 11_901 }, 'refund.exceeds'],
    ['more of a line than is left', { lines: [{ line: '1', amount: 11_901 }] }, 'refund.exceeds'],
    ['another currency', { amount: { amount: 100, currency: 'USD' } }, 'refund.currency_mismatch'],
    ['a line twice', { lines: [{ line: '1' }, { line: '1' }] }, 'request.invalid'],
    ['no reason', { reason: '' }, 'request.invalid'],
  ] as const;

  it.each(refusals)('%s', async (_, change, code) => {
    const { id } = await shop.paidOrder([{ price: 'editor', quantity: 1 }]);
    const order = 'invoice' in change ? {} : { order: id };
    const asked = shop.refund({ ...order, ...merchant, ...change } as Parameters<typeof shop.refund>[0]);
    await expect(asked).rejects.toMatchObject({ code });
    expect((await shop.store.require(id)).refunds).toEqual([]);
  });

  it('an order that was not paid', async () => {
    const { id } = await shop.place(['editor']);
    await expect(shop.refund({ order: id, ...merchant })).rejects.toMatchObject({ code: 'refund.order_not_paid' });
  });

  it('the same refund with another request', async () => {
    const { id } = await shop.paidOrder([{ price: 'editor', quantity: 1 }]);
    await shop.refund({ order: id, amount: 100, ...merchant }, 'rfd_conflict');
    const other = shop.refund({ order: id, amount: 200, ...merchant }, 'rfd_conflict');
    await expect(other).rejects.toMatchObject({ code: 'idempotency.conflict' });
  });
});
