import { z } from 'zod';
import { orderStatuses } from '../../domain/order/order-status.ts';
import type { Order } from '../../domain/order/order.ts';
import type { BillingDocument } from '../../domain/invoice/invoice.ts';
import type { Payment, PaymentAttempt } from '../../domain/payment/payment.ts';
import type { DeliveryView } from '../../services/delivery/delivery-view.ts';
import { amountAnswer, instantAnswer, taxAmountsAnswer } from './answer-schemas.ts';

const amountsAnswer = z
  .object({
    currency: z.string(),
    net: amountAnswer,
    discount: amountAnswer,
    tax: amountAnswer,
    gross: amountAnswer,
  })
  .nullable()
  .meta({ description: 'Minor units; null until the order is priced' });

const lineAnswer = z.object({
  line: z.string(),
  price: z.string(),
  quantity: z.int(),
  product: z.string().nullable(),
  productName: z.string().nullable(),
  bundle: z.string().nullable().meta({ description: 'The bundle that the line is a component of' }),
  list: amountAnswer.nullable(),
  discount: amountAnswer.nullable(),
  net: amountAnswer.nullable(),
  tax: amountAnswer.nullable(),
  gross: amountAnswer.nullable(),
  taxes: taxAmountsAnswer,
});

const attemptAnswer = z.object({
  number: z.int(),
  gateway: z.string(),
  status: z.string(),
  paymentId: z.string().nullable(),
  declineCode: z.string().nullable(),
  declineClass: z.string().nullable(),
  at: instantAnswer,
});

const paymentAnswer = z.object({
  status: z.string(),
  gateway: z.string().nullable(),
  method: z.string(),
  captured: amountAnswer,
  refunded: amountAnswer,
  storeCredit: amountAnswer.optional().meta({ description: 'What store credit paid, minor units; absent: nothing' }),
  attempts: z.array(attemptAnswer).readonly(),
  action: z
    .object({ type: z.enum(['redirect', 'instructions']), url: z.string() })
    .optional()
    .meta({ description: 'Where to send the customer while the payment waits for them' }),
});

const deliveryAnswer = z.object({
  line: z.string(),
  product: z.string(),
  method: z.string(),
  status: z.string(),
  details: z.object({
    licenseKeys: z.array(z.string()).readonly().optional(),
    link: z.string().optional(),
    expiresAt: instantAnswer.optional(),
    file: z.string().optional(),
    loginUrl: z.string().optional(),
    reason: z.string().optional(),
  }),
});

const invoiceReference = z.object({ id: z.string(), number: z.string() });

const refundAnswer = z.object({
  id: z.string(),
  lines: z.array(z.string()).readonly(),
  amount: amountAnswer,
  reason: z.string(),
  status: z.string(),
  creditNote: z.string().nullable(),
});

const headAnswer = {
  id: z.string().meta({ examples: ['ord_7F3K92QXM4TN8WRB'] }),
  number: z.string(),
  status: z.enum(orderStatuses),
  statusReason: z.string().nullable(),
  refundStatus: z.enum(['none', 'partial', 'full']),
  disputed: z.boolean(),
  createdAt: instantAnswer,
  customer: z.object({ id: z.string().nullable() }),
  amounts: amountsAnswer,
};

export const orderSummaryAnswer = z.object(headAnswer).meta({ id: 'OrderSummary' });

export const orderAnswer = z
  .object({
    ...headAnswer,
    quote: z
      .object({ id: z.string().nullable(), hash: z.string() })
      .meta({ description: 'What the order charges: the id of the quote that it named, and the hash of its content' }),
    lines: z.array(lineAnswer).readonly(),
    payment: paymentAnswer,
    deliveries: z.array(deliveryAnswer).readonly(),
    invoice: invoiceReference.nullable(),
    creditNotes: z.array(invoiceReference).readonly(),
    refunds: z.array(refundAnswer).readonly(),
    subscriptions: z.array(z.string()).readonly(),
    timeline: z.array(z.object({ at: instantAnswer, event: z.string(), text: z.string() })).readonly(),
    metadata: z.record(z.string(), z.string()),
  })
  .meta({ id: 'Order', description: 'Amounts are minor units of `amounts.currency`' });

