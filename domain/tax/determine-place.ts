import type { BusinessTaxIdStatus, CustomerType } from '../order/order.ts';
import { parseBusinessTaxId } from './business-tax-id.ts';
import { countryCode, taxCountryOf, taxRegion } from './country.ts';
import type { Evidence, EvidenceKind, PlaceOfSupply } from './place-of-supply.ts';

/** What the checkout knows about where the customer is. */
export interface PlaceEvidence {
  readonly country: string;
  readonly region: string | null;
  readonly postalCode: string | null;
  readonly type: CustomerType;
  readonly businessTaxId: string | null;
  /** Only a confirmed id is evidence: anybody can type a well-formed one. Absent means not checked yet. */
  readonly businessTaxIdStatus?: BusinessTaxIdStatus;
  readonly ipCountry: string | null;
  readonly cardCountry: string | null;
}

export type PlaceDecision =
  | {
      readonly kind: 'determined';
      readonly place: PlaceOfSupply;
      /** `one_item`: nothing but the billing address was known; see determinePlaceOfSupply. */
      readonly basis: 'two_items' | 'one_item';
    }
  | { readonly kind: 'unclear'; readonly evidence: readonly Evidence[]; readonly question: string };

/**
 * The country whose tax applies (Dir. 2006/112 art. 58; Reg. 282/2011 art. 24b(d), 24f), by counting items of
 * different kinds:
 * - two or more agree, and no other country has as many: that country; contradicting items stay on file;
 * - the billing address is all there is: it is taken, with basis `one_item`. Art. 24b allows one item up to
 *   EUR 100,000 of cross-border EU sales a year; a seller above it has the checkout always pass the IP country;
 * - anything else is unclear, with the words to ask the customer.
 * Codes that are one tax area (MC and FR, IM and GB) agree with each other; the billing address then names the place.
 * Region and postal code belong to the billing address and are dropped when the evidence says another country.
 * @throws request.invalid for what is not a country code, tax.region_required for the US and Canada
 */
export function determinePlaceOfSupply(customer: PlaceEvidence): PlaceDecision {
  const evidence = collectEvidence(customer);
  const billing = countryCode(customer.country, 'customer.country');
  const winner = evidence.length === 1 ? taxCountryOf(billing) : mostNamed(evidence);
  if (winner === null) return { kind: 'unclear', evidence, question: questionFor(evidence) };
  const atBilling = taxCountryOf(billing) === winner;
  const country = atBilling
    ? billing
    : (evidence.find((item) => taxCountryOf(item.country) === winner)?.country ?? winner);
  const place: PlaceOfSupply = {
    country,
    region: taxRegion(country, atBilling ? customer.region : null),
    postalCode: atBilling ? customer.postalCode : null,
    evidence,
  };
  return { kind: 'determined', place, basis: evidence.length === 1 ? 'one_item' : 'two_items' };
}

function collectEvidence(customer: PlaceEvidence): readonly Evidence[] {
  const items: Evidence[] = [{ kind: 'billing_address', country: countryCode(customer.country, 'customer.country') }];
  if (customer.ipCountry !== null)
    items.push({ kind: 'ip_address', country: countryCode(customer.ipCountry, 'customer.ipCountry') });
  if (customer.cardCountry !== null)
    items.push({ kind: 'card_issuer', country: countryCode(customer.cardCountry, 'customer.cardCountry') });
  if (customer.type === 'business' && customer.businessTaxId !== null && customer.businessTaxIdStatus === 'confirmed') {
    const id = parseBusinessTaxId({ country: customer.country, businessTaxId: customer.businessTaxId });
    if (id !== 'malformed') items.push({ kind: 'business_tax_id', country: id.country });
  }
  return items;
}

/** The tax country that at least two items name and no other as often; null when there is none. */
function mostNamed(evidence: readonly Evidence[]): string | null {
  const votes = new Map<string, number>();
  for (const { country } of evidence) votes.set(taxCountryOf(country), (votes.get(taxCountryOf(country)) ?? 0) + 1);
  const [first, second] = [...votes].sort(([, a], [, b]) => b - a);
  if (first === undefined || first[1] < 2) return null;
  return second !== undefined && second[1] === first[1] ? null : first[0];
}

const kindText: Readonly<Record<EvidenceKind, string>> = {
  billing_address: 'the billing address',
  ip_address: 'the internet connection',
  card_issuer: 'the payment card',
  business_tax_id: 'the business tax id',
};

function questionFor(evidence: readonly Evidence[]): string {
  const seen = evidence.map(({ kind, country }) => `${kindText[kind]} says ${country}`).join(', ');
  const has = (kind: EvidenceKind) => evidence.some((item) => item.kind === kind);
  const ask = has('card_issuer')
    ? 'pay with a card issued there, or correct the billing address'
    : 'correct the billing address, or name a payment card issued there';
  return `In which country do you live? ${seen.charAt(0).toUpperCase()}${seen.slice(1)}. Please confirm the country and ${ask}.`;
}
