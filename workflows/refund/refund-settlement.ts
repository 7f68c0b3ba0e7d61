import { ApplicationFailure, sleep } from '@temporalio/workflow';
import type { ActivityFailure } from '@temporalio/workflow';
import type { RefundAnswer } from '../../services/payment/payment-refunds.ts';
import { failureCodeOf, isActivityFailure } from '../failures.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** When to ask about a refund that is not settled: banks take days. After the last a person has to look. */
export const refundChecksMs: readonly number[] = [
  ...[5 * minuteMs, hourMs, 6 * hourMs],
  ...[dayMs, dayMs, dayMs, 2 * dayMs, 5 * dayMs],
];

/**
 * Where a refund stands. `open`: the gateway has not settled it, or cannot say whether it has it. It may still go back,
 * so that its amount stays reserved.
 */
export type RefundState =
  | { readonly kind: 'succeeded' }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'open'; readonly reason: string };

/**
 * Asks for the refund, or how it stands: the activity looks it up before it asks again, always under the same key.
 * What no retry can mend has failed; when nobody could be asked the refund stays open.
 */
export async function askRefund(ask: () => Promise<RefundAnswer>): Promise<RefundState> {
  try {
    const answer = await ask();
    if (answer === 'pending') return { kind: 'open', reason: 'payment.refund_pending' };
    // Histories from before refunds could be pending hold no answer: then it had succeeded.
    return answer === 'failed' ? { kind: 'failed', reason: 'payment.refund_failed' } : { kind: 'succeeded' };
  } catch (error) {
    if (!isActivityFailure(error)) throw error;
    return { kind: refused(error) ? 'failed' : 'open', reason: failureCodeOf(error) };
  }
}

/** Asks about an open refund until it is settled or the schedule ends; then it is still open. */
export async function followRefund(ask: () => Promise<RefundAnswer>): Promise<RefundState> {
  let state: RefundState = { kind: 'open', reason: 'payment.refund_pending' };
  for (const waitMs of refundChecksMs) {
    await sleep(waitMs, { summary: 'then ask the gateway about the refund' });
    state = await askRefund(ask);
    if (state.kind !== 'open') return state;
  }
  return state;
}

function refused(error: ActivityFailure): boolean {
  return error.cause instanceof ApplicationFailure && error.cause.nonRetryable === true;
}
