import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { facts } from '../../../domain/idempotency.ts';
import { priceInputSchema, productInputSchema } from '../../../services/catalog/catalog-schemas.ts';
import { auditBook } from '../../../services/ledger/book-audit.ts';
import { sellerInputSchema } from '../../../services/seller/seller-schemas.ts';
import { createStatementService } from '../../../services/seller/statement-service.ts';
import { sampleTerms } from '../../domain/seller/sample-terms.ts';
import { openTestDatabase } from '../../support/mongo.ts';
import { at, openOrders } from '../order/order-fixture.ts';
import type { OrdersUnderTest } from '../order/order-fixture.ts';

// Goal: an order with products of several sellers, through the real services, leaves the right shares and a right book.

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let shop: OrdersUnderTest;

const since = (validFrom: string, change: object = {}) => ({ ...sampleTerms({ validFrom }), ...change });

beforeAll(async () => {
  database = await openTestDatabase();
  shop = await openOrders(database.db);
  const seller = (id: string, terms: object) =>
    shop.sellers.put(id, sellerInputSchema.parse({ name: id, ...terms }), at);
  await seller('tools', { terms: [since('2026-01-01T00:00:00.000Z')] });
  await seller('school', { terms: [since('2026-01-01T00:00:00.000Z', { role: 'agent', gatewayFees: 'seller' })] });
  await seller('future', { terms: [since('2027-01-01T00:00:00.000Z')] });
  await stock('editor', null, null);
  await stock('hammer', 'tools', null);
  await stock('lesson', 'school', ['ONLY-ONE']);
  await stock('robot', 'future', null);
});
afterAll(async () => {
  await shop.close();
  await database.close();
});

/** Each costs 119.00 with 19 % in it. */
async function stock(id: string, seller: string | null, pool: string[] | null): Promise<void> {
  const delivery = [{ method: 'license', pool }];
  const product = productInputSchema.parse({ name: id, taxClass: 'software_download', delivery, seller });
  await shop.catalog.putProduct(id, product);
  const scheme = { type: 'per_unit', amount: 11_900 };
  const price = priceInputSchema.parse({ product: id, currency: 'EUR', taxBehavior: 'inclusive', scheme });
  await shop.catalog.putPrice(`${id}-eur`, price, at);
}

async function sold(...products: string[]): Promise<string> {
  const { id } = await shop.place(products.map((product) => `${product}-eur`));
  await shop.orders.prepare(id, at);
  await shop.payments.take(await shop.orders.charge(id, at));
  await shop.orders.fulfilFromStock(id, at);
  return id;
}

/** What is on the accounts, without those at 0. */
async function balances(): Promise<readonly string[]> {
  const rows = await shop.ledger.balances();
  return rows.filter(({ balance }) => balance !== 0).map(({ account, balance }) => `${account} ${balance}`);
}

describe('an order of several sellers', () => {
  it('accrues their shares with the sale, and takes back what of it is refunded', async () => {
    const first = await sold('editor', 'hammer', 'lesson');
    // 1.4 % of 357.00 is 5.00; the school bears the part of it that was charged for its lesson, the smallest: 1.66.
    expect(
      (await shop.ledger.find(facts.sale(first)))?.postings.map(({ account, amount }) => `${account} ${amount}`),
    ).toEqual([
      ...['customer_receivable 35700', 'revenue/seller_default -10000', 'revenue/tools -10000'],
      ...[
        'vendor_payable/tools -8470',
        'vendor_share/tools 8470',
        'revenue/school -1696',
        'vendor_payable/school -8304',
      ],
      ...['tax_payable/DE -5700', 'gateway_clearing/acquirer_a 35700', 'customer_receivable -35700'],
      ...['gateway_fees/acquirer_a 500', 'gateway_fees_payable/acquirer_a -500'],
    ]);
    // The only key is gone: the second lesson is given back.
    const second = await sold('lesson');
    await shop.orders.refundLine(second, '1');
    await shop.orders.recordLineRefund(second, '1', 'pool_empty', '2026-11-22T10:00:00.000Z');
    expect(await balances()).toEqual([
      ...['gateway_clearing/acquirer_a 35700', 'gateway_fees/acquirer_a 667', 'gateway_fees_payable/acquirer_a -667'],
      ...['refunds/school 1697', 'revenue/school -3393', 'revenue/seller_default -10000', 'revenue/tools -10000'],
      ...[
        'tax_payable/DE -5700',
        'vendor_payable/school -8304',
        'vendor_payable/tools -8470',
        'vendor_share/tools 8470',
      ],
    ]);
  });

  it('leaves a book without problems, and statements that say the same', async () => {
    const settledBefore = new Date().toISOString();
    expect(await auditBook(database, { settledBefore })).toMatchObject({ entries: 3, documents: 3, problems: [] });
    const statements = createStatementService(shop);
    const period = { from: '2026-11-01T00:00:00.000Z', to: '2026-12-01T00:00:00.000Z', currency: 'EUR' };
    expect(await statements.statement('school', period)).toMatchObject({
      lines: [
        { kind: 'sale', net: 10_000, retained: 1_696, amount: 8_304 },
        { kind: 'sale', net: 10_000, retained: 1_697, amount: 8_303 },
        { kind: 'refund', net: -10_000, retained: -1_697, amount: -8_303 },
      ],
      totals: { net: 10_000, retained: 1_696, earned: 8_304, settled: 0 },
      closing: 8_304,
    });
  });

  it('is refused where a contract has no terms for the day', async () => {
    await expect(shop.place(['robot-eur'])).rejects.toMatchObject({ code: 'seller.terms_missing' });
  });
});
