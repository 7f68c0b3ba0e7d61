import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { facts } from '../../../domain/idempotency.ts';
import { priceInputSchema, productInputSchema } from '../../../services/catalog/catalog-schemas.ts';
import { createRetryGovernor } from '../../../services/dunning/retry-governor.ts';
import { createChargePace } from '../../../services/payment/charge-pace.ts';
import { gatewayProfiles } from '../../../services/payment/gateway-registry.ts';
import type { GatewayRefund, PaymentGateway } from '../../../services/payment/payment-gateway.ts';
import { createPaymentService } from '../../../services/payment/payment-service.ts';
import { createPaymentStore } from '../../../services/payment/payment-store.ts';
import { openTestDatabase } from '../../support/mongo.ts';
import { Crash, crashingAt } from '../../support/mortal-db.ts';
import { openPayments } from '../payment/payment-fixture.ts';
import type { PaymentsUnderTest } from '../payment/payment-fixture.ts';
import { at, openOrders } from './order-fixture.ts';
import type { OrdersUnderTest } from './order-fixture.ts';

// Goal: the tax that was charged because a register was away goes back once, to the cent, whatever dies in between.
// Method: the real services on a real database, money at the sandbox over HTTP.

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let world: PaymentsUnderTest;
let shop: OrdersUnderTest;
const again = '2026-11-22T10:00:00.000Z';

/** Payments on that database; the gateway may speak differently of refunds than the sandbox's does. */
function paymentsOn(db: PaymentsDb, refunds: Partial<Pick<PaymentGateway, 'refund' | 'lookupRefund'>> = {}) {
  const gateways = world.gateways();
  return createPaymentService({
    store: createPaymentStore(db),
    gateways: { ...gateways, acquirer_a: { ...gateways.acquirer_a, ...refunds } },
    profiles: gatewayProfiles,
    returnUrl: (id) => `https://shop.test/${id}`,
    chargeGuard: createRetryGovernor(db),
    chargePace: createChargePace(db, 1_000),
  });
}
type PaymentsDb = Parameters<typeof createPaymentStore>[0];

beforeAll(async () => {
  database = await openTestDatabase();
  world = await openPayments(database.db);
  shop = await openOrders(database.db, { payments: paymentsOn(database.db) });
  await shop.sellers.ensureOwnSeller('Waybill Commerce Ltd');
  await stock('editor', 'exclusive', 4900);
  await stock('engine', 'inclusive', 12_200);
  await stock('plugin', 'exclusive', 333);
});
afterAll(async () => {
  await shop.close();
  await world.close();
  await database.close();
});

async function stock(id: string, taxBehavior: string, amount: number): Promise<void> {
  const delivery = [{ method: 'license' }];
  await shop.catalog.putProduct(id, productInputSchema.parse({ name: id, taxClass: 'software_download', delivery }));
  const price = { product: id, currency: 'EUR', taxBehavior, scheme: { type: 'per_unit', amount } };
  await shop.catalog.putPrice(id, priceInputSchema.parse(price), at);
}

const italian = { country: 'IT', ipCountry: 'IT', cardCountry: 'IT', type: 'business', businessTaxId: 'IT00159560366' };

/** Charged with tax because the register was away, paid and fulfilled. */
async function chargedWithTax(
  prices: readonly string[],
  buyer: object = {},
  status: 'unavailable' | 'unknown' = 'unavailable',
) {
  const customer = { email: 'acquisti@example.com', name: 'Officina Esempio', ...italian, ...buyer };
  const { id } = await shop.place(prices, { customer });
  await shop.orders.prepare(id, at);
  await shop.orders.settleTax(id, status, at);
  await shop.payments.take(await shop.orders.charge(id, at));
  await shop.orders.fulfilFromStock(id, at);
  return id;
}

const notesOf = async (id: string) =>
  (await shop.invoices.listByOrder(id)).filter((document) => document.kind === 'credit_note');

