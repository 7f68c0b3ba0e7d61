import { condition } from '@temporalio/workflow';
import { isActivityFailure, failureCodeOf } from '../failures.ts';
import { deliveries, money, store } from '../activity-profiles.ts';
import { deliveryPatienceMs } from './order-deadlines.ts';
import { happened, now, show, showWait, tell } from './order-run.ts';
import type { OrderRun } from './order-run.ts';

/** One way of delivering one line; `byPartner` when somebody else's host has to act. */
export interface PlannedDelivery {
  readonly line: string;
  readonly method: string;
  readonly byPartner: boolean;
}

type Delivered = { readonly line: string; readonly impossible: string | null };

/** Delivers every line side by side. What can never be delivered is paid back; what worked stays. */
export async function deliverLines(
  run: OrderRun,
  planned: readonly PlannedDelivery[],
): Promise<{ kind: 'something' | 'nothing'; late: boolean }> {
  const working = Promise.all(planned.map((delivery) => deliverOne(run, delivery)));
  const late = planned.some(({ byPartner }) => byPartner) && (await isLate(run, working));
  const results = await working;
  run.waitingFor = null;
  const failed = new Map(
    results.flatMap(({ line, impossible }) => (impossible === null ? [] : [[line, impossible] as const])),
  );
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
  if (await condition(() => done, deliveryPatienceMs)) return false;
  showWait(run, 'delivery', null);
  await happened(run, 'delivery_delayed');
  await noted;
  return true;
}

async function deliverOne(run: OrderRun, { line, method, byPartner }: PlannedDelivery): Promise<Delivered> {
  const request = { orderId: run.orderId, line, method, at: now() };
  try {
    const outcome = byPartner
      ? await deliveries.deliverByPartner.executeWithOptions({ summary: `line ${line}: ${method}` }, [request])
      : await store.deliverFromStock(request);
    return { line, impossible: outcome.kind === 'delivered' ? null : outcome.reason };
  } catch (error) {
    // The partner did not answer for a week: the customer has waited long enough.
    if (byPartner && isActivityFailure(error)) return { line, impossible: failureCodeOf(error) };
    throw error;
  }
}

/** The money of one line goes back by a refund with its own record: reserved, paid, credited, booked, told. */
async function giveBack(run: OrderRun, line: string, reason: string): Promise<void> {
  const { orderId } = run;
  await happened(run, 'line_undeliverable', { line, note: reason });
  await money.refundLine.executeWithOptions({ summary: `refund of line ${line}` }, [{ orderId, line, at: now() }]);
  await store.recordLineRefund({ orderId, line, reason, at: now() });
  run.refundedLines.push(line);
  show(run, 'line_refunded', `line ${line}`);
  tell(run);
}
