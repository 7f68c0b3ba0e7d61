import { condition, patched } from '@temporalio/workflow';
import { failureCodeOf, isActivityFailure, isStoreFailure } from '../failures.ts';
import { deliveries, money, store } from '../activity-profiles.ts';
import type { StockFulfilment } from '../../services/order/order-fulfilment.ts';
import { askRefund, followRefund } from '../refund/refund-settlement.ts';
import type { RefundState } from '../refund/refund-settlement.ts';
import { tellCustomer } from '../run-story.ts';
import { deliveryPatienceMs } from './order-deadlines.ts';
import { refundLine } from './order-refunds.ts';
import { happened, now, show, showWait } from './order-run.ts';
import type { OrderRun } from './order-run.ts';

/** One way of delivering one line; `byPartner` when somebody else's host has to act. */
export interface PlannedDelivery {
  readonly line: string;
  readonly method: string;
  readonly byPartner: boolean;
}

type Delivered = { readonly line: string; readonly impossible: string | null };

/** Captured money is a sale: it is booked, and what is ours delivered, in one step, whatever comes after. */
export async function fulfilFromStock(run: OrderRun): Promise<StockFulfilment> {
  const fulfilment = await store.fulfilFromStock.executeWithOptions({ summary: 'book the sale, deliver from stock' }, [
    { orderId: run.orderId, at: now() },
  ]);
  show(run, 'paid', run.total ?? undefined);
  return fulfilment;
}

/** Has partners deliver their lines side by side. What can never be delivered is paid back; what worked stays. */
export async function deliverTheRest(
  run: OrderRun,
  planned: readonly PlannedDelivery[],
  impossible: StockFulfilment['impossible'],
): Promise<{ kind: 'something' | 'nothing'; late: boolean }> {
  const partners = planned.filter(({ byPartner }) => byPartner);
  const working = Promise.all(partners.map((delivery) => deliverOne(run, delivery)));
  const late = partners.length > 0 && (await isLate(run, working));
  const failed = new Map(impossible.map(({ line, reason }) => [line, reason]));
  for (const { line, impossible: reason } of await working) if (reason !== null) failed.set(line, reason);
  run.waitingFor = null;
  for (const [line, reason] of failed) await giveBack(run, line, reason);
  const lines = new Set(planned.map(({ line }) => line));
  return { kind: lines.size > 0 && failed.size === lines.size ? 'nothing' : 'something', late };
}

/** Waits a moment for partners; when they take longer the customer is told what is ready and what is not. */
async function isLate(run: OrderRun, working: Promise<unknown>): Promise<boolean> {
  await happened(run, 'delivering');
  let done = false;
  const noted = working.then(() => {
    done = true;
  });
  if (await condition(() => done, deliveryPatienceMs, { summary: 'then tell the customer of the delay' })) return false;
  showWait(run, 'delivery', null);
  await happened(run, 'delivery_delayed');
  await noted;
  return true;
}

async function deliverOne(run: OrderRun, { line, method }: PlannedDelivery): Promise<Delivered> {
  const request = { orderId: run.orderId, line, method, at: now() };
  try {
    const summary = `line ${line}: ${method}`;
    const outcome = await deliveries.deliverByPartner.executeWithOptions({ summary }, [request]);
    return { line, impossible: outcome.kind === 'delivered' ? null : outcome.reason };
  } catch (error) {
    // The partner did not answer for a week: the customer has waited long enough.
    if (isActivityFailure(error)) return { line, impossible: failureCodeOf(error) };
    throw error;
  }
}

/** The money of one line goes back by a refund with its own record: reserved, paid, credited, booked, told. */
async function giveBack(run: OrderRun, line: string, reason: string): Promise<void> {
  const { orderId } = run;
  await happened(run, 'line_undeliverable', { line, note: reason });
  if (patched('refund-process')) return refundLine(run, line);
  const ask = () =>
    money.refundLine.executeWithOptions({ summary: `refund of line ${line}` }, [{ orderId, line, at: now() }]);
  const state = await askRefund(ask);
  if (state.kind !== 'open') return settleRefund(run, { line, reason, state });
  await happened(run, 'line_refund_pending', { line, note: state.reason });
  // Banks take days: what could be delivered is not kept from the customer for that long.
  run.settling.push(followRefund(ask).then((state) => settleRefund(run, { line, reason, state })));
}

async function settleRefund(
  run: OrderRun,
  { line, reason, state }: { readonly line: string; readonly reason: string; readonly state: RefundState },
): Promise<void> {
  const { orderId } = run;
  try {
    if (state.kind === 'succeeded') {
      await store.recordLineRefund({ orderId, line, reason, at: now() });
      run.refundedLines.push(line);
      show(run, 'line_refunded', `line ${line}`);
      return tellCustomer(run);
    }
    run.attention = state.reason;
    // What is still open stays reserved: it may go back after all.
    if (state.kind === 'open') return await happened(run, 'line_refund_failed', { line, note: state.reason });
    await store.recordLineRefundFailed({ orderId, line, reason: state.reason, at: now() });
    show(run, 'line_refund_failed', state.reason);
  } catch (error) {
    if (!isStoreFailure(error)) throw error;
    run.attention = failureCodeOf(error);
  }
}
