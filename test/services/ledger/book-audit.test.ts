import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { reversalOf } from '../../../domain/ledger/journal-entry.ts';
import { startedAttempt } from '../../../domain/payment/payment.ts';
import {
  gatewayFeeEntry,
  gatewayPayoutEntry,
  taxRemittanceEntry,
  vendorPayoutEntry,
  writeOffEntry,
} from '../../../domain/ledger/settlement-entries.ts';
import { refundOtherwiseEntry, refundReturnedEntry } from '../../../domain/ledger/refund-settlement-entries.ts';
import { auditBook } from '../../../services/ledger/book-audit.ts';
import { orderOf, originOf } from '../../../services/ledger/book-sources.ts';
import { storeCreditAccounts } from '../../../services/store-credit/store-credit-store.ts';
import { collectionOf } from '../../../services/store/collection.ts';
import { sampleLine, sampleQuote } from '../../domain/invoice/sample-order.ts';
import { frozenTerms } from '../../domain/seller/sample-terms.ts';
import { openTestDatabase } from '../../support/mongo.ts';
import { at, openBookedShop } from './booked-shop.ts';

let server: Awaited<ReturnType<typeof openTestDatabase>> | undefined;
let shop: Awaited<ReturnType<typeof openBookedShop>>;
beforeEach(async () => {
  await server?.close();
  server = await openTestDatabase();
  shop = await openBookedShop(server.db);
});
afterAll(() => server?.close());

const later = '2026-11-21T10:00:00.001Z';

function database() {
  if (server === undefined) throw new Error('no database');
  return server.db;
}

const audit = (settledBefore = later) => auditBook({ db: database() }, { settledBefore });

/** "subject: problem" of every problem. */
const problems = async (settledBefore?: string) =>
  (await audit(settledBefore)).problems.map(({ subject, problem }) => `${subject}: ${problem}`);

const line = (id: string, sellerId: string) =>
  sampleLine({
    ...{ line: id, name: 'Book', net: 10_000, sellerId },
    ...{ sellerTerms: frozenTerms({ gatewayFees: 'seller' }), taxes: [['DE', 'VAT', '0.19', 1_900]] },
  });
const shared = sampleQuote([line('1', 'books'), line('2', 'books'), line('3', 'games')]);

