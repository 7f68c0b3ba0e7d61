import type { Order, Quote } from './order.ts';
import { fail } from '../failures.ts';

/** The frozen quote. @throws order.state_conflict before the order was priced */
export function pricedQuote(order: Order): Quote {
  return order.quote ?? fail('order.state_conflict', `order ${order.id} is not priced yet`);
}
