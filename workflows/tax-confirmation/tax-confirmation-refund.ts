import { store } from '../activity-profiles.ts';
import { heardWithin, settledWithin, startRefundChild } from '../refund/refund-child.ts';
import type { RefundState } from '../refund/refund-settlement.ts';
import { showStatus } from '../run-story.ts';
import { moveOn, now, record } from './tax-confirmation-run.ts';
import type { TaxConfirmationRun } from './tax-confirmation-run.ts';
import type { TaxConfirmationEnd } from './tax-confirmation.contract.ts';

/** How long the refund is waited for before that is said, and until a person has to look at it. */
const patienceMs = 60_000;
const attentionMs = 30 * 86_400_000;

/** The tax goes back by an ordinary refund, which is a workflow of its own and tells the customer. */
export async function refundTax(run: TaxConfirmationRun): Promise<TaxConfirmationEnd> {
  const { orderId } = run;
  moveOn(run, { step: 'giving_back', nextAskAt: null }, 'Confirmed: the tax goes back');
  const refund = await store.requestTaxRefund({ orderId, at: now() });
  if (refund === null) return 'nothing_at_stake';
  if (refund.status === 'succeeded') return 'confirmed';
  await startRefundChild(refund);
  let state: RefundState = await heardWithin(run.refunds, refund, patienceMs);
  if (state.kind === 'open') {
    await record(run, 'tax_refund_pending', state.reason);
    moveOn(run, { step: 'refund_pending' }, `The refund is not settled: ${state.reason}`);
    showStatus('refund_pending', new Date(Date.now() + attentionMs).toISOString());
    state = await settledWithin(run.refunds, refund, attentionMs);
  }
  if (state.kind === 'succeeded') return 'confirmed';
  run.state = { ...run.state, reason: state.reason };
  await record(run, 'tax_refund_failed', state.reason);
  return 'refund_failed';
}
