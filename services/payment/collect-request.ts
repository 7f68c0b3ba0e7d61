import type { ChargeIntent, ChargeVerdict } from '../../domain/dunning/retry-attempt.ts';
import type { AttemptAnswer } from '../../domain/dunning/retry-rules.ts';
import type { Money } from '../../domain/money/money.ts';
import type { DeclineClass } from '../../domain/payment/payment.ts';
import type { ChargeOutcome } from '../dunning/retry-governor.ts';

/** Money of an order that is collected without a checkout: a renewal, a retry, an upgrade. */
export interface CollectRequest {
  readonly orderId: string;
  readonly amount: Money;
  /** Tried in this order: the next stands in when the one before it was declined or must not be charged now. */
  readonly methods: readonly PaymentMethod[];
  /**
   * The caller's name of this try, such as "renewal" or the id of a command. The same round again answers what it came
   * to and charges no method twice; a new round after a decline charges anew.
   */
  readonly round: string;
  /** The customer is not there: every attempt is asked about at the guard first, and waits for its turn. */
  readonly offSession: boolean;
  /** Our id of the customer, for the provider's own checks; null: not told. */
  readonly customerId: string | null;
  /** ISO 8601 UTC. */
  readonly at: string;
}

export interface PaymentMethod {
  readonly method: string;
  readonly token: string;
}

/** What came of a round. Everything that may rightly happen is a value; the caller asks again in the same round. */
export type CollectOutcome =
  /** `gateway` is "none" when there was nothing to pay; `method`: which of the methods paid, by its place in the list. */
  | { readonly kind: 'captured'; readonly gateway: string; readonly method: number }
  /** Every method was declined or refused; the reasons are those of the last one that was charged. */
  | {
      readonly kind: 'declined';
      readonly declineClass: DeclineClass;
      readonly declineCode: string;
      /** The network's own code and advice, such as "51" and "03"; null: not passed on. */
      readonly networkDeclineCode: string | null;
      readonly networkAdviceCode: string | null;
      /** What the card's attempts are counted by (services/dunning/card-key.ts). */
      readonly cardKey: string | null;
    }
  /** No method was charged, because the guard forbids it: by which rule, from where, and until when (null: for good). */
  | Extract<ChargeVerdict, { readonly kind: 'refused' }>
  /** The customer (3-D Secure) or the bank (transfer, voucher) has to act. */
  | { readonly kind: 'waiting'; readonly reason: 'action_required' | 'pending' }
  /** It may have happened: the same round again looks it up before it asks. */
  | { readonly kind: 'unknown' }
  /** No gateway could be reached, so nothing was charged. */
  | { readonly kind: 'unavailable' };

/** Asked before every off-session attempt, told how every attempt ended (services/dunning/retry-governor.ts). */
export interface ChargeGuard {
  mayCharge(intent: ChargeIntent): Promise<ChargeVerdict>;
  noteAttempt(outcome: ChargeOutcome): Promise<void>;
  noteCustomerCharge(intent: ChargeIntent, answer: AttemptAnswer): Promise<void>;
}

/** Before every off-session request for money that leaves for a gateway (services/payment/charge-pace.ts). */
export interface ChargePace {
  /** Waits until it is this charge's turn. @throws payment.pace_exceeded when that is too far away */
  turn(): Promise<Turn>;
}

export interface Turn {
  /**
   * Said right before the request leaves: a turn that is over by then, because something held us up, is lost, and another
   * is waited for. @throws payment.pace_exceeded
   */
  confirm(): Promise<void>;
}
