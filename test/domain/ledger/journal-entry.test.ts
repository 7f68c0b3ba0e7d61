import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { creditWholeLines } from '../../../domain/invoice/credited-line.ts';
import {
  assertBalanced,
  imbalances,
  isLedgerAccount,
  refundEntry,
  saleEntry,
  samePostings,
} from '../../../domain/ledger/journal-entry.ts';
import { sampleLine, sampleOrder, sampleQuote } from '../invoice/sample-order.ts';

const at = '2026-11-21T10:00:00.000Z';

describe('the journal entry of a sale', () => {
  it('splits gross into net per seller and tax per jurisdiction, and moves the debt to the gateway', () => {
    const { id, quote } = sampleOrder();
    const entry = saleEntry({ orderId: id, quote, payment: { gateway: 'acme', captured: quote.gross }, at });
    expect(entry.fact).toBe(`order/${id}/sale`);
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
    const entry = saleEntry({ orderId: id, quote, payment: { gateway: 'acme', captured: 15000 }, at });
    const owed = entry.postings.filter(({ account }) => account === 'customer_receivable');
    expect(owed.reduce((sum, { amount }) => sum + amount, 0)).toBe(466);
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
});

describe('sale and refund together', () => {
  const lineOf = fc.record({
    net: fc.integer({ min: 0, max: 10 ** 10 }),
    taxes: fc.array(fc.tuple(fc.constantFrom('DE', 'FR', 'CA', 'CA-QC'), fc.nat(10 ** 9)), { maxLength: 3 }),
    seller: fc.constantFrom('a', 'b', 'c'),
  });

  it('balance for every order, and a full refund leaves nothing on any account but revenue against refunds', () => {
    fc.assert(
      fc.property(fc.array(lineOf, { minLength: 1, maxLength: 6 }), (given) => {
        const quote = sampleQuote(
          given.map(({ net, taxes, seller }, index) =>
            sampleLine({
              line: `${index + 1}`,
              name: 'x',
              net,
              sellerId: seller,
              taxes: taxes.map(([jurisdiction, amount]) => [jurisdiction, 'tax', '0.1', amount] as const),
            }),
          ),
        );
        const sale = saleEntry({ orderId: 'o', quote, payment: { gateway: 'g', captured: quote.gross }, at });
        const refund = refundEntry({
          orderId: 'o',
          refundId: 'r',
          currency: quote.currency,
          lines: creditWholeLines(
            quote,
            quote.lines.map(({ line }) => line),
          ),
          gateway: 'g',
          at,
        });
        expect([...imbalances(sale.postings), ...imbalances(refund.postings)]).toEqual([]);
        const balances = new Map<string, number>();
        for (const { account, amount } of [...sale.postings, ...refund.postings]) {
          expect(isLedgerAccount(account)).toBe(true);
          const name = account.replace(/^(revenue|refunds)\//, 'sales of ');
          balances.set(name, (balances.get(name) ?? 0) + amount);
        }
        for (const balance of balances.values()) expect(balance).toBe(0);
      }),
    );
  });
});

describe('a journal entry', () => {
  const entry = saleEntry({ orderId: 'o', quote: sampleOrder().quote, payment: null, at });

  it('balances in every currency by itself, not only in total', () => {
    const mixed = {
      ...entry,
      postings: [
        { account: 'customer_receivable', currency: 'EUR', amount: 100 },
        { account: 'revenue/a', currency: 'USD', amount: -100 },
      ],
    };
    expect(() => assertBalanced(mixed)).toThrow(expect.objectContaining({ code: 'ledger.unbalanced' }));
  });

  it('knows its accounts and posts no zeros', () => {
    for (const posting of [
      { account: 'petty_cash', currency: 'EUR', amount: 1 },
      { account: 'revenue/a', currency: 'EUR', amount: 0 },
    ]) {
      expect(() => assertBalanced({ ...entry, postings: [posting] })).toThrow(
        expect.objectContaining({ code: 'ledger.unbalanced' }),
      );
    }
  });

  it('is the same entry whatever the order of its postings', () => {
    expect(samePostings(entry.postings, [...entry.postings].reverse())).toBe(true);
    expect(samePostings(entry.postings, entry.postings.slice(1))).toBe(false);
  });
});
