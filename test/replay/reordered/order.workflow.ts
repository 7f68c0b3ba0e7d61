import { allHandlersFinished, condition } from '@temporalio/workflow';
import { store } from '../../../workflows/activity-profiles.ts';
import { bindMessages } from '../../../workflows/order/order-messages.ts';
import { takePayment } from '../../../workflows/order/order-payment.ts';
import { beginOrder, happened, now, showEnd } from '../../../workflows/order/order-run.ts';
import type { OrderInput, OrderOutcome } from '../../../workflows/order/order.contract.ts';

/**
 * The negative control of test/replay: the order's story with two steps swapped, the money taken before the order is
 * prepared. A replay that accepts this proves nothing. Never deployed.
 */
export async function orderWorkflow({ orderId }: OrderInput): Promise<OrderOutcome> {
  const run = beginOrder(orderId);
  bindMessages(run);
  await takePayment(run);
  await store.prepareOrder({ orderId, at: now() });
  await happened(run, 'completed');
  showEnd(run);
  await Promise.all(run.telling);
  await condition(allHandlersFinished);
  return { orderId, status: run.status, reason: run.reason, refundedLines: run.refundedLines };
}
