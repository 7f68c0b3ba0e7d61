import { sum } from '../money/money.ts';
import { nearestNexus, nexusPeriods, nexusStatus, nexusThreshold } from '../tax/nexus.ts';
import type { NexusStatus } from '../tax/nexus.ts';
import { addDays } from '../time/calendar-date.ts';
import type { FilingPeriod } from './filing-period.ts';

/** What was sold into a state in one month, by the returns: US cents before tax. */
export interface StateSales {
  /** "US-TX". */
  readonly jurisdiction: string;
  /** First day of the month. */
  readonly month: string;
  readonly sales: number;
  readonly transactions: number;
}

/** How near we are to owing a state its sales tax, at the end of a month. */
export interface StateNexus {
  readonly jurisdiction: string;
  readonly status: NexusStatus;
  /** Over the period that the state looks at; where it looks at several, the one that is nearest to the threshold. */
  readonly from: string;
  readonly to: string;
  readonly sales: number;
  readonly transactions: number;
  readonly thresholdSales: number | null;
  readonly thresholdTransactions: number | null;
}

/** Every state with sales, in alphabetical order. @throws tax.region_required, tax.data_missing */
export function nexusSummary(period: FilingPeriod, sales: readonly StateSales[]): readonly StateNexus[] {
  const at = `${addDays(period.end, -1)}T12:00:00Z`;
  const states = [...new Set(sales.map(({ jurisdiction }) => jurisdiction))].sort();
  return states.map((state): StateNexus => {
    const question = { state, at };
    const spans = nexusPeriods(question).map(({ from, to }) => {
      const months = sales.filter(({ jurisdiction, month }) => jurisdiction === state && from <= month && month < to);
      const totals = {
        amount: sum(months.map((month) => month.sales)),
        transactions: sum(months.map((month) => month.transactions)),
      };
      return { from, to, totals, status: nexusStatus({ ...question, salesTotals: totals }) };
    });
    const status = nearestNexus(spans.map((span) => span.status));
    const threshold = nexusThreshold(question);
    const shown = spans.findLast((span) => span.status === status);
    return {
      ...{ jurisdiction: state, status, from: shown?.from ?? period.start, to: shown?.to ?? period.end },
      ...{ sales: shown?.totals.amount ?? 0, transactions: shown?.totals.transactions ?? 0 },
      ...{ thresholdSales: threshold.amount, thresholdTransactions: threshold.transactions },
    };
  });
}
