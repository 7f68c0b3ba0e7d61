import { describe, expect, it } from '@jest/globals';
import { creditWholeLines } from '../../../domain/invoice/credited-line.ts';
import { invoiceContent } from '../../../domain/invoice/invoice-content.ts';
import type { BillingDocument } from '../../../domain/invoice/invoice.ts';
import { legalEntityAt } from '../../../domain/invoice/legal-entity.ts';
import {
  entryProblems,
  refundProblems,
  refundSettlementProblems,
  reversalProblems,
  saleProblems,
  storeCreditProblems,
} from '../../../domain/ledger/book-checks.ts';
import { reversalOf } from '../../../domain/ledger/journal-entry.ts';
import type { JournalEntry } from '../../../domain/ledger/journal-entry.ts';
import { refundEntry, saleEntry } from '../../../domain/ledger/order-entries.ts';
import { refundOtherwiseEntry, refundReturnedEntry } from '../../../domain/ledger/refund-settlement-entries.ts';
import type { Quote } from '../../../domain/order/order.ts';
import { sampleLine, sampleOrder, sampleQuote } from '../invoice/sample-order.ts';

const at = '2026-11-21T10:00:00.000Z';
const order = sampleOrder();
const { quote } = order;
const paid = { gateway: 'acme', captured: quote.gross, refunds: [] };

const sale = saleEntry({ orderId: order.id, quote, payment: { gateway: 'acme', captured: quote.gross, fee: 217 }, at });

/** The invoice of the sample order; a credit note has the same amounts. */
function invoice(change: Partial<BillingDocument> = {}): BillingDocument {
  const entity = legalEntityAt(at);
  const base = { id: 'inv_1', fact: sale.fact, order, payment: null, entity, exchangeRate: null, at };
  const numbered = { ...invoiceContent(base), number: 'INV-2026-000001', series: 'INV', year: 2026, sequence: 1 };
  // A change of some fields keeps the kind.
  return { ...numbered, ...change } as BillingDocument;
}

const sources = { orderId: order.id, quote, payment: paid, document: invoice(), storeCredit: 0 };
const moved = (entry: JournalEntry, amounts: Readonly<Record<string, number>>): JournalEntry => ({
  ...entry,
  postings: entry.postings.map((posting) => ({ ...posting, amount: posting.amount + (amounts[posting.account] ?? 0) })),
});

describe('an entry by itself', () => {
  it('is sound, or says which account is unknown and what is left over', () => {
    expect(entryProblems(sale)).toEqual([]);
    const postings = [
      { account: 'petty_cash', currency: 'EUR', amount: 5 },
      { account: 'cash', currency: 'USD', amount: -5 },
    ];
    expect(entryProblems({ postings })).toEqual([
      'unknown account petty_cash',
      'does not balance: 5 EUR left over',
      'does not balance: -5 USD left over',
    ]);
  });

  it('with amounts that cannot be added up says so', () => {
    const postings = [{ account: 'cash', currency: 'EUR', amount: 0.5 }];
    expect(entryProblems({ postings })).toEqual(['amount is not a safe integer: 0.5']);
  });
});

