/** The class of a decline decides what may happen next (domain-rules 4.1). Anything unknown is `vague`. */
export type DeclineClass = 'hard' | 'authentication' | 'fix_data' | 'soft_funds' | 'soft_technical' | 'vague';

/** State of one attempt at one gateway. `unknown`: it may have happened; look it up before anything else. */
export type AttemptStatus =
  | 'started'
  | 'authorized'
  | 'captured'
  | 'declined'
  | 'action_required'
  | 'pending'
  | 'voided'
  | 'expired'
  | 'unknown'
  | 'unavailable';

/** Attempts that hold nothing and wait for nothing: after one of these another may begin. */
export const overAttempts: readonly AttemptStatus[] = ['declined', 'voided', 'expired', 'unavailable'];

/** What a gateway tells of a card, without its number. */
export interface CardFacts {
  /** Stable for one card at every gateway (the networks' payment account reference, or its fingerprint); null: not told. */
  readonly fingerprint: string | null;
  /** "visa", "mastercard", …; null: not told. */
  readonly network: string | null;
  /** The network's id of an approval, which later charges without the customer refer to; null: not told. */
  readonly networkTransactionId: string | null;
  /** ISO 3166-1 alpha-2; null: not told. */
  readonly issuerCountry: string | null;
}

export interface PaymentAttempt {
  /** 1, 2, …; part of the idempotency key. */
  readonly attempt: number;
  readonly gateway: string;
  readonly status: AttemptStatus;
  /** The gateway's id of the payment, once it answered. */
  readonly paymentId: string | null;
  readonly declineCode: string | null;
  readonly declineClass: DeclineClass | null;
  /** Where the customer completes 3-D Secure or finds the voucher. */
  readonly actionUrl: string | null;
  readonly riskSignals: readonly string[];
  readonly at: string;
  /** A hash of the customer and the token that was charged; absent in attempts before it was recorded, as all below. */
  readonly tokenKey?: string;
  /** What the card's attempts are counted by; absent until it is known. */
  readonly cardKey?: string;
  /** Absent for a charge at a checkout. */
  readonly collect?: CollectedBy;
  /** Absent where the gateway told nothing of it. */
  readonly card?: CardFacts;
  /** The network's own words beside `declineCode`, such as "51", and its advice, such as "03"; null: not told. */
  readonly networkDeclineCode?: string | null;
  readonly networkAdviceCode?: string | null;
}

/** Which round an attempt belongs to, and what it charges: what it needs to be looked up or sent again. */
export interface CollectedBy {
  readonly round: string;
  readonly offSession: boolean;
  readonly method: string;
  readonly token: string;
}

export type PaymentStatus =
  | 'none'
  | 'processing'
  | 'action_required'
  | 'pending'
  | 'authorized'
  | 'captured'
  | 'declined'
  | 'voided'
  | 'expired'
  | 'unknown';

/** One document per order. */
export interface Payment {
  readonly orderId: string;
  readonly status: PaymentStatus;
  readonly currency: string;
  /** Minor units. */
  readonly amount: number;
  readonly captured: number;
  readonly refunded: number;
  /** Who took the money: refunds and voids go back to it. */
  readonly gateway: string | null;
  readonly attempts: readonly PaymentAttempt[];
  readonly refunds: readonly PaymentRefund[];
}

/** `pending`: the gateway has it and will say how it ended. What `failed` is released and may be refunded again. */
export interface PaymentRefund {
  readonly refundId: string;
  readonly amount: number;
  readonly status: 'started' | 'pending' | 'succeeded' | 'failed';
  /** Why it failed; absent while it did not, and where nobody said. */
  readonly failure?: RefundFailure;
}

/** `card_closed`: expired, cancelled, lost or stolen, so that no refund will ever arrive there. */
export type RefundFailure = 'card_closed' | 'declined' | 'unknown';

/** The n-th attempt before its request leaves; `at` is ISO 8601 UTC. */
export function startedAttempt(
  attempt: number,
  gateway: string,
  at: string,
  charged: Pick<PaymentAttempt, 'tokenKey' | 'cardKey' | 'collect'> = {},
): PaymentAttempt {
  return {
    attempt,
    gateway,
    status: 'started',
    paymentId: null,
    declineCode: null,
    declineClass: null,
    actionUrl: null,
    riskSignals: [],
    at,
    ...charged,
  };
}
