import { condition, sleep } from '@temporalio/workflow';
import type { OrderEvent } from '../../domain/order/order-events.ts';
import type { PaymentOutcome } from '../../domain/payment/payment-outcome.ts';
import { assertNever } from '../../domain/state-machine.ts';
import { money, partner } from '../activity-profiles.ts';
import { failure, failureCodeOf, isActivityFailure } from '../failures.ts';
import { customerPaymentChecksMs, gatewayRetriesMs, unknownPaymentChecksMs } from './order-deadlines.ts';
import { passReview } from './order-review.ts';
import { happened, now, showWait } from './order-run.ts';
import type { OrderRun } from './order-run.ts';

/** Captured, or the event and reason with which the order ends. */
export type PaymentResult = 'captured' | { readonly event: OrderEvent; readonly reason: string };

const cancelled: PaymentResult = { event: 'cancelled', reason: 'cancelled' };

/** What a step of the payment came to; `unavailable`: no gateway could be reached, so it surely was not done. */
type ChargeOutcome = PaymentOutcome | { readonly kind: 'unavailable'; readonly step: 'take' | 'capture' };

/** Authorises and captures. Whatever way it ends without a capture, nothing stays authorised. */
export async function takePayment(run: OrderRun): Promise<PaymentResult> {
  let outcome: ChargeOutcome = await charge(run, 'take');
  for (;;) {
    if (run.cancel === 'requested' && outcome.kind !== 'captured') {
      const undone = await voidPayment(run);
      if (undone === 'done') return cancelled;
      outcome = undone === 'too_late' ? { kind: 'captured', gateway: '' } : { kind: 'unknown' };
    }
    switch (outcome.kind) {
      case 'captured':
        run.captured = true;
        if (run.cancel === 'requested') run.cancel = 'too_late';
        return 'captured';
      case 'authorized': {
        const approved = await passReview(run, 'payment');
        if (!approved && run.cancel !== 'requested') return letGo(run);
        if (approved) outcome = await charge(run, 'capture');
        break;
      }
      case 'waiting':
        outcome = await waitForCustomer(run, outcome.reason);
        break;
      case 'declined':
        return { event: 'declined', reason: outcome.declineCode };
      case 'ended':
        return { event: 'payment_expired', reason: `payment.${outcome.reason}` };
      case 'unknown':
        outcome = await resolveUnknown(run);
        break;
      case 'unavailable':
        outcome = await retryLater(run, outcome.step);
        break;
      default:
        return assertNever(outcome);
    }
  }
}

/** A money activity that gave up leaves the outcome unknown; it may have happened. Only refusals to act are failures. */
async function charge(run: OrderRun, step: 'take' | 'capture'): Promise<ChargeOutcome> {
  const { orderId } = run;
  try {
    const activity = step === 'take' ? money.takePayment : money.capturePayment;
    return await activity.executeWithOptions({ summary: `${step} ${run.total ?? ''}`.trim() }, [
      { orderId, at: now() },
    ]);
  } catch (error) {
    if (isActivityFailure(error) && failureCodeOf(error) === 'payment.gateway_unavailable')
      return { kind: 'unavailable', step };
    if (!isActivityFailure(error) || surelyNotDone.includes(failureCodeOf(error))) throw error;
    return { kind: 'unknown' };
  }
}

/** Failures of a charge that say it did not happen. */
const surelyNotDone = [
  'payment.no_gateway',
  'payment.amount_out_of_range',
  'payment.gateway_rejected',
  'payment.idempotency_conflict',
];

/** The customer or the bank acts; a notice wakes us early, the schedule asks anyway, and the end is a void. */
async function waitForCustomer(run: OrderRun, reason: 'action_required' | 'pending'): Promise<ChargeOutcome> {
  const checks = customerPaymentChecksMs[reason];
  if (run.waitingFor !== 'customer_payment') {
    await happened(run, 'payment_waiting');
    showWait(run, 'customer_payment', new Date(Date.now() + checks.reduce((total, check) => total + check, 0)));
  }
  for (const checkMs of checks) {
    await condition(() => run.paymentChanged || run.cancel === 'requested', checkMs, {
      summary: 'then ask the gateway',
    });
    if (run.cancel === 'requested') return { kind: 'waiting', reason };
    run.paymentChanged = false;
    const outcome = await charge(run, 'take');
    if (outcome.kind !== 'waiting') return outcome;
  }
  const undone = await voidPayment(run);
  if (undone === 'too_late') return { kind: 'captured', gateway: '' };
  return undone === 'done' ? { kind: 'ended', reason: 'expired' } : { kind: 'unknown' };
}

/** Looks the charge up on a schedule. Never charges again; after the last look a person decides. */
async function resolveUnknown(run: OrderRun): Promise<ChargeOutcome> {
  await happened(run, 'payment_unknown');
  showWait(
    run,
    'payment_outcome',
    new Date(Date.now() + unknownPaymentChecksMs.reduce((total, check) => total + check, 0)),
  );
  for (const checkMs of unknownPaymentChecksMs) {
    await sleep(checkMs, { summary: 'then ask the gateway' });
    const outcome = await partner.lookUpPayment({ orderId: run.orderId }).catch(unlessAsked);
    // Found, but not captured yet: the same step with the same key goes on from where it is.
    if (outcome.kind === 'authorized') return charge(run, outcome.riskSignals.length > 0 ? 'take' : 'capture');
    if (outcome.kind !== 'unknown') return outcome;
  }
  throw failure('payment.outcome_unknown', `the gateway cannot say what became of the payment of ${run.orderId}`);
}

/** Every gateway is away: the step is tried again under the same keys; after the last time a person decides. */
async function retryLater(run: OrderRun, step: 'take' | 'capture'): Promise<ChargeOutcome> {
  await happened(run, 'payment_delayed');
  showWait(run, 'gateway', new Date(Date.now() + gatewayRetriesMs.reduce((total, wait) => total + wait, 0)));
  for (const waitMs of gatewayRetriesMs) {
    await condition(() => run.cancel === 'requested', waitMs, { summary: 'then try the gateways again' });
    // Nothing is known to be held; the void looks it up all the same.
    if (run.cancel === 'requested') return { kind: 'unavailable', step };
    const outcome = await charge(run, step);
    if (outcome.kind !== 'unavailable') {
      run.waitingFor = null;
      return outcome;
    }
  }
  throw failure('payment.gateway_unavailable', `no gateway could be reached for ${run.orderId}`);
}

function unlessAsked(error: unknown): PaymentOutcome {
  if (isActivityFailure(error)) return { kind: 'unknown' };
  throw error;
}

async function letGo(run: OrderRun): Promise<PaymentResult> {
  const undone = await voidPayment(run);
  if (undone === 'failed') throw failure('payment.gateway_unavailable', 'the authorisation could not be voided');
  return { event: 'rejected', reason: run.review === null ? 'review.deadline' : 'review.rejected' };
}

/** The undo of every charge: a no-op when nothing happened, `too_late` when the money was captured after all. */
export async function voidPayment(run: OrderRun): Promise<'done' | 'too_late' | 'failed'> {
  try {
    const outcome = await money.voidPayment.executeWithOptions({ summary: 'let go of what was authorised' }, [
      { orderId: run.orderId, at: now() },
    ]);
    if (outcome.kind === 'captured') return 'too_late';
    return outcome.kind === 'unknown' ? 'failed' : 'done';
  } catch (error) {
    if (!isActivityFailure(error)) throw error;
    return 'failed';
  }
}
