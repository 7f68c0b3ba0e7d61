import { Temporal } from 'temporal-polyfill';
import { fail } from '../failures.ts';
import { assertNever } from '../state-machine.ts';
import type { CalendarInterval } from '../time/calendar-date.ts';
import { zoneClock } from '../time/zone-clock.ts';
import type { ZoneClock } from '../time/zone-clock.ts';

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

const dayMs = 86_400_000;

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
  const clock = zoneClock(anchor.timeZone);
  const start = textOf(clock.firstInstantAt(later(clock.wallAt(epochMs(first.end)), interval, -1)));
  return start < first.start ? { start, end: first.end } : first;
}

/** Start of period `index` in epoch milliseconds. */
function startsOf(anchor: BillingAnchor, interval: CalendarInterval): (index: number) => number {
  const anchorMs = epochMs(anchor.at);
  const clock = zoneClock(anchor.timeZone);
  const base = anchor.alignment === 'calendar' ? calendarStart(anchorMs, interval, clock) : anchorMs;
  const wall = clock.wallAt(base);
  const whole = base === anchorMs ? 0 : 1;
  return (index) => (index === 0 ? anchorMs : clock.firstInstantAt(later(wall, interval, index - whole)));
}

/** Where the whole periods of an aligned subscription begin: the anchor itself when it is such a start, else the next one. */
function calendarStart(anchorMs: number, { interval }: CalendarInterval, clock: ZoneClock): number {
  const unit = unitStart(clock.wallAt(anchorMs), interval);
  const current = clock.firstInstantAt(unit);
  if (current === anchorMs) return current;
  return clock.firstInstantAt(later(unit, { interval: interval === 'year' ? 'month' : interval, count: 1 }, 1));
}

function unitStart(wallMs: number, interval: CalendarInterval['interval']): number {
  const midnight = Math.floor(wallMs / dayMs) * dayMs;
  switch (interval) {
    case 'day':
      return midnight;
    case 'week':
      // Sunday is 0, and weeks begin on Monday.
      return midnight - ((new Date(midnight).getUTCDay() + 6) % 7) * dayMs;
    case 'month':
    case 'year':
      return midnight - (new Date(midnight).getUTCDate() - 1) * dayMs;
    default:
      return assertNever(interval);
  }
}

/** What the wall shows so many intervals later, in milliseconds as a `ZoneClock` counts them. */
function later(wallMs: number, { interval, count }: CalendarInterval, times: number): number {
  if (interval === 'day') return wallMs + times * count * dayMs;
  if (interval === 'week') return wallMs + times * count * 7 * dayMs;
  const wall = Temporal.Instant.fromEpochMilliseconds(wallMs).toZonedDateTimeISO('UTC');
  return wall.add({ [`${interval}s` as const]: times * count }).epochMilliseconds;
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

function epochMs(at: string): number {
  const ms = Date.parse(at);
  return Number.isNaN(ms) ? fail('time.date_invalid', `"${at}" is not an instant ISO 8601`) : ms;
}

function textOf(ms: number): string {
  return new Date(ms).toISOString();
}
