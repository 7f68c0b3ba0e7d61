import { describe, expect, it } from '@jest/globals';
import { creditWholeLines } from '../../../domain/invoice/credited-line.ts';
import { reversalOf } from '../../../domain/ledger/journal-entry.ts';
import type { JournalEntry } from '../../../domain/ledger/journal-entry.ts';
import { chargebackEntry, refundEntry, saleEntry } from '../../../domain/ledger/order-entries.ts';
import { vendorPayoutEntry } from '../../../domain/ledger/settlement-entries.ts';
import { statementLine, statementTotals } from '../../../domain/seller/statement.ts';
import { statementNotes } from '../../../domain/seller/statement-wording.ts';
import { sampleLine, sampleQuote } from '../invoice/sample-order.ts';
import { frozenTerms, sampleTerms } from './sample-terms.ts';

const at = '2027-02-01T10:00:00.000Z';
const of = (entry: JournalEntry, owed = 0) => statementLine(entry, { sellerId: 'books', currency: 'EUR', owed });

function lifeOf(role: 'principal' | 'agent', recurring = false) {
  const sold = sampleLine({
    ...{ line: '1', name: 'Book', net: 10_000, sellerId: 'books', sellerTerms: frozenTerms({ role }) },
    taxes: [['DE', 'VAT', '0.19', 1_900]],
  });
  const other = sampleLine({ line: '2', name: 'Own', net: 500, taxes: [] });
  const quote = sampleQuote([
    { ...sold, recurring: recurring ? { interval: 'month', count: 1, usage: 'licensed', meter: null } : null },
    other,
  ]);
  const payment = { gateway: 'acme', captured: quote.gross, fee: 170 };
  const sale = saleEntry({ orderId: 'o', quote, payment, at });
  const lines = creditWholeLines(quote, ['1']);
  const back = { orderId: 'o', quote, sale, lines, earlier: [], gateway: 'acme', at };
  return {
    sale,
    refund: refundEntry({ ...back, refundId: 'r' }),
    chargeback: chargebackEntry({ ...back, disputeId: 'd', fee: 1_500 }),
  };
}

describe('a line of a statement', () => {
  it.each([
    ['principal', false],
    ['principal', true],
    ['agent', false],
  ] as const)('says what was sold net, what we keep of it and what is owed: %s, deferred %s', (role, recurring) => {
    const { sale, refund, chargeback } = lifeOf(role, recurring);
    expect(of(sale, 100)).toEqual({
      ...{ at, fact: 'order/o/sale', kind: 'sale', description: 'Sale of order o' },
      ...{ net: 10_000, retained: 1_530, amount: 8_470, balance: 8_570 },
    });
    expect(of(refund, 8_570)).toMatchObject({ net: -10_000, retained: -1_530, amount: -8_470, balance: 100 });
    expect(of(chargeback, 8_470)).toMatchObject({ net: -10_000, retained: -1_530, amount: -8_470, balance: 0 });
  });

  it('of a payout or a correction sells nothing', () => {
    const paid = vendorPayoutEntry({ sellerId: 'books', payoutId: 'p', paid: { amount: 8_470, currency: 'EUR' }, at });
    expect(of(paid, 8_470)).toMatchObject({ kind: 'vendor_payout', net: 0, retained: 0, amount: -8_470, balance: 0 });
    const undone = reversalOf(lifeOf('principal').sale, 'x', at);
    expect(of(undone, 8_470)).toMatchObject({ kind: 'reversal', net: 0, retained: 0, amount: -8_470, balance: 0 });
  });

  it('is only there for what moves what is owed to this seller in this currency', () => {
    const { sale } = lifeOf('principal');
    expect(statementLine(sale, { sellerId: 'seller_default', currency: 'EUR', owed: 0 })).toBeNull();
    expect(statementLine(sale, { sellerId: 'books', currency: 'USD', owed: 0 })).toBeNull();
    expect(statementLine(sale, { sellerId: 'book', currency: 'EUR', owed: 0 })).toBeNull();
  });

  it('adds up to totals, what was earned apart from what was settled', () => {
    const { sale, refund } = lifeOf('principal');
    const paid = vendorPayoutEntry({ sellerId: 'books', payoutId: 'p', paid: { amount: 500, currency: 'EUR' }, at });
    const lines = [sale, sale, refund, paid].flatMap((entry) => of(entry) ?? []);
    expect(statementTotals(lines)).toEqual({ net: 10_000, retained: 1_530, earned: 8_470, settled: -500 });
    expect(statementTotals([])).toEqual({ net: 0, retained: 0, earned: 0, settled: 0 });
  });
});

describe('the notes of a statement', () => {
  const principal = sampleTerms({ validTo: '2028-01-01T00:00:00.000Z' });
  const agent = sampleTerms({ validFrom: '2028-01-01T00:00:00.000Z', role: 'agent' });
  const codes = (from: string, to: string, locale: 'en' | 'de' = 'en') =>
    statementNotes({ terms: [principal, agent], locale }, { from, to }).map(({ code }) => code);

  it('say that it is a self-billed invoice while we are principal, and an account while we are agent', () => {
    expect(codes('2027-01-01T00:00:00.000Z', '2028-01-01T00:00:00.000Z')).toEqual(['self_billing']);
    expect(codes('2028-01-01T00:00:00.000Z', '2028-02-01T00:00:00.000Z')).toEqual(['agency']);
    expect(codes('2027-12-01T00:00:00.000Z', '2028-02-01T00:00:00.000Z')).toEqual(['self_billing', 'agency']);
    expect(codes('2026-12-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z')).toEqual([]);
  });

  it('are in the language of the seller, with the law behind them, and once for several periods of one role', () => {
    const period = { from: '2027-01-01T00:00:00.000Z', to: '2029-01-01T00:00:00.000Z' };
    const [german, ...more] = statementNotes(
      { terms: [principal, { ...agent, role: 'principal' }], locale: 'de' },
      period,
    );
    expect(german?.text).toMatch(/^Gutschrift\./);
    expect(german?.source).toContain('art. 224');
    expect(more).toEqual([]);
    const [english] = statementNotes({ terms: [principal], locale: 'en' }, period);
    expect(english?.text).toMatch(/^Self-billing\./);
    for (const locale of ['en', 'de'] as const)
      expect(statementNotes({ terms: [agent], locale }, period)[0]?.text).toMatch(/^(Statement|Abrechnung) /);
  });
});
