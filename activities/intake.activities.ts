import type { BulkRefundService } from '../services/bulk-refund/bulk-refund-service.ts';
import type { OrderService } from '../services/order/order-service.ts';
import type { OrderDocument } from '../services/order/order-store.ts';
import type { RefundService } from '../services/refund/refund-service.ts';
import type { RefundDocument } from '../services/refund/refund-store.ts';
import type { WithdrawalService } from '../services/withdrawal/withdrawal-service.ts';
import { atTheBorder } from './activity-failure.ts';

/** Starts the workflow of a recorded order; idempotent, because the workflow id is the order's. */
export type StartOrder = (order: OrderDocument) => Promise<void>;

/** The same for a recorded refund. */
export type StartRefund = (refund: RefundDocument) => Promise<void>;

export interface IntakeDeps {
  readonly orders: OrderService;
  readonly refunds: Pick<RefundService, 'unstarted' | 'markStarted'>;
  readonly withdrawals: Pick<WithdrawalService, 'settleDue'>;
  readonly bulkRefunds: Pick<BulkRefundService, 'unstarted' | 'markStarted'>;
  readonly startOrder: StartOrder;
  readonly startRefund: StartRefund;
  /** Has the workflow of a bulk refund look at its record. */
  readonly wakeBulkRefund: (bulkRefundId: string) => Promise<void>;
  /** Records younger than this (ms) are still being started by whoever wrote them. */
  readonly minimumAgeMs: number;
}

export function createIntakeActivities(deps: IntakeDeps) {
  const { orders, refunds, bulkRefunds, withdrawals, startOrder, startRefund, wakeBulkRefund, minimumAgeMs } = deps;
  return atTheBorder({
    /** Orders, statements of withdrawal, and the refunds of both, single and in bulk. */
    startRecordedOrders: async ({ now }: { readonly now: string }): Promise<{ readonly started: number }> => {
      const olderThan = new Date(Date.parse(now) - minimumAgeMs).toISOString();
      const waiting = await orders.unstarted(olderThan);
      for (const order of waiting) {
        await startOrder(order);
        await orders.markStarted(order.id, now);
      }
      await withdrawals.settleDue(now);
      const refundsWaiting = await refunds.unstarted(olderThan);
      for (const refund of refundsWaiting) {
        await startRefund(refund);
        await refunds.markStarted(refund.id, now);
      }
      for (const { _id: id } of await bulkRefunds.unstarted(olderThan)) {
        await wakeBulkRefund(id);
        await bulkRefunds.markStarted(id, now);
      }
      return { started: waiting.length + refundsWaiting.length };
    },
  });
}
