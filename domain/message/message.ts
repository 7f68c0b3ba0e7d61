import type { DeliveryMethod } from '../catalog/catalog.ts';
import type { Locale } from '../order/order.ts';
import type { TransitionTable } from '../state-machine.ts';
import type { SubscriptionFacts } from './message-facts.ts';

const orderTemplates = [
  'order_received_payment_pending',
  'order_in_review',
  'order_confirmed',
  'delivery_ready',
  'delivery_delayed',
  'line_refunded',
  'tax_given_back',
  'tax_kept_id_unknown',
  'tax_kept_register_away',
  'payment_declined',
  'payment_expired',
  'order_cancelled',
  'order_rejected',
  'withdrawal_received',
] as const;

/** Their data is made by `subscriptionMessageData` (message-facts.ts). */
const subscriptionTemplates = [
  'subscription_started',
  'trial_ending',
  'trial_ended',
  'renewal_reminder',
  'subscription_renewed',
  'payment_failed',
  'payment_last_notice',
  'access_restricted',
  'access_suspended',
  'subscription_recovered',
  'subscription_cancelled',
  'subscription_reactivated',
  'subscription_paused',
  'pause_ending',
  'subscription_resumed',
  'plan_changed',
  'price_change_notice',
  'annual_reminder',
  'usage_alert',
] as const;
export type SubscriptionTemplate = (typeof subscriptionTemplates)[number];

/** Their data names the refund: `{ refund: id }`. */
const refundTemplates = [
  'refund_requested',
  'refund_approved',
  'refund_refused',
  'refund_done',
  'refund_to_store_credit',
  'refund_failed',
  'refund_reversed',
] as const;
export type RefundTemplate = (typeof refundTemplates)[number];

/** Everything we write to a buyer. Each speaks of one committed fact and hangs on an order. */
export const messageTemplates = [...orderTemplates, ...subscriptionTemplates, ...refundTemplates] as const;
export type MessageTemplate = (typeof messageTemplates)[number];

export function isAboutSubscription(template: MessageTemplate): boolean {
  return subscriptionTemplates.some((one) => one === template);
}

export type MessageChannel = 'email';

export type MessageStatus = 'queued' | 'sending' | 'sent' | 'failed';

/** A message left in `sending` by a crash is taken up again (sending → sending) when its lease has run out. */
export const messageTransitions: TransitionTable<MessageStatus> = {
  queued: ['sending'],
  sending: ['sending', 'queued', 'sent', 'failed'],
  sent: [],
  failed: [],
};

/** What is known of a message before it is written; the text is made when it is sent. */
export interface MessageRequest {
  /** Key of the fact that it speaks of (domain/idempotency.ts). With channel and recipient it is unique. */
  readonly fact: string;
  readonly template: MessageTemplate;
  readonly orderId: string;
  readonly locale: Locale;
  /** E-mail address. */
  readonly to: string;
  /** Small opaque facts such as the refund id or the line; nothing personal. */
  readonly data: Readonly<Record<string, string>>;
}

/** A message as the loader of its content sees it: no address in it. */
export type MessageReference = Omit<MessageRequest, 'to'> & { readonly id: string };

/** What a mail shows, read when it is sent. Amounts are minor units of `order.currency`, times ISO 8601 UTC. */
export interface MessageContext {
  readonly order: {
    readonly number: string;
    readonly customerName: string;
    readonly placedAt: string;
    readonly currency: string;
    readonly lines: readonly {
      readonly name: string;
      readonly quantity: number;
      readonly gross: number;
    }[];
    readonly net: number;
    readonly tax: number;
    readonly gross: number;
    /** The buyer asked for delivery at once and gave up the right of withdrawal: it must be confirmed in writing. */
    readonly withdrawalWaiver: boolean;
  };
  /** What this message is about: everything for a confirmation, one line for a late delivery. */
  readonly deliveries: readonly MessageDelivery[];
  /** How the customer completes a payment that waits for them; null otherwise. */
  readonly payment: MessagePayment | null;
  /** The refund that the message speaks of; null otherwise. */
  readonly refund: {
    readonly amount: number;
    readonly lines: readonly string[];
    readonly creditNoteUrl: string | null;
    /** Why it was decided so, in the reader's language and with the rule; null where nothing had to be judged. */
    readonly explanation: string | null;
    /** Until when a refusal may be appealed; null when it may not. */
    readonly appealUntil: string | null;
  } | null;
  /** The statement of withdrawal that is acknowledged, as it was made; null otherwise. */
  readonly withdrawal: {
    readonly id: string;
    readonly name: string;
    readonly orderNumber: string;
    readonly email: string;
    readonly receivedAt: string;
  } | null;
  /** What a message about a subscription says; null otherwise. */
  readonly subscription: MessageSubscription | null;
  /** https addresses; anything else is not linked. */
  readonly links: {
    readonly order: string | null;
    readonly invoice: string | null;
    /** The page on which a consumer withdraws; null where there is no new contract. */
    readonly withdrawal: string | null;
  };
  readonly attachments: readonly MessageAttachment[];
}

export interface MessageSubscription {
  readonly facts: SubscriptionFacts;
  /** Names of what it consists of. */
  readonly items: readonly string[];
  /** Where the customer changes, pays and cancels it; null: by answering the mail. */
  readonly manageUrl: string | null;
  /** Where somebody who has left may say why; null: by answering the mail. */
  readonly surveyUrl: string | null;
}

export type MessageDelivery =
  | { readonly method: 'license'; readonly status: 'ready'; readonly product: string; readonly keys: readonly string[] }
  | {
      readonly method: 'download';
      readonly status: 'ready';
      readonly product: string;
      readonly filename: string;
      readonly url: string;
      readonly expiresAt: string | null;
    }
  | { readonly method: 'account'; readonly status: 'ready'; readonly product: string; readonly loginUrl: string }
  | { readonly method: 'attachment'; readonly status: 'ready'; readonly product: string; readonly filename: string }
  | { readonly method: DeliveryMethod; readonly status: 'pending'; readonly product: string };

export interface MessagePayment {
  /** `authentication`: confirm with the bank (3-D Secure); `transfer`: pay a voucher or a bank transfer. */
  readonly kind: 'authentication' | 'transfer';
  readonly url: string | null;
  readonly expiresAt: string | null;
}

export interface MessageAttachment {
  readonly filename: string;
  readonly contentType: string;
  readonly content: Uint8Array;
}

/** A message ready for the transport. */
export interface RenderedMessage {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
}
