import { percentOffRate } from '../catalog/coupon.ts';
import type { Coupon } from '../catalog/coupon.ts';
import { allocate, applyRate, sum } from '../money/money.ts';

export interface DiscountableLine {
  readonly product: string;
  /** Minor units, never negative. */
  readonly list: number;
}

export type CouponRefusal = 'expired' | 'other_currency' | 'no_matching_line';

/** `discounts` has one entry per line, in order, between 0 and the line's list amount. */
export type CouponApplication =
  | { readonly kind: 'applied'; readonly discounts: readonly number[] }
  | { readonly kind: 'refused'; readonly reason: CouponRefusal };

/**
 * Applies a coupon to the lines of one basket in one currency as of `at` (ISO 8601). The discount is rounded once for
 * the basket and split over the lines that it covers by their list amount (largest remainder), so that the parts sum to
 * it to the cent; an amount larger than those lines takes them to zero and no further.
 */
export function applyCoupon(
  coupon: Coupon,
  lines: readonly DiscountableLine[],
  currency: string,
  at: string,
): CouponApplication {
  const { discount, products, validUntil } = coupon;
  if (validUntil !== null && Date.parse(at) >= Date.parse(validUntil)) return { kind: 'refused', reason: 'expired' };
  if (discount.type === 'amount' && discount.currency !== currency)
    return { kind: 'refused', reason: 'other_currency' };
  const covered = lines.map(({ product }) => products === null || products.includes(product));
  if (!covered.includes(true)) return { kind: 'refused', reason: 'no_matching_line' };
  const weights = lines.map(({ list }, index) => (covered[index] === true ? list : 0));
  const base = sum(weights);
  const off =
    discount.type === 'percent'
      ? applyRate(base, percentOffRate(discount.percentOff))
      : Math.min(discount.amountOff, base);
  return { kind: 'applied', discounts: allocate(off, weights) };
}
