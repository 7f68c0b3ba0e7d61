/** Facts that a checkout may add to the billing address, the connection and the card. */
export const evidenceItemKinds = ['bank_account', 'sim_card', 'landline', 'shipping_address'] as const;
export type EvidenceItemKind = (typeof evidenceItemKinds)[number];

/** A fact that speaks for a country. `declaration`: what the customer answered when asked. */
export type EvidenceKind =
  'billing_address' | 'ip_address' | 'card_issuer' | 'business_tax_id' | 'declaration' | EvidenceItemKind;

export interface Evidence {
  readonly kind: EvidenceKind;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
}

export interface EvidenceItem extends Evidence {
  readonly kind: EvidenceItemKind;
}

/** The points of Reg. 282/2011 art. 24f. Two copies of one fact, and two facts of one class, are one item. */
export const evidenceClass: Readonly<Record<EvidenceKind, 'a' | 'b' | 'c' | 'd' | 'e' | 'f'>> = {
  billing_address: 'a',
  ip_address: 'b',
  card_issuer: 'c',
  bank_account: 'c',
  sim_card: 'd',
  landline: 'e',
  business_tax_id: 'f',
  shipping_address: 'f',
  declaration: 'f',
};

export interface PlaceOfSupply {
  readonly country: string;
  readonly region: string | null;
  readonly postalCode: string | null;
  /** Everything that was seen, contradicting items too: the record is kept for ten years. */
  readonly evidence: readonly Evidence[];
}