describe('a sale', () => {
  it('agrees with order, invoice and payment', () => {
    expect(saleProblems(sale, sources)).toEqual([]);
  });

  it('of nothing agrees with an order that nobody had to pay', () => {
    const free = sampleQuote([sampleLine({ line: '1', name: 'Free', net: 0, taxes: [] })]);
    const entry = saleEntry({ orderId: order.id, quote: free, payment: null, at });
    const document = invoice({ net: 0, tax: 0, gross: 0, taxes: [] });
    for (const payment of [null, { gateway: null, captured: 0, refunds: [] }])
      expect(saleProblems(entry, { ...sources, quote: free, payment, document })).toEqual([]);
  });

  it('needs an order with a price, an invoice and the money', () => {
    expect(saleProblems(sale, { ...sources, quote: null })).toEqual([`order ${order.id} has no price`]);
    expect(saleProblems(sale, { ...sources, document: null })).toEqual(['has no invoice']);
    for (const payment of [null, { ...paid, captured: 0 }])
      expect(saleProblems(sale, { ...sources, payment })).toEqual([
        '0 was captured of 15466 EUR',
        'customer_receivable EUR: booked 0, its sources say 15466',
        'gateway_clearing/acme EUR: booked 15466, its sources say 0',
        'gateway_fees/acme EUR: booked 217, its sources say 0',
        'gateway_fees_payable/acme EUR: booked -217, its sources say 0',
      ]);
  });

  it('says account by account what is booked otherwise, and the gateway that took the money', () => {
    const wrong = moved(sale, { 'revenue/seller_default': 7, 'revenue/seller_books': -7 });
    expect(saleProblems(wrong, sources)).toEqual([
      'revenue/seller_default EUR: booked -11990, its sources say -11997',
      'revenue/seller_books EUR: booked -1007, its sources say -1000',
    ]);
    expect(saleProblems(sale, { ...sources, payment: { ...paid, gateway: 'other' } })).toContain(
      'gateway_clearing/other EUR: booked 0, its sources say 15466',
    );
  });

  it('says so when debt and payment are missing from it, although their sums are right', () => {
    const netted = { ...sale, postings: sale.postings.filter(({ account }) => account !== 'customer_receivable') };
    expect(saleProblems(netted, sources)).toEqual(['its postings are not those of its source']);
  });

  it.each([
    [{ currency: 'USD' }, 'is invoiced in USD, not EUR'],
    [{ net: 1 }, 'the net invoiced is 1, the order says 12997'],
    [{ tax: 1 }, 'the tax invoiced is 1, the order says 2469'],
    [{ gross: 1 }, 'the gross invoiced is 1, the order says 15466'],
    [{ taxes: [] }, 'tax of DE: invoiced 0, the order says 2469'],
  ])('says what is invoiced otherwise: %j', (change, problem) => {
    expect(saleProblems(sale, { ...sources, document: invoice(change) })).toEqual([problem]);
  });

  it('compares the taxes of a jurisdiction together, however many rates it has', () => {
    const [tax] = quote.taxes;
    if (tax === undefined) throw new Error('the sample is taxed');
    const taxes = [
      { ...tax, amount: 2_000 },
      { ...tax, rate: '0.07', amount: 469 },
    ];
    expect(saleProblems(sale, { ...sources, document: invoice({ taxes }) })).toEqual([]);
    expect(saleProblems(sale, { ...sources, document: invoice({ taxes: taxes.slice(0, 1) }) })).toEqual([
      'tax of DE: invoiced 2000, the order says 2469',
    ]);
  });

  it('of an order that contradicts itself says what does not balance', () => {
    const crooked: Quote = { ...quote, gross: quote.gross + 1 };
    expect(saleProblems(sale, { ...sources, quote: crooked })).toContainEqual(
      expect.stringMatching(/does not balance/),
    );
  });

  it('lets what is no problem of the book through', () => {
    const broken = new Proxy(quote, {
      get: (target, key) => {
        if (key === 'lines') throw new TypeError('a mistake in the code');
        return Reflect.get(target, key) as unknown;
      },
    });
    expect(() => saleProblems(sale, { ...sources, document: null, quote: broken })).toThrow(TypeError);
  });
});

describe('a refund', () => {
  const lines = creditWholeLines(quote, ['2']);
  const back = { orderId: order.id, refundId: 'r1', quote, sale, lines, earlier: [], gateway: 'acme', at };
  const entry = refundEntry(back);
  const note = invoice({
    lines: invoice().lines.filter(({ line }) => line === '2'),
    net: 1_000,
    tax: 190,
    gross: 1_190,
  });
  const payment = { ...paid, refunds: [{ refundId: 'r1', amount: 1_190, status: 'succeeded' as const }] };
  const given = { ...sources, payment, document: note, refundId: 'r1', sale, earlier: [] };

  it('agrees with credit note, sale and gateway', () => {
    expect(refundProblems(entry, given)).toEqual([]);
  });

  it('needs each of them', () => {
    expect(refundProblems(entry, { ...given, quote: null })).toEqual([`order ${order.id} has no price`]);
    expect(refundProblems(entry, { ...given, document: null })).toEqual(['has no credit note']);
    expect(refundProblems(entry, { ...given, sale: null })).toEqual(['the sale that it undoes is not booked']);
    for (const none of [null, { ...payment, gateway: null }])
      expect(refundProblems(entry, { ...given, payment: none })).toEqual(['no gateway took the payment']);
  });

  it('says what the gateway gave back otherwise', () => {
    const other = { ...payment, refunds: [{ refundId: 'r2', amount: 1_190, status: 'succeeded' as const }] };
    expect(refundProblems(entry, { ...given, payment: other })).toEqual([
      'the gateway gave 0 back, the credit note says 1190',
    ]);
  });

  it('says what is booked otherwise', () => {
    expect(refundProblems(moved(entry, { 'refunds/seller_books': 1, 'tax_payable/DE': -1 }), given)).toEqual([
      'refunds/seller_books EUR: booked 1001, its sources say 1000',
      'tax_payable/DE EUR: booked 189, its sources say 190',
    ]);
  });
});

