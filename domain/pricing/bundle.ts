import type { Price, Product, Recurrence, TaxBehavior } from '../catalog/catalog.ts';
import { isFailure } from '../failures.ts';
import { allocate, assertAmount } from '../money/money.ts';
import { termsIn } from './price-in-currency.ts';
import { listAmount } from './price-scheme.ts';

/** How the bundle is sold: its components are valued as they would be sold the same way. */
export interface BundleSale {
  readonly currency: string;
  readonly taxBehavior: TaxBehavior;
  readonly recurring: Recurrence | null;
}

/** Whether a product is sold by its components. */
export function isBundle({ components }: Product): boolean {
  return components.length > 0;
}

/** The component's quantity in the bundle times the bundles sold. @throws money.amount_unsafe */
export function componentQuantity(inBundle: number, bundles: number): number {
  return assertAmount(assertAmount(inBundle) * bundles, 'quantity');
}

/**
 * The stand-alone value of a component: the list amount of its own price at that quantity, sold as the bundle is: same
 * currency and tax behaviour, once or at the same interval. The lowest of several; null when it has no such price.
 */
export function standAloneValue(prices: readonly Price[], quantity: number, sale: BundleSale): number | null {
  const values = prices.flatMap((price) => {
    const terms = termsIn(price, sale.currency);
    if (terms?.taxBehavior !== sale.taxBehavior || !sameInterval(price.recurring, sale.recurring)) return [];
    const value = valueOf(terms.scheme, quantity);
    return value === null ? [] : [value];
  });
  return values.length === 0 ? null : Math.min(...values);
}

function sameInterval(a: Recurrence | null, b: Recurrence | null): boolean {
  if (a === null || b === null) return a === b;
  return a.interval === b.interval && a.count === b.count && a.usage === b.usage;
}

/** null for a quantity that the scheme cannot price. */
function valueOf(scheme: Price['scheme'], quantity: number): number | null {
  try {
    return listAmount(scheme, quantity);
  } catch (error) {
    if (isFailure(error, 'price.quantity_invalid') || isFailure(error, 'money.amount_unsafe')) return null;
    throw error;
  }
}

export interface BundlePart {
  readonly list: number;
  readonly discount: number;
}

/**
 * Splits what a bundle costs, and what is taken off it, over its components by their stand-alone values (largest
 * remainder): the parts sum to both, and no discount exceeds its list amount. null when there is something to split and
 * every value is 0.
 */
export function splitBundle({ list, discount }: BundlePart, values: readonly number[]): readonly BundlePart[] | null {
  if (list > 0 && values.every((value) => value === 0)) return null;
  const lists = allocate(list, values);
  const discounts = allocate(discount, lists);
  return lists.map((part, index) => ({ list: part, discount: discounts[index] ?? 0 }));
}
