import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { billingCalendar, wholeFirstPeriod } from '../../../domain/periods/billing-period.ts';
import type { BillingAnchor } from '../../../domain/periods/billing-period.ts';
import type { CalendarInterval } from '../../../domain/time/calendar-date.ts';
import { propertyRuns } from '../../support/property-runs.ts';
import { nearAClockChange } from '../time/clock-changes.ts';
import { periodByTemporal, wholeFirstByTemporal } from './periods-by-temporal.ts';

const anyInterval: fc.Arbitrary<CalendarInterval> = fc.record({
  interval: fc.constantFrom('day', 'week', 'month', 'year'),
  count: fc.integer({ min: 1, max: 6 }),
});
const anyAlignment = fc.constantFrom<BillingAnchor['alignment']>('anniversary', 'calendar');

/** A period that begins about when the clock changes, with the anchor so many periods before it, often at midnight. */
const periodNearAClockChange = fc
  .tuple(nearAClockChange, anyInterval, anyAlignment, fc.integer({ min: 0, max: 50 }), fc.boolean())
  .map(([zoned, interval, alignment, index, atMidnight]) => {
    const first = zoned.subtract({ [`${interval.interval}s` as const]: interval.count * index });
    const at = new Date((atMidnight ? first.startOfDay() : first).epochMilliseconds).toISOString();
    return { anchor: { at, timeZone: zoned.timeZoneId, alignment }, interval, index };
  });

describe('billing periods', () => {
  it('are those that Temporal computes, around the changes of all zones', () => {
    fc.assert(
      fc.property(periodNearAClockChange, ({ anchor, interval, index }) => {
        const period = periodByTemporal(anchor, interval, index);
        expect(billingCalendar(anchor, interval).periodAt(index)).toEqual(period);
        expect(wholeFirstPeriod(anchor, interval)).toEqual(wholeFirstByTemporal(anchor, interval));
      }),
      { numRuns: propertyRuns(0.5) },
    );
  });
});
