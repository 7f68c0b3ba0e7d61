import { allHandlersFinished, CancellationScope, condition, isCancellation, log } from '@temporalio/workflow';
import { store } from '../activity-profiles.ts';
import { failureCodeOf, isStoreFailure } from '../failures.ts';
import { showStatus, tellCustomer } from '../run-story.ts';
import { payBack, payOtherwise, watchBank } from './refund-money.ts';
import { beginRefund, movedOrUntil, moveOn, now, report } from './refund-run.ts';
import type { RefundRun } from './refund-run.ts';
import type { RefundEnd, RefundInput, RefundOutcome } from './refund.contract.ts';

/**
 * The story of one refund: judged → agreed to, by people if need be → given back at the gateway that took it → credited,
 * booked, access ended, told → watched, because a bank may return it. What the gateway cannot give back goes another way.
 */
export async function refundWorkflow(input: RefundInput): Promise<RefundOutcome> {
  const run = beginRefund(input);
  let outcome: RefundEnd;
  try {
    outcome = await refund(run);
  } catch (error) {
    outcome = await CancellationScope.nonCancellable(() => giveUp(run, error));
  }
  moveOn(run, { step: 'ended', outcome, until: null }, `Ended: ${outcome}`);
  showStatus(outcome === 'not_given_back' ? 'needs_attention' : outcome, null);
  await CancellationScope.nonCancellable(async () => {
    await Promise.all(run.telling);
    await condition(allHandlersFinished);
  });
  return { refundId: run.refundId, outcome, reason: run.state.reason };
}

async function refund(run: RefundRun): Promise<RefundEnd> {
  if (!(await isAgreed(run))) return notGranted(run, 'refund.not_granted');
  // From here money moves: a cancelled workflow still finds out how it ended and writes it down.
  const paid = await CancellationScope.nonCancellable(() => payBack(run));
  if (paid === 'not_due') return notGranted(run, 'refund.cancelled');
  if (paid === 'unknown') return 'needs_attention';
  if (paid === 'refused') return CancellationScope.nonCancellable(() => payOtherwise(run));
  return watchBank(run, paid.recheckAt);
}

/** Judged by the rules; then people are waited for, reminded, and not waited for any longer. */
async function isAgreed(run: RefundRun): Promise<boolean> {
  const { refundId } = run;
  for (let waited = false; ; waited = true) {
    run.moved = false;
    const wait = await store.advanceRefund({ refundId, at: now() });
    if (waited || wait.kind !== 'approved') tellCustomer(run);
    switch (wait.kind) {
      case 'approved':
        return true;
      case 'ended':
        return false;
      case 'person':
        moveOn(run, { step: 'awaiting_person', until: wait.until }, personText(wait));
        showStatus(wait.escalated ? 'escalated' : 'awaiting_approval', wait.until);
        break;
      case 'appeal':
        moveOn(run, { step: 'awaiting_appeal', until: wait.until }, 'Refused; it may be appealed');
        showStatus('refused', wait.until);
        break;
    }
    await movedOrUntil(run, wait.until, wait.kind === 'person' ? 'then remind, or decide by policy' : 'then it ends');
  }
}

function personText({ people, escalated }: { readonly people: number; readonly escalated: boolean }): string {
  const whom = people === 1 ? 'a person' : `${people} people`;
  return escalated ? `Escalated: still waiting for ${whom}` : `Waiting for ${whom} to agree`;
}

async function notGranted(run: RefundRun, reason: string): Promise<RefundEnd> {
  run.state = { ...run.state, reason };
  await report(run, { kind: 'failed', reason });
  return 'not_granted';
}

/** Nothing has moved: it is taken back. Otherwise a person has to look, with everything that is known. */
async function giveUp(run: RefundRun, error: unknown): Promise<RefundEnd> {
  const { refundId } = run;
  const reason = isCancellation(error) ? 'cancelled' : failureCodeOf(error);
  log.warn('the refund did not go through', { refundId, reason });
  run.state = { ...run.state, reason };
  try {
    if (run.settled) return 'given_back';
    if (!run.paying) {
      await store.cancelRefund({ refundId, at: now() });
      return await notGranted(run, reason);
    }
    await store.noteRefund({ refundId, notice: 'needs_attention', note: reason, at: now() });
  } catch (failed) {
    if (!isStoreFailure(failed)) throw failed;
  }
  await report(run, { kind: 'stuck', reason });
  return 'needs_attention';
}
