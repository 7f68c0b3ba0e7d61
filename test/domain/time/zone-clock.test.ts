import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Temporal } from 'temporal-polyfill';
import { zoneClock } from '../../../domain/time/zone-clock.ts';
import { propertyRuns } from '../../support/property-runs.ts';
import { instantByTemporal, nearAClockChange } from './clock-changes.ts';

const text = (ms: number) => new Date(ms).toISOString();
const wallMs = (local: Temporal.PlainDateTime) => local.toZonedDateTime('UTC').epochMilliseconds;

describe('the clock of a zone', () => {
  it.each([
    ['in winter', 'Europe/London', '2025-01-15T10:00:00Z', '2025-01-15T10:00:00.000Z'],
    ['in summer', 'Europe/London', '2025-07-15T10:00:00Z', '2025-07-15T11:00:00.000Z'],
    [
      'half an hour on in the summer of Lord Howe',
      'Australia/Lord_Howe',
      '2025-01-15T10:00:00Z',
      '2025-01-15T21:00:00.000Z',
    ],
    ['a quarter of an hour off in Nepal', 'Asia/Kathmandu', '2025-01-15T10:00:00Z', '2025-01-15T15:45:00.000Z'],
    ['an hour back in Ramadan', 'Africa/Casablanca', '2025-03-15T10:00:00Z', '2025-03-15T10:00:00.000Z'],
    ['with seconds before there were zones', 'America/New_York', '1880-01-01T12:00:00Z', '1880-01-01T07:03:58.000Z'],
  ])('shows the time %s', (_, zone, instant, wall) => {
    expect(text(zoneClock(zone).wallAt(Date.parse(instant)))).toBe(wall);
  });

  it.each([
    ['after a gap', 'Europe/London', '2025-03-30T01:30:00Z', '2025-03-30T01:00:00.000Z'],
    ['after a gap of half an hour', 'Australia/Lord_Howe', '2025-10-05T02:15:00Z', '2025-10-04T15:30:00.000Z'],
    ['after a gap at midnight', 'America/Sao_Paulo', '2018-11-04T00:00:00Z', '2018-11-04T03:00:00.000Z'],
    ['after a day that was left out', 'Pacific/Apia', '2011-12-30T09:00:00Z', '2011-12-30T10:00:00.000Z'],
    ['of two occurrences', 'Europe/London', '2025-10-26T01:30:00Z', '2025-10-26T00:30:00.000Z'],
    ['of a day that happened twice', 'Pacific/Kwajalein', '1969-09-30T12:00:00Z', '1969-09-30T01:00:00.000Z'],
  ])('comes to a time at the first instant %s', (_, zone, wall, instant) => {
    expect(text(zoneClock(zone).firstInstantAt(Date.parse(wall)))).toBe(instant);
  });

  it('agrees with Temporal around the changes of all zones', () => {
    fc.assert(
      fc.property(nearAClockChange, (zoned) => {
        const clock = zoneClock(zoned.timeZoneId);
        const local = zoned.toPlainDateTime();
        expect(clock.wallAt(zoned.epochMilliseconds)).toBe(wallMs(local));
        expect(clock.firstInstantAt(wallMs(local))).toBe(instantByTemporal(local, zoned.timeZoneId));
      }),
      { numRuns: propertyRuns(0.5) },
    );
  });

  it('agrees with Temporal on times that a change left out', () => {
    fc.assert(
      fc.property(nearAClockChange, fc.integer({ min: 0, max: 7_200 }), (zoned, seconds) => {
        const change = zoned.getTimeZoneTransition('next') ?? zoned;
        const local = change.toPlainDateTime().subtract({ seconds });
        const found = zoneClock(zoned.timeZoneId).firstInstantAt(wallMs(local));
        expect(found).toBe(instantByTemporal(local, zoned.timeZoneId));
      }),
      { numRuns: propertyRuns(0.5) },
    );
  });

  it('answers as before when it has been asked about more years than it remembers', () => {
    const clock = zoneClock('Europe/Rome');
    const summers = Array.from({ length: 300 }, (_, index) => Date.UTC(1850 + index, 6, 1));
    expect(summers.map(clock.wallAt)).toEqual(summers.map(clock.wallAt));
    expect(text(clock.wallAt(Date.UTC(1850, 6, 1)))).toBe('1850-07-01T00:49:56.000Z');
  });

  it('is refused for a zone that does not exist', () => {
    expect(() => zoneClock('Mars/Olympus')).toThrow(expect.objectContaining({ code: 'time.zone_unknown' }));
  });
});