describe('a book that is right', () => {
  it('has no problems, with refunds in any order, payouts, reversals and free orders', async () => {
    await shop.sell('o1');
    await shop.sell('o2', shared, 333);
    await shop.sell('o3', sampleQuote([sampleLine({ line: '1', name: 'Free', net: 0, taxes: [] })]));
    for (const refunded of ['2', '1', '3']) await shop.refund('o2', `r${refunded}`, refunded);
    await shop.refund('o1', 'r1', '1');
    await shop.sell('o4', shared, 333);
    for (const [index, part] of [1_003, 1_003, 3_333, 6_561].entries()) await shop.refund('o4', `r${index}`, '1', part);
    const paid = { amount: 100, currency: 'EUR' };
    const payout = vendorPayoutEntry({ sellerId: 'books', payoutId: 'p1', paid, at });
    await shop.ledger.post(payout);
    await shop.ledger.post(reversalOf(payout, 'wrong account', at));
    await shop.ledger.post(writeOffEntry({ orderId: 'o1', lost: paid, at }));
    await shop.ledger.post(
      vendorPayoutEntry({ sellerId: 'books', payoutId: 'p2', paid: { amount: 7, currency: 'USD' }, at }),
    );
    await shop.ledger.post(gatewayFeeEntry({ gateway: 'acme', feeId: 'f', fee: paid, at }));
    const held = { gateway: 'acme', payoutId: 'po', currency: 'EUR', gross: 500, fees: 20, at };
    await shop.ledger.post(gatewayPayoutEntry(held));
    const tax = { jurisdiction: 'DE', filing: '2026-Q4', collected: paid, declared: paid, paid: 100, at };
    await shop.ledger.post(taxRemittanceEntry(tax));
    const report = await audit();
    expect(report).toMatchObject({ entries: 19, documents: 12, payments: 4, problems: [], unlisted: 0 });
    expect(report.accounts).toBeGreaterThan(8);
  });

  it('may have what was never paid, is on its way, or was earned in full', async () => {
    await shop.sell('o1');
    await shop.orders.updateOne(
      { _id: 'o1' },
      {
        $push: {
          refunds: {
            $each: [
              { ...{ id: 'r1', lines: ['1'], amount: 5, reason: '', creditNote: null }, status: 'pending' },
              { ...{ id: 'r2', lines: ['1'], amount: 0, reason: '', creditNote: null }, status: 'succeeded' },
            ],
          },
        },
      },
    );
    const attempt = (number: number, moment: string) => startedAttempt(number, 'acme', moment);
    const payment = { orderId: 'o2', currency: 'EUR', amount: 5, refunded: 0, gateway: 'acme', refunds: [] };
    const [declined, captured] = [
      { status: 'declined', captured: 0 } as const,
      { status: 'captured', captured: 5 } as const,
    ];
    await shop.payments.insertOne({ ...payment, ...declined, _id: 'o2', attempts: [attempt(1, at)] });
    const attempts = [attempt(1, at), attempt(2, later)];
    await shop.payments.insertOne({ ...payment, ...captured, _id: 'o3', orderId: 'o3', attempts });
    const deferred = (fact: string, amount: number) => ({
      ...{ fact, kind: 'recognition' as const, at, memo: '' },
      postings: [
        { account: 'deferred_revenue/books', currency: 'EUR', amount },
        { account: 'revenue/books', currency: 'EUR', amount: -amount },
      ],
    });
    await shop.ledger.post(deferred('revenue/1', -3));
    await shop.ledger.post(deferred('revenue/2', 3));
    expect(await problems()).toEqual([]);
    await shop.payments.updateOne({ _id: 'o3' }, { $pop: { attempts: 1 } });
    expect(await problems()).toEqual(['order/o3/sale: 5 EUR was captured and is not booked']);
  });

  it('is right when it is empty', async () => {
    const nothing = { entries: 0, documents: 0, payments: 0, storeCreditAccounts: 0, accounts: 0 };
    expect(await audit()).toEqual({ ...nothing, problems: [], unlisted: 0 });
  });

  it('is read in batches: several hundred entries are all looked at', async () => {
    for (let index = 0; index < 205; index += 1)
      await shop.ledger.post(
        vendorPayoutEntry({ sellerId: 'books', payoutId: `${index}`, paid: { amount: 1, currency: 'EUR' }, at }),
      );
    await shop.entries.updateOne({ _id: 'seller/books/payout/204' }, { $set: { 'postings.0.account': 'petty_cash' } });
    const report = await audit();
    expect(report.entries).toBe(205);
    expect(report.problems).toEqual([{ subject: 'seller/books/payout/204', problem: 'unknown account petty_cash' }]);
  });
});

describe('where an entry comes from', () => {
  it.each([
    ['order/o1/sale', { orderId: 'o1', refundId: null }],
    ['order/o1/refund/r1', { orderId: 'o1', refundId: 'r1' }],
    ['order/o1/refund/a/b', { orderId: 'o1', refundId: 'a/b' }],
    ['order/o1/refund-returned/r1', { orderId: 'o1', refundId: 'r1' }],
    ['order/o1/refund-otherwise/r1', { orderId: 'o1', refundId: 'r1' }],
    ['order/o1/refund-status/r1', { orderId: 'o1', refundId: null }],
    ['order/o1/refund', { orderId: 'o1', refundId: null }],
    ['order/o1/refund/', { orderId: 'o1', refundId: null }],
    ['order/o1/tax/refund/r1', { orderId: 'o1', refundId: null }],
    ['order/o1', null],
    ['order/o1/', null],
    ['order//sale', null],
    ['reorder/o1/sale', null],
    ['seller/books/payout/1', null],
  ])('is told by its fact: %s', (fact, expected) => {
    expect(orderOf(fact)).toEqual(expected);
  });

  it('is, of a reversal, the fact that it undoes', () => {
    expect(originOf('order/o1/sale/reversal')).toBe('order/o1/sale');
    expect(originOf('order/o1/sale/reversal/reversal')).toBe('order/o1/sale/reversal');
  });
});

