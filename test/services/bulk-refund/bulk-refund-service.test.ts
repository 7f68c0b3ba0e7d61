import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createBulkRefundItemStore } from '../../../services/bulk-refund/bulk-refund-item-store.ts';
import type { BulkRefundRequest } from '../../../services/bulk-refund/bulk-refund-request.ts';
import { createBulkRefundService } from '../../../services/bulk-refund/bulk-refund-service.ts';
import { createBulkRefundStore } from '../../../services/bulk-refund/bulk-refund-store.ts';
import { databaseOfThisFile } from '../../support/mongo.ts';
import { at, openRefunds } from '../refund/refund-fixture.ts';

// Goal: what one job does to many orders. Method: the real services on a real database; the refunds' workflows are played
// by hand, one step at a time.

const db = await databaseOfThisFile();
const shop = await openRefunds(db);
const inFlight = 3;
const bulk = createBulkRefundService({
  ...{ store: createBulkRefundStore(db), items: createBulkRefundItemStore(db) },
  ...{ orders: shop.store, refunds: shop.refunds, inFlight },
});
let jobs = 0;

afterAll(() => shop.close());
beforeAll(async () => {
  await shop.sell('price_app', 1000);
  await shop.sell('price_book', 500);
});

const oneApp = [{ price: 'price_app', quantity: 1 }];

async function ordersOf(count: number, lines: Parameters<typeof shop.paidOrder>[0] = oneApp): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) ids.push((await shop.paidOrder(lines)).id);
  return ids;
}

/** A job that was looked through, and what its workflow and those of its refunds do. */
async function job(request: Partial<BulkRefundRequest>) {
  jobs += 1;
  const id = `blk_${jobs}`;
  const started: string[] = [];
  await bulk.request({ refund: { kind: 'full' }, reason: 'Recall', by: 'ops_1', ...request }, { id, at });
  const step = (when = at) =>
    bulk.advance(
      id,
      async (refund) => {
        started.push(refund.id);
      },
      when,
    );
  const untilIdle = async () => {
    let last = await step();
    while (last.next.kind === 'go_on') last = await step();
    return last;
  };
  /** What the workflows of the refunds do meanwhile. */
  const finishRefunds = async () => {
    for (const refundId of started.splice(0)) {
      const wait = await shop.refunds.advance(refundId, at);
      if (wait.kind === 'approved' && (await shop.refunds.payBack(refundId, at)).kind === 'paid_back')
        await shop.refunds.settle(refundId, at);
    }
  };
  const untilEnded = async () => {
    for (let round = 0; (await untilIdle()).next.kind !== 'ended'; round += 1) {
      if (round > 50) throw new Error('it does not end');
      await finishRefunds();
    }
  };
  await untilIdle();
  return { id, started, step, untilIdle, finishRefunds, untilEnded };
}

describe('the dry run', () => {
  it('says what would be refunded and what not, and why, and moves nothing', async () => {
    const [first = '', second = ''] = await ordersOf(2);
    await shop.refund({ order: second, reason: 'Earlier', requestedBy: 'merchant' });
    const unpaid = await shop.place([], { lines: oneApp });
    const { id } = await job({ orders: [first, second, unpaid.id, 'ord_nobody'] });
    expect(await bulk.view(id)).toMatchObject({
      status: 'awaiting_confirmation',
      orders: { selected: 4, planned: 1, refused: 3 },
      amounts: [{ currency: 'EUR', orders: 1, amount: 1000 }],
      refused: [
        { reason: 'order.not_found', orders: 1 },
        { reason: 'refund.nothing_left', orders: 1 },
        { reason: 'refund.order_not_paid', orders: 1 },
      ],
    });
    expect((await shop.orders.get(first)).refunds).toEqual([]);
  });

  it('finds the orders of a price and a time, each once, and no others', async () => {
    const from = '2026-11-23T00:00:00.000Z';
    await ordersOf(1);
    const placed = (await shop.orders.get((await ordersOf(1, [{ price: 'price_book', quantity: 1 }]))[0] ?? ''))
      .createdAt;
    const filter = { price: 'price_book', from: placed, to: '2099-01-01T00:00:00.000Z' };
    const { id } = await job({ filter });
    expect((await bulk.view(id)).orders).toMatchObject({ selected: 1, planned: 1 });
    const nothing = await job({ filter: { ...filter, from: '2098-01-01T00:00:00.000Z' } });
    expect((await bulk.view(nothing.id)).orders).toMatchObject({ selected: 0 });
    expect(from).not.toBe(placed);
  });

  it('expires when nobody confirms it within a week', async () => {
    const { id, step } = await job({ orders: await ordersOf(1) });
    await step('2099-01-01T00:00:00.000Z');
    expect(await bulk.view(id)).toMatchObject({ status: 'expired', statusReason: 'confirmation_deadline' });
    await expect(bulk.confirm(id, 'ops_2', at)).rejects.toMatchObject({ code: 'bulk_refund.not_waiting' });
  });
});

