import Table from 'cli-table3';
import { formatMoney } from '../../domain/money/money.ts';
import type { SimulationResult } from './gather-result.ts';

/** For people: what happened when, what was billed, and what is wrong. */
export function textReport(result: SimulationResult): string {
  const documents = new Table({
    head: ['Date', 'Document', 'Period', 'Net', 'Tax', 'Gross'],
    style: { head: [], border: [] },
  });
  for (const { at, number, kind, periodStart, periodEnd, net, tax, gross, currency } of result.invoices) {
    const sign = kind === 'credit_note' ? -1 : 1;
    const shown = (amount: number): string => formatMoney({ amount: sign * amount, currency });
    const period = periodStart === undefined ? '' : `${day(periodStart)} – ${day(periodEnd ?? '')}`;
    documents.push([day(at), number, period, shown(net), shown(tax), shown(gross)]);
  }
  return [
    ...result.timeline.map(({ at, subject, event }) => `${at.slice(0, 19)}Z  ${subject.padEnd(26)}  ${event}`),
    documents.toString(),
    ...(result.problems.length === 0 ? ['no problems'] : result.problems.map((problem) => `PROBLEM ${problem}`)),
  ].join('\n');
}

const day = (at: string): string => at.slice(0, 10);
