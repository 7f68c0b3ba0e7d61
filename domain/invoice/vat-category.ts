import type { CustomerType, OrderLine, Quote } from '../order/order.ts';
import { taxCountryOf } from '../tax/country.ts';
import { taxLawFor } from '../tax/tax-law.ts';

/**
 * The VAT category codes of EN 16931 (UNTDID 5305) that a sale of ours can have: S taxed, Z taxed at zero, AE reverse
 * charge, K goods to a business in another member state, G goods that leave the Union, O not subject to VAT, E exempt.
 */
export const vatCategories = ['S', 'Z', 'AE', 'K', 'G', 'O', 'E'] as const;
export type VatCategory = (typeof vatCategories)[number];

export interface CategoryQuestion {
  readonly quote: Pick<Quote, 'placeOfSupply' | 'reverseCharge'>;
  readonly customerType: CustomerType;
  /** ISO 3166-1 alpha-2: where the legal entity is. */
  readonly sellerCountry: string;
  /** ISO 8601 UTC: the tax point. */
  readonly at: string;
}

/** How a line is taxed, in the words of EN 16931. @throws tax.data_missing for an untaxed line of an unknown class */
export function vatCategoryOf(line: Pick<OrderLine, 'taxes' | 'taxClass'>, question: CategoryQuestion): VatCategory {
  if (line.taxes.some(({ rate }) => !isZero(rate))) return 'S';
  if (line.taxes.some(({ exemption }) => exemption !== undefined)) return 'E';
  if (line.taxes.length > 0) return 'Z';
  const { quote, customerType, sellerCountry, at } = question;
  const { inEu, supply, country } = taxLawFor({
    place: quote.placeOfSupply,
    taxClass: line.taxClass,
    customerType,
    at,
  });
  if (supply === 'goods') {
    if (!inEu) return 'G';
    return country !== taxCountryOf(sellerCountry) && customerType === 'business' ? 'K' : 'E';
  }
  if (quote.reverseCharge) return 'AE';
  return inEu ? 'E' : 'O';
}

function isZero(rate: string): boolean {
  return /^0+(\.0*)?$/.test(rate);
}
