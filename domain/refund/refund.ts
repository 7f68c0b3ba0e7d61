import type { OrderId } from '../ids.ts';
import type { RefundRecordStatus } from './refund-record-status.ts';

/** Why money goes back. Permanent: records and messages hold it. */
export const refundCauses = [
  /** Somebody asked: the customer by the rules of its market, the merchant because it wants to. */
  'request',
  /** A statutory withdrawal, stated on the page for it. */
  'withdrawal',
  /** A line that can never be delivered. */
  'undeliverable',
  /** Tax alone, which turned out not to be due. */
  'tax',
  /** Unused time of a subscription that was cancelled or changed. */
  'cancellation',
  /** One of many: a price error, a recall. */
  'bulk',
  /** A gift: money, and what was bought stays. */
  'goodwill',
] as const;
export type RefundCause = (typeof refundCauses)[number];

export const refundRequesters = ['customer', 'merchant', 'system'] as const;
export type RefundRequester = (typeof refundRequesters)[number];

/** Where the money is to go: back the way it came, or to the customer's store credit. */
export const refundOutcomes = ['original_method', 'store_credit'] as const;
export type RefundOutcome = (typeof refundOutcomes)[number];

/** How money goes back that the gateway could not give back: a person or the customer chooses. */
export const otherMeans = ['store_credit', 'bank_transfer'] as const;
export type OtherMeans = (typeof otherMeans)[number];

/** What of one line goes back: reserved on the order before anything moves. */
export interface RefundPart {
  readonly line: string;
  /** Units taken back; 0 when only money is. */
  readonly quantity: number;
  /** Minor units, tax included. */
  readonly gross: number;
}

/** What the rules say to a request, in words that the customer can read. */
export interface RefundJudgement {
  readonly kind: 'granted' | 'refused' | 'needs_person';
  /** Name of the rule; permanent. */
  readonly rule: string;
  /** Law, contract or policy that the rule stands on. */
  readonly source: string;
  readonly explanation: { readonly en: string; readonly de: string };
}

/** What a person said. Notes stay in the record: they may name people. */
export interface RefundVote {
  readonly decision: 'approve' | 'reject';
  /** Opaque id of the person. */
  readonly by: string;
  readonly note: string;
  /** ISO 8601 UTC. */
  readonly at: string;
}

/** How it was paid in the end when the gateway could not. */
export interface RefundOtherwise {
  readonly means: OtherMeans;
  readonly by: string;
  /** Of the transfer, at our bank; null for store credit. */
  readonly reference: string | null;
  readonly at: string;
}

/** The record of one refund, one document. Its workflow is `refund/<id>`. */
export interface Refund {
  /** "rfd_…"; also its name on the order, at the gateway and in the books. */
  readonly id: string;
  readonly orderId: OrderId;
  readonly currency: string;
  /** Minor units: the sum of `parts`. */
  readonly amount: number;
  readonly parts: readonly RefundPart[];
  /** Of `amount`, what becomes store credit; the rest goes back at the gateway. */
  readonly toCredit: number;
  readonly outcome: RefundOutcome;
  /** Whose store credit: "customer/…" or "subscription/…". */
  readonly creditHolder: string;
  readonly cause: RefundCause;
  readonly requestedBy: RefundRequester;
  /** As it was asked for; stays in the record. */
  readonly reason: string;
  readonly status: RefundRecordStatus;
  /** A failure code or the name of a rule; null when there is nothing to explain. */
  readonly statusReason: string | null;
  readonly judgement: RefundJudgement | null;
  /** How many people have to agree; 0: nobody has to. */
  readonly approvalsNeeded: number;
  readonly votes: readonly RefundVote[];
  /** When somebody has to be reminded, and when the wait for people ends; null while nobody is waited for. */
  readonly escalateAt: string | null;
  readonly escalatedAt: string | null;
  readonly decideBy: string | null;
  /** Until when a refusal may be appealed; null when it may not. */
  readonly appealUntil: string | null;
  readonly appeal: { readonly comment: string; readonly at: string } | null;
  readonly otherwise: RefundOtherwise | null;
  readonly creditNote: string | null;
  /** When the money had gone back, and until when the bank may still return it; null before that. */
  readonly settledAt: string | null;
  readonly watchUntil: string | null;
  /** When the bank returned the money; null when it never did. */
  readonly returnedAt: string | null;
  /** ISO 8601 UTC. */
  readonly requestedAt: string;
  /** When its workflow was started; null until then, which is what the sweep looks for. */
  readonly startedAt: string | null;
  readonly timeline: readonly { readonly at: string; readonly event: RefundEvent; readonly note: string | null }[];
}

/** Everything that can happen to a refund. Names are permanent: timelines hold them. */
export const refundEvents = [
  'requested',
  'reserved',
  'judged',
  'approval_requested',
  'vote_cast',
  'escalated',
  'approved',
  'refused',
  'appealed',
  'cancelled',
  'paying_back',
  'pending_at_gateway',
  'outcome_unknown',
  'refused_by_gateway',
  'paid_back',
  'access_revoked',
  'returned_by_bank',
  'other_means_chosen',
  'paid_otherwise',
  'failed',
  'needs_attention',
] as const;
export type RefundEvent = (typeof refundEvents)[number];
