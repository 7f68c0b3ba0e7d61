import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { couponInputSchema, priceInputSchema, productInputSchema } from '../../../services/catalog/catalog-schemas.ts';
import { orderRequestSchema } from '../../../services/order/order-intake.ts';
import { quoteHash } from '../../../services/pricing/quote-hash.ts';
import { quoteRequestSchema } from '../../../services/pricing/quote-schemas.ts';
import type { BusinessTaxIdStatus } from '../../../domain/order/order.ts';
import { openTestDatabase } from '../../support/mongo.ts';
import { at, openOrders } from './order-fixture.ts';
import type { OrdersUnderTest } from './order-fixture.ts';

// Goal: what is quoted is what is charged, and a coupon is redeemed by orders that are paid and by no others.

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let shop: OrdersUnderTest;
let placed = 0;

beforeAll(async () => {
  database = await openTestDatabase();
  shop = await openOrders(database.db);
  await stock('editor', 11_900);
  await stock('sticker', 49);
  await stock('gift', 0);
  await shop.catalog.putCoupon('ALL', couponInputSchema.parse({ percentOff: '100', duration: 'once' }));
});
afterAll(async () => {
  await shop.close();
  await database.close();
});

async function stock(id: string, amount: number): Promise<void> {
  const product = { name: id, taxClass: 'software_download', delivery: [{ method: 'license' }] };
  await shop.catalog.putProduct(id, productInputSchema.parse(product));
  await price(id, amount);
}

async function price(id: string, amount: number): Promise<void> {
  const body = { product: id, currency: 'EUR', taxBehavior: 'inclusive', scheme: { type: 'per_unit', amount } };
  await shop.catalog.putPrice(`${id}-eur`, priceInputSchema.parse(body), at);
}

const german = { country: 'DE', ipCountry: 'DE', cardCountry: 'DE' };
const french = { country: 'FR', ipCountry: 'FR', cardCountry: 'FR', type: 'business', businessTaxId: 'FR40303265045' };

function issue(customer: object, businessTaxIdStatus: BusinessTaxIdStatus = 'not_given') {
  const lines = [{ price: 'editor-eur', quantity: 1 }];
  const basket = quoteRequestSchema.parse({ currency: 'EUR', customer, lines });
  const terms = { issuedAt: at, pricedAt: at, businessTaxIdStatus, displayCurrency: null };
  return shop.issuedQuotes.issue(basket, terms);
}

const withQuote = (quote: string, customer: object = german) =>
  shop.place(['editor-eur'], { quote, customer: { ...customer, email: 'ada@example.com', name: 'Ada Example' } });

describe('an order', () => {
  it('is priced when it is placed, and has the hash of what it will charge', async () => {
    const order = await shop.place(['editor-eur']);
    expect(order).toMatchObject({ quoteId: null, quote: { gross: 11_900 }, businessTaxIdStatus: 'not_given' });
    expect(order.quote === null ? '' : quoteHash(order.quote)).toBe(order.quoteHash);
  });

  it('that names a quote charges it to the cent after the price has changed', async () => {
    const issued = await issue(german);
    await price('editor', 29_900);
    const { id, quoteId, quoteHash: hash } = await withQuote(issued.id);
    await price('editor', 11_900);
    expect({ quoteId, hash }).toEqual({ quoteId: issued.id, hash: issued.hash });
    expect(await shop.orders.prepare(id, at)).toMatchObject({ kind: 'ready', total: '119.00 EUR' });
    expect((await shop.orders.charge(id, at)).amount).toEqual({ amount: 11_900, currency: 'EUR' });
  });

  it('that names a quote with a confirmed tax id does not ask the register again', async () => {
    const issued = await issue(french, 'confirmed');
    const { id, businessTaxIdStatus } = await withQuote(issued.id, french);
    expect(businessTaxIdStatus).toBe('confirmed');
    expect(await shop.orders.prepare(id, at)).toMatchObject({ checkBusinessTaxId: false, total: '99.17 EUR' });
  });

  it('that names a quote made while the register was away asks again, and never pays more', async () => {
    const issued = await issue(french, 'unavailable');
    const { id } = await withQuote(issued.id, french);
    expect(await shop.orders.prepare(id, at)).toMatchObject({ checkBusinessTaxId: true, total: '119.00 EUR' });
    expect(await shop.orders.settleTax(id, 'confirmed', at)).toBe('99.17 EUR');
    const { quote, quoteHash: hash } = await shop.orders.get(id);
    expect(quote === null ? '' : quoteHash(quote)).toBe(hash);
    expect(hash).not.toBe(issued.hash);
  });

  it('stays the same order when it is sent again after its quote has ended or its price has gone', async () => {
    const issued = await issue(german);
    const request = orderRequestSchema.parse({
      ...{ currency: 'EUR', lines: [{ price: 'editor-eur', quantity: 1 }], quote: issued.id },
      customer: { ...german, email: 'again@example.com', name: 'Again' },
      payment: { method: 'card', token: 'tok_ok' },
    });
    const first = await shop.intake.record(request, { orderId: 'ord_again', at });
    const late = { orderId: 'ord_again', at: '2026-12-31T00:00:00.000Z' };
    expect(await shop.intake.record(request, late)).toEqual(first);
    await expect(shop.intake.record(request, { ...late, orderId: 'ord_other' })).rejects.toMatchObject({
      code: 'quote.expired',
    });
    await expect(shop.intake.record({ ...request, metadata: { a: 'b' } }, late)).rejects.toMatchObject({
      code: 'quote.expired',
    });
  });

  it('below what any provider takes is refused, and one of 0 is free', async () => {
    await expect(shop.place(['sticker-eur'])).rejects.toMatchObject({
      code: 'payment.amount_out_of_range',
      problems: [{ path: 'lines', message: 'no provider takes 0.49 EUR by card' }],
    });
    expect((await shop.place(['sticker-eur', 'sticker-eur'])).quote?.gross).toBe(98);
    expect((await shop.place(['gift-eur'])).quote?.gross).toBe(0);
    expect((await shop.place(['sticker-eur'], { coupon: 'ALL' })).quote?.gross).toBe(0);
    // Nobody takes the method at all: the payment says so.
    expect((await shop.place(['sticker-eur'], { payment: { method: 'cash', token: 'tok_ok' } })).quote?.gross).toBe(49);
  });
});

