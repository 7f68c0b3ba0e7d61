import { store } from '../activity-profiles.ts';
import { failureCodeOf, isStoreFailure } from '../failures.ts';
import { heardWithin, settledWithin, startRefundChild } from '../refund/refund-child.ts';
import type { RefundState } from '../refund/refund-settlement.ts';
import { tellCustomer } from '../run-story.ts';
import { refundAttentionMs, refundPatienceMs } from './order-deadlines.ts';
import { happened, now, show } from './order-run.ts';
import type { OrderRun } from './order-run.ts';

/** The money of a line that can never be delivered goes back by an ordinary refund, which is a workflow of its own. */
export async function refundLine(run: OrderRun, line: string): Promise<void> {
  const { orderId } = run;
  try {
    const refund = await store.requestLineRefund({ orderId, line, at: now() });
    if (refund === null) {
      lineRefunded(run, line);
      return tellCustomer(run);
    }
    if (refund.status === 'succeeded') return lineRefunded(run, line);
    await startRefundChild(refund);
    const state = await heardWithin(run.refunds, refund, refundPatienceMs);
    if (state.kind !== 'open') return await noteRefund(run, line, state);
    await happened(run, 'line_refund_pending', { line, note: state.reason });
    // Banks take days: what could be delivered is not kept from the customer for that long.
    const settled = settledWithin(run.refunds, refund, refundAttentionMs);
    run.settling.push(settled.then((later) => noteRefund(run, line, later)));
  } catch (error) {
    if (!isStoreFailure(error)) throw error;
    run.attention = failureCodeOf(error);
    await happened(run, 'line_refund_failed', { line, note: run.attention });
  }
}

async function noteRefund(run: OrderRun, line: string, state: RefundState): Promise<void> {
  if (state.kind === 'succeeded') return lineRefunded(run, line);
  run.attention = state.reason;
  await happened(run, 'line_refund_failed', { line, note: state.reason });
}

/** The refund has recorded it, and told the customer. */
function lineRefunded(run: OrderRun, line: string): void {
  run.refundedLines.push(line);
  show(run, 'line_refunded', `line ${line}`);
}
