import { describe, expect, it } from '@jest/globals';
import { openPauseLimits } from '../../../domain/subscription/data/pause-policy.ts';
import { announcedLimit, pauseLimit } from '../../../domain/subscription/pause-limit.ts';
import { checkSeries } from '../../../domain/tax/check-tax-data.ts';

const [policy] = openPauseLimits;
const told = { kind: 'pause_end', sendAt: '2028-02-01T00:00:00.000Z', before: '2028-02-02T00:00:00.000Z' } as const;

describe('the limit of a pause without an end', () => {
  it.each([
    ['2026-03-16T09:00:00.000Z', '2027-03-16T09:00:00.000Z'],
    // 365 days and no calendar year: a leap day is one of them.
    ['2027-03-16T09:00:00.000Z', '2028-03-15T09:00:00.000Z'],
    ['2020-01-01T00:00:00.000Z', '2020-12-31T00:00:00.000Z'],
  ])('of %s is 365 days later, %s', (at, limit) => {
    expect(pauseLimit(at)).toBe(limit);
  });

  it('is looked up by the day on which the pause is asked for', () => {
    if (policy === undefined) throw new Error('there is no limit of pauses');
    const dated = [
      { ...policy, validTo: '2027-07-01' },
      { ...policy, days: 30, validFrom: '2027-07-01' },
    ];
    expect(pauseLimit('2027-06-30T23:59:59.999Z', dated)).toBe('2028-06-29T23:59:59.999Z');
    expect(pauseLimit('2027-07-01T00:00:00.000Z', dated)).toBe('2027-07-31T00:00:00.000Z');
  });

  it('is not on file before the table begins', () => {
    expect(() => pauseLimit('2019-12-31T23:59:59.999Z')).toThrow(
      expect.objectContaining({
        code: 'subscription.state_conflict',
        message: 'no limit of pauses at 2019-12-31T23:59:59.999Z',
      }),
    );
  });

  it('holds by one row at a time, which says that it is our own policy', () => {
    const rows = openPauseLimits;
    expect(checkSeries({ table: 'pause-policy', series: 'days', rows }, '2026-11-21')).toEqual([]);
    expect(rows.map(({ source }) => source)).toEqual(['our own policy']);
  });

  it('is announced with the mail that says so, and not before it was sent', () => {
    const eventAt = '2028-03-02T00:00:00.000Z';
    const renewal = { ...told, kind: 'renewal', eventAt: told.sendAt, sentAt: told.sendAt } as const;
    expect(announcedLimit([renewal, { ...told, eventAt, sentAt: null }])).toBeNull();
    expect(announcedLimit([renewal, { ...told, eventAt, sentAt: told.sendAt }])).toBe(eventAt);
  });
});
