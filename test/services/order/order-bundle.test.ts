import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { priceInputSchema, productInputSchema } from '../../../services/catalog/catalog-schemas.ts';
import { openTestDatabase } from '../../support/mongo.ts';
import { at, openOrders } from './order-fixture.ts';
import type { OrdersUnderTest } from './order-fixture.ts';

// Goal: a bundle is taxed, delivered, invoiced and refunded by component, from line ids with a dot to the books.

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let shop: OrdersUnderTest;

beforeAll(async () => {
  database = await openTestDatabase();
  shop = await openOrders(database.db);
  await put('editor', 8000, { delivery: [{ method: 'license' }] });
  await put('rare', 4000, { taxClass: 'ebook', delivery: [{ method: 'license', pool: ['ONLY-ONE'] }] });
  const components = ['editor', 'rare'].map((product) => ({ product, quantity: 1 }));
  await put('pack', 9000, { delivery: [], components });
});
afterAll(async () => {
  await shop.close();
  await database.close();
});

async function put(id: string, amount: number, product: object): Promise<void> {
  await shop.catalog.putProduct(id, productInputSchema.parse({ name: id, taxClass: 'software_download', ...product }));
  const body = { product: id, currency: 'EUR', taxBehavior: 'inclusive', scheme: { type: 'flat', amount } };
  await shop.catalog.putPrice(`${id}-eur`, priceInputSchema.parse(body), at);
}

async function sold() {
  const { id } = await shop.place(['pack-eur']);
  const prepared = await shop.orders.prepare(id, at);
  await shop.payments.take(await shop.orders.charge(id, at));
  return { id, prepared, fulfilment: await shop.orders.fulfilFromStock(id, at) };
}

describe('a bundle', () => {
  it('is one order line, delivery and invoice line per component, each with its own tax', async () => {
    const { id, prepared, fulfilment } = await sold();
    expect(prepared).toMatchObject({ total: '90.00 EUR', deliveries: [{ line: '1.1' }, { line: '1.2' }] });
    expect(fulfilment).toEqual({ completed: true, impossible: [] });
    const deliveries = await shop.deliveries.deliveriesOf(id);
    expect(deliveries.map(({ line, product, status }) => [line, product, status])).toEqual([
      ['1.1', 'editor', 'delivered'],
      ['1.2', 'rare', 'delivered'],
    ]);
    const [invoice] = await shop.invoices.listByOrder(id);
    expect(invoice).toMatchObject({ gross: 9000, lines: [{ gross: 6000 }, { gross: 3000 }] });
  });

  it('with a component that nobody can deliver is refused, naming the line that was asked for', async () => {
    await put('mug', 1000, { taxClass: 'physical', delivery: [{ method: 'parcel' }] });
    const components = ['editor', 'editor', 'mug'].map((product) => ({ product, quantity: 1 }));
    await put('gift-box', 9000, { delivery: [], components });
    await expect(shop.place(['editor-eur', 'gift-box-eur'])).rejects.toMatchObject({
      code: 'order.not_deliverable',
      problems: [{ path: 'lines[1].price' }],
    });
  });

  it('gives the money of a component back that cannot be delivered, and keeps the rest', async () => {
    const { id, fulfilment } = await sold();
    expect(fulfilment).toEqual({ completed: false, impossible: [{ line: '1.2', reason: 'license_pool_empty' }] });
    for (const time of [at, at]) {
      await shop.orders.refundLine(id, '1.2');
      await shop.orders.recordLineRefund(id, '1.2', 'license_pool_empty', time);
    }
    const order = await shop.orders.get(id);
    expect(order).toMatchObject({ refundStatus: 'partial', refunds: [{ lines: ['1.2'], amount: 3000 }] });
    expect(order.timeline.filter(({ event }) => event === 'line_refunded/1.2')).toHaveLength(1);
    expect(await shop.payments.find(id)).toMatchObject({ captured: 9000, refunded: 3000 });
    const kinds = (await shop.invoices.listByOrder(id)).map(({ kind, gross }) => [kind, gross]);
    expect(kinds).toEqual(
      expect.arrayContaining([
        ['invoice', 9000],
        ['credit_note', 3000],
      ]),
    );
    for (const { sum } of await shop.ledger.sums()) expect(sum).toBe(0);
  });
});
