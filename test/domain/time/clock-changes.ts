import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';

/** What a wall time means in a zone by the rules of billing periods, from Temporal alone: the oracle of `ZoneClock`. */
export function instantByTemporal(local: Temporal.PlainDateTime, zone: string): number {
  const first = local.toZonedDateTime(zone, { disambiguation: 'earlier' });
  const last = local.toZonedDateTime(zone, { disambiguation: 'later' });
  if (first.epochMilliseconds === last.epochMilliseconds) return first.epochMilliseconds;
  const happensTwice = first.toPlainDateTime().equals(local);
  // Left out by the clock change: `earlier` lies before the change, so the next one is it.
  return (happensTwice ? first : (first.getTimeZoneTransition('next') ?? last)).epochMilliseconds;
}

/** Every zone that this machine knows, and offsets. */
const anyZone = fc.oneof(
  { weight: 19, arbitrary: fc.constantFrom(...Intl.supportedValuesOf('timeZone')) },
  { weight: 1, arbitrary: fc.constantFrom('UTC', '+05:45', '-12:00') },
);
/** From the local mean times, which had seconds, to far beyond the tables of today's zone data. */
const anyInstant = fc.date({ min: new Date('1840-01-01'), max: new Date('2150-01-01'), noInvalidDate: true });
/** Two days: no clock change is longer, and the next days should be as before. */
const shiftSeconds = 2 * 86_400;

/** Moments within two days of a change of the zone's clock, if it has one after a random instant. */
export const nearAClockChange: fc.Arbitrary<Temporal.ZonedDateTime> = fc
  .tuple(anyZone, anyInstant, fc.integer({ min: -shiftSeconds, max: shiftSeconds }))
  .map(([zone, date, seconds]) => {
    const random = Temporal.Instant.fromEpochMilliseconds(date.getTime()).toZonedDateTimeISO(zone);
    return (random.getTimeZoneTransition('next') ?? random).add({ seconds });
  });
