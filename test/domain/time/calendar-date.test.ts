import { describe, expect, it } from '@jest/globals';
import { addDays, addInterval, daysBetween, nextMonthStart, startOfDay } from '../../../domain/time/calendar-date.ts';

describe('a calendar date', () => {
  it.each([
    ['2027-01-31', { interval: 'month', count: 1 }, '2027-02-28'],
    ['2027-01-31', { interval: 'month', count: 2 }, '2027-03-31'],
    ['2028-02-29', { interval: 'year', count: 1 }, '2029-02-28'],
    ['2028-02-29', { interval: 'year', count: 4 }, '2032-02-29'],
    ['2027-12-31', { interval: 'day', count: 1 }, '2028-01-01'],
    ['2027-12-20', { interval: 'week', count: 2 }, '2028-01-03'],
  ] as const)('%s and %j is %s', (date, interval, later) => {
    expect(addInterval(date, interval)).toBe(later);
  });

  it('counts days over months, leap days and clock changes', () => {
    expect(daysBetween('2028-01-01', '2029-01-01')).toBe(366);
    expect(daysBetween('2027-03-27', '2027-03-29')).toBe(2);
    expect(daysBetween('2027-03-02', '2027-03-01')).toBe(-1);
    expect(addDays('2028-02-28', 2)).toBe('2028-03-01');
    expect(addDays('2027-01-01', -1)).toBe('2026-12-31');
  });

  it('knows the first day of the next month', () => {
    expect(['2027-01-31', '2027-12-01'].map(nextMonthStart)).toEqual(['2027-02-01', '2028-01-01']);
  });

  it.each([
    ['in winter', '2027-01-15', 'Europe/Dublin', '2027-01-15T00:00:00.000Z'],
    ['in summer', '2027-07-15', 'Europe/Dublin', '2027-07-14T23:00:00.000Z'],
    ['where the clock change skips midnight', '2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z'],
  ])('begins %s', (_, date, zone, instant) => {
    expect(startOfDay(date, zone)).toBe(instant);
  });

  it.each(['2027-02-29', '2027-1-1', '27-01-01', '2027-13-01', '', '2027-01-01T00:00:00Z', '+02027-01-01'])(
    'is refused as "%s"',
    (date) => {
      expect(() => addDays(date, 1)).toThrow(expect.objectContaining({ code: 'time.date_invalid' }));
    },
  );
});