describe('what hangs on the register', () => {
  it('is the tax of an order that was charged because the register was away, asked for at the dated times', async () => {
    const id = await chargedWithTax(['editor']);
    const plan = await shop.orders.openTaxConfirmation(id, at);
    expect(plan).toEqual({
      kind: 'due',
      tax: '10.78 EUR',
      currency: 'EUR',
      askAt: [
        '2026-11-21T11:00:00.000Z',
        '2026-11-21T16:00:00.000Z',
        '2026-11-22T10:00:00.000Z',
        '2026-11-23T10:00:00.000Z',
        '2026-11-25T10:00:00.000Z',
        '2026-11-28T10:00:00.000Z',
        '2026-12-05T10:00:00.000Z',
      ],
    });
    expect(await shop.orders.openTaxConfirmation(id, at)).toEqual(plan);
    const events = (await shop.orders.get(id)).timeline.map(({ event }) => event);
    expect(events.filter((event) => event === 'tax_confirmation_started')).toHaveLength(1);
  });

  it.each([
    ['for an id that the register did not know', {}, 'unknown'],
    ['for a consumer', { type: 'consumer' }, 'unavailable'],
    ['for a business in our own country: a confirmed id would change nothing', irish(), 'unavailable'],
  ] as const)('is nothing %s', async (_, buyer, status) => {
    const id = await chargedWithTax(['editor'], buyer, status);
    expect(await shop.orders.openTaxConfirmation(id, at)).toEqual({ kind: 'nothing_at_stake' });
  });

  it('is nothing of a line whose money went back, and nothing at all when every line did', async () => {
    const id = await chargedWithTax(['editor', 'engine']);
    expect(await shop.orders.openTaxConfirmation(id, at)).toMatchObject({ tax: '32.78 EUR' });
    await shop.orders.refundLine(id, '1');
    expect(await shop.orders.openTaxConfirmation(id, at)).toMatchObject({ tax: '22.00 EUR' });
    await shop.orders.recordLineRefund(id, '1', 'file_missing', at);
    expect(await shop.orders.openTaxConfirmation(id, at)).toMatchObject({ tax: '22.00 EUR' });
    await shop.orders.refundLine(id, '2');
    await shop.orders.recordLineRefund(id, '2', 'file_missing', at);
    expect(await shop.orders.openTaxConfirmation(id, at)).toEqual({ kind: 'nothing_at_stake' });
    expect(await shop.orders.giveTaxBack(id)).toBe('nothing_left');
  });
});

function irish() {
  return { country: 'IE', ipCountry: 'IE', cardCountry: 'IE', businessTaxId: 'IE6388047V' };
}

describe('giving the tax back', () => {
  it('leaves the net of exclusive and inclusive prices as it was agreed, and returns the tax charged', async () => {
    const id = await chargedWithTax(['editor', 'engine', 'plugin']);
    const sold = await shop.orders.get(id);
    expect(sold.quote).toMatchObject({ net: 15_233, tax: 3351, gross: 18_584 });
    expect(await shop.orders.giveTaxBack(id)).toBe('succeeded');
    await shop.orders.recordTaxGivenBack(id, at);

    const order = await shop.orders.get(id);
    expect(order).toMatchObject({ status: 'completed', refundStatus: 'partial', quote: sold.quote });
    const reason = 'business_tax_id_confirmed';
    expect(order.refunds).toMatchObject([
      { id: 'tax', amount: 3351, reason, status: 'succeeded', lines: ['1', '2', '3'] },
    ]);
    expect(order.timeline.at(-1)).toMatchObject({ event: 'tax_given_back', at });
    expect(await shop.payments.find(id)).toMatchObject({ captured: 18_584, refunded: 3351 });
    expect(await world.booked(id)).toMatchObject([{ captured: 18_584, refunded: 3351 }]);
  });

  it('is documented by a credit note of tax alone that shifts it to the customer', async () => {
    const id = await chargedWithTax(['editor']);
    await shop.orders.giveTaxBack(id);
    await shop.orders.recordTaxGivenBack(id, at);
    const [note] = await notesOf(id);
    expect(note).toMatchObject({
      net: 0,
      tax: 1078,
      gross: 1078,
      reason: 'business_tax_id_confirmed',
      reverseCharge: true,
    });
    expect(note?.taxes).toMatchObject([{ jurisdiction: 'IT', rate: '0.22', base: 4900, amount: 1078 }]);
    expect(note?.notes.map(({ text }) => text).join()).toContain('Inversione contabile');
    const [template] = (await shop.messages.listByOrder(id)).map((message) => message.template).slice(-1);
    expect(template).toBe('tax_given_back');
  });

  it('takes back what is owed to the state and nothing of the revenue', async () => {
    const id = await chargedWithTax(['editor']);
    await shop.orders.giveTaxBack(id);
    await shop.orders.recordTaxGivenBack(id, at);
    const entry = await shop.ledger.find(facts.refund(id, 'tax'));
    const booked = new Map(entry?.postings.map(({ account, amount }) => [account, amount]));
    expect(booked.get('tax_payable/IT')).toBe(1078);
    expect(booked.get('gateway_clearing/acquirer_a')).toBe(-1078);
    expect([...booked.keys()].filter((account) => /revenue|refunds|vendor/.test(account))).toEqual([]);
    for (const { sum } of await shop.ledger.sums()) expect(sum).toBe(0);
  });

  it('done twice, or by ten workers at once, gives back once', async () => {
    const id = await chargedWithTax(['editor']);
    await Promise.all(Array.from({ length: 10 }, () => shop.orders.giveTaxBack(id)));
    await Promise.all(Array.from({ length: 10 }, () => shop.orders.recordTaxGivenBack(id, at)));
    expect(await shop.orders.giveTaxBack(id)).toBe('succeeded');
    await shop.orders.recordTaxGivenBack(id, again);
    await expectOnce(id, 1078);
  });

  it.each(['lost_answer', 'lost_write'] as const)(
    'survives a process that dies at any write (%s)',
    async (how) => {
      for (let n = 1; ; n += 1) {
        const id = await chargedWithTax(['editor', 'engine']);
        const crashing = crashingAt(database.db, n, how);
        const dying = await openOrders(crashing.db, { payments: paymentsOn(crashing.db) });
        const died = await dies(async () => {
          await dying.orders.giveTaxBack(id);
          await dying.orders.recordTaxGivenBack(id, at);
        });
        await dying.close();
        await shop.orders.giveTaxBack(id);
        await shop.orders.recordTaxGivenBack(id, again);
        await expectOnce(id, 3278);
        if (!died) {
          expect(n).toBeGreaterThan(8);
          return;
        }
      }
    },
    120_000,
  );
});

