import type { OrderStatus } from './order-status.ts';

/** The mail templates that an event may ask for; what is in them belongs to services/messages. */
export type OrderMessage =
  | 'order_received_payment_pending'
  | 'order_in_review'
  | 'order_confirmed'
  | 'delivery_delayed'
  | 'delivery_ready'
  | 'line_refunded'
  | 'tax_given_back'
  | 'tax_kept_id_unknown'
  | 'tax_kept_register_away'
  | 'payment_declined'
  | 'payment_expired'
  | 'order_cancelled'
  | 'order_rejected';

interface OrderEventDefinition {
  /** The status that the event moves the order to; null leaves it. */
  readonly status: OrderStatus | null;
  /** For the timeline: nothing personal, readable by the customer's support. */
  readonly text: string;
  /** What the customer is told; null where another event says it. */
  readonly message: OrderMessage | null;
}

/**
 * Everything that can happen to an order, each at most once per order (and per line where the event names one), so that
 * a repeated step after a crash finds its own entry and does nothing. Names are permanent: timelines hold them.
 */
export const orderEvents = {
  received: { status: 'received', text: 'Order received', message: null },
  priced: { status: 'screening', text: 'Prices and tax computed', message: null },
  screened: { status: 'awaiting_payment', text: 'Priced; customer and fraud checks passed', message: null },
  review_requested: {
    status: 'in_review',
    text: 'Waiting for a person to review the order',
    message: 'order_in_review',
  },
  review_approved: { status: 'awaiting_payment', text: 'Review: approved', message: null },
  tax_settled: { status: null, text: 'Business tax id checked, tax settled', message: null },
  payment_waiting: {
    status: null,
    text: 'Waiting for the customer to complete the payment',
    message: 'order_received_payment_pending',
  },
  payment_review_requested: {
    status: 'in_review',
    text: 'The gateway raised risk signals; waiting for a person to review the order',
    message: 'order_in_review',
  },
  payment_review_approved: { status: 'awaiting_payment', text: 'Review of the risk signals: approved', message: null },
  payment_delayed: {
    status: null,
    text: 'No payment provider answers; trying again',
    message: null,
  },
  payment_unknown: {
    status: null,
    text: 'The outcome of the payment is not known yet; asking the gateway',
    message: null,
  },
  paid: { status: 'paid', text: 'Payment captured, invoice issued', message: null },
  delivering: { status: 'delivering', text: 'Delivery started', message: null },
  delivery_delayed: { status: null, text: 'A delivery takes longer than expected', message: 'delivery_delayed' },
  line_undeliverable: { status: null, text: 'A line cannot be delivered; its money goes back', message: null },
  line_refund_pending: {
    status: null,
    text: 'The payment provider has not settled the refund of a line yet',
    message: null,
  },
  line_refunded: { status: null, text: 'Line refunded', message: 'line_refunded' },
  line_refund_failed: { status: null, text: 'A line could not be refunded; a person has to look', message: null },
  completed: { status: 'completed', text: 'Everything delivered', message: 'order_confirmed' },
  completed_late: { status: 'completed', text: 'The delayed delivery arrived', message: 'delivery_ready' },
  completed_undelivered: {
    status: 'completed',
    text: 'Nothing could be delivered; the money goes back',
    message: null,
  },
  declined: { status: 'failed', text: 'Payment declined', message: 'payment_declined' },
  payment_expired: { status: 'failed', text: 'Payment not completed in time', message: 'payment_expired' },
  cancelled: { status: 'cancelled', text: 'Order cancelled before payment', message: 'order_cancelled' },
  rejected: { status: 'rejected', text: 'Order rejected', message: 'order_rejected' },
  tax_confirmation_started: {
    status: null,
    text: 'The register of business tax ids did not answer: tax was charged, the register is asked again',
    message: null,
  },
  tax_refund_pending: {
    status: null,
    text: 'The payment provider has not settled the refund of the tax yet',
    message: null,
  },
  tax_given_back: {
    status: null,
    text: 'Business tax id confirmed after the sale; the tax went back',
    message: 'tax_given_back',
  },
  tax_kept_id_unknown: {
    status: null,
    text: 'The register does not know the business tax id; the tax stays',
    message: 'tax_kept_id_unknown',
  },
  tax_kept_register_away: {
    status: null,
    text: 'The register never answered; the tax stays',
    message: 'tax_kept_register_away',
  },
  tax_refund_failed: { status: null, text: 'The tax could not be given back; a person has to look', message: null },
  billed: { status: 'awaiting_payment', text: 'Billed for a subscription', message: null },
  bill_settled: { status: 'completed', text: 'Settled for a subscription', message: null },
  bill_uncollected: { status: 'failed', text: 'Could not be collected', message: null },
  bill_void: { status: 'cancelled', text: 'Void: nothing is owed for it', message: null },
  needs_attention: { status: 'needs_attention', text: 'A person has to look at this order', message: null },
} as const satisfies Record<string, OrderEventDefinition>;

export type OrderEvent = keyof typeof orderEvents;

export function orderEvent(event: OrderEvent): OrderEventDefinition {
  return orderEvents[event];
}
