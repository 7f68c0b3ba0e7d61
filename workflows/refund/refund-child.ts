import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { condition, ParentClosePolicy, setHandler, startChild } from '@temporalio/workflow';
import type { RequestedRefund } from '../../services/refund/order-refunds.ts';
import { attributesOf, refundStartOptions } from './refund-options.contract.ts';
import { refundSettledSignal, refundWorkflowType } from './refund.contract.ts';
import type { RefundNews } from './refund.contract.ts';
import type { RefundState } from './refund-settlement.ts';

/** What was heard of the refunds that a workflow asked for, by id. */
export type HeardRefunds = ReadonlyMap<string, RefundNews>;

/** Listens to the refunds that the workflow will ask for; bound before its first await. */
export function hearOfRefunds(): HeardRefunds {
  const heard = new Map<string, RefundNews>();
  setHandler(refundSettledSignal, (news) => {
    heard.set(news.refundId, news);
  });
  return heard;
}

/** The refund is a workflow of its own and outlives the one that asked for it. */
export async function startRefundChild(refund: RequestedRefund): Promise<void> {
  try {
    await startChild(refundWorkflowType, {
      ...refundStartOptions(refund),
      parentClosePolicy: ParentClosePolicy.ABANDON,
      typedSearchAttributes: attributesOf(refund),
    });
  } catch (error) {
    // Started by an earlier run of this workflow, for example before a reset.
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

/** How the refund stands once it is settled, or known to be open; "open" when nothing was heard for so long. */
export async function heardWithin(heard: HeardRefunds, { id }: RequestedRefund, waitMs: number): Promise<RefundState> {
  await condition(() => heard.has(id), waitMs, { summary: 'then go on without the refund' });
  return stateOf(heard.get(id));
}

/** The same, waiting also for a refund that is open. */
export async function settledWithin(
  heard: HeardRefunds,
  { id }: RequestedRefund,
  waitMs: number,
): Promise<RefundState> {
  const settled = () => heard.has(id) && heard.get(id)?.kind !== 'open';
  await condition(settled, waitMs, { summary: 'then a person has to look at the refund' });
  return stateOf(heard.get(id));
}

function stateOf(news: RefundNews | undefined): RefundState {
  if (news === undefined) return { kind: 'open', reason: 'payment.refund_pending' };
  const { kind, reason } = news;
  if (kind === 'succeeded') return { kind };
  return { kind: kind === 'failed' ? 'failed' : 'open', reason };
}
