import type { TaxBehavior, TaxClass } from '../catalog/catalog.ts';
import { fail } from '../failures.ts';
import { assertAmount, minorUnitDigits, sum } from '../money/money.ts';
import type { BusinessTaxIdStatus, CustomerType, TaxAmount } from '../order/order.ts';
import type { PlaceOfSupply } from './place-of-supply.ts';
import { taxCountryOf } from './country.ts';
import { exclusiveTaxes, inclusiveTaxes, mergeTaxes } from './tax-arithmetic.ts';
import { taxLawFor } from './tax-law.ts';
import type { ApplicableTax, TaxLaw } from './tax-law.ts';
import { isRegistered } from './taxes-for.ts';
import { euMemberStates } from './data/eu-vat.ts';

export interface TaxRequestLine {
  readonly line: string;
  readonly taxClass: TaxClass;
  readonly taxBehavior: TaxBehavior;
  /** Minor units after discount, not negative: net for an exclusive price, gross for an inclusive one. */
  readonly amount: number;
}

export interface TaxRequest {
  readonly currency: string;
  /** ISO 8601 UTC: the tax point. */
  readonly at: string;
  readonly place: PlaceOfSupply;
  readonly customerType: CustomerType;
  readonly businessTaxIdStatus: BusinessTaxIdStatus;
  /** Where the legal entity that sells is established. */
  readonly sellerCountry: string;
  readonly lines: readonly TaxRequestLine[];
}

export type TaxNoteCode =
  'reverse_charge' | 'intra_community_supply' | 'not_taxed' | 'not_registered' | 'business_tax_id_not_confirmed';

/** Why a tax is absent or present against expectation; for the invoice's legal text and for the person who asks. */
export interface TaxNote {
  readonly code: TaxNoteCode;
  readonly jurisdiction: string;
  readonly text: string;
}

export interface TaxedLine {
  readonly line: string;
  readonly net: number;
  readonly tax: number;
  readonly gross: number;
  readonly taxes: readonly TaxAmount[];
}

/** Minor units. net + tax = gross on every line and in total; the lines sum to the totals. */
export interface TaxResult {
  readonly lines: readonly TaxedLine[];
  readonly net: number;
  readonly tax: number;
  readonly gross: number;
  readonly taxes: readonly TaxAmount[];
  readonly reverseCharge: boolean;
  readonly notes: readonly TaxNote[];
}

/**
 * Taxes a basket that is one invoice.
 * - Each tax is rounded once per rate and invoice, half away from zero, and distributed to the lines by largest
 *   remainder (EN 16931 BR-CO-17). An inclusive price gives up round(gross·r/(1+r)), r being the sum of the rates that
 *   apply, each on its share of the base; what it gives up is split between those taxes. Inclusive and exclusive
 *   prices that bear the same single tax are rounded as one sum.
 * - A business in another country than the seller with a `confirmed` id accounts for the tax itself where the law has
 *   that rule (all of the EU; GB, CH, NO, AU and others): tax 0. With any other status it is charged like a consumer;
 *   it stays a business where the rate depends on that (US).
 * - Inclusive prices without tax: under reverse charge the customer pays what is left after its own country's tax is
 *   taken out, because it owes that tax itself. Where no tax is due at all, or we are not registered, nobody else
 *   collects it and the price is what the label says: net = gross.
 * @throws tax.country_not_served, tax.region_required, tax.data_missing, money.currency_unknown, money.amount_unsafe
 */
