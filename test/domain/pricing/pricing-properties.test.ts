import { describe, expect, it } from '@jest/globals';
import * as isoCurrencies from 'dinero.js/bigint/currencies';
import fc from 'fast-check';
import type { Coupon } from '../../../domain/catalog/coupon.ts';
import { retiredCurrencies } from '../../../domain/money/data/retired-currencies.ts';
import {
  applyFraction,
  applyRate,
  formatMoney,
  isCurrency,
  minorUnitDigits,
  sum,
} from '../../../domain/money/money.ts';
import { splitBundle } from '../../../domain/pricing/bundle.ts';
import { applyCoupon } from '../../../domain/pricing/discount.ts';
import { listAmount } from '../../../domain/pricing/price-scheme.ts';
import { computeTax } from '../../../domain/tax/compute-tax.ts';
import { place, taxRequest } from '../tax/place.ts';
import { propertyRuns } from '../../support/property-runs.ts';

// Goal: from price to gross nothing is lost or made, in every currency that there is or was. Method: the whole chain of
// pure functions as services/pricing calls it, on random catalogues and baskets.

const currencies = [...Object.keys(isoCurrencies).filter(isCurrency), ...retiredCurrencies.map((row) => row.currency)];
const at = '2026-11-21T12:00:00.000Z';
const amount = fc.oneof(fc.nat({ max: 20 }), fc.nat({ max: 1_000_000 }));
const tiers = fc
  .tuple(fc.array(fc.tuple(fc.integer({ min: 1, max: 50 }), amount, amount), { maxLength: 4 }), amount, amount)
  .map(([closed, unitAmount, flatAmount]) => {
    let upTo = 0;
    const list = closed.map(([width, unit, flat]) => ({ upTo: (upTo += width), unitAmount: unit, flatAmount: flat }));
    return [...list, { upTo: null, unitAmount, flatAmount }];
  });
const scheme = fc.oneof(
  amount.map((value) => ({ type: 'flat' as const, amount: value })),
  amount.map((value) => ({ type: 'per_unit' as const, amount: value })),
  fc.record({ type: fc.constant('package' as const), size: fc.integer({ min: 1, max: 12 }), amount }),
  fc.record({ type: fc.constantFrom('volume' as const, 'graduated' as const), tiers }),
);
const basketLine = fc.record({
  scheme,
  quantity: fc.integer({ min: 1, max: 300 }),
  product: fc.constantFrom('a', 'b'),
  taxBehavior: fc.constantFrom('inclusive' as const, 'exclusive' as const),
  /** Stand-alone values; none for what is no bundle. */
  values: fc.array(fc.nat({ max: 100_000 }), { maxLength: 5 }),
});
const coupon = fc
  .record({
    discount: fc.oneof(
      fc.integer({ min: 1, max: 1_000_000 }).map((n) => ({
        type: 'percent' as const,
        percentOff: `${Math.floor(n / 10_000)}.${`${n % 10_000}`.padStart(4, '0')}`,
      })),
      fc.integer({ min: 1, max: 10_000_000 }).map((amountOff) => ({ type: 'amount' as const, amountOff })),
    ),
    products: fc.constantFrom(null, ['a'], ['a', 'b']),
  })
  .map(({ discount, products }) => (currency: string): Coupon => ({
    ...{ id: 'c', duration: 'once', periods: null, maxRedemptions: null, validUntil: null, products },
    discount: discount.type === 'amount' ? { ...discount, currency } : discount,
  }));
const where = fc.constantFrom(
  ...[place('DE'), place('FI'), place('CH'), place('JP'), place('CA', 'QC'), place('US', 'TX'), place('HK')],
);

describe('a basket in any currency', () => {
  it('is listed, discounted, split and taxed without losing or making a unit', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...currencies),
        fc.array(basketLine, { minLength: 1, maxLength: 6 }),
        coupon,
        where,
        (currency, lines, couponIn, customerPlace) => {
          const listed = lines.map((line) => ({ ...line, list: listAmount(line.scheme, line.quantity) }));
          const applied = applyCoupon(couponIn(currency), listed, { currency, at, period: 1 });
          const discounts = applied.kind === 'applied' ? applied.discounts : listed.map(() => 0);
          const parts = listed.flatMap((line, index) => {
            const whole = { list: line.list, discount: discounts[index] ?? 0 };
            expect(whole.discount).toBeGreaterThanOrEqual(0);
            expect(whole.discount).toBeLessThanOrEqual(whole.list);
            const split = line.values.length === 0 ? [whole] : (splitBundle(whole, line.values) ?? [whole]);
            return split.map((part) => ({ ...part, taxBehavior: line.taxBehavior }));
          });
          expect(sum(parts.map(({ list }) => list))).toBe(sum(listed.map(({ list }) => list)));
          expect(sum(parts.map(({ discount }) => discount))).toBe(sum(discounts));
          const taxed = computeTax(
            taxRequest({
              ...{ currency, at, place: customerPlace },
              lines: parts.map(({ list, discount, taxBehavior }, index) => {
                return { line: `${index + 1}`, taxClass: 'saas', taxBehavior, amount: list - discount };
              }),
            }),
          );
          taxed.lines.forEach(({ net, tax, gross }, index) => {
            const part = parts[index];
            if (part === undefined) throw new Error('a line too many');
            expect(net + tax).toBe(gross);
            expect(part.taxBehavior === 'inclusive' ? gross : net).toBe(part.list - part.discount);
          });
          for (const field of ['net', 'tax', 'gross'] as const)
            expect(sum(taxed.lines.map((line) => line[field]))).toBe(taxed[field]);
        },
      ),
      { numRuns: propertyRuns() },
    );
  });

  it('taken as a gross price gives back the net price that it was made from', () => {
    const rate = fc.record({ amount: fc.integer({ min: 1, max: 40_000 }), scale: fc.constantFrom(3, 5) });
    fc.assert(
      fc.property(fc.nat({ max: 100_000_000_000 }), rate, (net, given) => {
        const tax = applyRate(net, given);
        expect(applyFraction(net + tax, given.amount, 10 ** given.scale + given.amount)).toBe(tax);
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('is taxed the same as a net price and as the gross price that comes of it', () => {
    fc.assert(
      fc.property(fc.constantFrom(...currencies), fc.nat({ max: 1_000_000_000 }), where, (currency, net, there) => {
        const taxed = (taxBehavior: 'inclusive' | 'exclusive', value: number) =>
          computeTax(
            taxRequest({
              ...{ currency, at, place: there },
              lines: [{ line: '1', taxClass: 'ebook', taxBehavior, amount: value }],
            }),
          );
        const exclusive = taxed('exclusive', net);
        const inclusive = taxed('inclusive', exclusive.gross);
        // Two taxes on one price are rounded one by one on a net price, and once on a gross one.
        const slack = exclusive.taxes.length > 1 ? 1 : 0;
        expect(Math.abs(inclusive.net - net)).toBeLessThanOrEqual(slack);
        expect(inclusive.gross).toBe(exclusive.gross);
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('is written with as many decimals as the currency has', () => {
    for (const currency of currencies) {
      const digits = minorUnitDigits(currency);
      expect(formatMoney({ amount: 1, currency })).toBe(`${(1 / 10 ** digits).toFixed(digits)} ${currency}`);
    }
    expect([...new Set(currencies.map(minorUnitDigits))].sort()).toEqual([0, 2, 3, 4]);
  });
});
