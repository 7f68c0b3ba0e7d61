import { describe, expect, it } from '@jest/globals';
import { isFailure } from '../../../domain/failures.ts';
import type { FailureCode } from '../../../domain/failures.ts';
import { billingCalendar, periodAt, wholeFirstPeriod } from '../../../domain/periods/billing-period.ts';
import type { BillingAnchor } from '../../../domain/periods/billing-period.ts';
import type { CalendarInterval } from '../../../domain/time/calendar-date.ts';

const monthly: CalendarInterval = { interval: 'month', count: 1 };
const yearly: CalendarInterval = { interval: 'year', count: 1 };
const daily: CalendarInterval = { interval: 'day', count: 1 };

function anchorAt(at: string, timeZone = 'UTC', alignment: BillingAnchor['alignment'] = 'anniversary'): BillingAnchor {
  return { at, timeZone, alignment };
}

function starts(anchor: BillingAnchor, interval: CalendarInterval, indexes: readonly number[]): string[] {
  const calendar = billingCalendar(anchor, interval);
  return indexes.map((index) => calendar.periodAt(index).start);
}

function codeOf(act: () => unknown): FailureCode | null {
  try {
    act();
    return null;
  } catch (error) {
    if (isFailure(error)) return error.code;
    throw error;
  }
}

describe('the periods of a monthly subscription from 31 January', () => {
  it('end with the month and come back to the 31st', () => {
    expect(starts(anchorAt('2025-01-31T10:00:00Z'), monthly, [0, 1, 2, 3, 12, 13, 37])).toEqual([
      '2025-01-31T10:00:00.000Z',
      '2025-02-28T10:00:00.000Z',
      '2025-03-31T10:00:00.000Z',
      '2025-04-30T10:00:00.000Z',
      '2026-01-31T10:00:00.000Z',
      '2026-02-28T10:00:00.000Z',
      '2028-02-29T10:00:00.000Z',
    ]);
  });

  it('keep the time on the wall of the customer over the change of the clock', () => {
    const anchor = anchorAt('2025-01-31T10:00:00Z', 'Europe/London');
    expect(starts(anchor, monthly, [1, 2, 9, 10])).toEqual([
      '2025-02-28T10:00:00.000Z',
      '2025-03-31T09:00:00.000Z',
      '2025-10-31T10:00:00.000Z',
      '2025-11-30T10:00:00.000Z',
    ]);
  });
});

describe('the periods of a yearly subscription from 29 February', () => {
  it('come back to the 29th in leap years', () => {
    expect(starts(anchorAt('2024-02-29T00:00:00Z'), yearly, [1, 2, 3, 4, 5, 8])).toEqual([
      '2025-02-28T00:00:00.000Z',
      '2026-02-28T00:00:00.000Z',
      '2027-02-28T00:00:00.000Z',
      '2028-02-29T00:00:00.000Z',
      '2029-02-28T00:00:00.000Z',
      '2032-02-29T00:00:00.000Z',
    ]);
  });
});

describe('a period that begins while the clock changes', () => {
  it('begins with the first instant after a gap', () => {
    // 29 March 2025 01:30 in London; on the 30th the clock goes from 01:00 to 02:00 (01:00Z).
    const anchor = anchorAt('2025-03-29T01:30:00Z', 'Europe/London');
    expect(starts(anchor, daily, [0, 1, 2])).toEqual([
      '2025-03-29T01:30:00.000Z',
      '2025-03-30T01:00:00.000Z',
      '2025-03-31T00:30:00.000Z',
    ]);
  });

  it('begins with the first of two occurrences', () => {
    // On 26 October 2025 01:30 happens at 00:30Z and at 01:30Z.
    expect(starts(anchorAt('2025-10-25T00:30:00Z', 'Europe/London'), daily, [1, 2])).toEqual([
      '2025-10-26T00:30:00.000Z',
      '2025-10-27T01:30:00.000Z',
    ]);
  });

  it('begins when it was bought, be that the second occurrence', () => {
    expect(starts(anchorAt('2025-10-26T01:30:00Z', 'Europe/London'), daily, [0, 1])).toEqual([
      '2025-10-26T01:30:00.000Z',
      '2025-10-27T01:30:00.000Z',
    ]);
  });

  it('begins with the next day where the zone leaves a whole one out', () => {
    // Samoa went from 29 to 31 December 2011 by crossing the date line.
    expect(starts(anchorAt('2011-11-30T20:00:00Z', 'Pacific/Apia'), monthly, [0, 1, 2])).toEqual([
      '2011-11-30T20:00:00.000Z',
      '2011-12-30T10:00:00.000Z',
      '2012-01-29T20:00:00.000Z',
    ]);
  });
});

