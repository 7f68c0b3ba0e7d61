import Table from 'cli-table3';
import type { RepeatedMails } from './check-mails.ts';
import { describePoint } from './killer.ts';
import type { Kill } from './killer.ts';
import type { FaultsMet } from './partner-faults.ts';
import type { ChaosReport } from './run-chaos.ts';
import type { RefundChaosReport } from './run-refund-chaos.ts';
import type { SubscriptionChaosReport } from './run-subscription-chaos.ts';
import type { Violation } from './violation.ts';

/** For people: what was done, what came of it, and every invariant that does not hold. */
export function renderReport(report: ChaosReport): string {
  const { plan, kills, faults, violations, seconds, repeatedMails } = report;
  const kinds = new Map(report.world.orders.map(({ placed, view }) => [view.id, placed.plan.kind.name]));
  return [
    heading('Orders'),
    ordersTable(report),
    ...killLines(kills),
    ...faultLines(faults),
    heading('Counts'),
    countsTable(report),
    mailLine(repeatedMails),
    ...violationLines(violations, kinds),
    '',
    `seed ${plan.seed}: ${plan.orders.length} orders, ${kills.length} kills, ${seconds} s, ${violations.length} violations`,
  ].join('\n');
}

/** The same of refunds. */
export function renderRefundReport(
  { orders, refunds, kills, bulk, violations, seconds }: RefundChaosReport,
  seed: number,
): string {
  return [
    ...killLines(kills),
    ...(bulk === null
      ? []
      : [
          `in bulk: dry run ${bulk.dryRunSeconds.toFixed(1)} s; ${bulk.succeeded} refunds in ${bulk.refundSeconds.toFixed(1)} s, ` +
            `${(bulk.succeeded / bulk.refundSeconds).toFixed(1)}/s, worker killed after ${bulk.killedAfter}`,
        ]),
    ...violationLines(violations),
    '',
    `seed ${seed}: ${orders} orders, ${refunds} refunds, ${kills.length} kills, ${seconds} s, ${violations.length} violations`,
  ].join('\n');
}

/** The same of subscriptions. */
export function renderSubscriptionReport(report: SubscriptionChaosReport, seed: number): string {
  const { world, kills, faults, repeatedMails, violations, seconds } = report;
  const bills = world.orderRecords.filter(({ billing }) => billing?.reason === 'subscription_cycle').length;
  return [
    heading('Subscriptions'),
    subscriptionsTable(report),
    ...killLines(kills),
    ...faultLines(faults),
    mailLine(repeatedMails),
    ...violationLines(violations),
    '',
    `seed ${seed}: ${world.subscriptions.length} subscriptions, ${bills} renewals, ${kills.length} kills, ${seconds} s, ` +
      `${violations.length} violations`,
  ].join('\n');
}

function killLines(kills: readonly Kill[]): string[] {
  const lines = kills.map(
    ({ plan: { number, point }, atSeconds, reached, mailsInFlight }) =>
      `  ${String(number).padStart(3)}  ${atSeconds.toFixed(1).padStart(6)} s  ${describePoint(point)}` +
      `${reached ? '' : ' (no such request came; killed anyway)'}` +
      `${mailsInFlight.length === 0 ? '' : `, ${mailsInFlight.length} mails in flight`}`,
  );
  return [heading('Kills'), ...lines];
}

function faultLines(faults: FaultsMet): string[] {
  const lines = [...faults].sort().map(([name, count]) => `  ${String(count).padStart(3)}  ${name}`);
  return [heading('Partner faults met'), ...lines];
}

function mailLine({ bySenderKilled, byLostResponse }: RepeatedMails): string {
  return (
    `Mails that came twice inside the stated window (same Message-ID): ${bySenderKilled} sender killed, ` +
    `${byLostResponse} answer lost`
  );
}

/** @param kinds what an id stands for, where that says more */
function violationLines(violations: readonly Violation[], kinds: ReadonlyMap<string, string> = new Map()): string[] {
  const nameOf = (about: string | null): string => {
    if (about === null) return 'the run';
    const kind = kinds.get(about);
    return kind === undefined ? about : `${about} (${kind})`;
  };
  return [
    heading(violations.length === 0 ? 'No invariant is violated' : `${violations.length} violations`),
    ...violations.map(
      ({ invariant, about, problem, look }) => `  ${invariant}: ${nameOf(about)}: ${problem}  [${look}]`,
    ),
  ];
}

/** No colours and no lines between rows: it is read in logs, too. */
const plain = { style: { head: [], border: [], compact: true } };

const heading = (text: string): string => `\n${text}`;

function ordersTable({ world }: ChaosReport): string {
  const rows = world.orders.map(({ placed, view }) => {
    const refund = view.refundStatus === 'none' ? '' : `, ${view.refundStatus} refund`;
    return `${placed.plan.kind.name}\t${view.status}${refund}`;
  });
  return countTable(['kind', 'ended', 'orders'], rows);
}

/** What was asked, what it came to, and how often. */
function subscriptionsTable({ world }: SubscriptionChaosReport): string {
  const rows = world.subscriptions.map(({ played: { planned }, record, commands }) => {
    const answer = commands.find(({ request }) => request.kind !== 'retry_payment')?.answer ?? null;
    const said = answer === null ? '' : answer.kind === 'refused' ? answer.code : answer.kind;
    const asked = planned.command === null ? 'nothing' : JSON.stringify(planned.command.body);
    return `${asked}\t${said}\t${record.status}`;
  });
  return countTable(['asked', 'answered', 'is', 'subscriptions'], rows);
}

/** How often each row is there; its cells are parted by tabs. */
function countTable(head: string[], rows: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const row of rows) counts.set(row, (counts.get(row) ?? 0) + 1);
  const table = new Table({ head, ...plain });
  for (const [row, count] of [...counts].sort()) table.push([...row.split('\t'), count]);
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
