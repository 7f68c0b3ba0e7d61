export const taxNoteCodes = [
  'reverse_charge',
  'intra_community_supply',
  'not_taxed',
  'not_registered',
  'business_tax_id_not_confirmed',
  'exempt',
  'exemption_not_applied',
  'evidence_incomplete',
] as const;
export type TaxNoteCode = (typeof taxNoteCodes)[number];

/** Why a tax is absent or present against expectation; for the invoice's legal text and for the person who asks. */
export interface TaxNote {
  readonly code: TaxNoteCode;
  readonly jurisdiction: string;
  readonly text: string;
}
