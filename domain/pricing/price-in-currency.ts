import type { Price, PriceTerms } from '../catalog/catalog.ts';

/** What a price asks in a currency; null when it is not sold in it. Nothing is ever converted to be charged. */
export function termsIn(price: Price, currency: string): PriceTerms | null {
  if (price.currency === currency) return { taxBehavior: price.taxBehavior, scheme: price.scheme };
  return price.currencyOptions[currency] ?? null;
}

/** Every currency that a price is sold in, its own first. */
export function currenciesOf(price: Price): readonly string[] {
  return [price.currency, ...Object.keys(price.currencyOptions)];
}
