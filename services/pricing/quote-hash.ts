import type { Quote } from '../../domain/order/order.ts';
import { canonicalHash } from '../store/canonical-hash.ts';

/**
 * SHA-256 over what a quote asks for: amounts, lines, taxes and the country they are due in. Evidence, postal code and
 * notes are not part of it: an order may know more of its customer without costing anything else.
 */
export function quoteHash({ currency, net, discount, tax, gross, lines, taxes, placeOfSupply, reverseCharge }: Quote) {
  const { country } = placeOfSupply;
  return canonicalHash({ currency, net, discount, tax, gross, lines, taxes, country, reverseCharge });
}
