import type { Db } from 'mongodb';
import { createBulkRefundItemStore } from '../services/bulk-refund/bulk-refund-item-store.ts';
import { createBulkRefundService } from '../services/bulk-refund/bulk-refund-service.ts';
import { createBulkRefundStore } from '../services/bulk-refund/bulk-refund-store.ts';
import type { MessageService } from '../services/messages/message-service.ts';
import type { OrderService } from '../services/order/order-service.ts';
import type { OrderStore } from '../services/order/order-store.ts';
import { createOrderRefunds } from '../services/refund/order-refunds.ts';
import { createRefundJudge } from '../services/refund/refund-judge.ts';
import type { RefundJudgeDeps } from '../services/refund/refund-judge.ts';
import { createRefundService } from '../services/refund/refund-service.ts';
import type { RefundServiceDeps } from '../services/refund/refund-service.ts';
import type { RefundStore } from '../services/refund/refund-store.ts';
import { createWithdrawalService } from '../services/withdrawal/withdrawal-service.ts';
import type { WithdrawalStore } from '../services/withdrawal/withdrawal-store.ts';

type RefundParts = Omit<RefundServiceDeps, 'store' | 'orders' | 'events' | 'judge' | 'messages' | 'deliveries'> & {
  readonly db: Db;
  readonly orders: OrderService;
  readonly orderStore: OrderStore;
  readonly refundStore: RefundStore;
  readonly withdrawalStore: WithdrawalStore;
  readonly messages: MessageService;
  readonly deliveries: RefundServiceDeps['deliveries'] & RefundJudgeDeps['deliveries'];
  /** Refunds of one bulk job that are under way at a time. */
  readonly inFlight: number;
};

/** Money back: refunds, and the statements and bulk jobs that ask for them. */
export function composeRefunds({
  db,
  orders,
  orderStore,
  refundStore,
  withdrawalStore,
  inFlight,
  ...parts
}: RefundParts) {
  const { deliveries, messages } = parts;
  const refunds = createRefundService({
    ...{ ...parts, orders: orderStore, events: orders, store: refundStore },
    judge: createRefundJudge({ orders: orderStore, deliveries, messages }),
  });
  return {
    refunds,
    orderRefunds: createOrderRefunds({ refunds, orders }),
    withdrawals: createWithdrawalService({
      ...{ store: withdrawalStore, orders: orderStore, messages },
      requestRefund: (request, moment) => refunds.requestRefund(request, moment),
    }),
    bulkRefunds: createBulkRefundService({
      ...{ store: createBulkRefundStore(db), items: createBulkRefundItemStore(db) },
      ...{ orders: orderStore, refunds, inFlight },
    }),
  };
}
