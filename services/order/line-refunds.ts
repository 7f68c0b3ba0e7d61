import { idempotencyKeys } from '../../domain/idempotency.ts';
import { creditWholeLines } from '../../domain/invoice/credited-line.ts';
import { orderLine, pricedQuote } from '../../domain/order/order-totals.ts';
import type { RefundAnswer } from '../payment/payment-refunds.ts';
import { createRefundBooking } from './refund-booking.ts';
import type { RefundDeps } from './refund-booking.ts';

/** The money of a line that can never be delivered goes back: paid first, then credited, booked and told. */
export function createLineRefunds(deps: RefundDeps) {
  const { store, record } = deps;
  const booking = createRefundBooking(deps);

  return {
    /**
     * Money back for a line: the record first, then the gateway that took it. Repeat it while it answers `pending`.
     * @throws payment.refund_exceeds, and payment.* to be called again
     */
    async refundLine(orderId: string, lineId: string): Promise<RefundAnswer> {
      const order = await store.require(orderId);
      return booking.giveBack(order, {
        id: idempotencyKeys.undeliverableRefund(lineId),
        lines: [lineId],
        amount: orderLine(order, lineId).gross,
        reason: 'not_delivered',
        status: 'pending',
        creditNote: null,
      });
    },

    /** Credit note, journal entry, refund status and message of money that went back. */
    async recordLineRefund(orderId: string, lineId: string, reason: string, at: string): Promise<void> {
      const order = await store.require(orderId);
      const lines = creditWholeLines(pricedQuote(order), [lineId]);
      const refund = { id: idempotencyKeys.undeliverableRefund(lineId), lines, reason };
      await booking.settle(order, refund, { reason: 'not_delivered', at });
      await record({ orderId, event: 'line_refunded', line: lineId, at });
    },

    /** The gateway could not give the money of the line back. */
    async recordLineRefundFailed(orderId: string, lineId: string, reason: string, at: string): Promise<void> {
      await booking.noteFailed(orderId, idempotencyKeys.undeliverableRefund(lineId));
      await record({ orderId, event: 'line_refund_failed', line: lineId, note: reason, at });
    },
  };
}
