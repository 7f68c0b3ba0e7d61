import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Db } from 'mongodb';
import type { Order, Quote } from '../../../domain/order/order.ts';
import { createOrderStore, ordersCollection } from '../../../services/order/order-store.ts';
import { emailHash } from '../../../services/risk/email-hash.ts';
import { createRiskService } from '../../../services/risk/risk-service.ts';
import type { RiskService } from '../../../services/risk/risk-service.ts';
import { openTestDatabase } from '../../support/mongo.ts';

const at = '2026-11-21T10:00:00.000Z';

let db: Db;
let close: () => Promise<void>;
let risk: RiskService;

beforeAll(async () => {
  const database = await openTestDatabase();
  db = database.db;
  close = () => database.close();
  await db.collection(ordersCollection.name).createIndexes([...ordersCollection.indexes]);
  const orders = createOrderStore(db);
  risk = createRiskService({
    recentOrders: (query) => orders.recordedSince(query.emailHash, query.since),
  });
});
afterAll(() => close());

const quote: Quote = {
  currency: 'EUR',
  net: 33_61,
  discount: 0,
  tax: 6_39,
  gross: 40_00,
  lines: [],
  taxes: [],
  placeOfSupply: { country: 'DE', region: null, postalCode: null, evidence: [] },
  reverseCharge: false,
};

function order(customer: Partial<Order['customer']> = {}, priced: Quote | null = quote): Order {
  return {
    id: 'ord_screened',
    number: 'SCRE-ENED',
    revision: 1,
    status: 'screening',
    statusReason: null,
    refundStatus: 'none',
    disputed: false,
    customer: {
      id: null,
      email: 'anna@example.com',
      name: 'Anna Schmidt',
      locale: 'de',
      country: 'DE',
      region: null,
      postalCode: '10115',
      street: null,
      city: null,
      type: 'consumer',
      businessTaxId: null,
      ipCountry: 'DE',
      cardCountry: 'DE',
      ...customer,
    },
    currency: 'EUR',
    requestedLines: [],
    coupon: null,
    payment: { method: 'card', token: 'tok_ok' },
    consents: { immediateDelivery: true, withdrawalWaiver: true },
    metadata: {},
    quote: priced,
    quoteId: null,
    quoteHash: '',
    businessTaxIdStatus: 'not_given',
    screening: null,
    review: null,
    refunds: [],
    timeline: [],
    createdAt: at,
    startedAt: null,
  };
}

/** Earlier orders of one inbox, one every `everySeconds` before `at`. */
async function recordOrders(email: string, count: number, everySeconds: number): Promise<void> {
  const hash = emailHash(email);
  const earlier = Array.from({ length: count }, (_, index) => {
    const createdAt = new Date(Date.parse(at) - index * everySeconds * 1000).toISOString();
    const id = `ord_${hash.slice(0, 8)}_${index}`;
    return { ...order({ email }), _id: id, id, createdAt, emailHash: hash, requestHash: '' };
  });
  await db.collection<(typeof earlier)[number]>(ordersCollection.name).insertMany(earlier);
}

describe('screening an order', () => {
  it('accepts an ordinary one', async () => {
    expect(await risk.screen(order(), [], at)).toEqual({ decision: 'accept', reasons: [] });
  });

  it('sends what the acquirer finds risky to a reviewer', async () => {
    expect(await risk.screen(order(), ['elevated_risk'], at)).toEqual({
      decision: 'review',
      reasons: ['provider.signals'],
    });
  });

  it('rejects a throw-away address, a foreign card and a high amount together', async () => {
    const bad = order({ email: 'x@Mailinator.com', cardCountry: 'US' }, { ...quote, gross: 120_000, currency: 'USD' });
    expect((await risk.screen(bad, [], at)).decision).toBe('reject');
  });

  it('counts the orders of one inbox across its spellings, within the hour and the day', async () => {
    await recordOrders('bulk.buyer@gmail.com', 55, 30);
    const screening = await risk.screen(order({ email: 'BulkBuyer+shop@googlemail.com' }), [], at);
    expect(screening).toEqual({ decision: 'review', reasons: ['velocity.email_hour', 'velocity.email_day'] });
    const nextDay = await risk.screen(order({ email: 'bulkbuyer@gmail.com' }), [], '2026-11-23T10:00:00.000Z');
    expect(nextDay.decision).toBe('accept');
  });

  it('does not mind a customer who orders every hour', async () => {
    await recordOrders('regular@example.com', 24, 3600);
    expect(await risk.screen(order({ email: 'regular@example.com' }), [], at)).toEqual({
      decision: 'accept',
      reasons: [],
    });
  });

  it('needs a price first', async () => {
    await expect(risk.screen(order({}, null), [], at)).rejects.toMatchObject({ code: 'order.state_conflict' });
  });
});

describe('the hash of an inbox', () => {
  it('is the same for every spelling, differs between inboxes and does not show the address', () => {
    expect(emailHash('Anna.S+1@gmail.com')).toBe(emailHash('annas@googlemail.com'));
    expect(emailHash('anna@example.com')).not.toBe(emailHash('anna@example.org'));
    expect(emailHash('anna@example.com')).toMatch(/^[0-9a-f]{64}$/);
  });
});
