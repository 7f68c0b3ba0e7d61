import type { DeliveryOutcome } from '../domain/delivery/delivery.ts';
import type { DeliveryStep } from '../services/order/order-fulfilment.ts';
import type { OrderService } from '../services/order/order-service.ts';
import { atTheBorder } from './activity-failure.ts';

/** Deliveries that a partner carries out: they may take days. What is ours is part of `fulfilFromStock`. */
export function createDeliveryActivities({ orders }: { readonly orders: OrderService }) {
  return atTheBorder({
    deliverByPartner: (step: DeliveryStep): Promise<DeliveryOutcome> => orders.deliver(step),
  });
}
