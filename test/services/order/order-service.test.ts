import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { facts } from '../../../domain/idempotency.ts';
import { orderEvent, orderEvents } from '../../../domain/order/order-events.ts';
import type { OrderEvent } from '../../../domain/order/order-events.ts';
import { orderStatuses, orderTransitions } from '../../../domain/order/order-status.ts';
import { productInputSchema, priceInputSchema } from '../../../services/catalog/catalog-schemas.ts';
import { ordersCollection } from '../../../services/order/order-store.ts';
import { collectionOf } from '../../../services/store/collection.ts';
import { openTestDatabase } from '../../support/mongo.ts';
import { at, openOrders } from './order-fixture.ts';
import type { OrdersUnderTest } from './order-fixture.ts';

// Goal: every step of an order may be repeated after a crash and nothing happens twice. Method: the real services on a
// real database, each step called twice.

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let shop: OrdersUnderTest;
const again = '2026-11-21T10:00:05.000Z';

beforeAll(async () => {
  database = await openTestDatabase();
  shop = await openOrders(database.db);
  await shop.sellers.ensureOwnSeller('Waybill Commerce Ltd');
  await stock('editor', 11_900, [{ method: 'license' }]);
  await stock('course', 5950, [{ method: 'license', pool: ['ONLY-ONE'] }]);
  await stock('gift', 0, [{ method: 'license' }]);
  await stock('mug', 1190, [{ method: 'parcel' }]);
});
afterAll(async () => {
  await shop.close();
  await database.close();
});

async function stock(id: string, amount: number, delivery: object[]): Promise<void> {
  const product = productInputSchema.parse({ name: id, taxClass: 'software_download', delivery });
  await shop.catalog.putProduct(id, product);
  const price = { product: id, currency: 'EUR', taxBehavior: 'inclusive', scheme: { type: 'per_unit', amount } };
  await shop.catalog.putPrice(`${id}-eur`, priceInputSchema.parse(price), at);
}

/** Placed, prepared and paid; nothing is booked yet. */
async function paid(prices: readonly string[]) {
  const { id } = await shop.place(prices);
  await shop.orders.prepare(id, at);
  await shop.payments.take(await shop.orders.charge(id, at));
  return id;
}

/** The same, booked and delivered. */
async function sold(prices: readonly string[]) {
  const id = await paid(prices);
  await shop.orders.fulfilFromStock(id, at);
  return id;
}

describe('each step, done twice', () => {
  it('prepare: answers the same and writes each event once', async () => {
    const { id } = await shop.place(['editor-eur']);
    const first = await shop.orders.prepare(id, at);
    expect(first).toEqual({
      kind: 'ready',
      screening: 'accept',
      checkBusinessTaxId: false,
      total: '119.00 EUR',
      deliveries: [{ line: '1', method: 'license', byPartner: false }],
    });
    expect(await shop.orders.prepare(id, again)).toEqual(first);
    const { timeline, status } = await shop.orders.get(id);
    expect(timeline.map(({ event }) => event)).toEqual(['received', 'screened']);
    expect(status).toBe('awaiting_payment');
  });

  it('settleTax: the tax is settled once, from the moment of the order', async () => {
    const french = { country: 'FR', ipCountry: 'FR', cardCountry: 'FR', type: 'business' };
    const buyer = { ...french, email: 'b@example.com', name: 'B', businessTaxId: 'FR40303265045' };
    const { id } = await shop.place(['editor-eur'], { customer: buyer });
    expect(await shop.orders.prepare(id, at)).toMatchObject({ checkBusinessTaxId: true });
    const total = await shop.orders.settleTax(id, 'confirmed', at);
    expect(await shop.orders.settleTax(id, 'confirmed', again)).toBe(total);
    const { quote, timeline } = await shop.orders.get(id);
    expect(quote).toMatchObject({ reverseCharge: true, tax: 0 });
    expect(timeline.filter(({ event }) => event === 'tax_settled')).toHaveLength(1);
  });

  it('fulfilFromStock: books, delivers and completes once, and says what is left', async () => {
    const id = await paid(['editor-eur']);
    expect(await shop.orders.fulfilFromStock(id, at)).toEqual({ completed: true, impossible: [] });
    expect(await shop.orders.fulfilFromStock(id, again)).toEqual({ completed: true, impossible: [] });
    expect(await shop.invoices.listByOrder(id)).toHaveLength(1);
    expect((await shop.ledger.find(facts.sale(id)))?.at).toBe(at);
    expect((await shop.messages.listByOrder(id)).map(({ template }) => template)).toEqual(['order_confirmed']);
    const { timeline, status } = await shop.orders.get(id);
    expect(timeline.map(({ event }) => event)).toEqual(['received', 'screened', 'paid', 'completed']);
    expect(status).toBe('completed');
  });

  it('events of one moment: what was recorded before is not recorded again', async () => {
    const id = await paid(['editor-eur']);
    await shop.orders.recordEvent({ orderId: id, event: 'paid', at });
    await shop.orders.fulfilFromStock(id, again);
    const { timeline } = await shop.orders.get(id);
    expect(timeline.map(({ at: when, event }) => [when, event]).slice(-2)).toEqual([
      [at, 'paid'],
      [again, 'completed'],
    ]);
  });

  it('recordEvent: one entry and one message of the fact', async () => {
    const id = await paid(['editor-eur']);
    await shop.orders.recordEvent({ orderId: id, event: 'declined', at });
    await shop.orders.recordEvent({ orderId: id, event: 'declined', at: again });
    expect((await shop.messages.listByOrder(id)).map(({ template }) => template)).toEqual(['payment_declined']);
    expect((await shop.orders.get(id)).timeline.at(-1)).toMatchObject({ at, event: 'declined' });
  });

  it('refundLine and recordLineRefund: the money of the line once, one credit note, one entry, one message', async () => {
    const id = await sold(['editor-eur', 'course-eur']);
    for (const time of [at, again]) {
      expect(await shop.orders.refundLine(id, '2')).toBe('succeeded');
      await shop.orders.recordLineRefund(id, '2', 'license_pool_empty', time);
    }
    const order = await shop.orders.get(id);
    expect(order.refundStatus).toBe('partial');
    expect(order.refunds).toHaveLength(1);
    expect(order.refunds[0]).toMatchObject({ amount: 5950, status: 'succeeded', lines: ['2'] });
    expect(await shop.payments.find(id)).toMatchObject({ captured: 17_850, refunded: 5950 });
    const kinds = (await shop.invoices.listByOrder(id)).map(({ kind }) => kind);
    expect(kinds.sort()).toEqual(['credit_note', 'invoice']);
    expect(await shop.ledger.find(facts.refund(id, 'undeliverable-2'))).not.toBeNull();
    expect((await shop.messages.listByOrder(id)).map(({ template }) => template)).toContain('line_refunded');
    expect(await shop.messages.listByOrder(id)).toHaveLength(2);
    for (const { sum } of await shop.ledger.sums()) expect(sum).toBe(0);
  });

  it('all lines refunded one after the other is a full refund', async () => {
    const id = await sold(['editor-eur', 'course-eur']);
    for (const line of ['1', '2']) {
      await shop.orders.refundLine(id, line);
      await shop.orders.recordLineRefund(id, line, 'file_missing', at);
    }
    expect((await shop.orders.get(id)).refundStatus).toBe('full');
    expect(await shop.payments.find(id)).toMatchObject({ captured: 17_850, refunded: 17_850 });
  });

  it('all of it by ten workers at once leaves one of everything', async () => {
    const { id } = await shop.place(['editor-eur']);
    await Promise.all(Array.from({ length: 10 }, () => shop.orders.prepare(id, at)));
    await shop.payments.take(await shop.orders.charge(id, at));
    await Promise.all(Array.from({ length: 10 }, () => shop.orders.fulfilFromStock(id, at)));
    const events = (await shop.orders.get(id)).timeline.map(({ event }) => event);
    expect(events).toEqual(['received', 'screened', 'paid', 'completed']);
    expect(await shop.invoices.listByOrder(id)).toHaveLength(1);
    expect(await shop.messages.listByOrder(id)).toHaveLength(1);
  });
});

