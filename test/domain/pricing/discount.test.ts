import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Coupon } from '../../../domain/catalog/coupon.ts';
import { applyRate, sum } from '../../../domain/money/money.ts';
import { parsePercent } from '../../../domain/money/rate.ts';
import { appliesToPeriod, applyCoupon } from '../../../domain/pricing/discount.ts';
import { propertyRuns } from '../../support/property-runs.ts';

const at = '2027-02-01T00:00:00.000Z';
const euro = { currency: 'EUR', at, period: 1 };
const coupon = (part: Partial<Coupon>): Coupon => ({
  id: 'c',
  discount: { type: 'percent', percentOff: '10' },
  duration: 'once',
  periods: null,
  maxRedemptions: null,
  validUntil: null,
  products: null,
  ...part,
});
const line = (list: number, product = 'book') => ({ list, product });
const lines = fc.array(fc.record({ list: fc.nat({ max: 10_000_000 }), product: fc.constantFrom('book', 'app') }), {
  minLength: 1,
  maxLength: 20,
});

describe('applyCoupon', () => {
  it('splits a percentage so that the parts sum to the percentage of the whole and none exceeds its line', () => {
    fc.assert(
      fc.property(lines, fc.integer({ min: 1, max: 1000 }), (basket, tenths) => {
        const percentOff = (tenths / 10).toFixed(1);
        const applied = applyCoupon(coupon({ discount: { type: 'percent', percentOff } }), basket, euro);
        if (applied.kind !== 'applied') throw new Error(applied.reason);
        expect(sum(applied.discounts)).toBe(applyRate(sum(basket.map(({ list }) => list)), parsePercent(percentOff)));
        applied.discounts.forEach((discount, index) => {
          expect(discount).toBeGreaterThanOrEqual(0);
          expect(discount).toBeLessThanOrEqual(basket[index]?.list ?? -1);
        });
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('takes an amount off at most down to zero and to the cent', () => {
    fc.assert(
      fc.property(lines, fc.integer({ min: 1, max: 100_000_000 }), (basket, amountOff) => {
        const amount = coupon({ discount: { type: 'amount', amountOff, currency: 'EUR' } });
        const applied = applyCoupon(amount, basket, euro);
        if (applied.kind !== 'applied') throw new Error(applied.reason);
        expect(sum(applied.discounts)).toBe(Math.min(amountOff, sum(basket.map(({ list }) => list))));
        applied.discounts.forEach((discount, index) => {
          expect(discount).toBeLessThanOrEqual(basket[index]?.list ?? -1);
        });
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('touches only the products it names', () => {
    const applied = applyCoupon(coupon({ products: ['app'] }), [line(1000), line(500, 'app'), line(250, 'app')], euro);
    expect(applied).toEqual({ kind: 'applied', discounts: [0, 50, 25] });
  });

  it('gives the odd cent to the largest remainder', () => {
    const off = coupon({ discount: { type: 'amount', amountOff: 100, currency: 'EUR' } });
    expect(applyCoupon(off, [line(999), line(999), line(999)], euro)).toEqual({
      kind: 'applied',
      discounts: [34, 33, 33],
    });
  });

  it('is refused from the moment it ends', () => {
    const until = coupon({ validUntil: at });
    expect(applyCoupon(until, [line(100)], { ...euro, at: '2027-01-31T23:59:59.999Z' }).kind).toBe('applied');
    expect(applyCoupon(until, [line(100)], euro)).toEqual({ kind: 'refused', reason: 'expired' });
  });

  it('is refused in another currency than its amount and when no line matches', () => {
    const usd = coupon({ discount: { type: 'amount', amountOff: 100, currency: 'USD' } });
    expect(applyCoupon(usd, [line(100)], euro)).toEqual({ kind: 'refused', reason: 'other_currency' });
    expect(applyCoupon(coupon({ products: ['app'] }), [line(100)], euro)).toEqual({
      kind: 'refused',
      reason: 'no_matching_line',
    });
  });
});

describe('the periods of a coupon', () => {
  const periods = [0, 1, 2, 3, 4, 1000];
  it.each<[string, Partial<Coupon>, boolean[]]>([
    ['once: the first', { duration: 'once' }, [false, true, false, false, false, false]],
    ['repeating: as many as it says', { duration: 'repeating', periods: 3 }, [false, true, true, true, false, false]],
    ['repeating without a number: none', { duration: 'repeating' }, [false, false, false, false, false, false]],
    ['forever: every one', { duration: 'forever' }, [false, true, true, true, true, true]],
  ])('are with %s', (_, part, expected) => {
    expect(periods.map((period) => appliesToPeriod(coupon(part), period))).toEqual(expected);
  });

  it('decide in every basket', () => {
    const twice = coupon({ duration: 'repeating', periods: 2 });
    const inPeriod = (period: number) => applyCoupon(twice, [line(100)], { ...euro, period });
    expect(inPeriod(2)).toEqual({ kind: 'applied', discounts: [10] });
    expect(inPeriod(3)).toEqual({ kind: 'refused', reason: 'not_this_period' });
  });

  it('go on after the coupon has ended, once it was redeemed', () => {
    const ended = coupon({ duration: 'forever', validUntil: at });
    expect(applyCoupon(ended, [line(100)], { ...euro, period: 1 })).toEqual({ kind: 'refused', reason: 'expired' });
    expect(applyCoupon(ended, [line(100)], { ...euro, period: 2 })).toEqual({ kind: 'applied', discounts: [10] });
  });
});