describe('what came back from the bank', () => {
  const money = { amount: 1_190, currency: 'EUR' };
  const owed = { orderId: order.id, refundId: 'r1', money, at };
  const payment = { ...paid, refunds: [{ refundId: 'r1', amount: 1_190, status: 'failed' as const }] };
  const settled = { ...sources, payment, refundId: 'r1' };

  it('agrees with the refund that failed, and with how it was paid instead', () => {
    expect(refundSettlementProblems(refundReturnedEntry({ ...owed, gateway: 'acme' }), settled)).toEqual([]);
    expect(refundSettlementProblems(refundOtherwiseEntry({ ...owed, means: 'bank_transfer' }), settled)).toEqual([]);
    const credited = { ...settled, storeCredit: 1_190 };
    expect(refundSettlementProblems(refundOtherwiseEntry({ ...owed, means: 'store_credit' }), credited)).toEqual([]);
  });

  it('says what is booked otherwise, and that the gateway says nothing of it', () => {
    const returned = refundReturnedEntry({ ...owed, gateway: 'other' });
    expect(refundSettlementProblems(returned, settled)).toEqual([
      'gateway_clearing/other EUR: booked 1190, its sources say 0',
      'gateway_clearing/acme EUR: booked 0, its sources say 1190',
    ]);
    const kept = { ...payment, refunds: [{ refundId: 'r1', amount: 1_190, status: 'succeeded' as const }] };
    expect(
      refundSettlementProblems(refundReturnedEntry({ ...owed, gateway: 'acme' }), { ...settled, payment: kept }),
    ).toEqual(['the gateway does not say that the refund failed']);
    expect(refundSettlementProblems(returned, { ...settled, quote: null })).toEqual([`order ${order.id} has no price`]);
    for (const none of [null, { ...payment, gateway: null }])
      expect(refundSettlementProblems(returned, { ...settled, payment: none })).toEqual([
        'no gateway took the payment',
      ]);
    expect(refundSettlementProblems(refundOtherwiseEntry({ ...owed, means: 'store_credit' }), settled)).toEqual([
      'customer_credit EUR: booked -1190, its sources say 0',
      'cash EUR: booked 0, its sources say -1190',
    ]);
  });
});

describe('store credit', () => {
  const partly = saleEntry({
    ...{ orderId: order.id, quote, credit: 466, at },
    payment: { gateway: 'acme', captured: 15_000, fee: 217 },
  });
  const spent = { ...sources, payment: { ...paid, captured: 15_000 }, storeCredit: -466 };

  it('pays a sale with what was captured, together the whole of it', () => {
    expect(saleProblems(partly, spent)).toEqual([]);
    expect(saleProblems(partly, { ...spent, storeCredit: -400 })).toEqual([
      '15000 was captured, and 400 of store credit spent, of 15466 EUR',
      'customer_receivable EUR: booked 0, its sources say 66',
      'customer_credit EUR: booked 466, its sources say 400',
    ]);
  });

  it('pays a sale alone: nothing has to be captured', () => {
    const alone = saleEntry({ orderId: order.id, quote, payment: null, credit: quote.gross, at });
    const none = { ...sources, payment: null, storeCredit: -quote.gross };
    expect(saleProblems(alone, none)).toEqual([]);
  });

  it('takes a refund, with the gateway or alone', () => {
    const lines = creditWholeLines(quote, ['2']);
    const back = { orderId: order.id, refundId: 'r1', quote, sale, lines, earlier: [], at };
    const note = invoice({ lines: invoice().lines.filter(({ line }) => line === '2'), gross: 1_190 });
    const refunds = [{ refundId: 'r1', amount: 1_000, status: 'succeeded' as const }];
    const given = { ...sources, document: note, refundId: 'r1', sale, earlier: [] };
    const both = refundEntry({ ...back, gateway: 'acme', toCredit: 190 });
    expect(refundProblems(both, { ...given, payment: { ...paid, refunds }, storeCredit: 190 })).toEqual([]);
    expect(refundProblems(both, { ...given, payment: { ...paid, refunds }, storeCredit: 191 })).toEqual([
      'the gateway gave 1000 back, 191 became store credit, the credit note says 1190',
      'gateway_clearing/acme EUR: booked -1000, its sources say -999',
      'customer_credit EUR: booked -190, its sources say -191',
    ]);
    const alone = refundEntry({ ...back, gateway: null, toCredit: 1_190 });
    for (const payment of [null, paid])
      expect(refundProblems(alone, { ...given, payment, storeCredit: 1_190 })).toEqual([]);
  });

  it('moves in the book by what its holders were given and spent', () => {
    expect(storeCreditProblems(partly, -466)).toEqual([]);
    expect(storeCreditProblems(sale, 0)).toEqual([]);
    expect(storeCreditProblems(partly, 0)).toEqual([
      'customer_credit: booked 466, the accounts of the holders moved by 0',
    ]);
    expect(storeCreditProblems(sale, 5)).toEqual(['customer_credit: booked 0, the accounts of the holders moved by 5']);
  });
});

describe('a reversal', () => {
  it('mirrors what it undoes', () => {
    const reversal = reversalOf(sale, 'x', at);
    expect(reversalProblems(reversal, sale)).toEqual([]);
    expect(reversalProblems(reversal, null)).toEqual(['there is nothing that it undoes']);
    expect(reversalProblems(moved(reversal, { 'tax_payable/DE': 1 }), sale)).toEqual([
      'tax_payable/DE EUR: booked 2470, its sources say 2469',
    ]);
  });
});
