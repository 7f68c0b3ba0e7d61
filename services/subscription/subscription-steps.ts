import type { DeclineClass } from '../../domain/payment/payment.ts';
import type { ActionReason } from '../../domain/subscription/next-action.ts';
import type { SubscriptionStatus } from '../../domain/subscription/subscription-status.ts';
import type { CancellationReason, SubscriptionId } from '../../domain/subscription/subscription.ts';
import type { FailureCode } from '../../domain/failures.ts';
import type { Quote } from '../../domain/order/order.ts';

/** Why the workflow wakes: permanent words for the summaries of timers. */
export type AgendaReason = ActionReason;

/** What the workflow has to know of a subscription: opaque ids and times. */
export interface SubscriptionAgenda {
  readonly status: SubscriptionStatus;
  /** ISO 8601 UTC; null: it has ended, or is paused without an end. A time that has passed is due now. */
  readonly wakeAt: string | null;
  /** Whether what is due may move money. */
  readonly step: 'act' | 'collect';
  /** Permanent word for the timer's summary. */
  readonly reason: AgendaReason;
  /** Index of the current period: grows by one with every renewal. */
  readonly period: number;
  /** Order whose queued messages are to be sent; null: nothing was queued by this step. */
  readonly tell: string | null;
}

/** At once, or from the first moment of the next period on. */
export type ChangeTime = 'now' | 'period_end';

/** A change of plan, quantity or interval. What is null stays as it is. */
export interface SubscriptionChange {
  /** The item that changes; null: the only recurring one. */
  readonly item: string | null;
  readonly price: string | null;
  readonly quantity: number | null;
  readonly when: ChangeTime;
  /** `none`: nothing is credited or charged for the rest of the period. */
  readonly proration: 'prorate' | 'none';
}

/** What somebody asks of a subscription; kept in `subscription_commands`, never in Temporal. */
export type CommandRequest =
  /** `preview`: the id of the preview that is to be charged to the cent; null: whatever it comes to. */
  | { readonly kind: 'change'; readonly change: SubscriptionChange; readonly preview: string | null }
  | { readonly kind: 'withdraw_change' }
  | {
      readonly kind: 'cancel';
      readonly when: ChangeTime;
      readonly reason: CancellationReason | null;
      readonly comment: string | null;
      readonly by: 'customer' | 'merchant' | 'system';
    }
  /** Takes a cancellation back that has not taken effect. */
  | { readonly kind: 'reactivate' }
  /** `from`: "now", "period_end" (null: that) or a moment; `until` null: without an end. Moments ISO 8601 UTC. */
  | { readonly kind: 'pause'; readonly from: string | null; readonly until: string | null }
  | { readonly kind: 'resume' }
  /** A new method, or with `backup` the second one. What is unpaid is collected at once. */
  | { readonly kind: 'payment_method'; readonly method: string; readonly token: string; readonly backup: boolean }
  | { readonly kind: 'retry_payment' }
  | { readonly kind: 'extend_trial'; readonly trialEnd: string }
  | { readonly kind: 'convert_trial' }
  /** One-off add-ons on the next invoice. */
  | { readonly kind: 'add_items'; readonly items: readonly { readonly price: string; readonly quantity: number }[] };

/** What became of a command. Opaque: it travels through Temporal. */
export type CommandAnswer =
  /** It has taken effect. `order`: the order that charged or credited something for it. */
  | { readonly kind: 'done'; readonly order: string | null }
  /** It takes effect then (ISO 8601 UTC). */
  | { readonly kind: 'scheduled'; readonly at: string }
  /** The charge was declined or refused; everything is as it was. */
  | {
      readonly kind: 'declined';
      readonly order: string;
      readonly declineClass: DeclineClass;
      readonly declineCode: string;
    }
  /** The customer (3-D Secure) or the bank has to act first; it takes effect when the money is there. */
  | { readonly kind: 'waiting'; readonly order: string; readonly reason: 'action_required' | 'pending' | 'unknown' }
  /** It cannot be done as things are. `code` has the HTTP status; `message` names nobody. */
  | { readonly kind: 'refused'; readonly code: FailureCode; readonly message: string };

export interface RecordedCommand {
  /** "cmd_…": the same id and request again is the same command. */
  readonly commandId: string;
  readonly subscriptionId: SubscriptionId;
}

/** What a change would come to if it were made at `at`. Amounts are minor units of `currency`. */
export interface ChangePreview {
  /** "prv_…" */
  readonly id: string;
  readonly subscription: SubscriptionId;
  readonly currency: string;
  readonly change: SubscriptionChange;
  /** The moment up to which the old plan is counted, and until when the preview may be charged; ISO 8601 UTC. */
  readonly at: string;
  readonly validUntil: string;
  /** When the change takes effect, ISO 8601 UTC. */
  readonly effectiveAt: string;
  /** Unused time of billed lines, with the tax that was charged on it. */
  readonly credits: readonly {
    readonly order: string;
    readonly line: string;
    readonly net: number;
    readonly tax: number;
    readonly gross: number;
  }[];
  /** What is billed for it, taxed as of today; null when nothing is. */
  readonly quote: Quote | null;
  /** Sum of the credits' gross. */
  readonly credit: number;
  /** Of the store credit there is, what would be used. */
  readonly balanceUsed: number;
  /** What would be charged: never negative, and 0 where no gateway takes so little. */
  readonly charge: number;
  /** What would be left of the credits for later invoices. */
  readonly creditLeft: number;
}

/**
 * The steps of a subscription's story, each repeatable after a crash at any point: facts and ids come from the record.
 * Called one at a time per subscription by its workflow; the writes name the revision that they read.
 */
export interface SubscriptionSteps {
  /** Only reads. @throws subscription.not_found */
  agenda(subscriptionId: SubscriptionId, at: string): Promise<SubscriptionAgenda>;
  /** Does what is due and moves no money; nothing when nothing is. @throws subscription.not_found, subscription.conflict */
  act(subscriptionId: SubscriptionId, at: string): Promise<SubscriptionAgenda>;
  /** Opens what is due to be billed, or goes on with what is open, collects it and settles it. */
  collect(subscriptionId: SubscriptionId, at: string): Promise<SubscriptionAgenda>;
  /** Runs a recorded command, once: a repeat gives the first answer. May move money. @throws subscription.command_unknown */
  command(
    commandId: string,
    at: string,
  ): Promise<{ readonly answer: CommandAnswer; readonly agenda: SubscriptionAgenda }>;
  /** Writes a command down before it is sent. @throws subscription.not_found, subscription.ended, idempotency.conflict */
  recordCommand(
    command: { readonly commandId: string; readonly subscriptionId: SubscriptionId; readonly request: CommandRequest },
    at: string,
  ): Promise<RecordedCommand>;
  /** @throws subscription.not_found, subscription.ended, subscription.change_invalid and what pricing throws */
  preview(
    subscriptionId: SubscriptionId,
    request: { readonly previewId: string; readonly change: SubscriptionChange },
    at: string,
  ): Promise<ChangePreview>;
  /** The subscriptions that a paid order began, made when they are not there yet; none without recurring lines. */
  openFromOrder(orderId: string, at: string): Promise<readonly SubscriptionId[]>;
}