/** One refund at the gateway, one credit note, one entry, one message, one event. */
async function expectOnce(id: string, amount: number): Promise<void> {
  expect(await world.booked(id)).toMatchObject([{ refunded: amount }]);
  const order = await shop.orders.get(id);
  expect(order.refunds).toMatchObject([{ amount, status: 'succeeded' }]);
  expect(await notesOf(id)).toMatchObject([{ tax: amount, id: order.refunds[0]?.creditNote }]);
  expect(await shop.ledger.find(facts.refund(id, 'tax'))).not.toBeNull();
  const told = (await shop.messages.listByOrder(id)).filter(({ template }) => template === 'tax_given_back');
  expect(told).toHaveLength(1);
  expect(order.timeline.filter(({ event }) => event === 'tax_given_back')).toHaveLength(1);
}

async function dies(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
    return false;
  } catch (error) {
    if (error instanceof Crash) return true;
    throw error;
  }
}

describe('a refund that the gateway does not settle at once', () => {
  const answers = (first: GatewayRefund['status'], later: GatewayRefund['status']) => ({
    refund: () => Promise.resolve({ status: first, refundId: 'ref_1' }),
    lookupRefund: () => Promise.resolve({ status: later, refundId: 'ref_1' }),
  });

  it('is pending on the order and in the payment, is looked up, and then is done', async () => {
    const id = await chargedWithTax(['editor']);
    const slow = await openOrders(database.db, { payments: paymentsOn(database.db, answers('pending', 'pending')) });
    expect(await slow.orders.giveTaxBack(id)).toBe('pending');
    expect(await slow.orders.giveTaxBack(id)).toBe('pending');
    expect((await shop.orders.get(id)).refunds).toMatchObject([{ amount: 1078, status: 'pending', creditNote: null }]);
    expect((await shop.payments.find(id))?.refunds).toMatchObject([{ refundId: 'tax', status: 'pending' }]);
    expect((await shop.orders.get(id)).refundStatus).toBe('none');
    await slow.close();

    const done = await openOrders(database.db, { payments: paymentsOn(database.db, answers('pending', 'succeeded')) });
    expect(await done.orders.giveTaxBack(id)).toBe('succeeded');
    await done.orders.recordTaxGivenBack(id, again);
    expect(await shop.orders.get(id)).toMatchObject({ refundStatus: 'partial', refunds: [{ status: 'succeeded' }] });
    await done.close();
  });

  it('that fails later releases what it had reserved, is recorded, and is not credited', async () => {
    const id = await chargedWithTax(['editor']);
    const failing = await openOrders(database.db, { payments: paymentsOn(database.db, answers('pending', 'failed')) });
    expect(await failing.orders.giveTaxBack(id)).toBe('pending');
    expect(await shop.payments.find(id)).toMatchObject({ refunded: 1078 });
    expect(await failing.orders.giveTaxBack(id)).toBe('failed');
    expect(await failing.orders.giveTaxBack(id)).toBe('failed');
    await failing.orders.recordTaxRefundFailed(id, 'payment.refund_failed', again);
    await failing.orders.recordTaxRefundFailed(id, 'payment.refund_failed', again);
    expect(await shop.payments.find(id)).toMatchObject({ refunded: 0, refunds: [{ status: 'failed' }] });
    const order = await shop.orders.get(id);
    expect(order).toMatchObject({ refundStatus: 'none', refunds: [{ status: 'failed', creditNote: null }] });
    expect(await notesOf(id)).toEqual([]);
    await failing.close();
  });

  it('of a line is pending in the same way, and recorded as done only when it is', async () => {
    const id = await chargedWithTax(['editor']);
    const slow = await openOrders(database.db, { payments: paymentsOn(database.db, answers('pending', 'pending')) });
    expect(await slow.orders.refundLine(id, '1')).toBe('pending');
    const order = await shop.orders.get(id);
    expect(order.refunds).toMatchObject([{ id: 'undeliverable-1', status: 'pending', creditNote: null }]);
    await slow.orders.recordLineRefundFailed(id, '1', 'payment.refund_failed', at);
    expect((await shop.orders.get(id)).refunds).toMatchObject([{ status: 'failed' }]);
    await slow.close();
  });
});
