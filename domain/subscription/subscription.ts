import type { PriceTerms, Recurrence } from '../catalog/catalog.ts';
import type { Coupon } from '../catalog/coupon.ts';
import type { DunningStage } from '../dunning/dunning-schedule.ts';
import type { OrderId } from '../ids.ts';
import type { NoticeKind } from '../notice/notice-kind.ts';
import type { DeclineClass } from '../payment/payment.ts';
import type { BillingAnchor } from '../periods/billing-period.ts';
import type { SubscriptionStatus } from './subscription-status.ts';

/** Prefixed like every id ("sub_…"). Opaque: it is seen in Temporal and in logs. */
export type SubscriptionId = string;

/**
 * What is billed together, period by period. `licensed`: the quantity (seats, copies) is agreed and paid in advance;
 * `metered`: what the meter counted in the period that ended is paid in arrears. A one-off item is on the next invoice
 * only and then gone.
 */
export interface SubscriptionItem {
  /** Stable within the subscription, also over changes of price and quantity: "1", "2", … */
  readonly id: string;
  readonly price: string;
  readonly product: string;
  /** Of a metered item 1: the meter says how much. */
  readonly quantity: number;
  readonly usage: Recurrence['usage'];
  /** Which meter counts for it; null unless metered. */
  readonly meter: string | null;
  /** Null for a one-off item. All recurring items of a subscription share interval and count. */
  readonly recurring: Recurrence | null;
  readonly oneOff: boolean;
  /** What was agreed in the currency of the subscription: the catalogue may ask for more only after a notice. */
  readonly terms: PriceTerms;
}

/** The period that is paid for, or being collected: index 0 is the first, instants ISO 8601 UTC, half-open. */
export interface SubscriptionPeriod {
  readonly index: number;
  readonly start: string;
  readonly end: string;
}

/** Reasons of the exit survey (domain-rules §4, what-users-hit 4.16), and those that only we give. */
export const cancellationReasons = [
  'too_expensive',
  'missing_features',
  'switched_service',
  'unused',
  'customer_service',
  'low_quality',
  'too_complex',
  'other',
  'payment_failed',
  'withdrawal',
  'dispute',
  'fraud',
  'merchant_decision',
  'paused_too_long',
] as const;
export type CancellationReason = (typeof cancellationReasons)[number];

export interface SubscriptionCancellation {
  readonly reason: CancellationReason | null;
  /** In the customer's words: never leaves the record. */
  readonly comment: string | null;
  readonly by: 'customer' | 'merchant' | 'system';
  /** False when the money, not the will, was missing: churn is counted apart by it. */
  readonly voluntary: boolean;
  /** When it was asked for, ISO 8601 UTC. When it takes effect is `cancelAt` or `endedAt`. */
  readonly at: string;
}

/** `until: null` is a pause without an end, which policy or a person ends. */
export interface SubscriptionPause {
  readonly from: string;
  readonly until: string | null;
}

/** All the items from the next period on. A later change replaces it, and it can be taken back until it is applied. */
export interface PendingChange {
  readonly items: readonly SubscriptionItem[];
  /** Start of the period from which it holds, ISO 8601 UTC. */
  readonly from: string;
  readonly requestedAt: string;
  readonly command: string | null;
}

/** Where in the dunning ladder an unpaid renewal is. */
export interface SubscriptionDunning {
  readonly since: string;
  readonly stage: DunningStage;
  readonly order: OrderId;
  /** Automatic retries so far. */
  readonly attempts: number;
  /** Tries that the customer asked for: they do not use the schedule up. */
  readonly customerAttempts: number;
  readonly declineClass: DeclineClass;
  /** Null: only the customer can go on, or the schedule has no retry left. */
  readonly nextRetryAt: string | null;
  /** When the stage changes or the customer is told next; null: nothing more is to come. */
  readonly nextMomentAt: string | null;
}

export interface SubscriptionPayment {
  readonly method: string;
  readonly token: string;
}

/** A line of an order that pays for an item in the current period, until another takes its place. */
export interface PaidLine {
  readonly item: string;
  readonly order: OrderId;
  /** Of the request: components of a bundle are lines below it. */
  readonly line: string;
  readonly start: string;
  readonly end: string;
  /** When a change ended what it paid for; null: it runs to its end. */
  readonly replacedAt: string | null;
}

/** A line that was handed over for an item. */
export interface Entitlement {
  readonly item: string;
  readonly order: OrderId;
  readonly line: string;
  readonly product: string;
}

/** One line of an order before it is priced. */
export interface DueLine {
  /** Id, price, product, terms as they were agreed for this bill. */
  readonly item: SubscriptionItem;
  /** The time it pays for: a period ahead, for a metered item the one behind. */
  readonly start: string;
  readonly end: string;
  /** Part of the price that is due, in seconds; null: all of it. */
  readonly share: { readonly seconds: number; readonly of: number } | null;
}

