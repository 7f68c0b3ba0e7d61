import type { DeclineClass } from '../payment/payment.ts';

/** The networks whose members' rules differ. Where nobody said which one a card belongs to, the strictest rule counts. */
export const cardNetworks = ['visa', 'mastercard', 'amex', 'discover', 'diners', 'jcb', 'unionpay'] as const;
export type CardNetwork = (typeof cardNetworks)[number];

/** `automatic`: we charge while the customer is away. `customer`: the customer pressed a button. */
export type ChargeInitiator = 'automatic' | 'customer';

/** A charge that somebody would like to make of a card on file. */
export interface ChargeIntent {
  /** Idempotency key of the attempt (domain/idempotency.ts). Asking twice with one key is asking once. */
  readonly key: string;
  /** Opaque and stable for one card (services/dunning/card-key.ts). */
  readonly cardKey: string;
  /** Who charges, in the eyes of the networks: the id of the legal entity or of the merchant account. */
  readonly merchant: string;
  /** Minor units. */
  readonly amount: number;
  readonly currency: string;
  /** null: nobody said. */
  readonly network: CardNetwork | null;
  /** ISO 3166-1 alpha-2; null: nobody said. */
  readonly issuerCountry: string | null;
  readonly initiator: ChargeInitiator;
  /** ISO 8601 UTC. */
  readonly at: string;
}

/** `open`: allowed, and not answered yet; it counts as a decline until it is. `not_sent`: it surely never left. */
export type ChargeResult = 'open' | 'approved' | 'declined' | 'not_sent' | 'unknown';

/** One charge of a card as it went. */
export interface ChargeAttempt extends Omit<ChargeIntent, 'cardKey'> {
  readonly result: ChargeResult;
  readonly declineClass: DeclineClass | null;
  /** Our normalised code (domain/payment/decline-codes.ts). */
  readonly declineCode: string | null;
  /** What the issuer said in the network's own words, such as "51" or "R1". */
  readonly networkDeclineCode: string | null;
  /** Mastercard's merchant advice code ("03") or Visa's category where the gateway passes it on. */
  readonly networkAdviceCode: string | null;
  /** Follows a decline of the same card, merchant and amount within the networks' window. */
  readonly reattempt: boolean;
}

/** `until`: when the same question may be asked again (ISO 8601 UTC); null: never for this card, until something about it changes. */
export type ChargeVerdict =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'refused'; readonly rule: string; readonly source: string; readonly until: string | null };