describe('the coupon of an order', () => {
  async function limited(maxRedemptions: number): Promise<string> {
    placed += 1;
    const id = `LIMITED_${placed}`;
    await shop.catalog.putCoupon(id, couponInputSchema.parse({ percentOff: '10', duration: 'once', maxRedemptions }));
    return id;
  }
  const usedUp = async (id: string) => shop.redemptions.isUsedUp(await shop.catalog.getCoupon(id));

  it('is redeemed once by preparing it, not by placing it, and refused when others were first', async () => {
    const coupon = await limited(1);
    const [first, second] = [
      await shop.place(['editor-eur'], { coupon }),
      await shop.place(['editor-eur'], { coupon }),
    ];
    expect(await usedUp(coupon)).toBe(false);
    expect(await shop.orders.prepare(first.id, at)).toMatchObject({ kind: 'ready', total: '107.10 EUR' });
    expect(await shop.orders.prepare(first.id, at)).toMatchObject({ kind: 'ready' });
    expect(await usedUp(coupon)).toBe(true);
    expect(await shop.orders.prepare(second.id, at)).toEqual({ kind: 'rejected', reason: 'price.coupon_refused' });
    await expect(shop.place(['editor-eur'], { coupon })).rejects.toMatchObject({
      code: 'price.coupon_refused',
      problems: [{ path: 'coupon', message: 'this coupon has been used up' }],
    });
    // Its rejection gives back nothing that it never had.
    await shop.orders.recordEvent({ orderId: second.id, event: 'rejected', at });
    expect(await usedUp(coupon)).toBe(true);
  });

  it.each(['declined', 'payment_expired', 'cancelled'] as const)(
    'is given back once when it ends %s',
    async (event) => {
      const coupon = await limited(1);
      const [first, next, late] = await Promise.all([1, 2, 3].map(() => shop.place(['editor-eur'], { coupon })));
      if (first === undefined || next === undefined || late === undefined) throw new Error('not placed');
      await shop.orders.prepare(first.id, at);
      await shop.orders.recordEvent({ orderId: first.id, event, at });
      await shop.orders.recordEvent({ orderId: first.id, event, at });
      expect(await usedUp(coupon)).toBe(false);
      expect(await shop.orders.prepare(next.id, at)).toMatchObject({ kind: 'ready' });
      await shop.orders.recordEvent({ orderId: first.id, event, at });
      expect(await shop.orders.prepare(late.id, at)).toMatchObject({ kind: 'rejected' });
    },
  );

  it('of which there are 5 is in 5 of 40 orders that are prepared at once', async () => {
    const coupon = await limited(5);
    const orders = await Promise.all(Array.from({ length: 40 }, () => shop.place(['editor-eur'], { coupon })));
    const prepared = await Promise.all(orders.map(({ id }) => shop.orders.prepare(id, at)));
    expect(prepared.filter(({ kind }) => kind === 'ready')).toHaveLength(5);
  });
});
