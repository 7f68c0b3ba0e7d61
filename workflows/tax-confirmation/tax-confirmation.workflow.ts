import { allHandlersFinished, CancellationScope, condition, isCancellation, log, patched } from '@temporalio/workflow';
import type { OrderEvent } from '../../domain/order/order-events.ts';
import { money, partner, store } from '../activity-profiles.ts';
import { failureCodeOf } from '../failures.ts';
import { askRefund, followRefund, refundChecksMs } from '../refund/refund-settlement.ts';
import type { RefundState } from '../refund/refund-settlement.ts';
import { showStatus, tellCustomer } from '../run-story.ts';
import {
  beginTaxConfirmation,
  bindTaxConfirmationMessages,
  moveOn,
  now,
  record,
  showTaxEnd,
} from './tax-confirmation-run.ts';
import type { TaxConfirmationRun } from './tax-confirmation-run.ts';
import { refundTax } from './tax-confirmation-refund.ts';
import type { TaxConfirmationEnd, TaxConfirmationInput, TaxConfirmationOutcome } from './tax-confirmation.contract.ts';

/**
 * The story of a tax that was charged because a register did not answer: the register is asked again, by schedule or by
 * a person → confirmed: the tax goes back → unknown, or never an answer: it stays, and the customer is told.
 */
export async function taxConfirmationWorkflow({ orderId }: TaxConfirmationInput): Promise<TaxConfirmationOutcome> {
  const run = beginTaxConfirmation(orderId);
  bindTaxConfirmationMessages(run);
  let outcome: TaxConfirmationEnd;
  try {
    outcome = await confirmTax(run);
  } catch (error) {
    outcome = await CancellationScope.nonCancellable(() => giveUp(run, error));
  }
  moveOn(run, { step: 'ended', outcome, nextAskAt: null }, `Ended: ${outcome}`);
  showTaxEnd(outcome);
  await CancellationScope.nonCancellable(async () => {
    await Promise.all(run.telling);
    await condition(allHandlersFinished);
  });
  return { orderId, outcome, reason: run.state.reason };
}

async function confirmTax(run: TaxConfirmationRun): Promise<TaxConfirmationEnd> {
  const { orderId } = run;
  const plan = await store.openTaxConfirmation({ orderId, at: now() });
  if (plan.kind === 'nothing_at_stake') return 'nothing_at_stake';
  const lastAskAt = plan.askAt.at(-1) ?? null;
  moveOn(run, { tax: plan.tax, lastAskAt }, `${plan.tax} of tax wait for the register`);
  showStatus('awaiting_register', lastAskAt);
  switch (await awaitRegister(run, plan.askAt)) {
    case 'confirmed':
      // A cancel may end the wait, not the refund.
      return CancellationScope.nonCancellable(() => giveBack(run));
    case 'unknown':
      return keepTax(run, 'unknown', 'tax_kept_id_unknown');
    case 'unavailable':
      return keepTax(run, 'still_unavailable', 'tax_kept_register_away');
  }
}

/** Asks at each of these times, and in between when a person says so, until there is an answer. */
async function awaitRegister(
  run: TaxConfirmationRun,
  askAt: readonly string[],
): Promise<'confirmed' | 'unknown' | 'unavailable'> {
  for (const nextAskAt of askAt) {
    let byPerson: boolean;
    do {
      run.state = { ...run.state, nextAskAt };
      const waitMs = Math.max(1, Date.parse(nextAskAt) - Date.now());
      byPerson = await condition(() => run.askNow, waitMs, { summary: 'then ask the register again' });
      run.askNow = false;
      const answer = await askRegister(run);
      if (answer !== 'unavailable') return answer;
    } while (byPerson);
  }
  return 'unavailable';
}

async function askRegister(run: TaxConfirmationRun): Promise<'confirmed' | 'unknown' | 'unavailable'> {
  const { orderId } = run;
  const asked = run.state.asked + 1;
  const request = { orderId, at: now() };
  const status = await partner.checkBusinessTaxId
    .executeWithOptions({ summary: `ask the register, time ${asked}` }, [request])
    .catch((error: unknown) => {
      if (isCancellation(error)) throw error;
      return 'unavailable' as const;
    });
  const answer = status === 'confirmed' || status === 'unavailable' ? status : 'unknown';
  moveOn(run, { asked, lastAnswer: answer }, `The register was asked: ${answer}`);
  return answer;
}

async function keepTax(
  run: TaxConfirmationRun,
  outcome: 'unknown' | 'still_unavailable',
  event: OrderEvent,
): Promise<TaxConfirmationEnd> {
  await record(run, event);
  tellCustomer(run);
  return outcome;
}

/** An ordinary refund, which is a workflow of its own. */
async function giveBack(run: TaxConfirmationRun): Promise<TaxConfirmationEnd> {
  const { orderId } = run;
  if (patched('refund-process')) return refundTax(run);
  let left = true;
  const ask = async () => {
    const summary = `tax back: ${run.state.tax ?? ''}`;
    const answer = await money.giveTaxBack.executeWithOptions({ summary }, [{ orderId }]);
    left = answer !== 'nothing_left';
    return answer === 'nothing_left' ? 'succeeded' : answer;
  };
  moveOn(run, { step: 'giving_back', nextAskAt: null }, 'Confirmed: the tax goes back');
  let refund = await askRefund(ask);
  if (refund.kind === 'open') {
    await record(run, 'tax_refund_pending', refund.reason);
    moveOn(run, { step: 'refund_pending' }, `The refund is not settled: ${refund.reason}`);
    showStatus('refund_pending', endOfRefundChecks());
    refund = await followRefund(ask);
  }
  if (!left) return 'nothing_at_stake';
  if (refund.kind !== 'succeeded') return refundFailed(run, refund);
  await store.recordTaxGivenBack({ orderId, at: now() });
  tellCustomer(run);
  return 'confirmed';
}

/** Only what the gateway surely did not do is recorded as failed; what is still open stays reserved. */
async function refundFailed(
  run: TaxConfirmationRun,
  { kind, reason }: Exclude<RefundState, { readonly kind: 'succeeded' }>,
): Promise<TaxConfirmationEnd> {
  run.state = { ...run.state, reason };
  if (kind === 'failed') await store.recordTaxRefundFailed({ orderId: run.orderId, reason, at: now() });
  else await record(run, 'tax_refund_failed', reason);
  return 'refund_failed';
}

/** An operator ended the wait, or a step failed for good: then a person has to look. */
async function giveUp(run: TaxConfirmationRun, error: unknown): Promise<TaxConfirmationEnd> {
  if (isCancellation(error)) return 'cancelled';
  const reason = failureCodeOf(error);
  log.warn('the tax could not be settled', { orderId: run.orderId, reason });
  run.state = { ...run.state, reason };
  await record(run, 'tax_refund_failed', reason);
  return 'refund_failed';
}

function endOfRefundChecks(): string {
  return new Date(Date.now() + refundChecksMs.reduce((total, wait) => total + wait, 0)).toISOString();
}
