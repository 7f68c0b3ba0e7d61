import type { DeliveryOutcome } from '../domain/delivery/delivery.ts';
import type { OrderService } from '../services/order/order-service.ts';
import { atTheBorder } from './activity-failure.ts';

export interface DeliveryStep {
  readonly orderId: string;
  readonly line: string;
  readonly method: string;
  readonly at: string;
}

/** Deliveries that a partner carries out: they may take days. What is ours is part of `fulfilFromStock`. */
export function createDeliveryActivities({ orders }: { readonly orders: OrderService }) {
  return atTheBorder({
    deliverByPartner: (step: DeliveryStep): Promise<DeliveryOutcome> => orders.deliver(step),
  });
}
