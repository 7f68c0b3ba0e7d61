import { deliveries, money, store } from '../activity-profiles.ts';
import { failureCodeOf, isActivityFailure } from '../failures.ts';
import { taskQueues } from '../task-queues.ts';
import { showStatus, tellCustomer } from '../run-story.ts';
import { movedOrUntil, moveOn, now, report } from './refund-run.ts';
import type { RefundRun } from './refund-run.ts';
import { askRefund, refundChecksMs } from './refund-settlement.ts';
import type { RefundState } from './refund-settlement.ts';
import type { RefundEnd } from './refund.contract.ts';

/** How long an operator may still mend what nobody knows; a notice of the gateway settles it meanwhile. */
const unknownPatienceMs = 60 * 86_400_000;

export type PaidBack = 'not_due' | 'refused' | 'unknown' | { readonly recheckAt: readonly string[] };

/** At the gateway that took it; then what follows from it. An outcome that is not known is asked for, never repeated. */
export async function payBack(run: RefundRun): Promise<PaidBack> {
  const { refundId, paced } = run;
  const queue = paced ? { taskQueue: taskQueues.renewalMoney } : {};
  let due = true;
  const ask = async () => {
    const summary = 'give the money back';
    const { kind } = await money.payRefundBack.executeWithOptions({ summary, ...queue }, [{ refundId, at: now() }]);
    due = kind !== 'not_due';
    if (kind === 'pending') return 'pending';
    return kind === 'refused' ? 'failed' : 'succeeded';
  };
  run.paying = true;
  moveOn(run, { step: 'paying_back', until: null }, 'The money goes back');
  const state = await followUntilSettled(run, ask);
  run.paying = due;
  if (!due) return 'not_due';
  if (state.kind === 'succeeded') return settle(run);
  // What the gateway said no to may go another way; what we could not even ask for, a person has to look at.
  if (state.kind === 'failed' && state.reason === 'payment.refund_failed') return 'refused';
  run.state = { ...run.state, reason: state.reason };
  await report(run, { kind: 'stuck', reason: state.reason });
  return 'unknown';
}

/** By schedule, and at once when a notice came; then a person has to look, and a late answer still counts. */
async function followUntilSettled(run: RefundRun, ask: Parameters<typeof askRefund>[0]): Promise<RefundState> {
  const { refundId } = run;
  let state = await askRefund(ask);
  if (state.kind !== 'open') return attended(run, state);
  const notice = state.reason === 'payment.refund_pending' ? 'pending_at_gateway' : 'outcome_unknown';
  await store.noteRefund({ refundId, notice, note: state.reason, at: now() });
  await report(run, { kind: 'open', reason: state.reason });
  for (const waitMs of [...refundChecksMs, unknownPatienceMs]) {
    if (waitMs === unknownPatienceMs) {
      await store.noteRefund({ refundId, notice: 'needs_attention', note: state.reason, at: now() });
      await report(run, { kind: 'stuck', reason: state.reason });
    }
    const until = new Date(Date.now() + waitMs).toISOString();
    moveOn(run, { reason: state.reason, until }, `Not settled at the gateway: ${state.reason}`);
    showStatus(waitMs === unknownPatienceMs ? 'needs_attention' : 'refund_pending', until);
    run.moved = false;
    await movedOrUntil(run, until, 'then ask the gateway about the refund');
    state = await askRefund(ask);
    if (state.kind !== 'open') return attended(run, state);
  }
  return state;
}

/** A failure that is not the gateway's answer is for a person. */
async function attended({ refundId }: RefundRun, state: RefundState): Promise<RefundState> {
  if (state.kind === 'failed' && state.reason !== 'payment.refund_failed')
    await store.noteRefund({ refundId, notice: 'needs_attention', note: state.reason, at: now() });
  return state;
}

/** Credit note, journal entry, records, mail; then access to what was given back in full ends. */
async function settle(run: RefundRun): Promise<{ readonly recheckAt: readonly string[] }> {
  const { refundId } = run;
  const { revoke, recheckAt } = await store.settleRefund({ refundId, at: now() });
  run.settled = true;
  moveOn(run, { reason: null, until: null }, 'The money went back; credit note issued');
  tellCustomer(run);
  await report(run, { kind: 'succeeded', reason: '' });
  await revokeAccess(run, revoke);
  return { recheckAt };
}

async function revokeAccess(run: RefundRun, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  const { refundId } = run;
  try {
    await deliveries.revokeRefunded.executeWithOptions({ summary: `end access to ${lines.length} lines` }, [
      { refundId, lines, at: now() },
    ]);
  } catch (error) {
    if (!isActivityFailure(error)) throw error;
    // The money is back all the same: a person has to take away what the partner did not.
    run.state = { ...run.state, reason: failureCodeOf(error) };
    showStatus('needs_attention', null);
  }
}

/** What the gateway could not give back, or the bank returned: a person or the customer chooses another way. */
export async function payOtherwise(run: RefundRun): Promise<RefundEnd> {
  const { refundId } = run;
  await store.noteRefund({ refundId, notice: 'refused_by_gateway', note: 'payment.refund_failed', at: now() });
  tellCustomer(run);
  await report(run, { kind: 'failed', reason: 'payment.refund_failed' });
  for (;;) {
    run.moved = false;
    const step = await store.payRefundOtherwise({ refundId, at: now() });
    if (step.kind === 'paid') {
      run.settled = true;
      moveOn(run, { reason: null, until: null }, 'Paid in another way');
      tellCustomer(run);
      await report(run, { kind: 'succeeded', reason: '' });
      await revokeAccess(run, step.revoke);
      return 'given_back';
    }
    if (step.kind === 'ended') return step.owed ? 'needs_attention' : 'not_given_back';
    moveOn(
      run,
      { step: 'awaiting_other_means', until: step.until },
      'The gateway could not: another way is to be chosen',
    );
    showStatus('awaiting_other_means', step.until);
    await movedOrUntil(run, step.until, 'then nobody has chosen another way');
  }
}

/** Banks return refunds weeks later: the gateway says so by a notice, and is asked by schedule. */
export async function watchBank(run: RefundRun, recheckAt: readonly string[]): Promise<RefundEnd> {
  const { refundId } = run;
  const last = recheckAt.at(-1);
  if (last === undefined) return 'given_back';
  moveOn(run, { step: 'watching', until: last }, `Watched until ${last.slice(0, 10)}: a bank may return it`);
  showStatus('given_back', last);
  for (const until of recheckAt) {
    // A notice does not use up the schedule.
    do {
      run.moved = false;
      await movedOrUntil(run, until, 'then ask whether the bank has returned it');
      const found = await money.recheckRefund
        .executeWithOptions({ summary: 'ask whether the bank has returned it' }, [{ refundId }])
        .catch((error: unknown) => {
          if (!isActivityFailure(error)) throw error;
          return 'kept' as const;
        });
      if (found === 'returned') return returned(run);
    } while (now() < until);
  }
  return 'given_back';
}

async function returned(run: RefundRun): Promise<RefundEnd> {
  const { refundId } = run;
  await store.settleRefundReturn({ refundId, at: now() });
  run.settled = false;
  moveOn(run, { reason: 'payment.refund_failed' }, 'The bank returned the money: it is owed again');
  tellCustomer(run);
  return payOtherwise(run);
}
