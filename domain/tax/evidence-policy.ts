import type { CustomerType } from '../order/order.ts';
import { fail } from '../failures.ts';
import { taxCountryOf } from './country.ts';
import { evidenceThresholds, simplifiedEvidence } from './data/evidence-policy.ts';
import type { SimplifiedEvidenceRow } from './data/evidence-policy.ts';
import { euMemberStates } from './data/eu-vat.ts';
import { holdsOn, rowOn } from './dated-row.ts';
import type { PlaceDecision } from './determine-place.ts';
import type { TaxNote } from './tax-note.ts';

export interface EvidenceQuestion {
  readonly legalEntity: string;
  /** ISO 8601 UTC: the tax point. */
  readonly at: string;
  /** The entity's cross-border sales to EU consumers this year in minor units of the threshold's currency, if known. */
  readonly crossBorderSales?: number | null;
}

/**
 * How many items of evidence a sale to an EU consumer needs (Reg. 282/2011 art. 24b(d)): two, or one for a legal entity
 * that declared the relief in data/evidence-policy.ts and has not been seen above the threshold.
 * @throws tax.data_missing
 */
export function requiredEvidenceItems(
  { legalEntity, at, crossBorderSales = null }: EvidenceQuestion,
  relieved: readonly SimplifiedEvidenceRow[] = simplifiedEvidence,
): 1 | 2 {
  const date = at.slice(0, 10);
  const threshold =
    rowOn(evidenceThresholds, date) ?? fail('tax.data_missing', `No evidence threshold is on file for ${date}`);
  const declared = relieved.some((row) => row.legalEntity === legalEntity && holdsOn(row, date));
  return declared && (crossBorderSales ?? 0) <= threshold.amount ? 1 : 2;
}

/** Says of a sale to an EU consumer that its place rests on too little; the sale itself is not refused. */
export function evidenceNotes(
  decision: Extract<PlaceDecision, { readonly kind: 'determined' }>,
  customerType: CustomerType,
  question: EvidenceQuestion,
): readonly TaxNote[] {
  const { country } = decision.place;
  const needed = customerType === 'consumer' && euMemberStates.includes(taxCountryOf(country));
  if (!needed || decision.basis === 'two_items' || requiredEvidenceItems(question) === 1) return [];
  const text = 'One item of evidence of the place is known; two are needed: add the country of the connection or card';
  return [{ code: 'evidence_incomplete', jurisdiction: country, text }];
}
