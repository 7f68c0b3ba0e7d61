import type { DeliveryOutcome } from '../domain/delivery/delivery.ts';
import type { OrderService } from '../services/order/order-service.ts';
import { atTheBorder } from './activity-failure.ts';

export interface DeliveryStep {
  readonly orderId: string;
  readonly line: string;
  readonly method: string;
  readonly at: string;
}

export type DeliveryActivities = ReturnType<typeof createDeliveryActivities>;

/** The same delivery, in two retry classes: what is ours is instant, what is a partner's may take days. */
export function createDeliveryActivities({ orders }: { readonly orders: OrderService }) {
  return atTheBorder({
    deliverFromStock: (step: DeliveryStep): Promise<DeliveryOutcome> => orders.deliver(step),
    deliverByPartner: (step: DeliveryStep): Promise<DeliveryOutcome> => orders.deliver(step),
  });
}
