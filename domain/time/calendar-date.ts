import { Temporal } from 'temporal-polyfill';
import { fail } from '../failures.ts';

/** Calendar dates YYYY-MM-DD, half-open: the end is the first date that no longer belongs. */
export interface DateSpan {
  readonly start: string;
  readonly end: string;
}

export interface CalendarInterval {
  readonly interval: 'day' | 'week' | 'month' | 'year';
  readonly count: number;
}

const dayMs = 86_400_000;

/**
 * The date so many intervals later, counted from the date itself: 31 January plus a month is the last of February.
 * Never chain it: the third period is `addInterval(anchor, …, count: 3)`, or the 31st is lost.
 * @throws time.date_invalid
 */
export function addInterval(date: string, { interval, count }: CalendarInterval): string {
  const duration = { [`${interval}s` as const]: count };
  return Temporal.PlainDate.from(textOf(utcMidnight(date)))
    .add(duration)
    .toString();
}

/** @throws time.date_invalid */
export function addDays(date: string, days: number): string {
  return textOf(utcMidnight(date) + days * dayMs);
}

/** Negative when `to` is before `from`. @throws time.date_invalid */
export function daysBetween(from: string, to: string): number {
  return (utcMidnight(to) - utcMidnight(from)) / dayMs;
}

/** The first day of the month after the one that the date is in. @throws time.date_invalid */
export function nextMonthStart(date: string): string {
  const midnight = new Date(utcMidnight(date));
  return textOf(Date.UTC(midnight.getUTCFullYear(), midnight.getUTCMonth() + 1, 1));
}

/** The first instant (ISO 8601 UTC) that a date has in an IANA zone: midnight, or what a clock change made of it. @throws time.date_invalid */
export function startOfDay(date: string, zone: string): string {
  const first = Temporal.PlainDate.from(textOf(utcMidnight(date))).toZonedDateTime(zone);
  return new Date(first.epochMilliseconds).toISOString();
}

/** A day of the calendar has 24 hours in UTC, so whole days are whole numbers. A posting run counts them all the time. */
function utcMidnight(date: string): number {
  const midnight = Date.parse(`${date}T00:00:00Z`);
  const isDate = date.length === 10 && !Number.isNaN(midnight) && textOf(midnight) === date;
  return isDate ? midnight : fail('time.date_invalid', `"${date}" is not a date YYYY-MM-DD of the calendar`);
}

function textOf(midnight: number): string {
  return new Date(midnight).toISOString().slice(0, 10);
}
