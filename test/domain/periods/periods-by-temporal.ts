import { Temporal } from 'temporal-polyfill';
import type { BillingAnchor, BillingPeriod } from '../../../domain/periods/billing-period.ts';
import type { CalendarInterval } from '../../../domain/time/calendar-date.ts';
import { instantByTemporal } from '../time/clock-changes.ts';

/** The periods of an anchor computed step by step with Temporal, the slow way: the oracle of `billingCalendar`. */
export function periodByTemporal(anchor: BillingAnchor, interval: CalendarInterval, index: number): BillingPeriod {
  const [start, end] = [index, index + 1].map((at) => textOf(startByTemporal(anchor, interval, at)));
  return { start: start ?? '', end: end ?? '' };
}

/** The oracle of `wholeFirstPeriod`. */
export function wholeFirstByTemporal(anchor: BillingAnchor, interval: CalendarInterval): BillingPeriod {
  const first = periodByTemporal(anchor, interval, 0);
  if (anchor.alignment === 'anniversary') return first;
  const wall = Temporal.Instant.from(first.end).toZonedDateTimeISO(anchor.timeZone).toPlainDateTime();
  const start = textOf(instantByTemporal(later(wall, interval, -1), anchor.timeZone));
  return start < first.start ? { start, end: first.end } : first;
}

function startByTemporal(
  { at, timeZone, alignment }: BillingAnchor,
  interval: CalendarInterval,
  index: number,
): number {
  const anchor = Temporal.Instant.from(at).toZonedDateTimeISO(timeZone);
  if (index === 0) return anchor.epochMilliseconds;
  const base = alignment === 'calendar' ? nextUnit(anchor, interval) : anchor;
  const times = base.equals(anchor) ? index : index - 1;
  return instantByTemporal(later(base.toPlainDateTime(), interval, times), timeZone);
}

function nextUnit(anchor: Temporal.ZonedDateTime, { interval }: CalendarInterval): Temporal.ZonedDateTime {
  const date = anchor.toPlainDate();
  const [start, unit] = {
    day: [date, { days: 1 }] as const,
    week: [date.subtract({ days: date.dayOfWeek - 1 }), { days: 7 }] as const,
    month: [date.with({ day: 1 }), { months: 1 }] as const,
    year: [date.with({ day: 1 }), { months: 1 }] as const,
  }[interval];
  const begun = start.toZonedDateTime(anchor.timeZoneId);
  return begun.equals(anchor) ? begun : start.add(unit).toZonedDateTime(anchor.timeZoneId);
}

function later(wall: Temporal.PlainDateTime, { interval, count }: CalendarInterval, times: number) {
  return wall.add({ [`${interval}s` as const]: count * times });
}

function textOf(ms: number): string {
  return new Date(ms).toISOString();
}
