import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isLedgerAccount, parseAccount } from '../../../domain/ledger/chart-of-accounts.ts';
import { imbalances, reversalOf, samePostings } from '../../../domain/ledger/journal-entry.ts';
import type { JournalEntry } from '../../../domain/ledger/journal-entry.ts';
import { bookedFee } from '../../../domain/ledger/order-entries.ts';
import { sellerShares } from '../../../domain/seller/seller-share.ts';
import { propertyRuns } from '../../support/property-runs.ts';
import { givingBack, lifeOf, quotes } from './random-sales.ts';

const fees = fc.nat(10 ** 6);
/** Of the gross, what store credit pays: mostly none, all of it, or nearly. */
const paidByCredit = fc.oneof(fc.constantFrom(0, 0, 999, 1_000), fc.nat(1_000));

/** Sums by account; income of a seller in one, whatever account it stands on. */
function balancesOf(entries: readonly JournalEntry[]): ReadonlyMap<string, number> {
  const income: readonly string[] = ['revenue', 'deferred_revenue', 'refunds'];
  const balances = new Map<string, number>();
  for (const { account, amount } of entries.flatMap(({ postings }) => postings)) {
    const { kind = '', owner } = parseAccount(account) ?? {};
    const name = income.includes(kind) ? `income of ${owner ?? ''}` : account;
    balances.set(name, (balances.get(name) ?? 0) + amount);
  }
  return balances;
}

describe('for every order and every order of refunds', () => {
  it('each entry balances, on accounts of the chart', () => {
    fc.assert(
      fc.property(quotes, fees, givingBack, paidByCredit, (quote, fee, steps, credit) => {
        const entries = lifeOf('o', quote, fee, steps, credit);
        const postings = entries.flatMap((entry) => entry.postings);
        expect(entries.flatMap((entry) => imbalances(entry.postings))).toEqual([]);
        expect(postings.filter(({ account, amount }) => !isLedgerAccount(account) || amount === 0)).toEqual([]);
        expect(postings.filter(({ currency }) => currency !== quote.currency)).toEqual([]);
      }),
      { numRuns: propertyRuns() },
    );
  });

  it("once everything is given back, income, tax, the sellers' shares, store credit and every debt are zero; the fee stays", () => {
    fc.assert(
      fc.property(quotes, fees, givingBack, paidByCredit, (quote, fee, steps, credit) => {
        const entries = lifeOf('o', quote, fee, steps, credit);
        const kept = entries[0] === undefined ? 0 : bookedFee(entries[0]);
        const left = [...balancesOf(entries)].filter(([, balance]) => balance !== 0);
        const fees = [
          ['gateway_fees/g', kept],
          ['gateway_fees_payable/g', -kept],
        ];
        expect(left).toEqual(kept === 0 ? [] : fees);
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('neither the gateway gives back more than it took, nor store credit more than it paid, after any of the refunds', () => {
    fc.assert(
      fc.property(quotes, fees, givingBack, paidByCredit, (quote, fee, steps, credit) => {
        const entries = lifeOf('o', quote, fee, steps, credit);
        for (const [index] of entries.entries()) {
          const balances = balancesOf(entries.slice(0, index + 1));
          expect(balances.get('gateway_clearing/g') ?? 0).toBeGreaterThanOrEqual(0);
          expect(balances.get('customer_credit') ?? 0).toBeGreaterThanOrEqual(0);
          expect(balances.get('customer_receivable') ?? 0).toBe(0);
        }
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('no seller is ever owed less than nothing or more than the sale accrued, after any of the refunds', () => {
    fc.assert(
      fc.property(quotes, fees, givingBack, (quote, fee, steps) => {
        const entries = lifeOf('o', quote, fee, steps);
        const accrued = balancesOf(entries.slice(0, 1));
        const wrong = entries.flatMap((_, index) =>
          [...balancesOf(entries.slice(0, index + 1))].filter(
            ([account, balance]) =>
              account.startsWith('vendor_payable/') && (balance > 0 || balance < (accrued.get(account) ?? 0)),
          ),
        );
        expect(wrong).toEqual([]);
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('what is owed to the sellers after the sale is the sum of the shares of its lines', () => {
    fc.assert(
      fc.property(quotes, fees, (quote, fee) => {
        const [sale] = lifeOf('o', quote, fee, []);
        const shares = sellerShares(quote, Math.min(fee, quote.gross));
        for (const seller of new Set(quote.lines.map(({ sellerId }) => sellerId))) {
          const own = quote.lines.filter(({ sellerId }) => sellerId === seller).map(({ line }) => line);
          const owed = shares.filter(({ line }) => own.includes(line)).reduce((sum, { share }) => sum + share, 0);
          const booked = sale === undefined ? 0 : (balancesOf([sale]).get(`vendor_payable/${seller}`) ?? 0);
          expect(booked + owed).toBe(0);
        }
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('an entry and its reversal leave nothing, and the reversal of the reversal is the entry again', () => {
    fc.assert(
      fc.property(quotes, fees, (quote, fee) => {
        for (const entry of lifeOf('o', quote, fee, [])) {
          const undone = reversalOf(entry, 'x', entry.at);
          expect([...balancesOf([entry, undone]).values()].filter((balance) => balance !== 0)).toEqual([]);
          expect(samePostings(reversalOf(undone, 'x', entry.at).postings, entry.postings)).toBe(true);
        }
      }),
      { numRuns: propertyRuns() },
    );
  });
});
