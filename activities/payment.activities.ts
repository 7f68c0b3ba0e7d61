import type { PaymentOutcome } from '../domain/payment/payment-outcome.ts';
import type { OrderService } from '../services/order/order-service.ts';
import type { RefundAnswer } from '../services/payment/payment-refunds.ts';
import type { PaymentService } from '../services/payment/payment-service.ts';
import { atTheBorder } from './activity-failure.ts';

interface PaymentStep {
  readonly orderId: string;
  readonly at: string;
}

/** Money. The keys are made of the order's id and attempt; the token and the amount are read from the records. */
export function createPaymentActivities({
  orders,
  payments,
}: {
  readonly orders: OrderService;
  readonly payments: PaymentService;
}) {
  return atTheBorder({
    takePayment: async ({ orderId, at }: PaymentStep): Promise<PaymentOutcome> =>
      payments.take(await orders.charge(orderId, at)),

    capturePayment: ({ orderId }: PaymentStep): Promise<PaymentOutcome> => payments.capture(orderId),

    voidPayment: ({ orderId }: PaymentStep): Promise<PaymentOutcome> => payments.void(orderId),

    lookUpPayment: ({ orderId }: { readonly orderId: string }): Promise<PaymentOutcome> => payments.lookup(orderId),

    /** Repeated while it answers `pending`; it looks the refund up before it asks again. */
    refundLine: ({ orderId, line }: PaymentStep & { readonly line: string }): Promise<RefundAnswer> =>
      orders.refundLine(orderId, line),
  });
}
