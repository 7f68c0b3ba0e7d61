/** A fact that speaks for a country. Two copies of one fact are one item (Reg. 282/2011 art. 24f). */
export type EvidenceKind = 'billing_address' | 'ip_address' | 'card_issuer' | 'business_tax_id';

export interface Evidence {
  readonly kind: EvidenceKind;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
}

export interface PlaceOfSupply {
  readonly country: string;
  readonly region: string | null;
  readonly postalCode: string | null;
  /** Everything that was seen, contradicting items too: the record is kept for ten years. */
  readonly evidence: readonly Evidence[];
}
