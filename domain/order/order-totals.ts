import type { Order, OrderLine, Quote } from './order.ts';
import { fail } from '../failures.ts';

/** The frozen quote. @throws order.state_conflict before the order was priced */
export function pricedQuote(order: Order): Quote {
  return order.quote ?? fail('order.state_conflict', `order ${order.id} is not priced yet`);
}

/** Minor units that the customer still pays when store credit has paid its part. @throws order.state_conflict before it was priced */
export function chargedOf(order: Order): number {
  return pricedQuote(order).gross - (order.creditApplied ?? 0);
}

/** A line of the frozen quote. @throws order.state_conflict when the order has no such line */
export function orderLine(order: Order, lineId: string): OrderLine {
  const line = pricedQuote(order).lines.find(({ line: id }) => id === lineId);
  return line ?? fail('order.state_conflict', `order ${order.id} has no line ${lineId}`);
}
