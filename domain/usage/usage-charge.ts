import type { PriceScheme } from '../catalog/catalog.ts';
import { sum } from '../money/money.ts';
import { listAmount } from '../pricing/price-scheme.ts';

/** What one invoice bills of a meter in one period. */
export interface UsageToBill {
  readonly meter: string;
  /** The price that the item had in that period. */
  readonly price: string;
  /** Instants ISO 8601 UTC, half-open: the period that the usage happened in. */
  readonly period: { readonly start: string; readonly end: string };
  /** All that is known of the period by now, up to the cap. */
  readonly quantity: number;
  /** What earlier invoices billed of the same period: more than 0 only for usage that came late. */
  readonly billedBefore: number;
}

/**
 * What usage costs before discount and tax, in minor units of the price's currency. The tiers begin anew with every period;
 * what came late is rated in the tiers of its own period, so that it costs what it would have cost in time. Negative
 * when a correction took usage back that is already billed.
 * @throws price.quantity_invalid when no tier holds the quantity, money.amount_unsafe
 */
export function usageAmount(
  scheme: PriceScheme,
  { quantity, billedBefore }: Pick<UsageToBill, 'quantity' | 'billedBefore'>,
): number {
  return sum([amountOf(scheme, quantity), -amountOf(scheme, billedBefore)]);
}

/** Nothing used costs nothing, also at a flat price. */
function amountOf(scheme: PriceScheme, quantity: number): number {
  return quantity === 0 ? 0 : listAmount(scheme, quantity);
}
