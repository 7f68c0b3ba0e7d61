import { allocate, applyFraction, assertAmount } from '../money/money.ts';
import { assertNever } from '../state-machine.ts';
import { addDays, daysBetween } from '../time/calendar-date.ts';
import type { DateSpan } from '../time/calendar-date.ts';

/** Net given back, minor units. `unused_first` is for a refund of what was not had yet; `in_proportion` for a price that came down. */
interface CreditEvent {
  readonly kind: 'credited';
  readonly id: string;
  /** Accounting date, YYYY-MM-DD; the day itself is no longer earned of what falls away. */
  readonly on: string;
  readonly cause: 'refund' | 'dispute';
  readonly net: number;
  readonly takes: 'in_proportion' | 'unused_first';
}

/**
 * What happened to a sold line after the sale. Facts with a date of their own: in whatever order they become known, the
 * revenue is the same.
 */
export type RecognitionEvent =
  | CreditEvent
  /** `now` ends the service, and what was not given back is earned that day; `period_end` lets it run out. */
  | { readonly kind: 'cancelled'; readonly id: string; readonly on: string; readonly when: 'now' | 'period_end' }
  /** `net` (0 or more) is charged on top; it and what is still unearned are earned from that day until the new end. */
  | {
      readonly kind: 'plan_changed';
      readonly id: string;
      readonly on: string;
      readonly net: number;
      readonly end: string;
    };

/** The revenue of one sold line over its service period: facts only, nothing computed. */
export interface RecognitionSchedule {
  readonly orderId: string;
  readonly line: string;
  readonly sellerId: string;
  readonly currency: string;
  /** As invoiced, minor units, positive. */
  readonly net: number;
  /** Starts after the sale where a trial comes first. */
  readonly period: DateSpan;
  readonly events: readonly RecognitionEvent[];
}

/** Where a credit was taken from, minor units. */
interface CreditSplit {
  readonly recognised: number;
  readonly deferred: number;
}

/**
 * Where the invoiced net of a line stands. Always: recognised + deferred + refunded.deferred + disputed.deferred =
 * invoiced; or, with contra revenue taken off: (recognised − contra) + deferred + given back = invoiced.
 */
export interface RevenuePosition {
  readonly invoiced: number;
  /** Earned so far, before contra revenue. */
  readonly recognised: number;
  readonly deferred: number;
  readonly refunded: CreditSplit;
  readonly disputed: CreditSplit;
}

/**
 * Cumulative: what all days before `until` (YYYY-MM-DD) have earned, amount × days elapsed / days in total. The revenue
 * of January is `until 1 February` less `until 1 January`, so months always sum to the whole; rounding a rate per day
 * would not.
 */
export function recognisedUntil(schedule: RecognitionSchedule, until: string): number {
  return positionUntil(schedule, until).recognised;
}

/** The whole position after all days before `until`, with every event of those days. */
export function positionUntil(schedule: RecognitionSchedule, until: string): RevenuePosition {
  const known = inCanonicalOrder(schedule.events).filter(({ on }) => on < until);
  return positionOf(known.reduce(follow, startOf(schedule)), until);
}

/** The stretch of days over which `amount` is earned; an event ends one and begins the next. */
interface Course {
  readonly invoiced: number;
  readonly earnedBefore: number;
  readonly stretch: DateSpan & { readonly amount: number };
  readonly refunded: CreditSplit;
  readonly disputed: CreditSplit;
}

const nothing: CreditSplit = { recognised: 0, deferred: 0 };

function startOf({ net, period }: RecognitionSchedule): Course {
  return {
    invoiced: net,
    earnedBefore: 0,
    stretch: { ...period, amount: net },
    refunded: nothing,
    disputed: nothing,
  };
}

function positionOf({ invoiced, earnedBefore, stretch, refunded, disputed }: Course, until: string): RevenuePosition {
  const days = daysBetween(stretch.start, stretch.end);
  const elapsed = Math.min(Math.max(daysBetween(stretch.start, until), 0), days);
  const earned = days <= 0 ? stretch.amount : applyFraction(stretch.amount, elapsed, days);
  return {
    invoiced,
    recognised: assertAmount(earnedBefore + earned),
    deferred: stretch.amount - earned,
    refunded,
    disputed,
  };
}

function follow(course: Course, event: RecognitionEvent): Course {
  const position = positionOf(course, event.on);
  const begin = event.on > course.stretch.start ? event.on : course.stretch.start;
  const { end } = course.stretch;
  const goOn = (change: Partial<Course>, stretch: Course['stretch']): Course => ({
    ...course,
    earnedBefore: position.recognised,
    ...change,
    stretch,
  });
  switch (event.kind) {
    case 'credited': {
      const split = splitOf(position, event);
      const amount = position.deferred - split.deferred;
      const credited =
        event.cause === 'refund'
          ? { refunded: added(course.refunded, split) }
          : { disputed: added(course.disputed, split) };
      return goOn(credited, { start: begin, end: end > begin ? end : begin, amount });
    }
    case 'cancelled':
      if (event.when === 'period_end') return course;
      return goOn({}, { start: event.on, end: addDays(event.on, 1), amount: position.deferred });
    case 'plan_changed': {
      const next = event.end > begin ? event.end : addDays(begin, 1);
      const amount = assertAmount(position.deferred + event.net);
      return goOn({ invoiced: assertAmount(course.invoiced + event.net) }, { start: begin, end: next, amount });
    }
    default:
      return assertNever(event);
  }
}

/** More than was kept cannot be taken out of it: the excess stands as contra revenue, where it is seen. */
function splitOf(position: RevenuePosition, { net, takes }: CreditEvent): CreditSplit {
  const kept = position.recognised - position.refunded.recognised - position.disputed.recognised;
  const { deferred } = position;
  const fromDeferred =
    takes === 'unused_first' || kept <= 0 || net >= kept + deferred
      ? Math.min(net, deferred)
      : (allocate(net, [kept, deferred])[1] ?? 0);
  return { recognised: net - fromDeferred, deferred: fromDeferred };
}

function added(a: CreditSplit, b: CreditSplit): CreditSplit {
  return { recognised: assertAmount(a.recognised + b.recognised), deferred: assertAmount(a.deferred + b.deferred) };
}

const rank: Readonly<Record<RecognitionEvent['kind'], number>> = { plan_changed: 0, credited: 1, cancelled: 2 };

/** By date, then kind, then id: what is known later but happened earlier takes its place. An id counts once. */
function inCanonicalOrder(events: readonly RecognitionEvent[]): RecognitionEvent[] {
  const known = new Map(events.map((event) => [event.id, event]));
  return [...known.values()].sort((a, b) => compare(a.on, b.on) || rank[a.kind] - rank[b.kind] || compare(a.id, b.id));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
