import Table from 'cli-table3';
import { describePoint } from './killer.ts';
import type { ChaosReport } from './run-chaos.ts';
import type { RefundChaosReport } from './run-refund-chaos.ts';
import type { SubscriptionChaosReport } from './run-subscription-chaos.ts';

/** For people: what was done, what came of it, and every invariant that does not hold. */
export function renderReport(report: ChaosReport): string {
  const { plan, kills, violations, seconds, repeatedMails } = report;
  const kinds = new Map(report.world.orders.map(({ placed, view }) => [view.id, placed.plan.kind.name]));
  const about = (orderId: string | null): string =>
    orderId === null ? 'the run' : `${orderId} (${kinds.get(orderId) ?? 'unknown'})`;
  return [
    heading('Orders'),
    ordersTable(report),
    heading('Kills'),
    ...kills.map(
      ({ plan: { number, point }, atSeconds, reached, mailsInFlight }) =>
        `  ${String(number).padStart(3)}  ${atSeconds.toFixed(1).padStart(6)} s  ${describePoint(point)}` +
        `${reached ? '' : ' (no such request came; killed anyway)'}` +
        `${mailsInFlight.length === 0 ? '' : `, ${mailsInFlight.length} mails in flight`}`,
    ),
    heading('Partner faults met'),
    ...[...report.faults].sort().map(([name, count]) => `  ${String(count).padStart(3)}  ${name}`),
    heading('Counts'),
    countsTable(report),
    `Mails that came twice inside the stated window (same Message-ID): ${repeatedMails.bySenderKilled} sender killed, ` +
      `${repeatedMails.byLostResponse} answer lost`,
    heading(violations.length === 0 ? 'No invariant is violated' : `${violations.length} violations`),
    ...violations.map(
      ({ invariant, orderId, problem, look }) => `  ${invariant}: ${about(orderId)}: ${problem}  [${look}]`,
    ),
    '',
    `seed ${plan.seed}: ${plan.orders.length} orders, ${kills.length} kills, ${seconds} s, ` +
      `${violations.length} violations`,
  ].join('\n');
}

/** The same of refunds. */
export function renderRefundReport(
  { orders, refunds, kills, bulk, violations, seconds }: RefundChaosReport,
  seed: number,
): string {
  return [
    ...kills.map(
      ({ plan: { number, point }, atSeconds, reached }) =>
        `  ${String(number).padStart(3)}  ${atSeconds.toFixed(1).padStart(6)} s  ${describePoint(point)}${reached ? '' : ' (not reached)'}`,
    ),
    ...(bulk === null
      ? []
      : [
          `in bulk: dry run ${bulk.dryRunSeconds.toFixed(1)} s; ${bulk.succeeded} refunds in ${bulk.refundSeconds.toFixed(1)} s, ` +
            `${(bulk.succeeded / bulk.refundSeconds).toFixed(1)}/s, worker killed after ${bulk.killedAfter}`,
        ]),
    heading(violations.length === 0 ? 'No invariant is violated' : `${violations.length} violations`),
    ...violations.map(
      ({ invariant, orderId, problem, look }) => `  ${invariant}: ${orderId ?? 'the run'}: ${problem}  [${look}]`,
    ),
    '',
    `seed ${seed}: ${orders} orders, ${refunds} refunds, ${kills.length} kills, ${seconds} s, ${violations.length} violations`,
  ].join('\n');
}

/** The same of subscriptions. */
export function renderSubscriptionReport(
  { subscriptions, bills, kills, violations, seconds }: SubscriptionChaosReport,
  seed: number,
): string {
  return [
    ...kills.map(
      ({ plan: { number, point }, atSeconds, reached }) =>
        `  ${String(number).padStart(3)}  ${atSeconds.toFixed(1).padStart(6)} s  ${describePoint(point)}${reached ? '' : ' (not reached)'}`,
    ),
    heading(violations.length === 0 ? 'No invariant is violated' : `${violations.length} violations`),
    ...violations.map(
      ({ invariant, orderId, problem, look }) => `  ${invariant}: ${orderId ?? 'the run'}: ${problem}  [${look}]`,
    ),
    '',
    `seed ${seed}: ${subscriptions} subscriptions, ${bills} renewals, ${kills.length} kills, ${seconds} s, ${violations.length} violations`,
  ].join('\n');
}

/** No colours and no lines between rows: it is read in logs, too. */
const plain = { style: { head: [], border: [], compact: true } };

const heading = (text: string): string => `\n${text}`;

function ordersTable({ world }: ChaosReport): string {
  const counts = new Map<string, number>();
  for (const { placed, view } of world.orders) {
    const refund = view.refundStatus === 'none' ? '' : `, ${view.refundStatus} refund`;
    const key = `${placed.plan.kind.name}\t${view.status}${refund}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const table = new Table({ head: ['kind', 'ended', 'orders'], ...plain });
  for (const [key, count] of [...counts].sort()) table.push([...key.split('\t'), count]);
  return table.toString();
}

function countsTable({ world, plan }: ChaosReport): string {
  const sold = world.orders.filter(({ view }) => view.status === 'completed').length;
  const table = new Table({ ...plain });
  table.push(
    [
      'orders planned, ended',
      `${plan.orders.length}, ${world.orders.filter(({ workflow }) => workflow.status === 'COMPLETED').length}`,
    ],
    ['sold', sold],
    ['captures at the acquirers', world.payments.filter(({ captured }) => captured > 0).length],
    ['refunds', world.orders.reduce((sum, { view }) => sum + view.refunds.length, 0)],
    ['licences', world.licenses.length],
    ['accounts at the host', world.accounts.length],
    ['invoices and credit notes', world.documents.length],
    ['journal entries', world.book.entries],
    ['messages, mails in the inbox', `${world.messages.length}, ${world.mails.length}`],
    ['longest history (events)', Math.max(0, ...world.orders.map(({ workflow }) => workflow.events))],
  );
  return table.toString();
}