describe('a book that is wrong', () => {
  it('says what does not balance, and that all accounts together do not', async () => {
    await shop.ledger.post(
      vendorPayoutEntry({ sellerId: 'books', payoutId: 'p', paid: { amount: 5, currency: 'EUR' }, at }),
    );
    await shop.entries.updateOne({}, { $inc: { 'postings.1.amount': 1 } });
    expect(await problems()).toEqual([
      'seller/books/payout/p: does not balance: 1 EUR left over',
      'EUR: all accounts together come to 1, not to 0',
    ]);
  });

  it('says what does not even have the shape of an entry', async () => {
    await shop.ledger.post(
      vendorPayoutEntry({ sellerId: 'books', payoutId: 'p', paid: { amount: 5, currency: 'EUR' }, at }),
    );
    await shop.entries.updateOne({}, { $set: { 'postings.0.amount': 0.5 } });
    expect(await problems()).toEqual([expect.stringMatching(/^seller\/books\/payout\/p: postings\.0\.amount: /)]);
    await shop.sell('o1');
    await shop.refund('o1', 'r1', '2');
    // A driver reads what the server has, whatever its type here.
    await shop.entries.updateOne({ _id: 'order/o1/sale' }, { $set: { at: 'yesterday' as unknown as Date } });
    expect(await problems()).toEqual([
      expect.stringMatching(/^seller\/books\/payout\/p: postings\.0\.amount: /),
      expect.stringMatching(/^order\/o1\/sale: at: /),
      'order/o1/refund/r1: the sale that it undoes is not booked',
    ]);
  });

  it('says where a sale is not what its order, invoice and payment say', async () => {
    await shop.sell('o1');
    await shop.entries.updateOne(
      { _id: 'order/o1/sale' },
      { $inc: { 'postings.1.amount': 7, 'postings.2.amount': -7 } },
    );
    await shop.payments.updateOne({ _id: 'o1' }, { $set: { captured: 15_000 } });
    await shop.documents.updateOne({}, { $set: { 'document.net': 12_996, 'document.taxes.0.amount': 1 } });
    expect(await problems()).toEqual([
      'order/o1/sale: the net invoiced is 12996, the order says 12997',
      'order/o1/sale: tax of DE: invoiced 1, the order says 2469',
      'order/o1/sale: 15000 was captured of 15466 EUR',
      'order/o1/sale: customer_receivable EUR: booked 0, its sources say 466',
      'order/o1/sale: revenue/seller_default EUR: booked -11990, its sources say -11997',
      'order/o1/sale: revenue/seller_books EUR: booked -1007, its sources say -1000',
      'order/o1/sale: gateway_clearing/acme EUR: booked 15466, its sources say 15000',
    ]);
  });

  it('says what has no source', async () => {
    await shop.sell('o1');
    await shop.sell('o2');
    await shop.refund('o2', 'r1', '2');
    await shop.orders.deleteOne({ _id: 'o1' });
    await shop.documents.deleteMany({ orderId: 'o2' });
    await shop.ledger.post(writeOffEntry({ orderId: 'o9', lost: { amount: 1, currency: 'EUR' }, at }));
    const [sale] = await shop.ledger.entries({ limit: 1 });
    if (sale === undefined) throw new Error('nothing is booked');
    await shop.ledger.post({ ...reversalOf(sale, '', at), fact: 'order/o9/sale/reversal' });
    await shop.ledger.post({ ...sale, fact: 'gift/1' });
    await shop.ledger.post({ ...sale, fact: 'dispute/1', kind: 'chargeback' });
    await shop.ledger.post({ ...sale, fact: 'order/o1/return/1', kind: 'refund' });
    expect((await problems()).sort()).toEqual([
      'dispute/1: belongs to no order',
      'gift/1: belongs to no order',
      'order/o1/return/1: belongs to no refund of an order',
      'order/o1/sale: order o1 has no price',
      'order/o2/refund/r1: has no credit note',
      'order/o2/sale: has no invoice',
      'order/o9/sale/reversal: there is nothing that it undoes',
      'order/o9/write-off: belongs to no order',
    ]);
  });

  it('says where a refund is not what its credit note and the gateway say', async () => {
    await shop.sell('o1', shared, 333);
    await shop.refund('o1', 'r1', '1');
    await shop.entries.updateOne(
      { _id: 'order/o1/refund/r1' },
      { $inc: { 'postings.1.amount': 1, 'postings.2.amount': -1 } },
    );
    await shop.payments.updateOne({ _id: 'o1' }, { $set: { 'refunds.0.amount': 11_899 } });
    expect(await problems()).toEqual([
      'order/o1/refund/r1: the gateway gave 11899 back, the credit note says 11900',
      'order/o1/refund/r1: vendor_payable/books EUR: booked 8360, its sources say 8359',
      'order/o1/refund/r1: vendor_share/books EUR: booked -8360, its sources say -8359',
    ]);
  });

  it('says which refund has no sale, and which no payment', async () => {
    await shop.sell('o1');
    await shop.sell('o2');
    for (const orderId of ['o1', 'o2']) await shop.refund(orderId, 'r1', '2');
    await shop.entries.deleteOne({ _id: 'order/o1/sale' });
    await shop.payments.deleteOne({ _id: 'o2' });
    expect(await problems()).toEqual(
      expect.arrayContaining([
        'order/o1/refund/r1: the sale that it undoes is not booked',
        'order/o2/refund/r1: no gateway took the payment',
      ]),
    );
  });

  it('says what was invoiced, captured or given back and is not booked, once it had the time to be', async () => {
    await shop.sell('o1');
    await shop.sell('o2');
    await shop.refund('o2', 'r1', '2');
    await shop.entries.deleteMany({ _id: { $in: ['order/o1/sale', 'order/o2/refund/r1'] } });
    expect(await problems()).toEqual([
      'order/o2/sale: order/o2/refund/r1 was given back and is not booked',
      expect.stringMatching(/^order\/o[12]\/(sale|refund\/r1): (INV|CN)-2026-\d+ was issued and is not booked$/),
      expect.stringMatching(/^order\/o[12]\/(sale|refund\/r1): (INV|CN)-2026-\d+ was issued and is not booked$/),
      'order/o1/sale: 15466 EUR was captured and is not booked',
    ]);
    expect(await problems(at)).toEqual(['order/o2/sale: order/o2/refund/r1 was given back and is not booked']);
  });

  it('says when more is earned than was deferred', async () => {
    await shop.ledger.post({
      ...{ fact: 'revenue/1', kind: 'recognition', at, memo: '' },
      postings: [
        { account: 'deferred_revenue/books', currency: 'EUR', amount: 3 },
        { account: 'revenue/books', currency: 'EUR', amount: -3 },
      ],
    });
    expect(await problems()).toEqual(['deferred_revenue/books: 3 EUR more was recognised than deferred']);
  });

  it('lists the first thousand problems and counts the rest', async () => {
    await shop.entries.insertMany(
      Array.from({ length: 1_003 }, (_, index) => ({
        ...{ _id: `gift/${index}`, kind: 'sale' as const, at: new Date(at), postings: [], memo: '' },
      })),
    );
    const report = await audit();
    expect(report.problems).toHaveLength(1_000);
    expect(report.unlisted).toBe(3);
  });
});

