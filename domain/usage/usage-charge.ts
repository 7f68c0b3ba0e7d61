import type { PriceScheme } from '../catalog/catalog.ts';
import { sum } from '../money/money.ts';
import { listAmount } from '../pricing/price-scheme.ts';

/** What one invoice bills of a meter in one period. */
export interface UsageToBill {
  /** Of the subscription, whose usage it is. */
  readonly item: string;
  readonly meter: string;
  /** The price that the item had in that period. */
  readonly price: string;
  /** How that price counts, as it was agreed for that period. */
  readonly scheme: PriceScheme;
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

/**
 * What an item is charged on the next bill, before discount and tax: its period, and what came late for the one before.
 * What costs less than was billed is left out, as the order that billed it is corrected. Null: there is nothing to charge.
 * @throws price.quantity_invalid when no tier holds the quantity, money.amount_unsafe
 */
export function chargedUsage(
  used: readonly Pick<UsageToBill, 'scheme' | 'quantity' | 'billedBefore'>[],
): { readonly quantity: number; readonly amount: number } | null {
  const charged = used
    .map((one) => ({ more: one.quantity - one.billedBefore, amount: usageAmount(one.scheme, one) }))
    .filter(({ more, amount }) => amount > 0 || (amount === 0 && more > 0));
  if (charged.length === 0) return null;
  // Fewer units may cost more where prices fall with the volume, and a line is of one unit at least.
  const quantity = Math.max(1, sum(charged.map(({ more }) => Math.max(0, more))));
  return { quantity, amount: sum(charged.map(({ amount }) => amount)) };
}

/** What of the price that was billed before is too much by now, minor units before discount and tax; never negative. */
export function billedTooMuch(used: Pick<UsageToBill, 'scheme' | 'quantity' | 'billedBefore'>): number {
  return Math.max(0, 0 - usageAmount(used.scheme, used));
}

/** Nothing used costs nothing, also at a flat price. */
function amountOf(scheme: PriceScheme, quantity: number): number {
  return quantity === 0 ? 0 : listAmount(scheme, quantity);
}
