import { describe, expect, it } from '@jest/globals';
import { taxClasses } from '../../../domain/catalog/catalog.ts';
import type { Recurrence } from '../../../domain/catalog/catalog.ts';
import { accountingClose } from '../../../domain/revenue/data/accounting-close.ts';
import { recognitionRules } from '../../../domain/revenue/data/recognition-rules.ts';
import { isMonthClosed } from '../../../domain/revenue/accounting-month.ts';
import { isDeferred, recognitionMethod } from '../../../domain/revenue/recognition-policy.ts';
import { servicePeriod } from '../../../domain/revenue/service-period.ts';

const monthly: Recurrence = { interval: 'month', count: 1, usage: 'licensed', meter: null };
const metered: Recurrence = { ...monthly, usage: 'metered', meter: 'calls' };
const at = '2027-01-31T10:00:00.000Z';

describe('when a line is earned', () => {
  it.each([
    ['a download', 'software_download', null, 'at_once'],
    ['a download paid by the month', 'software_download', monthly, 'over_time'],
    ['a subscription', 'saas', monthly, 'over_time'],
    ['streaming', 'streaming', monthly, 'over_time'],
    ['software as a service without a period', 'saas', null, 'at_once'],
    ['what was used', 'saas', metered, 'at_once'],
    ['a box by the month', 'physical', monthly, 'at_once'],
    ['shipping', 'shipping', null, 'at_once'],
  ] as const)('%s', (_, taxClass, recurring, method) => {
    expect(recognitionMethod({ taxClass, recurring }, '2027-01-31')).toBe(method);
  });

  it('is looked up by the date of the sale', () => {
    const [rule] = recognitionRules.filter(({ taxClass, billing }) => taxClass === 'ebook' && billing === 'recurring');
    if (rule === undefined) throw new Error('there is no rule for e-books');
    const dated = [
      { ...rule, validTo: '2027-07-01' },
      { ...rule, method: 'at_once' as const, validFrom: '2027-07-01' },
    ];
    const on = (date: string) => recognitionMethod({ taxClass: 'ebook', recurring: monthly }, date, dated);
    expect([on('2027-06-30'), on('2027-07-01')]).toEqual(['over_time', 'at_once']);
  });

  it('must be on file', () => {
    expect(() => recognitionMethod({ taxClass: 'saas', recurring: null }, '2001-01-01')).toThrow(
      expect.objectContaining({ code: 'revenue.rule_missing' }),
    );
    expect(() => isMonthClosed('2001-01-01', '2001-01-02')).toThrow(
      expect.objectContaining({ code: 'revenue.rule_missing' }),
    );
  });

  it.each([
    ['a subscription', { net: 900 }, true],
    ['a trial', { net: 0 }, false],
    ['what is paid once', { recurring: null }, false],
  ] as const)('defers %s: %j', (_, change, deferred) => {
    const line = { taxClass: 'saas', recurring: monthly, net: 900, sellerTerms: null, ...change } as const;
    expect(isDeferred(line, at)).toBe(deferred);
  });
});

describe('the rules', () => {
  it('answer every tax class and way of charging exactly once, each with its source', () => {
    const keys = recognitionRules.map(({ taxClass, billing }) => `${taxClass} ${billing}`);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toHaveLength(taxClasses.length * 3);
    for (const row of [...recognitionRules, ...accountingClose]) {
      expect(row.source).not.toBe('');
      expect(row.checkedOn).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    }
  });
});

describe('the service period', () => {
  it.each([
    ['a month from the last of January', monthly, at, { start: '2027-01-31', end: '2027-02-28' }],
    ['a quarter', { ...monthly, count: 3 }, at, { start: '2027-01-31', end: '2027-04-30' }],
    [
      'a fortnight',
      { ...monthly, interval: 'week', count: 2 } as const,
      at,
      { start: '2027-01-31', end: '2027-02-14' },
    ],
    [
      'a year from a leap day',
      { ...monthly, interval: 'year' } as const,
      '2028-02-29T10:00:00Z',
      { start: '2028-02-29', end: '2029-02-28' },
    ],
    [
      'a day from local midnight',
      { ...monthly, interval: 'day' } as const,
      '2027-06-30T23:00:00Z',
      { start: '2027-07-01', end: '2027-07-02' },
    ],
  ])('is %s', (_, recurrence, soldAt, period) => {
    expect(servicePeriod(recurrence, soldAt, 'Europe/Dublin')).toEqual(period);
  });
});
