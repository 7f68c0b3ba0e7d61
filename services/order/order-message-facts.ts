import { facts } from '../../domain/idempotency.ts';
import { isOrderEvent, orderEvent } from '../../domain/order/order-events.ts';
import type { Order } from '../../domain/order/order.ts';

/** Every fact of the order that the customer is told of: its messages are found by these keys, without a search. */
export function messageFactsOf({ id, timeline, customer }: Order): { fact: string; to: string }[] {
  return timeline.flatMap(({ event }) => {
    const name = event.split('/')[0] ?? event;
    if (!isOrderEvent(name) || orderEvent(name).message === null) return [];
    return [{ fact: facts.status(id, event), to: customer.email }];
  });
}
