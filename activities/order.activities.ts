import type { BusinessTaxIdStatus } from '../domain/order/order.ts';
import type { OrderEvent } from '../domain/order/order-events.ts';
import type { StockFulfilment } from '../services/order/order-fulfilment.ts';
import type { OrderService, PreparedOrder } from '../services/order/order-service.ts';
import { atTheBorder } from './activity-failure.ts';

interface OrderStep {
  readonly orderId: string;
  /** Business time, ISO 8601 UTC: the workflow's. */
  readonly at: string;
}

/** Facts of an order in our own database: each is one local activity of the workflow task that needs it. */
export function createOrderActivities({ orders }: { readonly orders: OrderService }) {
  return atTheBorder({
    prepareOrder: ({ orderId, at }: OrderStep): Promise<PreparedOrder> => orders.prepare(orderId, at),

    settleOrderTax: ({
      orderId,
      businessTaxIdStatus,
      at,
    }: OrderStep & { readonly businessTaxIdStatus: BusinessTaxIdStatus }): Promise<string> =>
      orders.settleTax(orderId, businessTaxIdStatus, at),

    recordOrderEvent: (
      input: OrderStep & { readonly event: OrderEvent; readonly line?: string; readonly note?: string },
    ): Promise<void> => orders.recordEvent(input),

    fulfilFromStock: ({ orderId, at }: OrderStep): Promise<StockFulfilment> => orders.fulfilFromStock(orderId, at),

    recordLineRefund: ({
      orderId,
      line,
      reason,
      at,
    }: OrderStep & { readonly line: string; readonly reason: string }): Promise<void> =>
      orders.recordLineRefund(orderId, line, reason, at),

    recordLineRefundFailed: ({
      orderId,
      line,
      reason,
      at,
    }: OrderStep & { readonly line: string; readonly reason: string }): Promise<void> =>
      orders.recordLineRefundFailed(orderId, line, reason, at),
  });
}
