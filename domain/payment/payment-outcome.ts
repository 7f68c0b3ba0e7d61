import type { DeclineClass } from './payment.ts';

/** What the order has to know of its payment: every expected answer is a value here, not an exception. */
export type PaymentOutcome =
  | { readonly kind: 'captured'; readonly gateway: string }
  /** Authorised, not captured: the gateway raised risk signals and a rule or a person decides first. */
  | { readonly kind: 'authorized'; readonly riskSignals: readonly string[] }
  | { readonly kind: 'declined'; readonly declineClass: DeclineClass; readonly declineCode: string }
  /** The customer (3-D Secure) or the bank (voucher, transfer) has to act. */
  | { readonly kind: 'waiting'; readonly reason: 'action_required' | 'pending' }
  | { readonly kind: 'ended'; readonly reason: 'voided' | 'expired' }
  /** It may have happened. Look it up, then poll, then a person: never a second charge from here. */
  | { readonly kind: 'unknown' };
