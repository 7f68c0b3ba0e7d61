import { condition } from '@temporalio/workflow';
import { reviewDeadlineMs } from './order-deadlines.ts';
import { happened, showWait } from './order-run.ts';
import type { OrderRun } from './order-run.ts';
import type { ReviewDecision } from './order.contract.ts';

const events = {
  screening: { asked: 'review_requested', approved: 'review_approved' },
  payment: { asked: 'payment_review_requested', approved: 'payment_review_approved' },
} as const;

/** Waits for a person, a cancel or the deadline. True: approved. */
export async function passReview(run: OrderRun, cause: keyof typeof events): Promise<boolean> {
  run.review = null;
  await happened(run, events[cause].asked);
  showWait(run, 'review', new Date(Date.now() + reviewDeadlineMs));
  await condition(() => run.review !== null || run.cancel === 'requested', reviewDeadlineMs, {
    summary: 'then reject without a review',
  });
  run.waitingFor = null;
  const decided = reviewOf(run);
  if (run.cancel === 'requested' || decided?.decision !== 'approve') return false;
  await happened(run, events[cause].approved, { note: `by ${decided.by}` });
  return true;
}

/** Read through a function: the compiler cannot know that a handler wrote it during the wait. */
function reviewOf(run: OrderRun): ReviewDecision | null {
  return run.review;
}
