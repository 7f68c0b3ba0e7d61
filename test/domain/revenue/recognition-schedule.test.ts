import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { positionUntil, recognisedUntil } from '../../../domain/revenue/recognition-schedule.ts';
import type {
  RecognitionEvent,
  RecognitionSchedule,
  RevenuePosition,
} from '../../../domain/revenue/recognition-schedule.ts';
import { addDays, daysBetween, nextMonthStart } from '../../../domain/time/calendar-date.ts';
import { propertyRuns } from '../../support/property-runs.ts';
import { anyDate, anySchedule, credit, sampleSchedule } from './schedules.ts';

const between = (schedule: RecognitionSchedule, from: string, to: string) =>
  recognisedUntil(schedule, to) - recognisedUntil(schedule, from);

const monthsOf = (schedule: RecognitionSchedule): number[] => {
  const amounts: number[] = [];
  for (let month = '2027-01-01'; month < schedule.period.end; month = nextMonthStart(month))
    amounts.push(between(schedule, month, nextMonthStart(month)));
  return amounts;
};

const contra = ({ refunded, disputed }: RevenuePosition) => refunded.recognised + disputed.recognised;
const givenBack = ({ refunded, disputed }: RevenuePosition) =>
  refunded.recognised + refunded.deferred + disputed.recognised + disputed.deferred;

describe('a year of 1,200.00', () => {
  it('earns 101.92 in January, not the 101.99 of a rounded rate per day', () => {
    expect(between(sampleSchedule(), '2027-01-01', '2027-02-01')).toBe(10192);
  });

  it('earns months that sum to the cent', () => {
    const months = monthsOf(sampleSchedule());
    expect(months).toEqual([10192, 9205, 10192, 9863, 10192, 9863, 10192, 10191, 9863, 10192, 9863, 10192]);
    expect(months.reduce((a, b) => a + b, 0)).toBe(120_000);
  });

  it.each([
    ['nothing before its first day is over', '2027-01-01', 0],
    ['one day', '2027-01-02', 329],
    ['all but one day', '2027-12-31', 119_671],
    ['everything when its last day is over', '2028-01-01', 120_000],
    ['no more after that', '2031-05-05', 120_000],
    ['nothing long before it', '2020-01-01', 0],
  ])('has earned %s', (_, until, earned) => {
    expect(recognisedUntil(sampleSchedule(), until)).toBe(earned);
  });

  it('earns over 366 days in a leap year', () => {
    const leap = sampleSchedule({ net: 36_600, period: { start: '2028-01-01', end: '2029-01-01' } });
    expect(between(leap, '2028-02-01', '2028-03-01')).toBe(2900);
  });

  it('earns nothing while a trial that comes first lasts', () => {
    const trial = sampleSchedule({ period: { start: '2027-01-15', end: '2028-01-15' } });
    expect(recognisedUntil(trial, '2027-01-15')).toBe(0);
    expect(recognisedUntil(trial, '2027-01-16')).toBe(329);
  });

  it('spreads 1 yen over a month without ever having earned a part of it', () => {
    const yen = sampleSchedule({ net: 1, currency: 'JPY', period: { start: '2027-01-01', end: '2027-02-01' } });
    expect([1, 15, 16, 31].map((day) => recognisedUntil(yen, addDays('2027-01-01', day)))).toEqual([0, 0, 1, 1]);
  });
});

/** 73 of 365 days are a fifth: on 15 March 24,000 are earned and 96,000 are not. */
const fifth = '2027-03-15';
const after = (...events: RecognitionEvent[]) => positionUntil(sampleSchedule({ events }), addDays(fifth, 1));
const atTheEnd = (...events: RecognitionEvent[]) => positionUntil(sampleSchedule({ events }), '2029-01-01');

describe('a refund', () => {
  it('in full reverses what was earned and drops what was not', () => {
    expect(after(credit('r', fifth, 120_000))).toEqual({
      invoiced: 120_000,
      recognised: 24_000,
      deferred: 0,
      refunded: { recognised: 24_000, deferred: 96_000 },
      disputed: { recognised: 0, deferred: 0 },
    });
  });

  it('in part takes both in proportion, and the rest is earned until the end', () => {
    const half = credit('r', fifth, 60_000);
    expect(positionUntil(sampleSchedule({ events: [half] }), fifth).refunded).toEqual({ recognised: 0, deferred: 0 });
    expect(after(half)).toMatchObject({ refunded: { recognised: 12_000, deferred: 48_000 } });
    expect(atTheEnd(half)).toMatchObject({ recognised: 72_000, deferred: 0 });
  });

  it('of what was not used takes nothing that was earned', () => {
    const unused = credit('r', fifth, 96_000, { takes: 'unused_first' });
    expect(atTheEnd(unused)).toMatchObject({ recognised: 24_000, refunded: { recognised: 0, deferred: 96_000 } });
  });

  it('before the first day takes everything out of deferred revenue', () => {
    const early = credit('r', '2026-12-20', 120_000);
    expect(atTheEnd(early)).toMatchObject({ recognised: 0, refunded: { recognised: 0, deferred: 120_000 } });
  });

  it('after the last day reverses revenue only', () => {
    expect(atTheEnd(credit('r', '2028-02-01', 50_000))).toMatchObject({
      recognised: 120_000,
      refunded: { recognised: 50_000, deferred: 0 },
    });
  });

  it('of more than is left stands as contra revenue, where it is seen', () => {
    const position = atTheEnd(credit('a', fifth, 120_000), credit('b', '2027-06-01', 500));
    expect(position).toMatchObject({ recognised: 24_000, deferred: 0, refunded: { recognised: 24_500 } });
  });
});

