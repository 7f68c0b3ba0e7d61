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
}

/** The n-th attempt before its request leaves; `at` is ISO 8601 UTC. */
export function startedAttempt(attempt: number, gateway: string, at: string): PaymentAttempt {
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
  };
}
