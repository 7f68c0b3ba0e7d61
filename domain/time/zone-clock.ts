import { Temporal } from 'temporal-polyfill';
import { fail } from '../failures.ts';

/**
 * The clock on the wall in an IANA zone. What it shows is a number too: the epoch milliseconds at which a clock in UTC
 * shows the same date and time, so that every day on the wall has 86,400,000 of them.
 */
export interface ZoneClock {
  /** What the clock shows at an instant. Both in milliseconds. */
  readonly wallAt: (instantMs: number) => number;
  /**
   * The first instant at which the clock shows a time or a later one. So a time that a clock change leaves out becomes
   * the first instant after the gap, one that is shown twice its first occurrence. Both in milliseconds.
   */
  readonly firstInstantAt: (wallMs: number) => number;
}

/** A time without clock changes, half-open: instants and how far the clock is ahead of UTC, in milliseconds. */
interface Stretch {
  readonly from: number;
  readonly until: number;
  readonly offset: number;
}

const dayMs = 86_400_000;
/** So much of a zone is read at once. Temporal looks for the next change for three years at least, so it misses none. */
const yearMs = 365 * dayMs;
const yearsPerZone = 200;
const zones = 1_000;

/**
 * The same answers as Temporal's, read from it once and remembered: a walk over all periods of a subscription asks for
 * thousands, and asking Temporal costs some twenty times as much.
 * @throws time.zone_unknown
 */
export const zoneClock: (zone: string) => ZoneClock = remembering(clockOf, zones);

function clockOf(zone: string): ZoneClock {
  const epoch = epochIn(zone);
  const stretchesOf = remembering((year: number) => stretches(epoch, year * yearMs), yearsPerZone);
  const stretchAt = (instantMs: number): Stretch =>
    stretchesOf(Math.floor(instantMs / yearMs)).reduce((last, next) => (next.from <= instantMs ? next : last));
  return {
    wallAt: (instantMs) => instantMs + stretchAt(instantMs).offset,
    firstInstantAt(wallMs) {
      // No clock is a whole day ahead of UTC, so none has shown the time before this.
      let stretch = stretchAt(wallMs - dayMs);
      while (wallMs - stretch.offset >= stretch.until) stretch = stretchAt(stretch.until);
      return Math.max(stretch.from, wallMs - stretch.offset);
    },
  };
}

/** Those of a year from an instant on. The first is the one that lasts then, so there always is one. */
function stretches(epoch: Temporal.ZonedDateTime, from: number): readonly Stretch[] {
  const found: Stretch[] = [];
  const end = from + yearMs;
  let start: Temporal.ZonedDateTime | null = epoch.add({ milliseconds: from });
  while (start !== null && start.epochMilliseconds < end) {
    const change: Temporal.ZonedDateTime | null = start.getTimeZoneTransition('next');
    const until = change?.epochMilliseconds ?? end;
    found.push({ from: start.epochMilliseconds, until, offset: start.offsetNanoseconds / 1e6 });
    start = change;
  }
  return found;
}

function epochIn(zone: string): Temporal.ZonedDateTime {
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(zone);
  } catch (cause) {
    if (cause instanceof RangeError) fail('time.zone_unknown', `"${zone}" is not an IANA time zone`);
    throw cause;
  }
}

/** Makes a value once per key. When there are too many all are forgotten, and made again. */
function remembering<Key, Value>(make: (key: Key) => Value, most: number): (key: Key) => Value {
  const made = new Map<Key, Value>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    if (made.size >= most) made.clear();
    made.set(key, value);
    return value;
  };
}
