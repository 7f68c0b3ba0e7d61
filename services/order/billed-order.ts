import { orderNumber } from '../../domain/ids.ts';
import { orderEvent } from '../../domain/order/order-events.ts';
import type { Order, OrderBilling, Quote } from '../../domain/order/order.ts';
import { quoteHash } from '../pricing/quote-hash.ts';
import { emailHash } from '../risk/email-hash.ts';
import { canonicalHash } from '../store/canonical-hash.ts';
import type { OrderDocument } from './order-store.ts';

/**
 * An order that nobody placed: what a subscription owes, to whoever placed its first order. It waits for its payment and
 * is driven by the subscription, so that the sweep finds nothing to start.
 */
export function billedOrder(bill: {
  readonly id: string;
  readonly source: Order;
  readonly billing: OrderBilling;
  readonly quote: Quote;
  readonly requestedLines: Order['requestedLines'];
  readonly payment: Order['payment'];
  readonly at: string;
}): OrderDocument {
  const { id, source, billing, quote, requestedLines, payment, at } = bill;
  const { customer, consents, businessTaxIdStatus } = source;
  return {
    _id: id,
    id,
    number: orderNumber(id),
    emailHash: emailHash(customer.email),
    requestHash: canonicalHash({ billing, requestedLines }),
    revision: 1,
    status: 'awaiting_payment',
    statusReason: null,
    refundStatus: 'none',
    disputed: false,
    customer,
    currency: quote.currency,
    requestedLines,
    // What the coupon takes off is in the lines; its redemption belongs to the first order.
    coupon: null,
    payment,
    consents,
    metadata: {},
    quote,
    quoteId: null,
    quoteHash: quoteHash(quote),
    businessTaxIdStatus,
    screening: null,
    review: null,
    refunds: [],
    timeline: [{ at, event: 'billed', text: orderEvent('billed').text }],
    billing,
    createdAt: at,
    startedAt: at,
  };
}
