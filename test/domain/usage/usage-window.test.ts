import { describe, expect, it } from '@jest/globals';
import { placeUsage, usagePeriodAt } from '../../../domain/usage/usage-window.ts';
import type { UsageTerms } from '../../../domain/usage/usage-window.ts';

function termsOf(change: Partial<UsageTerms> = {}): UsageTerms {
  return {
    subscription: 'sub_1',
    anchor: { at: '2027-01-31T10:00:00.000Z', timeZone: 'Europe/London', alignment: 'anniversary' },
    interval: { interval: 'month', count: 1 },
    meters: ['calls'],
    countedFrom: '2027-01-31T10:00:00.000Z',
    pause: null,
    endedAt: null,
    ...change,
  };
}

const march = { start: '2027-02-28T10:00:00.000Z', end: '2027-03-31T09:00:00.000Z' };
const april = { start: '2027-03-31T09:00:00.000Z', end: '2027-04-30T09:00:00.000Z' };

describe('where usage belongs', () => {
  it('is the running period', () => {
    expect(placeUsage(termsOf(), '2027-03-10T00:00:00Z', '2027-03-20T00:00:00Z')).toEqual({
      kind: 'accepted',
      period: march,
      late: false,
    });
  });

  it('is the period before, late, until the running one ends', () => {
    const late = { kind: 'accepted', period: march, late: true };
    expect(placeUsage(termsOf(), '2027-03-31T08:59:59.999Z', april.start)).toEqual(late);
    expect(placeUsage(termsOf(), march.start, '2027-04-30T08:59:59.999Z')).toEqual(late);
    expect(placeUsage(termsOf(), march.start, april.end)).toMatchObject({ code: 'usage.period_closed' });
  });

  it('is the next period when the clock of the sender is a little ahead', () => {
    expect(placeUsage(termsOf(), '2027-03-31T09:01:00Z', '2027-03-31T08:58:00Z')).toMatchObject({ period: april });
    expect(placeUsage(termsOf(), '2027-03-31T09:04:00Z', '2027-03-31T08:58:00Z')).toMatchObject({
      code: 'usage.time_invalid',
    });
  });

  it('is the trial before the first period, and nothing before that', () => {
    const trial = termsOf({ countedFrom: '2027-01-17T10:00:00.000Z' });
    expect(usagePeriodAt(trial, '2027-01-20T00:00:00Z')).toEqual({
      start: '2027-01-17T10:00:00.000Z',
      end: '2027-01-31T10:00:00.000Z',
    });
    expect(placeUsage(trial, '2027-01-20T00:00:00Z', '2027-01-21T00:00:00Z')).toMatchObject({ late: false });
    expect(placeUsage(trial, '2027-01-17T09:59:59Z', '2027-01-21T00:00:00Z')).toMatchObject({
      code: 'usage.time_invalid',
    });
  });

  it('is nowhere at a moment of a pause', () => {
    const paused = termsOf({ pause: { from: '2027-03-10T00:00:00.000Z', until: '2027-03-15T00:00:00.000Z' } });
    const at = (moment: string) => placeUsage(paused, moment, '2027-03-20T00:00:00Z').kind;
    expect(at('2027-03-09T23:59:59Z')).toBe('accepted');
    expect(at('2027-03-10T00:00:00Z')).toBe('refused');
    expect(at('2027-03-15T00:00:00Z')).toBe('accepted');
  });

  it('is nowhere once the subscription has ended', () => {
    const ended = termsOf({ endedAt: '2027-03-15T00:00:00.000Z' });
    expect(placeUsage(ended, '2027-03-10T00:00:00Z', '2027-03-20T00:00:00Z')).toMatchObject({
      code: 'usage.subscription_ended',
    });
  });
});
