import { fail } from '../failures.ts';
import { rowOn } from '../tax/dated-row.ts';
import { addDays, nextMonthStart, startOfDay } from '../time/calendar-date.ts';
import { localDate } from '../time/local-date.ts';
import { accountingClose } from './data/accounting-close.ts';
import type { AccountingCloseRow } from './data/accounting-close.ts';

/**
 * Whether the month of `day` takes no more entries on the date `today`.
 * @throws revenue.rule_missing
 */
export function isMonthClosed(
  day: string,
  today: string,
  rows: readonly AccountingCloseRow[] = accountingClose,
): boolean {
  const row = rowOn(rows, day) ?? fail('revenue.rule_missing', `No rule says when the month of ${day} is closed`);
  return today >= addDays(nextMonthStart(day), row.daysAfterMonth);
}

/**
 * When an entry about `day` is dated, ISO 8601 UTC: the last millisecond of that day in the zone of the legal entity, or
 * `now` when the day's month is closed or the day is not over.
 */
export function accountingInstant(day: string, now: string, zone: string): string {
  if (isMonthClosed(day, localDate(now, zone))) return now;
  const end = new Date(Date.parse(startOfDay(addDays(day, 1), zone)) - 1).toISOString();
  return end < now ? end : now;
}
