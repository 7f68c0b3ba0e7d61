import { fail } from '../failures.ts';
import { parsePercent } from '../money/rate.ts';
import type { Rate } from '../money/rate.ts';

/** `percentOff` is a decimal string in percent ("12.5"); `amountOff` minor units, once per order. */
export type CouponDiscount =
  | { readonly type: 'percent'; readonly percentOff: string }
  | { readonly type: 'amount'; readonly amountOff: number; readonly currency: string };

/** For a subscription: the first order only, that many periods, or every period. */
export type CouponDuration = 'once' | 'repeating' | 'forever';

export interface Coupon {
  readonly id: string;
  readonly discount: CouponDiscount;
  readonly duration: CouponDuration;
  /** Only with `repeating`. */
  readonly periods: number | null;
  readonly maxRedemptions: number | null;
  /** ISO 8601 UTC, exclusive: from this moment on the coupon is no longer taken. */
  readonly validUntil: string | null;
  /** Product ids; null: every product. */
  readonly products: readonly string[] | null;
}

/** "12.5" → 0.125. @throws request.invalid unless more than 0 and at most 100 percent */
export function percentOffRate(percentOff: string): Rate {
  return isPercentOff(percentOff)
    ? parsePercent(percentOff)
    : fail('request.invalid', `"${percentOff}" is not a percentage above 0 and up to 100`);
}

/** True for decimal strings above 0 and up to 100 with at most four decimals. */
export function isPercentOff(text: string): boolean {
  return /^(\d{1,2}(\.\d{1,4})?|100(\.0{1,4})?)$/.test(text) && parsePercent(text).amount > 0;
}
