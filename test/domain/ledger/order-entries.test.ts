import { describe, expect, it } from '@jest/globals';
import { creditWholeLines, creditTaxOfLines } from '../../../domain/invoice/credited-line.ts';
import { bookedFee, chargebackEntry, refundEntry, saleEntry } from '../../../domain/ledger/order-entries.ts';
import type { JournalEntry } from '../../../domain/ledger/journal-entry.ts';
import type { FrozenSellerTerms } from '../../../domain/seller/seller.ts';
import { sampleLine, sampleOrder, sampleQuote } from '../invoice/sample-order.ts';

const at = '2026-11-21T10:00:00.000Z';
const acme = (captured: number, fee = 0) => ({ gateway: 'acme', captured, fee });
const terms = (change: Partial<FrozenSellerTerms> = {}): FrozenSellerTerms => ({
  role: 'principal',
  commissionBasisPoints: 1500,
  fixedFee: 30,
  gatewayFees: 'us',
  ...change,
});

/** 100.00 net and 19.00 tax of a seller of books. */
const soldBook = (sellerTerms: FrozenSellerTerms | null) =>
  sampleQuote([
    sampleLine({
      ...{ line: '1', name: 'Book', net: 10_000, sellerId: 'books', sellerTerms },
      taxes: [['DE', 'VAT', '0.19', 1_900]],
    }),
  ]);

/** "account amount", in the order of the postings. */
const postings = (entry: JournalEntry) => entry.postings.map(({ account, amount }) => `${account} ${amount}`);

describe('the journal entry of a sale', () => {
  it('splits gross into net per seller and tax per jurisdiction, and moves the debt to the gateway', () => {
    const { id, quote } = sampleOrder();
    const entry = saleEntry({ orderId: id, quote, payment: acme(quote.gross), at });
    expect(entry).toMatchObject({ fact: `order/${id}/sale`, kind: 'sale', at, memo: `Sale of order ${id}` });
    expect(entry.postings).toEqual([
      { account: 'customer_receivable', currency: 'EUR', amount: 15466 },
      { account: 'revenue/seller_default', currency: 'EUR', amount: -11997 },
      { account: 'revenue/seller_books', currency: 'EUR', amount: -1000 },
      { account: 'tax_payable/DE', currency: 'EUR', amount: -2469 },
      { account: 'gateway_clearing/acme', currency: 'EUR', amount: 15466 },
      { account: 'customer_receivable', currency: 'EUR', amount: -15466 },
    ]);
  });

  it('leaves what was not captured as the debt of the customer', () => {
    const { id, quote } = sampleOrder();
    const entry = saleEntry({ orderId: id, quote, payment: acme(15000), at });
    const owed = entry.postings.filter(({ account }) => account === 'customer_receivable');
    expect(owed.reduce((sum, { amount }) => sum + amount, 0)).toBe(466);
  });

  it('settles what store credit paid out of what is owed to its holder', () => {
    const { id, quote } = sampleOrder();
    const entry = saleEntry({ orderId: id, quote, payment: acme(15000), credit: 466, at });
    expect(postings(entry).slice(4)).toEqual([
      'gateway_clearing/acme 15000',
      'customer_receivable -15466',
      'customer_credit 466',
    ]);
    const alone = saleEntry({ orderId: id, quote, payment: null, credit: quote.gross, at });
    expect(postings(alone).slice(4)).toEqual(['customer_credit 15466', 'customer_receivable -15466']);
  });

  it('has no postings for an order of 0', () => {
    const quote = sampleQuote([sampleLine({ line: '1', name: 'Free', net: 0, taxes: [['DE', 'VAT', '0.19', 0]] })]);
    expect(saleEntry({ orderId: 'ord_1', quote, payment: null, at }).postings).toEqual([]);
  });

  it('is refused when the quote contradicts itself', () => {
    const quote = { ...sampleOrder().quote, gross: 15467 };
    expect(() => saleEntry({ orderId: 'ord_1', quote, payment: null, at })).toThrow(
      expect.objectContaining({ code: 'ledger.unbalanced' }),
    );
  });

  it('defers what is earned over time, and nothing else', () => {
    const line = { line: '1', name: 'Plan', net: 3000, taxes: [] };
    const plan = {
      ...sampleLine(line),
      recurring: { interval: 'month', count: 1, usage: 'licensed', meter: null } as const,
    };
    const quote = sampleQuote([plan, sampleLine({ ...line, line: '2', net: 500 })]);
    expect(postings(saleEntry({ orderId: 'o', quote, payment: null, at }))).toEqual([
      'customer_receivable 3500',
      'deferred_revenue/seller_default -3000',
      'revenue/seller_default -500',
    ]);
  });

  it("books the gateway's fee as our cost, kept back from a later payout, and reads it back", () => {
    const quote = soldBook(null);
    const entry = saleEntry({ orderId: 'o', quote, payment: acme(11_900, 167), at });
    expect(postings(entry)).toEqual([
      'customer_receivable 11900',
      'revenue/books -10000',
      'tax_payable/DE -1900',
      'gateway_clearing/acme 11900',
      'customer_receivable -11900',
      'gateway_fees/acme 167',
      'gateway_fees_payable/acme -167',
    ]);
    expect(bookedFee(entry)).toBe(167);
    expect(bookedFee(saleEntry({ orderId: 'o', quote, payment: null, at }))).toBe(0);
  });

  it('as principal books all net as revenue, and the share of the seller as cost that is owed', () => {
    const entry = saleEntry({ orderId: 'o', quote: soldBook(terms()), payment: acme(11_900, 167), at });
    expect(postings(entry)).toEqual([
      'customer_receivable 11900',
      'revenue/books -10000',
      // 15 % and 0.30 are ours.
      'vendor_payable/books -8470',
      'vendor_share/books 8470',
      'tax_payable/DE -1900',
      'gateway_clearing/acme 11900',
      'customer_receivable -11900',
      'gateway_fees/acme 167',
      'gateway_fees_payable/acme -167',
    ]);
  });

  it('as agent books only what we keep as revenue, at once even for a plan', () => {
    const quote = soldBook(terms({ role: 'agent', gatewayFees: 'seller' }));
    const plan = {
      ...quote,
      lines: quote.lines.map((line) => ({
        ...line,
        recurring: { interval: 'month', count: 1, usage: 'licensed', meter: null } as const,
      })),
    };
    for (const sold of [quote, plan])
      expect(postings(saleEntry({ orderId: 'o', quote: sold, payment: acme(11_900, 167), at })).slice(0, 4)).toEqual([
        'customer_receivable 11900',
        'revenue/books -1697',
        'vendor_payable/books -8303',
        'tax_payable/DE -1900',
      ]);
  });
});

