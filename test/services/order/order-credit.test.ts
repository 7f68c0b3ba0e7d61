import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { facts } from '../../../domain/idempotency.ts';
import type { Order } from '../../../domain/order/order.ts';
import { priceInputSchema, productInputSchema } from '../../../services/catalog/catalog-schemas.ts';
import { auditBook } from '../../../services/ledger/book-audit.ts';
import { databaseOfThisFile } from '../../support/mongo.ts';
import { at, openOrders } from './order-fixture.ts';

// Goal: store credit pays first and the card the rest, on invoice, payment and book alike. Method: the real services on a
// real database, money at the sandbox over HTTP.

const db = await databaseOfThisFile();
const shop = await openOrders(db);
afterAll(() => shop.close());
await shop.sellers.ensureOwnSeller('Waybill Commerce Ltd');
const product = { name: 'Editor', taxClass: 'software_download', delivery: [{ method: 'license' }] };
await shop.catalog.putProduct('editor', productInputSchema.parse(product));
const price = {
  product: 'editor',
  currency: 'EUR',
  taxBehavior: 'inclusive',
  scheme: { type: 'per_unit', amount: 11_900 },
};
await shop.catalog.putPrice('editor-eur', priceInputSchema.parse(price), at);
let customers = 0;
let customer = '';

beforeEach(() => {
  customers += 1;
  customer = `cus_${customers}`;
});

async function withCredit(amount: number): Promise<void> {
  await shop.storeCredit.grant({
    holder: `customer/${customer}`,
    currency: 'EUR',
    amount,
    key: `gift/${customer}`,
    at,
  });
}
const held = () => shop.storeCredit.balance(`customer/${customer}`, 'EUR');

async function ordered(change: object = { useStoreCredit: true }): Promise<Order> {
  const buyer = { id: customer, email: `${customer}@example.com`, name: 'Ada Example', country: 'DE' };
  const order = await shop.place(['editor-eur'], {
    customer: { ...buyer, ipCountry: 'DE', cardCountry: 'DE' },
    ...change,
  });
  await shop.orders.prepare(order.id, at);
  return order;
}

async function pay({ id }: Order) {
  const charge = await shop.orders.charge(id, at);
  await shop.payments.take(charge);
  await shop.orders.fulfilFromStock(id, at);
  return charge;
}

describe('an order that store credit helps to pay', () => {
  it('charges the card for the rest, and shows the credit as a payment and not as a discount', async () => {
    await withCredit(500);
    const order = await ordered();
    const gross = order.quote?.gross ?? 0;
    const charge = await pay(order);
    expect(charge.amount).toEqual({ amount: gross - 500, currency: 'EUR' });
    expect(await shop.orders.charge(order.id, at)).toEqual(charge);
    expect(await held()).toBe(0);
    expect(await shop.orders.get(order.id)).toMatchObject({
      status: 'completed',
      creditApplied: 500,
      quote: { gross },
    });
    expect(await shop.payments.find(order.id)).toMatchObject({ captured: gross - 500 });
    expect(await shop.invoices.findByFact(facts.sale(order.id))).toMatchObject({
      ...{ gross, discount: 0 },
      payment: { method: 'card', storeCredit: 500 },
    });
    const sale = await shop.ledger.find(facts.sale(order.id));
    expect(sale?.postings).toContainEqual({ account: 'customer_credit', currency: 'EUR', amount: 500 });
  });

  it('charges nothing where it pays for all of it, and the rest of the credit stays', async () => {
    await withCredit(1_000_000);
    const order = await ordered();
    const gross = order.quote?.gross ?? 0;
    expect((await pay(order)).amount.amount).toBe(0);
    expect(await held()).toBe(1_000_000 - gross);
    expect(await shop.payments.find(order.id)).toBeNull();
    expect(await shop.invoices.findByFact(facts.sale(order.id))).toMatchObject({
      ...{ gross, payment: { method: 'store_credit', storeCredit: gross } },
    });
  });

  it('leaves what a gateway still takes', async () => {
    const gross = (await ordered()).quote?.gross ?? 0;
    await withCredit(gross - 1);
    const order = await ordered();
    expect((await pay(order)).amount.amount).toBe(50);
    expect(await held()).toBe(49);
  });

  it('gives the credit back when nothing was sold', async () => {
    await withCredit(500);
    const order = await ordered();
    await shop.orders.charge(order.id, at);
    expect(await held()).toBe(0);
    await shop.orders.recordEvent({ orderId: order.id, event: 'declined', at });
    expect(await held()).toBe(500);
  });

  it('is asked for: nobody pays with it unknowingly', async () => {
    await withCredit(500);
    const order = await ordered({});
    expect((await pay(order)).amount.amount).toBe(order.quote?.gross);
    expect(await held()).toBe(500);
  });

  it('leaves a book that is right, but for the gifts that this test made without one', async () => {
    const { problems } = await auditBook({ db }, { settledBefore: '2026-11-22T10:00:00.000Z' });
    expect(problems.filter(({ subject }) => !subject.startsWith('gift/') && subject !== 'customer_credit')).toEqual([]);
  });
});
