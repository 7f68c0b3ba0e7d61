import type { OrderService } from '../services/order/order-service.ts';
import type { RefundAnswer } from '../services/payment/payment-refunds.ts';
import type { TaxConfirmationPlan } from '../services/order/tax-giveback.ts';
import { atTheBorder } from './activity-failure.ts';

interface TaxStep {
  readonly orderId: string;
  /** Business time, ISO 8601 UTC: the workflow's. */
  readonly at: string;
}

/** The tax of an order whose buyer's business tax id the register could not be asked about. */
export function createTaxConfirmationActivities({ orders }: { readonly orders: OrderService }) {
  return atTheBorder({
    openTaxConfirmation: ({ orderId, at }: TaxStep): Promise<TaxConfirmationPlan> =>
      orders.openTaxConfirmation(orderId, at),

    /** Money. Repeated while it answers `pending`; it looks the refund up before it asks again. */
    giveTaxBack: ({ orderId }: { readonly orderId: string }): Promise<RefundAnswer | 'nothing_left'> =>
      orders.giveTaxBack(orderId),

    recordTaxGivenBack: ({ orderId, at }: TaxStep): Promise<void> => orders.recordTaxGivenBack(orderId, at),

    recordTaxRefundFailed: ({ orderId, reason, at }: TaxStep & { readonly reason: string }): Promise<void> =>
      orders.recordTaxRefundFailed(orderId, reason, at),
  });
}