describe('the journal entry of money given back', () => {
  function sold(sellerTerms: FrozenSellerTerms | null) {
    const quote = soldBook(sellerTerms);
    const sale = saleEntry({ orderId: 'o', quote, payment: acme(11_900, 167), at });
    const whole = creditWholeLines(quote, ['1']);
    return { orderId: 'o', quote, sale, lines: whole, earlier: [], gateway: 'acme', at };
  }

  it('takes back net, tax and share, and pays it out of what the gateway holds; the fee stays', () => {
    const entry = refundEntry({ ...sold(terms()), refundId: 'r1' });
    expect(entry).toMatchObject({ fact: 'order/o/refund/r1', kind: 'refund', at, memo: 'Refund r1 of order o' });
    expect(postings(entry)).toEqual([
      'refunds/books 10000',
      'vendor_payable/books 8470',
      'vendor_share/books -8470',
      'tax_payable/DE 1900',
      'customer_receivable -11900',
      'customer_receivable 11900',
      'gateway_clearing/acme -11900',
    ]);
  });

  it('as agent takes back the commission and what was owed to the seller', () => {
    expect(postings(refundEntry({ ...sold(terms({ role: 'agent' })), refundId: 'r1' })).slice(0, 3)).toEqual([
      'refunds/books 1530',
      'vendor_payable/books 8470',
      'tax_payable/DE 1900',
    ]);
  });

  it('takes the share back by the fee of the sale, not by what the gateway would cost today', () => {
    const back = sold(terms({ gatewayFees: 'seller' }));
    expect(postings(refundEntry({ ...back, refundId: 'r1' }))).toContain('vendor_payable/books 8303');
  });

  it('takes nothing from the seller when tax alone is given back, and no more than the share afterwards', () => {
    const back = sold(terms());
    const tax = creditTaxOfLines(back.quote, ['1'], []);
    expect(postings(refundEntry({ ...back, lines: tax, refundId: 'tax' }))).toEqual([
      'tax_payable/DE 1900',
      'customer_receivable -1900',
      'customer_receivable 1900',
      'gateway_clearing/acme -1900',
    ]);
    const net = [{ line: '1', net: 10_000, gross: 10_000, taxes: [] }];
    const rest = refundEntry({ ...back, lines: net, earlier: tax, refundId: 'r2' });
    expect(postings(rest)).toContain('vendor_payable/books 8470');
  });

  it('is refused for a line that was not sold', () => {
    const lines = [{ line: '9', net: 1, gross: 1, taxes: [] }];
    expect(() => refundEntry({ ...sold(null), lines, refundId: 'r1' })).toThrow(
      expect.objectContaining({ code: 'order.state_conflict', message: 'the order has no line 9' }),
    );
  });

  it('of a lost dispute stands apart from refunds and costs a fee', () => {
    const entry = chargebackEntry({ ...sold(terms()), disputeId: 'd1', fee: 1500 });
    expect(entry).toMatchObject({
      fact: 'order/o/chargeback/d1',
      kind: 'chargeback',
      memo: 'Dispute d1 of order o lost',
    });
    expect(postings(entry)).toEqual([
      'chargebacks/books 10000',
      'vendor_payable/books 8470',
      'vendor_share/books -8470',
      'tax_payable/DE 1900',
      'customer_receivable -11900',
      'customer_receivable 11900',
      'gateway_clearing/acme -11900',
      'gateway_fees/acme 1500',
      'gateway_fees_payable/acme -1500',
    ]);
  });
});