describe('an event in a status that it does not follow', () => {
  const events = Object.keys(orderEvents) as OrderEvent[];

  it.each(events)('%s happens where the table allows it, and is refused everywhere else', async (event) => {
    const records = collectionOf(database.db, ordersCollection);
    const { status: to } = orderEvent(event);
    for (const from of orderStatuses) {
      const { id } = await shop.place(['editor-eur']);
      await records.updateOne({ _id: id }, { $set: { status: from, timeline: [] } });
      const allowed = to === null || to === from || orderTransitions[from].includes(to);
      const recorded = shop.store.record({ orderId: id, event, at });
      if (allowed) expect((await recorded).status).toBe(to ?? from);
      else await expect(recorded).rejects.toMatchObject({ code: 'order.state_conflict' });
      expect((await shop.orders.get(id)).timeline).toHaveLength(allowed ? 1 : 0);
    }
  });
});

describe('orders out of the ordinary', () => {
  it('of 0 are invoiced without a payment', async () => {
    const id = await sold(['gift-eur']);
    expect(await shop.payments.find(id)).toBeNull();
    expect(await shop.invoices.listByOrder(id)).toMatchObject([{ kind: 'invoice', gross: 0 }]);
    expect((await shop.orders.get(id)).status).toBe('completed');
  });

  it('of 0 whose line cannot be delivered give nothing back', async () => {
    const id = await sold(['gift-eur']);
    await shop.orders.refundLine(id, '1');
    await shop.orders.recordLineRefund(id, '1', 'file_missing', at);
    const order = await shop.orders.get(id);
    expect(order.refunds).toMatchObject([{ amount: 0, status: 'succeeded', creditNote: null }]);
    expect(order.refundStatus).toBe('none');
  });

  it('that nobody can deliver yet are refused when they are placed, naming the line', async () => {
    await expect(shop.place(['editor-eur', 'mug-eur'])).rejects.toMatchObject({
      code: 'order.not_deliverable',
      problems: [{ path: 'lines[1].price' }],
    });
  });

  it('of something that has left the catalogue since cost what they did when they were placed', async () => {
    await stock('relic', 100, [{ method: 'license' }]);
    const { id, quoteHash, quote } = await shop.place(['relic-eur']);
    await database.db.collection<{ _id: string }>('products').deleteOne({ _id: 'relic' });
    await database.db.collection('prices').deleteOne({ product: 'relic' });
    expect(await shop.orders.prepare(id, at)).toMatchObject({ kind: 'ready', total: '1.00 EUR' });
    expect(await shop.orders.settleTax(id, 'unavailable', at)).toBe('1.00 EUR');
    expect(await shop.orders.get(id)).toMatchObject({ quoteHash, quote: { gross: quote?.gross } });
  });

  it('that do not exist are not found', async () => {
    await expect(shop.orders.prepare('ord_none', at)).rejects.toMatchObject({ code: 'order.not_found' });
  });
});
