import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { clawback, sellerShares } from '../../../domain/seller/seller-share.ts';
import type { FrozenSellerTerms } from '../../../domain/seller/seller.ts';
import { propertyRuns } from '../../support/property-runs.ts';
import { sampleLine, sampleQuote } from '../invoice/sample-order.ts';
import { frozenTerms } from './sample-terms.ts';

function shareOf(net: number, terms: FrozenSellerTerms | null, fee = 0): number | undefined {
  const quote = sampleQuote([sampleLine({ line: '1', name: 'x', net, sellerTerms: terms, taxes: [] })]);
  return sellerShares(quote, fee)[0]?.share;
}

describe("a seller's share of a line", () => {
  it.each([
    ['is nothing of our own products', 10_000, null, 0, 0],
    ['is net less commission and fixed fee', 10_000, frozenTerms(), 0, 8_470],
    ['has the commission rounded half away from zero, on our side', 10, frozenTerms({ fixedFee: 0 }), 0, 8],
    ['rounds down what is less than half', 9, frozenTerms({ fixedFee: 0 }), 0, 8],
    ["leaves the gateway's fee to us", 10_000, frozenTerms(), 140, 8_470],
    ["bears the gateway's fee where the contract says so", 10_000, frozenTerms({ gatewayFees: 'seller' }), 140, 8_330],
    ['is never below zero', 20, frozenTerms(), 0, 0],
    [
      'is the whole net without commission and fees',
      999,
      frozenTerms({ commissionBasisPoints: 0, fixedFee: 0 }),
      0,
      999,
    ],
    ['is nothing when all is commission', 999, frozenTerms({ commissionBasisPoints: 10_000, fixedFee: 0 }), 0, 0],
    ['is nothing of nothing', 0, frozenTerms(), 0, 0],
  ])('%s', (_what, net, terms, fee, share) => {
    expect(shareOf(net, terms, fee)).toBe(share);
  });

  it("carries the order's fee by what was charged for each line, to the cent", () => {
    const terms = frozenTerms({ commissionBasisPoints: 0, fixedFee: 0, gatewayFees: 'seller' });
    const line = (id: string, net: number) => sampleLine({ line: id, name: 'x', net, sellerTerms: terms, taxes: [] });
    const quote = sampleQuote([line('1', 1_000), line('2', 1_000), line('3', 1_000)]);
    expect(sellerShares(quote, 100)).toEqual([
      { line: '1', share: 966 },
      { line: '2', share: 967 },
      { line: '3', share: 967 },
    ]);
  });
});

describe('what a credit takes back', () => {
  const line = { line: '1', net: 10_000 };

  it('is in proportion to the net given back, cumulatively and line by line', () => {
    expect(clawback(line, 8_470, { net: 3_333 }, [])).toBe(2_823);
    expect(clawback(line, 8_470, { net: 3_333 }, [{ line: '1', net: 3_333 }])).toBe(2_823);
    expect(clawback(line, 8_470, { net: 3_334 }, [{ line: '1', net: 6_666 }])).toBe(8_470 - 5_646);
    expect(clawback(line, 8_470, { net: 10_000 }, [{ line: '2', net: 5_000 }])).toBe(8_470);
  });

  it('is nothing of what is our own, and nothing for tax alone', () => {
    expect(clawback({ line: '1', net: 0 }, 0, { net: 0 }, [])).toBe(0);
    expect(clawback(line, 8_470, { net: 0 }, [{ line: '1', net: 3_333 }])).toBe(0);
  });

  it('comes to exactly the share, whatever the sequence', () => {
    const parts = fc.array(fc.integer({ min: 0, max: 10 ** 9 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(parts, fc.double({ min: 0, max: 1, noNaN: true }), (nets, kept) => {
        const net = nets.reduce((sum, part) => sum + part, 0);
        const share = Math.floor(net * kept);
        const earlier: { line: string; net: number }[] = [];
        let taken = 0;
        for (const part of nets) {
          const back = clawback({ line: '1', net }, share, { net: part }, earlier);
          expect(back).toBeGreaterThanOrEqual(0);
          taken += back;
          earlier.push({ line: '1', net: part });
        }
        expect(taken).toBe(share);
      }),
      { numRuns: propertyRuns() },
    );
  });
});
