import { describe, expect, it } from '@jest/globals';
import { legalEntityAt } from '../../../domain/invoice/legal-entity.ts';
import {
  filingGivenUpAt,
  filingReminders,
  filingRule,
  isCorrectable,
  nextPeriod,
  parsePeriod,
  periodClosesAt,
  periodEndsAt,
  periodOfDate,
  returnReference,
} from '../../../domain/tax-report/filing-period.ts';
import { filingRules, taxSchemes } from '../../../domain/tax-report/data/filing-rules.ts';

const entity = legalEntityAt('2026-01-01T00:00:00Z');

describe('a filing period', () => {
  it.each([
    ['oss', '2026-01-01', '2026-Q1', '2026-01-01', '2026-04-01', '2026-04-30'],
    ['oss', '2026-03-31', '2026-Q1', '2026-01-01', '2026-04-01', '2026-04-30'],
    ['oss', '2026-04-01', '2026-Q2', '2026-04-01', '2026-07-01', '2026-07-31'],
    ['oss', '2026-09-30', '2026-Q3', '2026-07-01', '2026-10-01', '2026-10-31'],
    ['oss', '2026-12-31', '2026-Q4', '2026-10-01', '2027-01-01', '2027-01-31'],
    ['ca', '2026-11-30', '2026-Q4', '2026-10-01', '2027-01-01', '2027-01-31'],
    ['us', '2026-11-30', '2026-11', '2026-11-01', '2026-12-01', '2026-12-20'],
    ['us', '2026-12-01', '2026-12', '2026-12-01', '2027-01-01', '2027-01-20'],
    ['us', '2028-02-29', '2028-02', '2028-02-01', '2028-03-01', '2028-03-20'],
  ] as const)('of %s on %s is %s, from %s to before %s, due on %s', (scheme, date, period, start, end, dueDate) => {
    const found = periodOfDate(scheme, date);
    expect(found).toEqual({ scheme, period, start, end, dueDate });
    expect(parsePeriod(scheme, period)).toEqual(found);
    expect(nextPeriod(found).start).toBe(end);
  });

  it('is due on the last day of the next month, also when that is a Sunday', () => {
    // 31 January 2027.
    expect(new Date(parsePeriod('oss', '2026-Q4').dueDate).getUTCDay()).toBe(0);
  });

  it.each([
    ['oss', '2026-11'],
    ['oss', '2026-Q5'],
    ['oss', '2026-Q0'],
    ['oss', '2019-Q4'],
    ['oss', '26-Q4'],
    ['oss', '2026-Q4 '],
    ['us', '2026-Q4'],
    ['us', '2026-13'],
    ['us', '2026-00'],
    ['us', '2026-1'],
    ['ca', ''],
  ] as const)('of %s is never "%s"', (scheme, text) => {
    expect(() => parsePeriod(scheme, text)).toThrow(
      expect.objectContaining({ code: 'request.invalid', problems: [expect.objectContaining({ path: 'period' })] }),
    );
  });

  it.each([
    // Winter in Dublin is UTC, summer an hour ahead: clocks change on 29 March and 25 October 2026.
    ['2026-Q1', '2026-03-31T23:00:00.000Z', '2026-04-01T23:00:00.000Z'],
    ['2026-Q2', '2026-06-30T23:00:00.000Z', '2026-07-01T23:00:00.000Z'],
    ['2026-Q3', '2026-09-30T23:00:00.000Z', '2026-10-01T23:00:00.000Z'],
    ['2026-Q4', '2027-01-01T00:00:00.000Z', '2027-01-02T00:00:00.000Z'],
  ])('%s ends at midnight at the seat, %s, and closes a day later, %s', (period, endsAt, closesAt) => {
    expect(periodEndsAt(parsePeriod('oss', period), entity)).toBe(endsAt);
    expect(periodClosesAt(parsePeriod('oss', period), entity)).toBe(closesAt);
  });

  it('reminds at the seat’s midnights, across the change of clocks too', () => {
    // Due on 31 October 2026; clocks go back on the 25th.
    expect(filingReminders(parsePeriod('oss', '2026-Q3'), entity)).toEqual([
      { kind: 'due_in_14_days', at: '2026-10-16T23:00:00.000Z' },
      { kind: 'due_in_7_days', at: '2026-10-23T23:00:00.000Z' },
      { kind: 'due_in_2_days', at: '2026-10-29T00:00:00.000Z' },
      { kind: 'overdue', at: '2026-11-01T00:00:00.000Z' },
      { kind: 'overdue_for_10_days', at: '2026-11-10T00:00:00.000Z' },
    ]);
    expect(filingGivenUpAt(parsePeriod('oss', '2026-Q3'), entity)).toBe('2026-12-01T00:00:00.000Z');
  });

  it('has one reference for return and payment, unique by scheme and period', () => {
    expect(returnReference(parsePeriod('oss', '2026-Q4'), entity)).toBe('IE/IE1234567FA/Q4.2026');
    expect(returnReference(parsePeriod('us', '2026-11'), entity)).toBe('US/IE1234567FA/11.2026');
    expect(returnReference(parsePeriod('ca', '2026-Q4'), entity)).toBe('CA/IE1234567FA/Q4.2026');
  });

  it.each([
    ['2026-Q1', '2026-Q2', true],
    ['2026-Q1', '2029-Q1', true],
    ['2026-Q1', '2029-Q2', false],
  ])('%s may be corrected in %s: %s', (corrected, inReturn, allowed) => {
    expect(isCorrectable(parsePeriod('oss', corrected), parsePeriod('oss', inReturn))).toBe(allowed);
  });

  it('may be corrected for ever where no limit is on file', () => {
    expect(isCorrectable(parsePeriod('us', '2020-01'), parsePeriod('us', '2039-01'))).toBe(true);
  });
});

describe('the filing rules', () => {
  it('have exactly one row per scheme and day, each with a source', () => {
    for (const scheme of taxSchemes) {
      const rows = filingRules.filter((row) => row.scheme === scheme);
      expect(rows).toHaveLength(1);
      expect(filingRule(scheme, '2026-11-21')).toBe(rows[0]);
      expect(rows[0]?.source.length).toBeGreaterThan(10);
    }
  });

  it('are missing before 2020', () => {
    expect(() => filingRule('oss', '2019-12-31')).toThrow(expect.objectContaining({ code: 'tax.data_missing' }));
  });
});