describe('a subscription that is aligned to the calendar', () => {
  const anchor = anchorAt('2025-01-20T15:00:00Z', 'America/Los_Angeles', 'calendar');

  it('has a part of a month first and whole months from local midnight of the first', () => {
    expect(periodAt(anchor, monthly, 0)).toEqual({
      start: '2025-01-20T15:00:00.000Z',
      end: '2025-02-01T08:00:00.000Z',
    });
    expect(periodAt(anchor, monthly, 1)).toEqual({
      start: '2025-02-01T08:00:00.000Z',
      end: '2025-03-01T08:00:00.000Z',
    });
    expect(periodAt(anchor, monthly, 3).start).toBe('2025-04-01T07:00:00.000Z');
  });

  it('is charged for its first part by the period that it is a part of', () => {
    expect(wholeFirstPeriod(anchor, monthly)).toEqual({
      start: '2025-01-01T08:00:00.000Z',
      end: '2025-02-01T08:00:00.000Z',
    });
    expect(wholeFirstPeriod(anchor, yearly)).toEqual({
      start: '2024-02-01T08:00:00.000Z',
      end: '2025-02-01T08:00:00.000Z',
    });
  });

  it('begins with a whole period when it is bought at the very start of one', () => {
    const onTheFirst = anchorAt('2025-02-01T08:00:00Z', 'America/Los_Angeles', 'calendar');
    const first = { start: '2025-02-01T08:00:00.000Z', end: '2025-03-01T08:00:00.000Z' };
    expect(periodAt(onTheFirst, monthly, 0)).toEqual(first);
    expect(wholeFirstPeriod(onTheFirst, monthly)).toEqual(first);
    expect(periodAt(onTheFirst, yearly, 0)).toEqual({ ...first, end: '2026-02-01T08:00:00.000Z' });
  });

  it('renews a week on Monday and a day at midnight', () => {
    const weekly: CalendarInterval = { interval: 'week', count: 1 };
    expect(starts(anchor, weekly, [1, 2])).toEqual(['2025-01-27T08:00:00.000Z', '2025-02-03T08:00:00.000Z']);
    expect(starts(anchor, daily, [1, 2])).toEqual(['2025-01-21T08:00:00.000Z', '2025-01-22T08:00:00.000Z']);
  });

  it('is billed whole where it is not aligned', () => {
    expect(wholeFirstPeriod({ ...anchor, alignment: 'anniversary' }, monthly)).toEqual({
      start: '2025-01-20T15:00:00.000Z',
      end: '2025-02-20T15:00:00.000Z',
    });
  });
});

describe('the period of an instant', () => {
  const anchor = anchorAt('2025-01-31T10:00:00Z', 'Asia/Kathmandu');

  const calendar = billingCalendar(anchor, monthly);

  it('holds its start and not its end', () => {
    expect(calendar.indexAt('2025-01-31T10:00:00Z')).toBe(0);
    expect(calendar.indexAt('2025-02-28T09:59:59.999Z')).toBe(0);
    expect(calendar.indexAt('2025-02-28T10:00:00Z')).toBe(1);
    expect(calendar.indexAt('2065-01-31T10:00:00Z')).toBe(480);
  });

  it('is refused before the subscription began', () => {
    expect(codeOf(() => calendar.indexAt('2025-01-31T09:59:59Z'))).toBe('period.before_anchor');
  });
});

describe('what cannot be computed with', () => {
  it.each([
    ['time.zone_unknown', anchorAt('2025-01-31T10:00:00Z', 'Mars/Olympus'), 0],
    ['time.date_invalid', anchorAt('yesterday'), 0],
    ['period.index_invalid', anchorAt('2025-01-31T10:00:00Z'), -1],
    ['period.index_invalid', anchorAt('2025-01-31T10:00:00Z'), 0.5],
  ] as const)('is refused as %s', (code, anchor, index) => {
    expect(codeOf(() => periodAt(anchor, monthly, index))).toBe(code);
  });
});
