import { isFailure } from '../../domain/failures.ts';
import { idempotencyKeys } from '../../domain/idempotency.ts';
import type { Refund } from '../../domain/refund/refund.ts';
import type { OrderService } from '../order/order-service.ts';
import type { RefundRequest } from './refund-request.ts';
import type { RefundService } from './refund-service.ts';

/** What the workflow of an order has to know of a refund that it asks for. */
export type RequestedRefund = Pick<Refund, 'id' | 'orderId' | 'currency' | 'cause' | 'status'>;

export type OrderRefunds = ReturnType<typeof createOrderRefunds>;

/** The refunds that an order makes by itself: ordinary ones, with an id of their own. */
export function createOrderRefunds({
  refunds,
  orders,
}: {
  readonly refunds: Pick<RefundService, 'requestRefund' | 'find' | 'markStarted'>;
  readonly orders: Pick<OrderService, 'recordEvent' | 'freedTax'>;
}) {
  async function request(refundId: string, asked: () => Promise<RefundRequest | null>, at: string) {
    const known = await refunds.find(refundId);
    const request = known === null ? await asked() : null;
    const refund = known ?? (request === null ? null : await refunds.requestRefund(request, { refundId, at }));
    if (refund === null) return null;
    // The order's workflow starts it in the same task.
    await refunds.markStarted(refundId, at);
    const { id, orderId, currency, cause, status } = refund;
    return { id, orderId, currency, cause, status };
  }

  return {
    /** Money back for a line that can never be delivered; null when it cost nothing, or went back meanwhile. */
    async requestLineRefund(orderId: string, line: string, at: string): Promise<RequestedRefund | null> {
      const asked = (): Promise<RefundRequest> =>
        Promise.resolve({
          ...{ order: orderId, lines: [{ line }], reason: 'not_delivered' },
          ...{ requestedBy: 'system', cause: 'undeliverable' },
        });
      try {
        return await request(idempotencyKeys.refundOfLine(orderId, line), asked, at);
      } catch (error) {
        if (!isFailure(error, 'refund.nothing_left')) throw error;
        await orders.recordEvent({ orderId, event: 'line_refunded', line, at });
        return null;
      }
    },

    /** The tax that a confirmed business tax id frees; null when none of it is left. */
    async requestTaxRefund(orderId: string, at: string): Promise<RequestedRefund | null> {
      const asked = async (): Promise<RefundRequest | null> => {
        const lines = await orders.freedTax(orderId);
        if (lines.length === 0) return null;
        const reason = 'business_tax_id_confirmed';
        return { order: orderId, lines: [...lines], reason, requestedBy: 'system', cause: 'tax' };
      };
      return request(idempotencyKeys.refundOfTax(orderId), asked, at);
    },
  };
}
