import { fail } from '../../domain/failures.ts';
import { facts } from '../../domain/idempotency.ts';
import { creditPartOfLine, creditTaxOfLines } from '../../domain/invoice/credited-line.ts';
import type { CreditedLine, EarlierCredit } from '../../domain/invoice/credited-line.ts';
import type { BillingDocument } from '../../domain/invoice/invoice.ts';
import { sum } from '../../domain/money/money.ts';
import { pricedQuote } from '../../domain/order/order-totals.ts';
import type { Order, OrderRefund } from '../../domain/order/order.ts';
import type { Refund } from '../../domain/refund/refund.ts';

/**
 * The refunds of the order with this one's split into net and tax written down: cumulative over what was credited before,
 * so that the last cent of every tax goes back with the last cent of the line. Once written down it stays.
 * @param documents of the order: refunds from before the split was written down have only their credit note
 * @throws order.state_conflict when the tax that was reserved has been credited meanwhile
 */
export function withSplit(
  order: Order,
  refund: Pick<Refund, 'id' | 'cause'>,
  documents: readonly BillingDocument[],
): readonly OrderRefund[] {
  const own = entryOf(order, refund.id);
  if (own.credited !== undefined) return order.refunds;
  const earlier = creditsOf(order, documents);
  const lines = split(order, own, refund, earlier);
  if (sum(lines.map(({ gross }) => gross)) !== own.amount)
    fail('order.state_conflict', `${own.amount} was reserved for ${refund.id}, and that is not left of its lines`);
  const place = Math.max(0, ...order.refunds.map(({ credited }) => credited?.place ?? 0)) + 1;
  return order.refunds.map((entry) => (entry.id === refund.id ? { ...entry, credited: { place, lines } } : entry));
}

export function entryOf({ id: orderId, refunds }: Pick<Order, 'id' | 'refunds'>, refundId: string): OrderRefund {
  const entry = refunds.find(({ id }) => id === refundId);
  return entry ?? fail('refund.state_conflict', `refund ${refundId} is not on order ${orderId}`);
}

function split(
  order: Order,
  { parts = [] }: OrderRefund,
  { cause }: Pick<Refund, 'cause'>,
  earlier: readonly EarlierCredit[],
): readonly CreditedLine[] {
  const quote = pricedQuote(order);
  const paid = parts.filter(({ gross }) => gross > 0);
  if (cause !== 'tax') return paid.map((part) => creditPartOfLine(quote, part, earlier));
  return creditTaxOfLines(
    quote,
    paid.map(({ line }) => line),
    earlier,
  );
}

/** In the order in which they were split: what is derived from the sequence stays the same for ever. */
function creditsOf({ id, refunds }: Order, documents: readonly BillingDocument[]): readonly EarlierCredit[] {
  const unsplit = refunds.filter(({ credited }) => credited === undefined).map((refund) => facts.refund(id, refund.id));
  const old = documents.filter(({ kind, fact }) => kind === 'credit_note' && unsplit.includes(fact));
  const known = refunds.flatMap(({ credited }) => credited ?? []).sort((a, b) => a.place - b.place);
  return [...old.flatMap(({ lines }) => lines), ...known.flatMap(({ lines }) => lines)];
}
