import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Coupon } from '../../../domain/catalog/coupon.ts';
import { applyRate, sum } from '../../../domain/money/money.ts';
import { parsePercent } from '../../../domain/money/rate.ts';
import { applyCoupon } from '../../../domain/pricing/discount.ts';

const at = '2027-02-01T00:00:00.000Z';
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
        const applied = applyCoupon(coupon({ discount: { type: 'percent', percentOff } }), basket, 'EUR', at);
        if (applied.kind !== 'applied') throw new Error(applied.reason);
        expect(sum(applied.discounts)).toBe(applyRate(sum(basket.map(({ list }) => list)), parsePercent(percentOff)));
        applied.discounts.forEach((discount, index) => {
          expect(discount).toBeGreaterThanOrEqual(0);
          expect(discount).toBeLessThanOrEqual(basket[index]?.list ?? -1);
        });
      }),
    );
  });

  it('takes an amount off at most down to zero and to the cent', () => {
    fc.assert(
      fc.property(lines, fc.integer({ min: 1, max: 100_000_000 }), (basket, amountOff) => {
        const amount = coupon({ discount: { type: 'amount', amountOff, currency: 'EUR' } });
        const applied = applyCoupon(amount, basket, 'EUR', at);
        if (applied.kind !== 'applied') throw new Error(applied.reason);
        expect(sum(applied.discounts)).toBe(Math.min(amountOff, sum(basket.map(({ list }) => list))));
        applied.discounts.forEach((discount, index) => {
          expect(discount).toBeLessThanOrEqual(basket[index]?.list ?? -1);
        });
      }),
    );
  });

  it('touches only the products it names', () => {
    const applied = applyCoupon(
      coupon({ products: ['app'] }),
      [line(1000), line(500, 'app'), line(250, 'app')],
      'EUR',
      at,
    );
    expect(applied).toEqual({ kind: 'applied', discounts: [0, 50, 25] });
  });

  it('gives the odd cent to the largest remainder', () => {
    const off = coupon({ discount: { type: 'amount', amountOff: 100, currency: 'EUR' } });
    expect(applyCoupon(off, [line(999), line(999), line(999)], 'EUR', at)).toEqual({
      kind: 'applied',
      discounts: [34, 33, 33],
    });
  });

  it('is refused from the moment it ends', () => {
    const until = coupon({ validUntil: at });
    expect(applyCoupon(until, [line(100)], 'EUR', '2027-01-31T23:59:59.999Z').kind).toBe('applied');
    expect(applyCoupon(until, [line(100)], 'EUR', at)).toEqual({ kind: 'refused', reason: 'expired' });
  });

  it('is refused in another currency than its amount and when no line matches', () => {
    const usd = coupon({ discount: { type: 'amount', amountOff: 100, currency: 'USD' } });
    expect(applyCoupon(usd, [line(100)], 'EUR', at)).toEqual({ kind: 'refused', reason: 'other_currency' });
    expect(applyCoupon(coupon({ products: ['app'] }), [line(100)], 'EUR', at)).toEqual({
      kind: 'refused',
      reason: 'no_matching_line',
    });
  });
});
