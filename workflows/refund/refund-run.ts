import { condition, getExternalWorkflowHandle, log, setHandler, workflowInfo } from '@temporalio/workflow';
import { tellStory } from '../run-story.ts';
import { refundMovedSignal, refundSettledSignal, refundStateQuery } from './refund.contract.ts';
import type { RefundInput, RefundNews, RefundState } from './refund.contract.ts';

/** Its state, as the query shows it, and whether somebody has changed the record since it was read. */
export interface RefundRun {
  readonly refundId: string;
  readonly orderId: string;
  /** One of many: nobody waits for it. */
  readonly paced: boolean;
  state: RefundState;
  moved: boolean;
  /** Money has moved, or may have. */
  paying: boolean;
  /** The money is with the customer, and everything that follows is written down. */
  settled: boolean;
  /** What happened so far, newest first: the workflow's current details. */
  readonly story: string[];
  /** Mails on their way; awaited before the run ends. */
  readonly telling: Promise<void>[];
}

export function beginRefund({ refundId, orderId, paced }: RefundInput): RefundRun {
  const state: RefundState = { step: 'judging', outcome: null, reason: null, until: null };
  const run: RefundRun = {
    refundId,
    orderId,
    paced: paced === true,
    state,
    moved: false,
    paying: false,
    settled: false,
    story: [],
    telling: [],
  };
  // Bound before the first await.
  setHandler(refundStateQuery, () => run.state);
  setHandler(refundMovedSignal, () => {
    run.moved = true;
  });
  return run;
}

/** Waits until somebody has changed the record, or that moment; what has changed is read afterwards. */
export async function movedOrUntil(run: RefundRun, until: string, summary: string): Promise<void> {
  const waitMs = Math.max(1, Date.parse(until) - Date.now());
  await condition(() => run.moved, waitMs, { summary });
}

/** Changes the state and tells it to whoever looks at the workflow. */
export function moveOn(run: RefundRun, change: Partial<RefundState>, text: string): void {
  run.state = { ...run.state, ...change };
  tellStory(run.story, text);
}

/** Tells the workflow that asked for the refund, if one did and is still there. */
export async function report({ refundId }: RefundRun, news: Omit<RefundNews, 'refundId'>): Promise<void> {
  const { parent } = workflowInfo();
  if (parent === undefined) return;
  try {
    await getExternalWorkflowHandle(parent.workflowId).signal(refundSettledSignal, { refundId, ...news });
  } catch {
    log.info('nobody waits for this refund any more', { refundId });
  }
}

export function now(): string {
  return new Date().toISOString();
}
