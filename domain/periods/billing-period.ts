import { Temporal } from 'temporal-polyfill';
import { fail } from '../failures.ts';
import { assertNever } from '../state-machine.ts';
import type { CalendarInterval } from '../time/calendar-date.ts';

/**
 * What every billing period is computed from, fixed when the subscription begins and never moved by a late payment.
 * `anniversary`: periods begin at the anchor and at its anniversaries. `calendar`: the first period is a part of one,
 * from the anchor to the next midnight, Monday or first of a month (also for a yearly price); whole periods follow.
 */
export interface BillingAnchor {
  /** ISO 8601 UTC. */
  readonly at: string;
  /** The customer's at sign-up, IANA. */
  readonly timeZone: string;
  readonly alignment: 'anniversary' | 'calendar';
}

/** Instants ISO 8601 UTC, half-open: the end is the first instant that no longer belongs. */
export interface BillingPeriod {
  readonly start: string;
  readonly end: string;
}

/** All the periods of one anchor and interval. Making it reads the zone once; asking it is cheap. */
export interface BillingCalendar {
  /** See `periodAt`. @throws period.index_invalid */
  readonly periodAt: (index: number) => BillingPeriod;
  /** The index of the period that holds an instant (ISO 8601 UTC). @throws period.before_anchor, time.date_invalid */
  readonly indexAt: (at: string) => number;
}

/**
 * The period of an index, 0 being the first: anchor + index × interval on the wall clock of the zone, clamped to the end
 * of a shorter month. A wall time that a clock change leaves out becomes the first instant after the gap, one that
 * happens twice its first occurrence. The end of a period is the start of the next one.
 * @throws period.index_invalid, time.date_invalid, time.zone_unknown
 */
export function periodAt(anchor: BillingAnchor, interval: CalendarInterval, index: number): BillingPeriod {
  return billingCalendar(anchor, interval).periodAt(index);
}

/** @throws time.date_invalid, time.zone_unknown */
export function billingCalendar(anchor: BillingAnchor, interval: CalendarInterval): BillingCalendar {
  const startMs = startsOf(anchor, interval);
  return {
    periodAt(index) {
      if (!Number.isSafeInteger(index) || index < 0)
        fail('period.index_invalid', `the index of a period is 0 or a positive integer, not ${index}`);
      return { start: textOf(startMs(index)), end: textOf(startMs(index + 1)) };
    },
    indexAt(at) {
      const moment = epochMs(at);
      if (moment < startMs(0)) fail('period.before_anchor', `${at} is before the first period, from ${anchor.at} on`);
      return lastIndexNotAfter(startMs, moment);
    },
  };
}

/**
 * The whole period that the first one is a part of, for its prorated price: a part when the anchor is aligned to the
 * calendar and is not itself such a start. The share to charge is the length of `periodAt(…, 0)` over the length of this.
 * @throws time.date_invalid, time.zone_unknown
 */
export function wholeFirstPeriod(anchor: BillingAnchor, interval: CalendarInterval): BillingPeriod {
  const first = periodAt(anchor, interval, 0);
  if (anchor.alignment === 'anniversary') return first;
  const start = textOf(fromWall(zonedAt(first.end, anchor.timeZone).toPlainDateTime(), interval, -1, anchor.timeZone));
  return start < first.start ? { start, end: first.end } : first;
}

/** Where the whole periods of an aligned subscription begin: the anchor itself when it is such a start, else the next one. */
function calendarStart(anchor: BillingAnchor, { interval }: CalendarInterval): Temporal.ZonedDateTime {
  const zoned = zonedAt(anchor.at, anchor.timeZone);
  const boundary = unitStart(zoned.toPlainDate(), interval).toZonedDateTime(anchor.timeZone);
  if (boundary.epochMilliseconds === zoned.epochMilliseconds) return boundary;
  const next = unitStart(zoned.toPlainDate(), interval).add(oneUnit(interval));
  return next.toZonedDateTime(anchor.timeZone);
}

function unitStart(date: Temporal.PlainDate, interval: CalendarInterval['interval']): Temporal.PlainDate {
  switch (interval) {
    case 'day':
      return date;
    case 'week':
      return date.subtract({ days: date.dayOfWeek - 1 });
    case 'month':
    case 'year':
      return date.with({ day: 1 });
    default:
      return assertNever(interval);
  }
}

function oneUnit(interval: CalendarInterval['interval']): { readonly days: number } | { readonly months: number } {
  if (interval === 'day') return { days: 1 };
  return interval === 'week' ? { days: 7 } : { months: 1 };
}

/** Start of period `index` in epoch milliseconds. */
function startsOf(anchor: BillingAnchor, interval: CalendarInterval): (index: number) => number {
  const anchorMs = epochMs(anchor.at);
  const zone = anchor.timeZone;
  const base = anchor.alignment === 'calendar' ? calendarStart(anchor, interval) : zonedAt(anchor.at, zone);
  const wall = base.toPlainDateTime();
  const whole = base.epochMilliseconds === anchorMs ? 0 : 1;
  return (index) => (index === 0 ? anchorMs : fromWall(wall, interval, index - whole, zone));
}

function fromWall(
  wall: Temporal.PlainDateTime,
  { interval, count }: CalendarInterval,
  times: number,
  zone: string,
): number {
  const local = wall.add({ [`${interval}s` as const]: count * times });
  const first = local.toZonedDateTime(zone, { disambiguation: 'earlier' });
  const last = local.toZonedDateTime(zone, { disambiguation: 'later' });
  if (first.epochMilliseconds === last.epochMilliseconds) return first.epochMilliseconds;
  const happensTwice = first.toPlainDateTime().equals(local);
  // Left out by the clock change: `earlier` lies before the change, so the next one is it.
  return (happensTwice ? first : (first.getTimeZoneTransition('next') ?? last)).epochMilliseconds;
}

/** Starts ascend: doubled until one is after the moment, then halved. */
function lastIndexNotAfter(startMs: (index: number) => number, moment: number): number {
  let after = 1;
  while (startMs(after) <= moment) after *= 2;
  let index = Math.floor(after / 2);
  while (after - index > 1) {
    const middle = Math.floor((index + after) / 2);
    if (startMs(middle) <= moment) index = middle;
    else after = middle;
  }
  return index;
}

function zonedAt(at: string, zone: string): Temporal.ZonedDateTime {
  const instant = Temporal.Instant.fromEpochMilliseconds(epochMs(at));
  try {
    return instant.toZonedDateTimeISO(zone);
  } catch (cause) {
    if (cause instanceof RangeError) fail('time.zone_unknown', `"${zone}" is not an IANA time zone`);
    throw cause;
  }
}

function epochMs(at: string): number {
  const ms = Date.parse(at);
  return Number.isNaN(ms) ? fail('time.date_invalid', `"${at}" is not an instant ISO 8601`) : ms;
}

function textOf(ms: number): string {
  return new Date(ms).toISOString();
}
