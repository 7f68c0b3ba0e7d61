import type { Localized } from './data/policy-sources.ts';

/** How much of what was paid for a line goes back. */
export type Refundable =
  | { readonly kind: 'full' }
  /** Goods: all of it, once they are back with us or on their way. */
  | { readonly kind: 'full_on_return' }
  /** Seconds: of the line's price, `unused / whole` (domain/money: `applyFraction(gross, unused, whole)`). */
  | { readonly kind: 'pro_rata'; readonly unused: number; readonly whole: number }
  | { readonly kind: 'none' };

export interface RefundDecision {
  readonly kind: 'granted' | 'refused' | 'needs_person';
  /** Permanent name such as "eu.withdrawal": records and statistics hold it. */
  readonly rule: string;
  /** The law, contract or policy that the rule stands on. */
  readonly source: string;
  /** For the customer: the decision, the rule and what can be done about it. */
  readonly explanation: Localized;
  readonly refundable: Refundable;
  /** The first instant (ISO 8601 UTC) at which it would have been too late; null where nothing runs out. */
  readonly deadline: string | null;
  /** A refusal by rule can always be put before a person. */
  readonly appealable: boolean;
}
