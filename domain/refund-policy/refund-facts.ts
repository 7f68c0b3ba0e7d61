import type { CustomerType } from '../order/order.ts';

/**
 * What the law of refunds distinguishes. Digital content is data handed over (a file, a licence key); a digital service
 * is access that lasts (SaaS, a subscription); a service is work by people; goods travel.
 */
export const productKinds = ['digital_content', 'digital_service', 'service', 'goods'] as const;
export type ProductKind = (typeof productKinds)[number];

/** Why the customer wants the money back. A withdrawal needs no reason, so it is `change_of_mind`. */
export type RefundGround = 'change_of_mind' | 'not_delivered' | 'faulty';

/** Everything about one line that a decision may rest on. Instants are ISO 8601 UTC; absent ones are null. */
export interface RefundFacts {
  readonly ground: RefundGround;
  readonly buyer: {
    readonly type: CustomerType;
    /** ISO 3166-1 alpha-2: where the customer lives. */
    readonly country: string;
    /** Two letters in the US ("CA"); null elsewhere or when unknown. */
    readonly region: string | null;
    /** The customer's own IANA zone; null: that of the state or country, and of several the one that ends the day last. */
    readonly timeZone: string | null;
  };
  readonly sellerId: string;
  readonly kind: ProductKind;
  /** When the statement was made: when it arrives later does not matter. */
  readonly requestedAt: string;
  /** Conclusion of the contract; of a subscription its beginning, not its renewals. */
  readonly contractAt: string;
  /** When supply or performance began; null: it has not. */
  readonly suppliedAt: string | null;
  /** When a service that was sold once was wholly done; null: it was not, or it lasts. */
  readonly performedAt: string | null;
  /** Goods: when the customer had the last parcel; null: not yet. */
  readonly receivedAt: string | null;
  /** The time that the charge paid for, half-open; null when it paid for no time. */
  readonly period: { readonly start: string; readonly end: string } | null;
  /** Whether the customer has used it; `unknown` where nobody counts. */
  readonly use: 'none' | 'begun' | 'unknown';
  readonly consents: {
    /** Asked for supply before the withdrawal period ends. */
    readonly immediateDelivery: boolean;
    /** Acknowledged that the right is lost with it. */
    readonly withdrawalWaiver: boolean;
  };
  /** When the mail that confirms contract and consents left us; null: it never did. */
  readonly confirmationSentAt: string | null;
  /** The customer was told of the right of withdrawal before the contract. */
  readonly informed: boolean;
  /** Our refund policy was shown before the contract. */
  readonly policyShown: boolean;
}