describe('a confirmed bulk refund', () => {
  it('refunds every order once, so many at a time, and reports', async () => {
    const orders = await ordersOf(7);
    const { id, started, untilIdle, untilEnded } = await job({ orders });
    expect(started).toEqual([]);
    await bulk.confirm(id, 'ops_2', at);
    expect((await untilIdle()).counts).toMatchObject({ planned: 4, started: 3 });
    expect(started).toHaveLength(inFlight);
    await untilEnded();
    expect(await bulk.view(id)).toMatchObject({
      ...{ status: 'completed', endedAt: at, confirmedBy: 'ops_2' },
      orders: { selected: 7, succeeded: 7, planned: 0, started: 0 },
      refunded: [{ currency: 'EUR', orders: 7, amount: 7000 }],
    });
    for (const order of orders) {
      const { refunds, refundStatus } = await shop.orders.get(order);
      expect(refunds).toHaveLength(1);
      expect(refundStatus).toBe('full');
    }
  });

  it('is the same job when every step of it is done twice', async () => {
    const orders = await ordersOf(2);
    const { id, step, started, finishRefunds, untilEnded } = await job({ orders });
    await bulk.confirm(id, 'ops_2', at);
    await bulk.confirm(id, 'ops_2', at);
    await Promise.all([step(), step(), step()]);
    started.splice(0, started.length, ...new Set(started));
    await finishRefunds();
    await untilEnded();
    for (const order of orders)
      expect((await shop.refunds.ofOrder(order)).map(({ status }) => status)).toEqual(['succeeded']);
  });

  it('gives back the difference for each unit, and what was bought stays', async () => {
    const [order = ''] = await ordersOf(1, [
      { price: 'price_app', quantity: 3 },
      { price: 'price_book', quantity: 1 },
    ]);
    const perUnit = { amount: 200, currency: 'EUR' };
    const { id, untilEnded } = await job({
      orders: [order],
      refund: { kind: 'difference', price: 'price_app', perUnit },
    });
    await bulk.confirm(id, 'ops_1', at);
    await untilEnded();
    const [refund] = await shop.refunds.ofOrder(order);
    expect(refund).toMatchObject({ amount: 600, parts: [{ line: '1', quantity: 0, gross: 600 }] });
    expect((await shop.deliveries.deliveriesOf(order)).map(({ status }) => status)).toEqual(['delivered', 'delivered']);
  });

  it('refunds the lines of a product only, and refuses orders without it', async () => {
    const [both = ''] = await ordersOf(1, [...oneApp, { price: 'price_book', quantity: 2 }]);
    const [other = ''] = await ordersOf(1);
    const { id, untilEnded } = await job({ orders: [both, other], refund: { kind: 'lines', product: 'price_book' } });
    expect(await bulk.view(id)).toMatchObject({
      amounts: [{ currency: 'EUR', orders: 1, amount: 1000 }],
      refused: [{ reason: 'refund.line_unknown', orders: 1 }],
    });
    await bulk.confirm(id, 'ops_2', at);
    await untilEnded();
    expect((await shop.refunds.ofOrder(both))[0]?.parts).toEqual([{ line: '2', quantity: 2, gross: 1000 }]);
    expect(await shop.refunds.ofOrder(other)).toEqual([]);
  });

  it('refuses what was refunded since the dry run', async () => {
    const [order = ''] = await ordersOf(1);
    const { id, untilEnded } = await job({ orders: [order] });
    await shop.refund({ order, reason: 'Meanwhile', requestedBy: 'merchant' });
    await bulk.confirm(id, 'ops_2', at);
    await untilEnded();
    expect(await bulk.view(id)).toMatchObject({
      status: 'completed',
      refused: [{ reason: 'refund.nothing_left', orders: 1 }],
    });
    expect(await shop.refunds.ofOrder(order)).toHaveLength(1);
  });
});

describe('people', () => {
  it('can pause it, go on, and end it; what was started goes on', async () => {
    const { id, untilIdle, finishRefunds, started } = await job({ orders: await ordersOf(8) });
    await expect(bulk.pause(id, 'ops_2', at)).rejects.toMatchObject({ code: 'bulk_refund.not_waiting' });
    await bulk.confirm(id, 'ops_2', at);
    await untilIdle();
    await bulk.pause(id, 'ops_2', at);
    await finishRefunds();
    expect((await untilIdle()).counts).toMatchObject({ planned: 5, started: 0, succeeded: 3 });
    expect(started).toEqual([]);
    await bulk.resume(id, 'ops_2', at);
    expect((await untilIdle()).counts).toMatchObject({ planned: 2, started: 3 });
    await bulk.cancel(id, 'ops_2', at);
    expect((await untilIdle()).next).toEqual({ kind: 'ended' });
    expect(await bulk.view(id)).toMatchObject({
      status: 'cancelled',
      orders: { planned: 2, started: 3, succeeded: 3 },
    });
    await expect(bulk.resume(id, 'ops_2', at)).rejects.toMatchObject({ code: 'bulk_refund.not_waiting' });
  });

  it('have to be two for much money', async () => {
    await shop.sell('price_dear', 90_000_00);
    const { id } = await job({ orders: await ordersOf(1, [{ price: 'price_dear', quantity: 1 }]) });
    await expect(bulk.confirm(id, 'ops_1', at)).rejects.toMatchObject({ code: 'bulk_refund.same_person' });
    expect(await bulk.confirm(id, 'ops_2', at)).toMatchObject({ status: 'running' });
  });

  it('are told which field is wrong', async () => {
    const asked = (change: object) =>
      bulk.request({ refund: { kind: 'full' }, reason: 'x', by: 'ops_1', ...change }, { id: 'blk_bad', at });
    const path = (wrong: string) => ({ code: 'request.invalid', problems: [expect.objectContaining({ path: wrong })] });
    await expect(asked({})).rejects.toMatchObject(path('orders'));
    await expect(asked({ orders: ['a', 'a'] })).rejects.toMatchObject(path('orders'));
    await expect(asked({ filter: { from: at, to: at, price: 'p' } })).rejects.toMatchObject(path('filter.to'));
    await expect(asked({ orders: ['a'], refund: { kind: 'lines' } })).rejects.toMatchObject(path('refund.product'));
    await expect(bulk.view('blk_bad')).rejects.toMatchObject({ code: 'bulk_refund.not_found' });
  });
});
