import { randomUUID } from 'node:crypto';
import type { IssuedCard, Refusal } from './issuer.ts';

export type PaymentProvider = 'acquirer_a' | 'acquirer_b' | 'deferred_payments';

export type SandboxPaymentState =
  'authorised' | 'settled' | 'refused' | 'challenge' | 'awaiting_funds' | 'cancelled' | 'lapsed';

/** A payment as the sandbox keeps it; each provider shows it in its own words. Amounts in minor units. */
export interface SandboxPayment {
  readonly id: string;
  readonly provider: PaymentProvider;
  readonly key: string;
  readonly reference: string;
  readonly method: string;
  readonly amount: number;
  readonly currency: string;
  readonly state: SandboxPaymentState;
  readonly refusal: Refusal | null;
  /** null: not paid by card. */
  readonly card: IssuedCard | null;
  readonly riskSignals: readonly string[];
  readonly captured: number;
  readonly refunded: number;
  /** When each request for this payment arrived, replays included; ISO 8601 UTC. */
  readonly askedAt: readonly string[];
  readonly returnUrl: string | null;
}

export interface SandboxRefund {
  readonly id: string;
  readonly key: string;
  readonly provider: PaymentProvider;
  readonly paymentId: string;
  readonly amount: number;
  readonly currency: string;
  readonly state: 'completed' | 'failed';
  readonly failure: RefundRefusal | null;
}

/** Why a customer's bank sends a refund back. */
export type RefundRefusal = 'card_closed' | 'rejected';

/** "pay_5f19b757076b4df99b8c" */
export function newId(prefix: string): string {
  return `${prefix}_${randomUUID().replaceAll('-', '').slice(0, 20)}`;
}
