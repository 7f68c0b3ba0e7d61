import { pricedQuote } from '../../domain/order/order-totals.ts';
import type { MessageTemplate } from '../../domain/message/message.ts';
import type { Order, OrderLine } from '../../domain/order/order.ts';
import { decideLines } from '../../domain/refund-policy/decide-lines.ts';
import { grantedParts } from '../../domain/refund-policy/granted-parts.ts';
import { refundFactsOf } from '../../domain/refund-policy/order-facts.ts';
import type { RefundFacts } from '../../domain/refund-policy/refund-facts.ts';
import type { RefundJudgement, RefundPart } from '../../domain/refund/refund.ts';
import type { DeliveryService } from '../delivery/delivery-service.ts';
import type { MessageService } from '../messages/message-service.ts';
import type { OrderStore } from '../order/order-store.ts';
import { paidPeriod, soldAt } from './paid-period.ts';
import type { RefundDocument } from './refund-store.ts';

/**
 * What the rules say. `judgement` null: nobody has to be asked, what is left of the order decides. `parts` null: all that
 * was asked for; otherwise what of it the rules grant.
 */
export type RefundJudge = (
  refund: RefundDocument,
) => Promise<{ readonly judgement: RefundJudgement | null; readonly parts: readonly RefundPart[] | null }>;

export interface RefundJudgeDeps {
  readonly orders: Pick<OrderStore, 'require'>;
  readonly deliveries: Pick<DeliveryService, 'deliveriesOf'>;
  readonly messages: Pick<MessageService, 'listByOrder'>;
}

/** Consumer law speaks of what customers ask for; what merchants and we ourselves give back is ours to decide. */
export function createRefundJudge({ orders, deliveries, messages }: RefundJudgeDeps): RefundJudge {
  return async ({ orderId, requestedBy, cause, requestedAt, parts }) => {
    if (requestedBy !== 'customer' || cause === 'goodwill') return { judgement: null, parts: null };
    const [order, delivered, told] = await Promise.all([
      orders.require(orderId),
      deliveries.deliveriesOf(orderId),
      messages.listByOrder(orderId),
    ]);
    const confirmations = told.filter(({ template }) => confirms.includes(template));
    const confirmationSentAt = confirmations.flatMap(({ sentAt }) => sentAt ?? []).sort()[0] ?? null;
    const sold = pricedQuote(order).lines.filter(({ line }) => parts.some((part) => part.line === line));
    const verdict = decideLines(
      sold.map((line) => {
        const own = delivered.filter((record) => record.line === line.line && record.deliveredAt !== null);
        const supplied = own.flatMap(({ deliveredAt }) => deliveredAt ?? []).sort()[0] ?? null;
        return {
          line: line.line,
          product: line.productName,
          facts: factsOf(order, line, { requestedAt, supplied, confirmationSentAt }),
        };
      }),
    );
    const { kind, rule, source, explanation } = verdict;
    const granted = kind === 'granted' ? grantedParts(parts, verdict.lines, sold) : null;
    return { judgement: { kind, rule, source, explanation }, parts: granted };
  };
}

/** Mails that repeat what was agreed to, the waiver with it. */
const confirms: readonly MessageTemplate[] = ['order_confirmed', 'subscription_started'];

function factsOf(
  order: Order,
  line: OrderLine,
  known: { readonly requestedAt: string; readonly supplied: string | null; readonly confirmationSentAt: string | null },
): RefundFacts {
  return refundFactsOf(order, line, {
    // A reason is not read by machines: who says that it is faulty asks a person, by an appeal.
    ground: 'change_of_mind',
    requestedAt: known.requestedAt,
    contractAt: soldAt(order),
    // Access that lasts begins with the sale where no delivery says otherwise.
    suppliedAt: known.supplied ?? (line.recurring === null ? null : soldAt(order)),
    performedAt: null,
    receivedAt: null,
    period: paidPeriod(order, line),
    use: known.supplied === null ? 'none' : 'unknown',
    confirmationSentAt: known.confirmationSentAt,
    // The checkout shows both before it takes an order.
    policyShown: true,
    informed: true,
    timeZone: order.customer.timeZone ?? null,
  });
}
