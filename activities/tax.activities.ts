import type { BusinessTaxIdStatus } from '../domain/order/order.ts';
import type { OrderService } from '../services/order/order-service.ts';
import { atTheBorder } from './activity-failure.ts';

export function createTaxActivities({ orders }: { readonly orders: OrderService }) {
  return atTheBorder({
    /** Asks the register about the buyer's business tax id. `unavailable` is an answer, not a failure. */
    checkBusinessTaxId: ({
      orderId,
      at,
    }: {
      readonly orderId: string;
      readonly at: string;
    }): Promise<BusinessTaxIdStatus> => orders.checkBusinessTaxId(orderId, at),
  });
}
