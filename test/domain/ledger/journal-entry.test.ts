import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  assertBalanced,
  imbalances,
  postingsOf,
  reversalOf,
  samePostings,
} from '../../../domain/ledger/journal-entry.ts';
import type { JournalEntry } from '../../../domain/ledger/journal-entry.ts';
import { propertyRuns } from '../../support/property-runs.ts';

const at = '2026-11-21T10:00:00.000Z';

function entry(change: Partial<JournalEntry> = {}): JournalEntry {
  return {
    fact: 'order/o/sale',
    kind: 'sale',
    at,
    postings: [
      { account: 'cash', currency: 'EUR', amount: 119 },
      { account: 'revenue/a', currency: 'EUR', amount: -100 },
      { account: 'tax_payable/DE', currency: 'EUR', amount: -19 },
    ],
    memo: 'Sale of order o',
    ...change,
  };
}

const unbalanced = (message: RegExp) =>
  expect.objectContaining({ code: 'ledger.unbalanced', message: expect.stringMatching(message) });

describe('a journal entry', () => {
  it('balances in every currency by itself, not only in total', () => {
    expect(assertBalanced(entry())).toEqual(entry());
    const mixed = entry({
      postings: [
        { account: 'cash', currency: 'EUR', amount: 100 },
        { account: 'revenue/a', currency: 'USD', amount: -100 },
      ],
    });
    expect(imbalances(mixed.postings)).toEqual([
      { currency: 'EUR', sum: 100 },
      { currency: 'USD', sum: -100 },
    ]);
    expect(() => assertBalanced(mixed)).toThrow(
      unbalanced(/^order\/o\/sale does not balance: 100 EUR, -100 USD left over$/),
    );
  });

  it('knows its accounts and posts no zeros', () => {
    const strange = entry({ postings: [{ account: 'petty_cash', currency: 'EUR', amount: 1 }] });
    expect(() => assertBalanced(strange)).toThrow(unbalanced(/unknown account "petty_cash"/));
    const nothing = entry({ postings: [{ account: 'revenue/a', currency: 'EUR', amount: 0 }] });
    expect(() => assertBalanced(nothing)).toThrow(unbalanced(/posts 0 to revenue\/a/));
  });

  it('is the same entry whatever the order of its postings, and another one with another amount, account or currency', () => {
    const { postings } = entry();
    expect(samePostings(postings, [...postings].reverse())).toBe(true);
    expect(samePostings(postings, postings.slice(1))).toBe(false);
    for (const change of [{ account: 'revenue/b' }, { currency: 'USD' }, { amount: -101 }])
      expect(
        samePostings(
          postings,
          postings.map((posting, index) => (index === 1 ? { ...posting, ...change } : posting)),
        ),
      ).toBe(false);
  });

  it('is undone by its mirror image under a fact of its own', () => {
    const reversal = reversalOf(entry(), 'corrections_7', '2026-12-01T00:00:00.000Z');
    expect(reversal).toEqual({
      fact: 'order/o/sale/reversal',
      kind: 'reversal',
      at: '2026-12-01T00:00:00.000Z',
      postings: [
        { account: 'cash', currency: 'EUR', amount: -119 },
        { account: 'revenue/a', currency: 'EUR', amount: 100 },
        { account: 'tax_payable/DE', currency: 'EUR', amount: 19 },
      ],
      memo: 'Reversal of order/o/sale: corrections_7',
    });
    expect(assertBalanced(reversal)).toBe(reversal);
    expect(samePostings(reversalOf(reversal, 'x', at).postings, entry().postings)).toBe(true);
  });
});

describe('postings', () => {
  it('are one per account, in the order in which the accounts appear, without what cancels out', () => {
    const legs = [
      ['cash', 5],
      ['rounding', 3],
      ['cash', 2],
      ['rounding', -3],
    ] as const;
    expect(postingsOf('EUR', legs)).toEqual([{ account: 'cash', currency: 'EUR', amount: 7 }]);
  });

  it('keep the sum of their legs for every set of legs', () => {
    const leg = fc.tuple(fc.constantFrom('cash', 'rounding', 'bad_debts'), fc.integer({ min: -1e9, max: 1e9 }));
    fc.assert(
      fc.property(fc.array(leg, { maxLength: 20 }), (legs) => {
        const sum = legs.reduce((total, [, amount]) => total + amount, 0);
        const [left] = imbalances(postingsOf('JPY', legs));
        expect(left?.sum ?? 0).toBe(sum === 0 ? 0 : sum);
        expect(new Set(postingsOf('JPY', legs).map(({ account }) => account)).size).toBe(
          postingsOf('JPY', legs).length,
        );
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('never leave the range of safe integers', () => {
    const big = Number.MAX_SAFE_INTEGER;
    expect(() =>
      postingsOf('EUR', [
        ['cash', big],
        ['cash', 1],
      ]),
    ).toThrow(expect.objectContaining({ code: 'money.amount_unsafe' }));
  });
});