/** What a change turns the subscription into, once it is paid. */
export interface AppliedChange {
  readonly items: readonly SubscriptionItem[];
  readonly anchor: BillingAnchor;
  readonly anchorIndex: number;
  readonly period: SubscriptionPeriod;
  /** Items whose paid lines end with the change. */
  readonly replaced: readonly string[];
  /** Unused time of paid lines, minor units with tax. */
  readonly credits: readonly {
    readonly item: string;
    readonly order: OrderId;
    readonly line: string;
    readonly amount: number;
  }[];
  /** Of the new lines, what older store credit pays. */
  readonly fromBalance: number;
}

/** An order that is being collected: written down before anything moves, gone when it is settled or given up. */
export interface OpenBill {
  readonly order: OrderId;
  /**
   * `cycle`: the period that has begun; `update`: a change at once, of which nothing holds before it is paid; `final`: what
   * was used before the end, with which the subscription ends whether it is paid or not.
   */
  readonly kind: 'cycle' | 'update' | 'final';
  /** What it takes the place of: tells a receipt from the end of a trial or of a pause. */
  readonly follows: 'period' | 'trial' | 'pause' | 'change';
  readonly lines: readonly DueLine[];
  readonly start: string;
  readonly end: string;
  /** Number of the paid period for coupons: 1 is the first. */
  readonly couponPeriod: number;
  readonly change: AppliedChange | null;
  /** The command that asked for it; null: it was due. */
  readonly command: string | null;
  /** Business time of the prices and taxes on it, ISO 8601 UTC. */
  readonly openedAt: string;
  /** Which try at collecting it is under way: 1, 2, … */
  readonly round: number;
  /** Whether the customer is away. */
  readonly offSession: boolean;
  /** When to look again at a payment of this round that is not settled; null: the round has not begun, or is over. */
  readonly lookAt: string | null;
  /** How often that was. */
  readonly looks: number;
  /** What is not charged because no gateway takes so little, minor units; such a bill is paid. Absent: nothing. */
  readonly waived?: number;
}

/** A law's or a card network's notice, planned and sent. */
export interface SubscriptionNotice {
  readonly kind: NoticeKind;
  /** What it tells of: a renewal, the end of a trial, the start of a price; ISO 8601 UTC. */
  readonly eventAt: string;
  /** When it is to be sent, and the first moment at which it would come too late. */
  readonly sendAt: string;
  readonly before: string;
  readonly sentAt: string | null;
}

/** A price of the catalogue that has moved: charged from `from` on, if the customer was told in time. */
export interface NewTerms {
  readonly item: string;
  readonly terms: PriceTerms;
  readonly from: string;
}

/** The record of a subscription, one document. `revision` grows with every write, and a write names the one it read. */
export interface Subscription {
  readonly id: SubscriptionId;
  readonly revision: number;
  readonly status: SubscriptionStatus;
  /** Holder of credit and grants: the customer's id, or the hash of the address where none was given. Nothing personal. */
  readonly customerKey: string;
  readonly customerId: string | null;
  /** The order that sold it: customer, consents and the frozen first lines are read there. */
  readonly sourceOrder: OrderId;
  readonly items: readonly SubscriptionItem[];
  readonly currency: string;
  /** As it was redeemed. */
  readonly coupon: Coupon | null;
  readonly anchor: BillingAnchor;
  /** Index of the first period that is counted from the anchor: a trial, a change of interval and a pause move it. */
  readonly anchorIndex: number;
  /** IANA; what dunning's mornings and the documents' dates are told in. */
  readonly timeZone: string;
  readonly period: SubscriptionPeriod;
  /** ISO 8601 UTC; null when there was none. Kept after the trial. */
  readonly trialEnd: string | null;
  /** When a requested cancellation takes effect; null: none is scheduled. */
  readonly cancelAt: string | null;
  readonly cancellation: SubscriptionCancellation | null;
  readonly pause: SubscriptionPause | null;
  readonly pendingChange: PendingChange | null;
  readonly dunning: SubscriptionDunning | null;
  /** Null: nothing to charge is on file. */
  readonly payment: SubscriptionPayment | null;
  /** Tried when the first one was declined for a reason that another card would not have. */
  readonly backupPayment: SubscriptionPayment | null;
  /** The order that bills `period`; the source order in the first. */
  readonly latestOrder: OrderId;
  readonly paidLines: readonly PaidLine[];
  /** What was handed over and lasts as long as the subscription: suspended, restored and taken back with it. */
  readonly entitlements: readonly Entitlement[];
  readonly openBill: OpenBill | null;
  /** When a change was made whose charge was waived as too small, ISO 8601 UTC; absent: never. */
  readonly waivedChangeAt?: string;
  /** Planned and sent, the oldest first; those of ended periods are dropped. */
  readonly notices: readonly SubscriptionNotice[];
  readonly newTerms: readonly NewTerms[];
  /** The command that was carried out last, and when it takes effect (null: it has): a repeat finds its answer here. */
  readonly lastCommand: { readonly id: string; readonly at: string | null } | null;
  /** Order whose queued messages wait to be sent. */
  readonly tell: OrderId | null;
  /** When its workflow must have acted, which the renewal run looks for; null when it has ended. */
  readonly nextActionAt: string | null;
  readonly createdAt: string;
  /** When its workflow was started; null until then. */
  readonly startedAt: string | null;
  readonly endedAt: string | null;
}