export type OrderSummary = z.output<typeof orderSummaryAnswer>;
export type OrderView = z.output<typeof orderAnswer>;

export interface OrderParts {
  readonly order: Order;
  readonly payment: Payment | null;
  readonly deliveries: readonly DeliveryView[];
  readonly documents: readonly BillingDocument[];
  /** Ids of what it began. */
  readonly subscriptions: readonly string[];
}

export function orderSummary(order: Order): OrderSummary {
  const { id, number, status, statusReason, refundStatus, disputed, createdAt, quote } = order;
  return {
    ...{ id, number, status, statusReason, refundStatus, disputed, createdAt },
    customer: { id: order.customer.id },
    amounts:
      quote === null
        ? null
        : { currency: quote.currency, net: quote.net, discount: quote.discount, tax: quote.tax, gross: quote.gross },
  };
}

/** What the API shows of an order: no token, nothing of the card, of the customer only the caller's own id. */
export function orderView({ order, payment, deliveries, documents, subscriptions }: OrderParts): OrderView {
  const references = (kind: BillingDocument['kind']) =>
    documents.filter((document) => document.kind === kind).map(({ id, number }) => ({ id, number }));
  return {
    ...orderSummary(order),
    quote: { id: order.quoteId, hash: order.quoteHash },
    lines: linesOf(order),
    payment: paymentView(order, payment),
    deliveries,
    invoice: references('invoice')[0] ?? null,
    creditNotes: references('credit_note'),
    refunds: order.refunds.map(({ id, lines, amount, reason, status, creditNote }) => {
      return { id, lines, amount, reason, status, creditNote };
    }),
    subscriptions,
    timeline: order.timeline.map(({ at, event, text }) => ({ at, event, text })),
    metadata: order.metadata,
  };
}

function linesOf({ quote, requestedLines }: Order): OrderView['lines'] {
  if (quote === null) {
    const unpriced = {
      product: null,
      productName: null,
      bundle: null,
      list: null,
      discount: null,
      net: null,
      tax: null,
      gross: null,
    };
    return requestedLines.map(({ price, quantity }, index) => {
      return { line: `${index + 1}`, price, quantity, ...unpriced, taxes: [] };
    });
  }
  return quote.lines.map((one) => {
    const { line, price, quantity, product, productName, bundle, list, discount, net, tax, gross, taxes } = one;
    return { line, price, quantity, product, productName, bundle, list, discount, net, tax, gross, taxes };
  });
}

function paymentView(order: Order, payment: Payment | null): OrderView['payment'] {
  const { method } = order.payment;
  const credit = order.creditApplied === undefined ? {} : { storeCredit: order.creditApplied };
  if (payment === null)
    return { status: 'none', gateway: null, method, captured: 0, refunded: 0, ...credit, attempts: [] };
  const { status, gateway, captured, refunded, attempts } = payment;
  const action = actionOf(attempts.at(-1));
  return {
    ...{ status, gateway, method, captured, refunded, ...credit },
    attempts: attempts.map(({ attempt, gateway, status, paymentId, declineCode, declineClass, at }) => {
      return { number: attempt, gateway, status, paymentId, declineCode, declineClass, at };
    }),
    ...(action === null ? {} : { action }),
  };
}

function actionOf(attempt: PaymentAttempt | undefined): OrderView['payment']['action'] | null {
  if (attempt === undefined || attempt.actionUrl === null) return null;
  if (attempt.status === 'action_required') return { type: 'redirect', url: attempt.actionUrl };
  return attempt.status === 'pending' ? { type: 'instructions', url: attempt.actionUrl } : null;
}
