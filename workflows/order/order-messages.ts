import { condition, log, setHandler } from '@temporalio/workflow';
import { hasEnded, isPaid } from '../../domain/order/order-status.ts';
import { failure } from '../failures.ts';
import type { OrderRun } from './order-run.ts';
import { cancelOrderUpdate, orderStateQuery, paymentChangedSignal, reviewOrderUpdate } from './order.contract.ts';
import type { CancelRequest, ReviewDecision } from './order.contract.ts';

/** Binds every message before the first await. Handlers note what they were told; the story acts on it. */
export function bindMessages(run: OrderRun): void {
  setHandler(
    cancelOrderUpdate,
    async (request) => {
      log.info('cancel asked for', { orderId: run.orderId, requestedBy: request.requestedBy });
      run.cancel ??= 'requested';
      // The story answers at its next safe point; every step it may be in has a total limit.
      await condition(() => run.cancel !== 'requested');
      if (run.cancel === 'too_late') throw alreadyPaid(run);
      return { status: run.status };
    },
    { validator: (request: CancelRequest) => refuseCancel(run, request) },
  );

  setHandler(
    reviewOrderUpdate,
    async (decision) => {
      run.review = decision;
      await condition(() => run.waitingFor !== 'review' && run.status !== 'in_review');
      return { status: run.status };
    },
    { validator: (decision: ReviewDecision) => refuseReview(run, decision) },
  );

  setHandler(paymentChangedSignal, () => {
    if (run.captured || hasEnded(run.status))
      log.info('a payment notice came late and changes nothing', { orderId: run.orderId });
    run.paymentChanged = true;
  });

  setHandler(orderStateQuery, () => ({
    status: run.status,
    waitingFor: run.waitingFor,
    refundedLines: run.refundedLines,
  }));
}

function refuseCancel(run: OrderRun, { requestedBy }: CancelRequest): void {
  if (!['customer', 'merchant', 'system'].includes(requestedBy))
    throw failure('request.invalid', 'requestedBy is "customer", "merchant" or "system"');
  if (run.captured || isPaid(run.status)) throw alreadyPaid(run);
  if (hasEnded(run.status)) throw failure('order.already_ended', `order ${run.orderId} is ${run.status}`);
}

function refuseReview(run: OrderRun, { decision }: ReviewDecision): void {
  if (decision !== 'approve' && decision !== 'reject')
    throw failure('request.invalid', 'decision is "approve" or "reject"');
  if (run.waitingFor !== 'review' || run.review !== null) {
    throw failure('order.not_in_review', `order ${run.orderId} is ${run.status}`);
  }
}

function alreadyPaid(run: OrderRun) {
  return failure('order.already_paid', `order ${run.orderId} is paid; ask for a refund`);
}
