import { allHandlersFinished, CancellationScope, condition, isCancellation, log, patched } from '@temporalio/workflow';
import type { OrderEvent } from '../../domain/order/order-events.ts';
import { failure, failureCodeOf } from '../failures.ts';
import { store } from '../activity-profiles.ts';
import { tellCustomer } from '../run-story.ts';
import { deliverTheRest, fulfilFromStock } from './order-delivery.ts';
import type { PlannedDelivery } from './order-delivery.ts';
import { bindMessages } from './order-messages.ts';
import { takePayment, voidPayment } from './order-payment.ts';
import { passReview } from './order-review.ts';
import { beginOrder, happened, now, show, showAttention, showEnd } from './order-run.ts';
import type { OrderRun } from './order-run.ts';
import { startSubscriptions } from './order-subscriptions.ts';
import { settleTax, startTaxConfirmation } from './order-tax.ts';
import type { OrderInput, OrderOutcome } from './order.contract.ts';

/**
 * The story of one order: priced and screened → reviewed if need be → taxed → paid → invoiced and delivered → told.
 * Refusals are outcomes. What no rule can settle ends in `needs_attention` with the reason.
 */
export async function orderWorkflow({ orderId }: OrderInput): Promise<OrderOutcome> {
  const run = beginOrder(orderId);
  bindMessages(run);
  try {
    await fulfil(run);
  } catch (error) {
    await CancellationScope.nonCancellable(() => giveUp(run, error));
  }
  showEnd(run);
  await CancellationScope.nonCancellable(async () => {
    await Promise.all(run.settling);
    await Promise.all(run.telling);
    await condition(allHandlersFinished);
  });
  showAttention(run);
  const reason = run.reason ?? run.attention;
  return { orderId, status: run.status, reason, refundedLines: run.refundedLines };
}

async function fulfil(run: OrderRun): Promise<void> {
  const prepared = await store.prepareOrder({ orderId: run.orderId, at: now() });
  if (prepared.kind === 'rejected') return conclude(run, 'rejected', prepared.reason);
  run.total = prepared.total;
  show(run, prepared.screening === 'accept' ? 'screened' : 'priced', prepared.total);

  if (prepared.screening === 'review' && !(await passReview(run, 'screening'))) return conclude(run, ...reviewEnd(run));
  if (prepared.checkBusinessTaxId) await settleTax(run);
  if (run.cancel === 'requested') return conclude(run, 'cancelled', 'cancelled');

  const payment = await takePayment(run);
  if (payment !== 'captured') return conclude(run, payment.event, payment.reason);

  // From here the customer's money is ours: a cancelled workflow still delivers or gives it back.
  await CancellationScope.nonCancellable(async () => {
    await deliver(run, prepared.deliveries);
    if (run.registerAway) await startTaxConfirmation(run);
    // Asked last, so that an order that sells nothing for longer has no event more.
    if (prepared.recurring === true && run.reason === null && patched('subscriptions')) await startSubscriptions(run);
  });
}

async function deliver(run: OrderRun, planned: readonly PlannedDelivery[]): Promise<void> {
  const { completed, impossible } = await fulfilFromStock(run);
  if (completed) return ended(run, 'completed');
  const { kind, late } = await deliverTheRest(run, planned, impossible);
  if (run.attention !== null) throw failure('payment.refund_failed', `a refund failed: ${run.attention}`);
  if (kind === 'nothing') return conclude(run, 'completed_undelivered', 'delivery.nothing_deliverable');
  await conclude(run, late ? 'completed_late' : 'completed', null);
}

function reviewEnd(run: OrderRun): [OrderEvent, string] {
  return run.cancel === 'requested'
    ? ['cancelled', 'cancelled']
    : ['rejected', run.review === null ? 'review.deadline' : 'review.rejected'];
}

/** The one way an order ends: fact, reason, and the answer to whoever asked to cancel. */
async function conclude(run: OrderRun, event: OrderEvent, reason: string | null): Promise<void> {
  run.reason = reason;
  await happened(run, event, reason === null || event === 'cancelled' ? {} : { note: reason });
  if (run.cancel === 'requested') run.cancel = event === 'cancelled' ? 'done' : 'too_late';
}

/** The same when the step before has recorded the end already. */
function ended(run: OrderRun, event: OrderEvent): void {
  show(run, event);
  tellCustomer(run);
}

/** Undoes what was not captured, then leaves everything that an operator needs. */
async function giveUp(run: OrderRun, error: unknown): Promise<void> {
  const reason = isCancellation(error) ? 'cancelled' : failureCodeOf(error);
  log.warn('the order did not go through', { orderId: run.orderId, reason });
  const undone = run.captured ? 'too_late' : await voidPayment(run);
  if (isCancellation(error) && undone === 'done') return conclude(run, 'cancelled', reason);
  await conclude(run, 'needs_attention', undone === 'failed' ? `${reason}; the payment could not be voided` : reason);
  tellCustomer(run);
}