describe('store credit in the book', () => {
  const mend = (change: object) => collectionOf(database(), storeCreditAccounts).updateOne({}, change);

  it('is right when it was granted by refunds and spent by sales, also while orders that spent it are not paid yet', async () => {
    await shop.sell('o1');
    await shop.refund('o1', 'r1', '1', undefined, 'credit');
    await shop.sell('o2', shared, 333, 5_000);
    await shop.sell('o3', sampleQuote([sampleLine({ line: '1', name: 'Cheap', net: 40, taxes: [] })]), 0, 40);
    await shop.credit.spend({ ...shop.account, upTo: 100, key: 'order/o4/sale', at });
    await shop.credit.spend({ ...shop.account, upTo: 100, key: 'order/o5/sale', at });
    await shop.credit.release('order/o5/sale', at);
    expect(await audit()).toMatchObject({ storeCreditAccounts: 1, problems: [] });
    const [balance] = await shop.ledger.balances({ account: 'customer_credit' });
    const held = await shop.credit.balance(shop.account.holder, 'EUR');
    expect(0 - (balance?.balance ?? 0)).toBe(held + 100);
  });

  it('says when an account does not hold what its movements come to', async () => {
    await shop.sell('o1');
    await shop.refund('o1', 'r1', '2', undefined, 'credit');
    await mend({ $inc: { balance: 1 } });
    expect(await problems()).toEqual(['customer/c1/EUR: holds 1191, its movements come to 1190']);
    await mend({ $set: { balance: -1, 'movements.0.amount': -1 } });
    expect(await problems()).toContain('customer/c1/EUR: holds -1, its movements come to -1');
  });

  it('says what was granted and is not booked, once it had the time to be', async () => {
    await shop.credit.grant({ ...shop.account, amount: 5, key: 'order/o9/refund/r1', at });
    expect(await problems()).toEqual(['order/o9/refund/r1: became store credit and is not booked']);
    expect(await problems(at)).toEqual([]);
  });

  it('says what is booked and moved no account, once it had the time to', async () => {
    await shop.sell('o1');
    await shop.refund('o1', 'r1', '2', undefined, 'credit');
    await collectionOf(database(), storeCreditAccounts).deleteMany({});
    const booked = 'order/o1/refund/r1: customer_credit: booked -1190, the accounts of the holders moved by 0';
    expect(await problems()).toContain(booked);
    expect(await problems(at)).not.toContain(booked);
  });

  it('says when more was spent than was ever given', async () => {
    await shop.credit.grant({ ...shop.account, amount: 5_000, key: 'order/o0/refund/r1', at });
    await shop.sell('o1', shared, 333, 5_000);
    expect(await problems()).toEqual([
      'order/o0/refund/r1: became store credit and is not booked',
      'customer_credit: 5000 EUR more store credit was spent than given',
    ]);
  });

  it('knows refunds that the bank sent back, and how they were paid instead', async () => {
    await shop.sell('o1');
    await shop.refund('o1', 'r1', '2');
    await shop.payments.updateOne(
      { _id: 'o1' },
      { $set: { 'refunds.0.status': 'failed' }, $inc: { refunded: -1_190 } },
    );
    const owed = { orderId: 'o1', refundId: 'r1', money: { amount: 1_190, currency: 'EUR' }, at };
    await shop.ledger.post(refundReturnedEntry({ ...owed, gateway: 'acme' }));
    await shop.ledger.post(refundOtherwiseEntry({ ...owed, means: 'store_credit' }));
    await shop.credit.grant({ ...shop.account, amount: 1_190, key: 'order/o1/refund-otherwise/r1', at });
    expect(await problems()).toEqual([]);
    await shop.payments.updateOne({ _id: 'o1' }, { $set: { 'refunds.0.status': 'succeeded' } });
    expect((await problems()).sort()).toEqual([
      'order/o1/refund-otherwise/r1: the gateway does not say that the refund failed',
      'order/o1/refund-returned/r1: the gateway does not say that the refund failed',
    ]);
    await shop.orders.deleteOne({ _id: 'o1' });
    await shop.entries.insertOne({ _id: 'gift', kind: 'refund_settlement', at: new Date(at), postings: [], memo: '' });
    expect(await problems()).toEqual(
      expect.arrayContaining([
        'gift: belongs to no refund of an order',
        'order/o1/refund-returned/r1: order o1 has no price',
      ]),
    );
  });
});
