import { fail } from '../failures.ts';
import { assertAmount } from '../money/money.ts';
import { taxCountryOf } from './country.ts';
import { euMemberStates } from './data/eu-vat.ts';
import { certificateText, exemptionVerdict, verdictText } from './exemption-certificate.ts';
import { isRegistered } from './registered.ts';
import { taxLawFor } from './tax-law.ts';
import type { ApplicableTax, TaxLaw } from './tax-law.ts';
import type { TaxNote } from './tax-note.ts';
import type { TaxRequest, TaxRequestLine } from './tax-request.ts';

/** A line with what the law says of it, before any amount is computed. */
export interface AssessedLine {
  readonly line: TaxRequestLine;
  /** The taxes that decide the net: also those that the customer accounts for or is exempt from. */
  readonly taxes: readonly ApplicableTax[];
  readonly charged: boolean;
  /** Id of the certificate that takes the tax away, by jurisdiction. */
  readonly exempt: ReadonlyMap<string, string>;
  readonly notes: readonly TaxNote[];
}

const nobodyExempt: ReadonlyMap<string, string> = new Map();

/** @throws money.amount_unsafe for a negative amount, and what `taxLawFor` throws */
export function assess(request: TaxRequest, line: TaxRequestLine): AssessedLine {
  if (assertAmount(line.amount) < 0) fail('money.amount_unsafe', `line ${line.line} is negative: ${line.amount}`);
  const { place, customerType, at } = request;
  const law = taxLawFor({ place, taxClass: line.taxClass, customerType, at });
  const { jurisdiction } = law;
  if (law.taxes.length === 0) {
    const text = law.reason ?? `${jurisdiction} does not tax ${line.taxClass}`;
    return { line, taxes: [], charged: true, exempt: nobodyExempt, notes: [{ code: 'not_taxed', jurisdiction, text }] };
  }
  if (selfAssessed(request, law)) {
    const goods = law.inEu && law.supply === 'goods';
    const note: TaxNote = goods
      ? { code: 'intra_community_supply', jurisdiction, text: 'Intra-Community supply, exempt' }
      : { code: 'reverse_charge', jurisdiction, text: 'Reverse charge' };
    return { line, taxes: law.taxes, charged: false, exempt: nobodyExempt, notes: [note] };
  }
  const taxes = law.taxes.filter((tax) => isRegistered({ ...request, ...tax, date: law.localDate }));
  const exemption = exemptionFrom(request, taxes, law.localDate);
  const notes = [...unregisteredNotes(law.taxes, taxes), ...exemption.notes, ...unconfirmedNote(request, law)];
  return { line, taxes, charged: true, exempt: exemption.exempt, notes };
}

function unregisteredNotes(due: readonly ApplicableTax[], charged: readonly ApplicableTax[]): readonly TaxNote[] {
  return due
    .filter((tax) => !charged.includes(tax))
    .map(({ jurisdiction, name }) => {
      const text = `No registration in ${jurisdiction}: ${name} is not charged`;
      return { code: 'not_registered', jurisdiction, text };
    });
}

/** Which of the taxes the customer's certificate takes away, and why it does not take the others. */
function exemptionFrom({ exemption }: TaxRequest, taxes: readonly ApplicableTax[], date: string) {
  const exempt = new Map<string, string>();
  const notes: TaxNote[] = [];
  if (exemption == null) return { exempt, notes };
  for (const { jurisdiction } of taxes) {
    const verdict = exemptionVerdict(exemption, jurisdiction, date);
    if (verdict === 'applies') {
      exempt.set(jurisdiction, exemption.id);
      notes.push({ code: 'exempt', jurisdiction, text: `Exempt: ${certificateText(exemption)}` });
    } else {
      const text = `${verdictText(exemption, verdict, jurisdiction)}: tax is charged`;
      notes.push({ code: 'exemption_not_applied', jurisdiction, text });
    }
  }
  return { exempt, notes };
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
