import type { DeliveryMethod } from '../catalog/catalog.ts';
import type { Locale } from '../order/order.ts';
import type { TransitionTable } from '../state-machine.ts';

/** Everything we write to a buyer about an order. Each speaks of one committed fact. */
export const messageTemplates = [
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
] as const;
export type MessageTemplate = (typeof messageTemplates)[number];

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
  } | null;
  /** https addresses; anything else is not linked. */
  readonly links: { readonly order: string | null; readonly invoice: string | null };
  readonly attachments: readonly MessageAttachment[];
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
