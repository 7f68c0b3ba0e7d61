import type { OrderRefunds, RequestedRefund } from '../services/refund/order-refunds.ts';
import type { RefundNotice } from '../services/refund/refund-money.ts';
import type { RefundService } from '../services/refund/refund-service.ts';
import type { OtherwiseStep, SettledRefund } from '../services/refund/refund-settlement.ts';
import type { RefundPayment, RefundWait } from '../services/refund/refund-steps.ts';
import { atTheBorder } from './activity-failure.ts';

interface RefundStep {
  readonly refundId: string;
  /** Business time, ISO 8601 UTC: the workflow's. */
  readonly at: string;
}

interface OrderStep {
  readonly orderId: string;
  readonly at: string;
}

export interface RefundActivityDeps {
  readonly refunds: RefundService;
  readonly orderRefunds: OrderRefunds;
  /** Whoever withdrew from the order's contract is not charged for it again. Repeatable. */
  readonly endWithdrawnSubscriptions: (orderId: string, refundId: string, at: string) => Promise<void>;
}

/** The steps of a refund, each repeatable; amounts and reasons are read from the records. */
export function createRefundActivities({ refunds, orderRefunds, endWithdrawnSubscriptions }: RefundActivityDeps) {
  return atTheBorder({
    advanceRefund: ({ refundId, at }: RefundStep): Promise<RefundWait> => refunds.advance(refundId, at),

    /** Money. Repeated while it answers `pending`; it looks the refund up before it asks again. */
    payRefundBack: ({ refundId, at }: RefundStep): Promise<RefundPayment> => refunds.payBack(refundId, at),

    settleRefund: async ({ refundId, at }: RefundStep): Promise<SettledRefund> => {
      const settled = await refunds.settle(refundId, at);
      const { request, orderId } = await refunds.get(refundId);
      if (request.cause === 'withdrawal') await endWithdrawnSubscriptions(orderId, refundId, at);
      return settled;
    },

    revokeRefunded: ({ refundId, lines, at }: RefundStep & { readonly lines: readonly string[] }): Promise<void> =>
      refunds.revokeAccess(refundId, lines, at),

    /** Asks the gateway about a refund that has succeeded. */
    recheckRefund: ({ refundId }: { readonly refundId: string }): Promise<'kept' | 'returned'> =>
      refunds.recheck(refundId),

    settleRefundReturn: ({ refundId, at }: RefundStep): Promise<void> => refunds.settleReturn(refundId, at),

    payRefundOtherwise: ({ refundId, at }: RefundStep): Promise<OtherwiseStep> =>
      refunds.advanceOtherwise(refundId, at),

    noteRefund: ({
      refundId,
      notice,
      note,
      at,
    }: RefundStep & { readonly notice: RefundNotice; readonly note: string }): Promise<void> =>
      refunds.notice(refundId, notice, { note, at }),

    cancelRefund: async ({ refundId, at }: RefundStep): Promise<void> => {
      await refunds.cancel(refundId, at);
    },

    /** null: nothing has to go back for this line. */
    requestLineRefund: ({
      orderId,
      line,
      at,
    }: OrderStep & { readonly line: string }): Promise<RequestedRefund | null> =>
      orderRefunds.requestLineRefund(orderId, line, at),

    /** null: no tax is left to go back. */
    requestTaxRefund: ({ orderId, at }: OrderStep): Promise<RequestedRefund | null> =>
      orderRefunds.requestTaxRefund(orderId, at),
  });
}
