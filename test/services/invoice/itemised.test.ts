import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { facts } from '../../../domain/idempotency.ts';
import { couponInputSchema, priceInputSchema, productInputSchema } from '../../../services/catalog/catalog-schemas.ts';
import { openTestDatabase } from '../../support/mongo.ts';
import { at, openOrders } from '../order/order-fixture.ts';
import type { OrdersUnderTest } from '../order/order-fixture.ts';

// Goal: no hidden fees. Method: orders are paid at the sandbox's acquirers, and what they captured is compared with the
// lines of the invoice.

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let shop: OrdersUnderTest;

beforeAll(async () => {
  database = await openTestDatabase();
  shop = await openOrders(database.db);
  await shop.sellers.ensureOwnSeller('Waybill Commerce Ltd');
  await stock('editor', 11_900, 'inclusive');
  await stock('handbook', 1_333, 'exclusive');
  await shop.catalog.putCoupon('TEN', couponInputSchema.parse({ percentOff: '10', duration: 'once' }));
});
afterAll(async () => {
  await shop.close();
  await database.close();
});

async function stock(id: string, amount: number, taxBehavior: string): Promise<void> {
  const delivery = [{ method: 'license' }];
  await shop.catalog.putProduct(id, productInputSchema.parse({ name: id, taxClass: 'saas', delivery }));
  const price = { product: id, currency: 'EUR', taxBehavior, scheme: { type: 'per_unit', amount } };
  await shop.catalog.putPrice(`${id}-eur`, priceInputSchema.parse(price), at);
}

describe('every amount on the payment', () => {
  it.each([
    ['two inclusive lines', ['editor-eur', 'editor-eur'], {}],
    ['inclusive and exclusive lines', ['editor-eur', 'handbook-eur'], {}],
    ['a coupon', ['handbook-eur', 'editor-eur', 'handbook-eur'], { coupon: 'TEN' }],
    [
      'reverse charge',
      ['editor-eur', 'handbook-eur'],
      {
        customer: {
          ...{ email: 'claire@example.fr', name: 'Claire', country: 'FR', type: 'business' },
          ...{ businessTaxId: 'FR40303265045', street: '1 rue X', city: 'Paris', postalCode: '75001' },
        },
      },
    ],
  ])('is a line of the invoice: %s', async (_title, prices, change) => {
    const { id } = await shop.place(prices, change);
    await shop.orders.prepare(id, at);
    await shop.payments.take(await shop.orders.charge(id, at));
    await shop.orders.fulfilFromStock(id, at);
    const invoice = await shop.invoices.findByFact(facts.sale(id));
    const payment = await shop.payments.find(id);
    const lines = (invoice?.lines ?? []).map(({ gross }) => gross);
    expect(lines).toHaveLength(prices.length);
    expect(payment?.captured).toBeGreaterThan(0);
    expect(lines.reduce((total, gross) => total + gross, 0)).toBe(payment?.captured);
    expect(invoice?.gross).toBe(payment?.captured);
  });
});
