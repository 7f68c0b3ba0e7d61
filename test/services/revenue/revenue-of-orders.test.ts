import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { priceInputSchema, productInputSchema } from '../../../services/catalog/catalog-schemas.ts';
import { openTestDatabase } from '../../support/mongo.ts';
import { at, openOrders } from '../order/order-fixture.ts';
import type { OrdersUnderTest } from '../order/order-fixture.ts';
import { openRevenue } from './revenue-fixture.ts';
import type { RevenueUnderTest } from './revenue-fixture.ts';

// Goal: what orders sell and give back reaches the schedules. Method: the real order service, from the catalogue to the
// refund, each step twice.

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let shop: OrdersUnderTest;
let revenue: RevenueUnderTest;

beforeAll(async () => {
  database = await openTestDatabase();
  shop = await openOrders(database.db);
  revenue = openRevenue(database.db);
  await shop.sellers.ensureOwnSeller('Waybill Commerce Ltd');
  await stock('board', 'saas', { interval: 'month', count: 3 });
  await stock('editor', 'software_download', undefined);
});
afterAll(async () => {
  await shop.close();
  await database.close();
});

async function stock(id: string, taxClass: string, recurring: object | undefined): Promise<void> {
  const delivery = [{ method: 'license' }];
  await shop.catalog.putProduct(id, productInputSchema.parse({ name: id, taxClass, delivery }));
  const scheme = { type: 'per_unit', amount: 11_900 };
  const price = { product: id, currency: 'EUR', taxBehavior: 'inclusive', scheme, recurring };
  await shop.catalog.putPrice(`${id}-eur`, priceInputSchema.parse(price), at);
}

async function sold(prices: readonly string[]): Promise<string> {
  const { id } = await shop.place(prices);
  await shop.orders.prepare(id, at);
  await shop.payments.take(await shop.orders.charge(id, at));
  await shop.orders.fulfilFromStock(id, at);
  await shop.orders.fulfilFromStock(id, at);
  return id;
}

describe('an order', () => {
  it('of a subscription and a download defers the one and has earned the other', async () => {
    const id = await sold(['board-eur', 'editor-eur']);
    const schedules = await revenue.revenue.ofOrder(id);
    expect(schedules).toMatchObject([
      { line: '1', net: 10_000, period: { start: '2026-11-21', end: '2027-02-21' }, soldAt: at },
    ]);
    expect(await revenue.balances()).toMatchObject({
      'revenue/seller_default': -10_000,
      'deferred_revenue/seller_default': -10_000,
    });
    expect((await revenue.report.verify()).differences).toEqual([]);
  });

  it('whose subscription is refunded ends with nothing deferred and only what was earned reversed', async () => {
    const id = await sold(['board-eur']);
    const later = '2026-12-14T10:00:00.000Z';
    await shop.orders.refundLine(id, '1');
    await shop.orders.recordLineRefund(id, '1', 'not_delivered', later);
    await shop.orders.recordLineRefund(id, '1', 'not_delivered', '2026-12-15T10:00:00.000Z');
    const [schedule] = await revenue.revenue.ofOrder(id);
    expect(schedule?.events).toMatchObject([{ kind: 'credited', net: 10_000, on: '2026-12-14' }]);
    await revenue.runFor('2026-12-14', '2026-12-15T02:10:00.000Z');
    const [booked] = await revenue.revenue.ofOrder(id);
    // 23 of 92 days.
    expect(booked).toMatchObject({ open: false, booked: { recognised: 2500, refunded: 7500 } });
    expect((await revenue.report.verify()).differences).toEqual([]);
  });
});
