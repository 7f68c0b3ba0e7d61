import type { BusinessTaxIdStatus, CustomerType } from '../order/order.ts';
import { parseBusinessTaxId } from './business-tax-id.ts';
import { countryCode, taxCountryOf, taxRegion } from './country.ts';
import { evidenceClass } from './place-of-supply.ts';
import type { Evidence, EvidenceItem, EvidenceKind, PlaceOfSupply } from './place-of-supply.ts';

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
  /** What the customer answered to the question. */
  readonly declaredCountry?: string | null;
  readonly evidence?: readonly EvidenceItem[];
}

export type PlaceDecision =
  | {
      readonly kind: 'determined';
      readonly place: PlaceOfSupply;
      /** `one_item`: nothing but the customer's own address was known; see `requiredEvidenceItems`. */
      readonly basis: 'two_items' | 'one_item';
    }
  /** The evidence contradicts itself: the words to ask the customer. The answer is the declared country. */
  | { readonly kind: 'question'; readonly evidence: readonly Evidence[]; readonly question: string };

/**
 * The country whose tax applies (Dir. 2006/112 art. 58; Reg. 282/2011 art. 24b(d), 24f), by counting the classes of
 * evidence that name a country; two facts of one class are one item:
 * - two or more agree, and no other country has as many: that country; contradicting items stay on file;
 * - the billing address is all there is (naming the same country again is the same fact twice): it is taken, with
 *   basis `one_item`;
 * - anything else is a question. What the customer declares is one more item, so with any other it settles the matter.
 * Codes that are one tax area (MC and FR, IM and GB) agree with each other; the billing address then names the place.
 * Region and postal code belong to the billing address and are dropped when the evidence says another country.
 * @throws request.invalid for what is not a country code, tax.region_required for the US and Canada
 */
export function determinePlaceOfSupply(customer: PlaceEvidence): PlaceDecision {
  const evidence = collectEvidence(customer);
  const billing = countryCode(customer.country, 'customer.country');
  const basis = onlyOwnAddress(evidence) ? 'one_item' : 'two_items';
  const winner = basis === 'one_item' ? taxCountryOf(billing) : mostNamed(evidence);
  if (winner === null) return { kind: 'question', evidence, question: questionFor(evidence) };
  // The billing address is the first item: where it names the winner, its code is taken.
  const named = evidence.find((item) => taxCountryOf(item.country) === winner);
  const atBilling = named?.kind === 'billing_address';
  const country = named?.country ?? winner;
  const place: PlaceOfSupply = {
    country,
    region: taxRegion(country, atBilling ? customer.region : null),
    postalCode: atBilling ? customer.postalCode : null,
    evidence,
  };
  return { kind: 'determined', place, basis };
}

function collectEvidence(customer: PlaceEvidence): readonly Evidence[] {
  const { businessTaxId, businessTaxIdStatus } = customer;
  const item = (kind: EvidenceKind, country: string | null | undefined, path: string): readonly Evidence[] =>
    country == null ? [] : [{ kind, country: countryCode(country, path) }];
  const confirmed = customer.type === 'business' && businessTaxId !== null && businessTaxIdStatus === 'confirmed';
  const id = confirmed ? parseBusinessTaxId({ country: customer.country, businessTaxId }) : 'malformed';
  return [
    ...item('billing_address', customer.country, 'customer.country'),
    ...item('ip_address', customer.ipCountry, 'customer.ipCountry'),
    ...item('card_issuer', customer.cardCountry, 'customer.cardCountry'),
    ...(customer.evidence ?? []).flatMap(({ kind, country }, at) =>
      item(kind, country, `customer.evidence[${at}].country`),
    ),
    ...(id === 'malformed' ? [] : [{ kind: 'business_tax_id', country: id.country } as const]),
    ...item('declaration', customer.declaredCountry, 'customer.declaredCountry'),
  ];
}

/** True when all that is known is what the customer wrote, once or twice. */
function onlyOwnAddress(evidence: readonly Evidence[]): boolean {
  const own = evidence.every(({ kind }) => kind === 'billing_address' || kind === 'declaration');
  return own && new Set(evidence.map(({ country }) => taxCountryOf(country))).size === 1;
}

/** The tax country that more classes name than any other; null when two lead together. */
function mostNamed(evidence: readonly Evidence[]): string | null {
  const classes = new Map<string, ReadonlySet<string>>();
  for (const { kind, country } of evidence) {
    const taxCountry = taxCountryOf(country);
    classes.set(taxCountry, new Set([...(classes.get(taxCountry) ?? []), evidenceClass[kind]]));
  }
  const [first, second] = [...classes].map(([country, by]) => ({ country, votes: by.size })).sort(byVotes);
  // Where two countries are named once each, neither leads; where one is named, two classes name it.
  return first === undefined || first.votes === second?.votes ? null : first.country;
}

const byVotes = (a: { readonly votes: number }, b: { readonly votes: number }) => b.votes - a.votes;

const kindText: Readonly<Record<EvidenceKind, string>> = {
  billing_address: 'the billing address',
  ip_address: 'the internet connection',
  card_issuer: 'the payment card',
  bank_account: 'the bank account',
  sim_card: 'the SIM card',
  landline: 'the telephone line',
  shipping_address: 'the shipping address',
  business_tax_id: 'the business tax id',
  declaration: 'your answer',
};

function questionFor(evidence: readonly Evidence[]): string {
  const seen = evidence.map(({ kind, country }) => `${kindText[kind]} says ${country}`).join(', ');
  const has = (kind: EvidenceKind) => evidence.some((item) => item.kind === kind);
  const ask = has('card_issuer')
    ? 'pay with a card issued there, or correct the billing address'
    : 'correct the billing address, or name a payment card issued there';
  return `In which country do you live? ${seen.charAt(0).toUpperCase()}${seen.slice(1)}. Please confirm the country and ${ask}.`;
}
