import { createHash } from 'node:crypto';
import type { Quote } from '../../domain/order/order.ts';

/**
 * SHA-256 over what a quote asks for: amounts, lines, taxes and the country they are due in. Evidence, postal code and
 * notes are not part of it: an order may know more of its customer without costing anything else.
 */
export function quoteHash({ currency, net, discount, tax, gross, lines, taxes, placeOfSupply, reverseCharge }: Quote) {
  const { country } = placeOfSupply;
  const content = { currency, net, discount, tax, gross, lines, taxes, country, reverseCharge };
  return createHash('sha256')
    .update(JSON.stringify(canonical(content)))
    .digest('hex');
}

/** Objects with their keys in order, so that equal content hashes equally wherever it was stored. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, item]: [string, unknown]) => [key, canonical(item)]));
}
