import Table from 'cli-table3';
import { formatMoney } from '../../domain/money/money.ts';
import { orderWorkflowId } from '../../workflows/order/order.contract.ts';
import type { SampleRun } from './run-sample.ts';

/** What the links of the report need. */
export interface Places {
  readonly temporalUi: string | null;
  readonly namespace: string;
}

const columns = [
  { head: 'Sample', width: 30 },
  { head: 'Order', width: 22 },
  { head: 'Status', width: 14 },
  { head: 'Gross', width: 11 },
  { head: 'Payment', width: 20 },
  { head: 'Deliveries', width: 22 },
  { head: 'Invoice', width: 47 },
  { head: 'What happened', width: 44 },
] as const;

/** One row per sample. */
export function reportTable(runs: readonly SampleRun[]): string {
  const table = new Table({
    head: columns.map(({ head }) => head),
    colWidths: columns.map(({ width }) => width),
    wordWrap: true,
    style: { head: [], border: [], compact: false },
  });
  for (const run of runs) table.push(rowOf(run));
  return table.toString();
}

function rowOf(run: SampleRun): string[] {
  const { sample, seen, refusal } = run;
  if (seen === null) {
    const status = refusal === null ? 'not placed' : `refused (${refusal.status})`;
    return [sample.title, '', status, '', '', '', '', storyOf(run)];
  }
  const { order } = seen;
  const { amounts, payment } = order;
  const gross = amounts === null ? '' : formatMoney({ amount: amounts.gross, currency: amounts.currency });
  const refund = order.refundStatus === 'none' ? '' : `, refund ${order.refundStatus}`;
  return [
    sample.title,
    order.number,
    `${order.status}${refund}`,
    gross,
    `${payment.status}${payment.gateway === null ? '' : ` by ${payment.gateway}`}`,
    order.deliveries.map(({ line, method, status }) => `${line} ${method}: ${status}`).join('\n'),
    documentsOf(seen).join('\n') || 'none',
    storyOf(run),
  ];
}

/** Number and URL path of each document. */
function documentsOf({ order }: NonNullable<SampleRun['seen']>): string[] {
  const documents = [...(order.invoice === null ? [] : [order.invoice]), ...order.creditNotes];
  return documents.flatMap(({ id, number }) => [number, pdfPath(id)]);
}

function pdfPath(id: string): string {
  return `/v1/invoices/${id}.pdf`;
}

/** Steps that every order takes say nothing of this one. */
const ordinary = ['received', 'priced', 'screened', 'paid', 'delivering', 'completed'];

function storyOf({ mismatches, refusal, seen }: SampleRun): string {
  if (mismatches.length > 0) return `MISMATCH\n${mismatches.join('\n')}`;
  if (refusal !== null) return `${refusal.code} at ${refusal.path}`;
  const story = (seen?.order.timeline ?? []).filter(({ event }) => !ordinary.includes(event)).map(({ text }) => text);
  const mails = seen?.mails.length ?? 0;
  return [...story, `${mails} ${mails === 1 ? 'mail' : 'mails'}`].join('\n');
}

/** Where Temporal's UI shows the order; null without a UI. */
export function temporalLink({ temporalUi, namespace }: Places, orderId: string): string | null {
  if (temporalUi === null) return null;
  return `${temporalUi}/namespaces/${namespace}/workflows/${encodeURIComponent(orderWorkflowId(orderId))}`;
}

/** One line for machines. */
export function reportLine(run: SampleRun, places: Places): string {
  const { sample, seen, refusal, mismatches } = run;
  const common = { sample: sample.name, title: sample.title, ok: mismatches.length === 0, mismatches };
  if (seen === null) return JSON.stringify({ ...common, problem: refusal });
  const { order, invoice, creditNotes, mails } = seen;
  const { id, number, status, statusReason, refundStatus, amounts, payment } = order;
  return JSON.stringify({
    ...common,
    order: id,
    number,
    status,
    statusReason,
    refundStatus,
    amounts,
    payment: { status: payment.status, gateway: payment.gateway, captured: payment.captured },
    deliveries: order.deliveries.map(({ line, method, status: state }) => ({ line, method, status: state })),
    invoice: invoice?.number ?? null,
    documents: [...(order.invoice === null ? [] : [order.invoice]), ...order.creditNotes].map((one) => pdfPath(one.id)),
    creditNotes: creditNotes.map(({ number: creditNote }) => creditNote),
    mails: mails.map(({ subject }) => subject),
    temporalUi: temporalLink(places, id),
  });
}
