import { percentOffRate } from '../catalog/coupon.ts';
import type { Coupon } from '../catalog/coupon.ts';
import { allocate, applyRate, sum } from '../money/money.ts';
import { assertNever } from '../state-machine.ts';

export interface DiscountableLine {
  readonly product: string;
  /** Minor units, never negative. */
  readonly list: number;
}

/** The basket's side of a discount. */
export interface DiscountContext {
  readonly currency: string;
  /** ISO 8601. */
  readonly at: string;
  /** 1 for an order and the first period of a subscription, 2 for its first renewal, … */
  readonly period: number;
}

export type CouponRefusal = 'expired' | 'other_currency' | 'no_matching_line' | 'not_this_period';

/** `discounts` has one entry per line, in order, between 0 and the line's list amount. */
export type CouponApplication =
  | { readonly kind: 'applied'; readonly discounts: readonly number[] }
  | { readonly kind: 'refused'; readonly reason: CouponRefusal };

/** Whether a coupon that was redeemed with the first period also takes something off the nth. */
export function appliesToPeriod({ duration, periods }: Coupon, period: number): boolean {
  switch (duration) {
    case 'once':
      return period === 1;
    case 'repeating':
      return period >= 1 && period <= (periods ?? 0);
    case 'forever':
      return period >= 1;
    default:
      return assertNever(duration);
  }
}

/**
 * Applies a coupon to the lines of one basket in one currency. The discount is rounded once for the basket and split
 * over the lines that it covers by their list amount (largest remainder), so that the parts sum to it to the cent; an
 * amount larger than those lines takes them to zero and no further. It must be redeemed, with period 1, before it ends;
 * a coupon that was goes on for its duration.
 */
export function applyCoupon(
  coupon: Coupon,
  lines: readonly DiscountableLine[],
  { currency, at, period }: DiscountContext,
): CouponApplication {
  const { discount, products, validUntil } = coupon;
  if (!appliesToPeriod(coupon, period)) return { kind: 'refused', reason: 'not_this_period' };
  if (period === 1 && validUntil !== null && Date.parse(at) >= Date.parse(validUntil))
    return { kind: 'refused', reason: 'expired' };
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