export function computeTax(request: TaxRequest): TaxResult {
  minorUnitDigits(request.currency);
  const assessed = request.lines.map((line) => assess(request, line));
  const priced = (behavior: TaxBehavior) => assessed.filter(({ line }) => line.taxBehavior === behavior).map(taxable);
  const exclusive = exclusiveTaxes(priced('exclusive'));
  const inclusive = inclusiveTaxes(priced('inclusive'), exclusive);
  const lines = assessed.map(({ line, charged }): TaxedLine => {
    const taxes = (line.taxBehavior === 'exclusive' ? exclusive : inclusive).get(line.line) ?? [];
    const tax = sum(taxes.map(({ amount }) => amount));
    const net = line.taxBehavior === 'exclusive' ? line.amount : line.amount - tax;
    if (!charged) return { line: line.line, net, tax: 0, gross: net, taxes: [] };
    return { line: line.line, net, tax, gross: assertAmount(net + tax), taxes };
  });
  const notes = assessed.flatMap((a) => a.notes);
  return {
    lines,
    net: sum(lines.map(({ net }) => net)),
    tax: sum(lines.map(({ tax }) => tax)),
    gross: sum(lines.map(({ gross }) => gross)),
    taxes: mergeTaxes(lines.flatMap(({ taxes }) => taxes)),
    reverseCharge: notes.some(({ code }) => code === 'reverse_charge'),
    notes: notes.filter((note, at) => notes.findIndex((n) => sameNote(n, note)) === at),
  };
}

interface AssessedLine {
  readonly line: TaxRequestLine;
  /** The taxes that decide the net: also those that the customer accounts for under reverse charge. */
  readonly taxes: readonly ApplicableTax[];
  readonly charged: boolean;
  readonly notes: readonly TaxNote[];
}

const taxable = ({ line, taxes, charged }: AssessedLine) => ({
  line: line.line,
  amount: line.amount,
  // An exclusive price under reverse charge is already the net: nothing to compute.
  taxes: charged || line.taxBehavior === 'inclusive' ? taxes : [],
});

function assess(request: TaxRequest, line: TaxRequestLine): AssessedLine {
  if (assertAmount(line.amount) < 0) fail('money.amount_unsafe', `line ${line.line} is negative: ${line.amount}`);
  const { place, customerType, at } = request;
  const law = taxLawFor({ place, taxClass: line.taxClass, customerType, at });
  const { jurisdiction } = law;
  if (law.taxes.length === 0) {
    const text = law.reason ?? `${jurisdiction} does not tax ${line.taxClass}`;
    return { line, taxes: [], charged: true, notes: [{ code: 'not_taxed', jurisdiction, text }] };
  }
  if (selfAssessed(request, law)) {
    const goods = law.inEu && law.supply === 'goods';
    const note: TaxNote = goods
      ? { code: 'intra_community_supply', jurisdiction, text: 'Intra-Community supply, exempt' }
      : { code: 'reverse_charge', jurisdiction, text: 'Reverse charge' };
    return { line, taxes: law.taxes, charged: false, notes: [note] };
  }
  const taxes = law.taxes.filter(({ registration }) => isRegistered(registration, law.localDate));
  const missing = law.taxes.filter((tax) => !taxes.includes(tax));
  const notes = missing.map((tax): TaxNote => {
    const text = `No registration in ${tax.jurisdiction}: ${tax.name} is not charged`;
    return { code: 'not_registered', jurisdiction: tax.jurisdiction, text };
  });
  return { line, taxes, charged: true, notes: [...notes, ...unconfirmedNote(request, law)] };
}

function selfAssessed(request: TaxRequest, law: TaxLaw): boolean {
  if (request.customerType !== 'business' || request.businessTaxIdStatus !== 'confirmed') return false;
  if (law.business !== 'self_assess' || law.country === taxCountryOf(request.sellerCountry)) return false;
  // An id of another tax union proves nothing here: a British number does not make a French customer a taxable person.
  const id = request.place.evidence.find(({ kind }) => kind === 'business_tax_id');
  if (id === undefined) return true;
  const idCountry = taxCountryOf(id.country);
  return euMemberStates.includes(law.country) ? euMemberStates.includes(idCountry) : idCountry === law.country;
}

function unconfirmedNote(request: TaxRequest, law: TaxLaw): readonly TaxNote[] {
  const { businessTaxIdStatus: status, customerType } = request;
  const abroad = law.country !== taxCountryOf(request.sellerCountry);
  if (customerType !== 'business' || law.business !== 'self_assess' || !abroad || status === 'confirmed') return [];
  const text = `The business tax id is not confirmed (${status}): tax is charged`;
  return [{ code: 'business_tax_id_not_confirmed', jurisdiction: law.jurisdiction, text }];
}

const sameNote = (a: TaxNote, b: TaxNote) =>
  a.code === b.code && a.jurisdiction === b.jurisdiction && a.text === b.text;
