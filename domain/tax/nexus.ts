import { fail } from '../failures.ts';
import { assertAmount } from '../money/money.ts';
import { localDate } from '../time/local-date.ts';
import { taxRegion } from './country.ts';
import { timeZones } from './data/time-zones.ts';
import { nexusThresholds, nexusWarning } from './data/us-nexus.ts';
import type { NexusThresholdRow } from './data/us-nexus.ts';
import { rowOn } from './dated-row.ts';

/** What a legal entity sold into a state in one of its periods: US cents before tax, and separate sales. */
export interface SalesTotals {
  readonly amount: number;
  readonly transactions: number;
}

/** `warning`: 80 % of what makes the seller liable. `exceeded`: it has to register, if it has not. */
export type NexusStatus = 'below' | 'warning' | 'exceeded';

/** Local dates: from inclusive, to exclusive. */
export interface DateRange {
  readonly from: string;
  readonly to: string;
}

interface NexusQuestion {
  /** Two letters, "US-TX" or "tx". */
  readonly state: string;
  /** ISO 8601 UTC. */
  readonly at: string;
}

/** The threshold that holds in a state. @throws tax.region_required, tax.data_missing */
export function nexusThreshold({ state, at }: NexusQuestion): NexusThresholdRow {
  const { code, date } = localDay({ state, at });
  const rows = nexusThresholds.filter((row) => row.state === code);
  return rowOn(rows, date) ?? fail('tax.data_missing', `No nexus threshold is on file for US-${code} on ${date}`);
}

/**
 * How near a seller without a presence in the state is to owing its sales tax: `salesTotals` are those of one of
 * `nexusPeriods`; where a state looks at several, the nearest counts (`nearestNexus`). Reaching the threshold counts as
 * exceeding it: a seller registers a sale too early rather than one too late.
 * @throws tax.region_required, tax.data_missing, money.amount_unsafe
 */
export function nexusStatus({
  state,
  at,
  salesTotals,
}: NexusQuestion & { readonly salesTotals: SalesTotals }): NexusStatus {
  const { amount, transactions, limbs } = nexusThreshold({ state, at });
  const { percent } = rowOn(nexusWarning, at.slice(0, 10)) ?? fail('tax.data_missing', 'No nexus warning is on file');
  const reached = (part: number): boolean => {
    const limb = (limit: number | null, total: number) =>
      limit === null ? null : BigInt(assertAmount(total)) * 100n >= BigInt(limit) * BigInt(part);
    const answers = [limb(amount, salesTotals.amount), limb(transactions, salesTotals.transactions)].filter(
      (answer) => answer !== null,
    );
    return limbs === 'both' ? answers.every(Boolean) : answers.some(Boolean);
  };
  if (reached(100)) return 'exceeded';
  return reached(percent) ? 'warning' : 'below';
}

const urgency: readonly NexusStatus[] = ['below', 'warning', 'exceeded'];

/** The most urgent status over the periods that the state looks at. */
export function nearestNexus(statuses: readonly NexusStatus[]): NexusStatus {
  return urgency.findLast((status) => statuses.includes(status)) ?? 'below';
}

/** The periods whose sales the state counts on that day, the day itself included. */
export function nexusPeriods({ state, at }: NexusQuestion): readonly DateRange[] {
  const { period } = nexusThreshold({ state, at });
  const { date } = localDay({ state, at });
  const year = Number(date.slice(0, 4));
  const calendarYear = (of: number): DateRange => ({ from: `${of}-01-01`, to: `${of + 1}-01-01` });
  switch (period) {
    // Where only the previous year counts, the current one is the next year's: a seller wants to know before it ends.
    case 'previous_or_current_year':
    case 'previous_year':
      return [calendarYear(year - 1), calendarYear(year)];
    case 'trailing_12_months':
      return [{ from: dayAfter(yearBefore(date)), to: dayAfter(date) }];
    case 'twelve_months_to_september': {
      const ends = date < `${year}-10-01` ? year : year + 1;
      return [ends - 1, ends].map((last) => ({ from: `${last - 1}-10-01`, to: `${last}-10-01` }));
    }
  }
}

function localDay({ state, at }: NexusQuestion): { readonly code: string; readonly date: string } {
  const code = taxRegion('US', state) ?? '';
  const zone = timeZones[`US-${code}`] ?? fail('tax.data_missing', `No time zone is on file for US-${code}`);
  return { code, date: localDate(at, zone) };
}

/** 29 February has its 28th a year before. */
function yearBefore(date: string): string {
  const day = date.slice(5) === '02-29' ? '02-28' : date.slice(5);
  return `${Number(date.slice(0, 4)) - 1}-${day}`;
}

function dayAfter(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}