describe('a lost dispute', () => {
  it('reverses like a refund, and is told apart from one', () => {
    expect(after(credit('d', fifth, 120_000, { cause: 'dispute' }))).toMatchObject({
      refunded: { recognised: 0, deferred: 0 },
      disputed: { recognised: 24_000, deferred: 96_000 },
    });
  });

  it('after a partial refund takes what that has left', () => {
    const dispute = credit('d', fifth, 60_000, { cause: 'dispute' });
    expect(after(credit('r', fifth, 60_000), dispute)).toMatchObject({
      deferred: 0,
      refunded: { recognised: 12_000, deferred: 48_000 },
      disputed: { recognised: 12_000, deferred: 48_000 },
    });
  });
});

describe('a cancellation', () => {
  const cancelled = (when: 'now' | 'period_end') => ({ kind: 'cancelled' as const, id: 'c', on: fifth, when });

  it('at the end of the period changes nothing', () => {
    expect(monthsOf(sampleSchedule({ events: [cancelled('period_end')] }))).toEqual(monthsOf(sampleSchedule()));
  });

  it('now earns that day what is neither had nor given back', () => {
    expect(recognisedUntil(sampleSchedule({ events: [cancelled('now')] }), fifth)).toBe(24_000);
    expect(after(cancelled('now'))).toMatchObject({ recognised: 120_000, deferred: 0 });
  });

  it('now with the unused part refunded earns nothing more, whichever of the two is known first', () => {
    const unused = credit('r', fifth, 96_000, { takes: 'unused_first' });
    for (const events of [
      [unused, cancelled('now')],
      [cancelled('now'), unused],
    ])
      expect(after(...events)).toMatchObject({ recognised: 24_000, deferred: 0, refunded: { deferred: 96_000 } });
  });
});

describe('a change of plan', () => {
  const upgrade = { kind: 'plan_changed' as const, id: 'p', on: fifth, net: 20_000, end: '2027-07-09' };

  it('is prospective: what was earned stays, the rest and the new money are earned until the new end', () => {
    const schedule = sampleSchedule({ events: [upgrade] });
    expect(daysBetween(fifth, upgrade.end)).toBe(116);
    expect(recognisedUntil(schedule, fifth)).toBe(24_000);
    expect(between(schedule, fifth, addDays(fifth, 58))).toBe(58_000);
    expect(positionUntil(schedule, upgrade.end)).toMatchObject({ invoiced: 140_000, recognised: 140_000, deferred: 0 });
  });
});

describe('every schedule', () => {
  it('accounts for the invoiced net on every day, whatever happened', () => {
    fc.assert(
      fc.property(anySchedule, anyDate, (schedule, until) => {
        const position = positionUntil(schedule, until);
        const invoiced = schedule.events.reduce(
          (net, event) => (event.kind === 'plan_changed' && event.on < until ? net + event.net : net),
          schedule.net,
        );
        expect(position.invoiced).toBe(invoiced);
        expect(position.recognised - contra(position) + position.deferred + givenBack(position)).toBe(invoiced);
        expect(position.deferred).toBeGreaterThanOrEqual(0);
        expect(position.recognised).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('is the same in whatever order its events become known', () => {
    const shuffled = anySchedule.chain((schedule) =>
      fc.tuple(
        fc.constant(schedule),
        fc.shuffledSubarray([...schedule.events], { minLength: schedule.events.length }),
        anyDate,
      ),
    );
    fc.assert(
      fc.property(shuffled, ([schedule, events, until]) => {
        expect(positionUntil({ ...schedule, events }, until)).toEqual(positionUntil(schedule, until));
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('never takes back what was earned, and has earned everything in the end', () => {
    fc.assert(
      fc.property(anySchedule, anyDate, fc.nat(60), (schedule, day, later) => {
        expect(recognisedUntil(schedule, addDays(day, later))).toBeGreaterThanOrEqual(recognisedUntil(schedule, day));
        expect(positionUntil(schedule, '2031-01-01').deferred).toBe(0);
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('ends at zero revenue when all of it is given back in parts', () => {
    const parts = fc.array(fc.integer({ min: 1, max: 10 ** 6 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(parts, fc.array(anyDate, { minLength: 8, maxLength: 8 }), (nets, days) => {
        const events = nets.map((net, index) => credit(`${index}`, days[index] ?? '2027-01-01', net));
        const schedule = sampleSchedule({ net: nets.reduce((a, b) => a + b, 0), events });
        const end = positionUntil(schedule, '2031-01-01');
        expect([end.recognised - contra(end), end.deferred]).toEqual([0, 0]);
      }),
      { numRuns: propertyRuns() },
    );
  });
});
