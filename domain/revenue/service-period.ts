import { addInterval } from '../time/calendar-date.ts';
import type { CalendarInterval, DateSpan } from '../time/calendar-date.ts';
import { localDate } from '../time/local-date.ts';

/**
 * What one charge of a recurring price pays for: from the day of the sale, interval × count.
 * @param at moment of the sale, ISO 8601 UTC
 * @param zone the legal entity's: revenue is earned in the days of its books, so that no day is earned before its sale
 */
export function servicePeriod(recurrence: CalendarInterval, at: string, zone: string): DateSpan {
  const start = localDate(at, zone);
  return { start, end: addInterval(start, recurrence) };
}
