import { describe, expect, it } from '@jest/globals';
import type { ExchangeRate } from '../../../domain/money/exchange-rate.ts';
import { parseRate } from '../../../domain/money/rate.ts';
import type { TaxScheme } from '../../../domain/tax-report/data/filing-rules.ts';
import { filingRule, parsePeriod } from '../../../domain/tax-report/filing-period.ts';
import { nexusSummary } from '../../../domain/tax-report/nexus-summary.ts';
import { reportEntries } from '../../../domain/tax-report/report-entry.ts';
import type { TaxDocument } from '../../../domain/tax-report/report-entry.ts';
import { tallyOfReports, tallyUp, taxReport } from '../../../domain/tax-report/tax-report.ts';
import type { TaxReport } from '../../../domain/tax-report/tax-report.ts';

const tax = (jurisdiction: string, name: string, rate: string, base: number, amount: number) => {
  return { jurisdiction, name, rate, base, amount };
};

function document(change: Partial<TaxDocument> = {}): TaxDocument {
  return {
    ...{ kind: 'invoice', series: 'INV', year: 2026, sequence: 1, sellerCountry: 'IE' },
    ...{ date: '2026-11-20', suppliedOn: '2026-11-20', currency: 'EUR', net: 10_000 },
    placeOfSupply: { country: 'DE', region: null },
    taxes: [tax('DE', 'VAT', '0.19', 10_000, 1_900)],
    ...change,
  };
}
const credit = (change: Partial<TaxDocument> = {}) => document({ kind: 'credit_note', series: 'CN', ...change });

const rateFor = (currency: string, suppliedIn: string): ExchangeRate => ({
  ...{ from: 'EUR', to: currency, date: '2026-12-31', source: `test ${suppliedIn}` },
  rate: parseRate(suppliedIn === '2026-Q4' ? '1.1' : '1.3'),
});

function returnOf(
  scheme: TaxScheme,
  period: string,
  documents: readonly TaxDocument[],
  before: readonly TaxReport[] = [],
) {
  return taxReport({
    period: parsePeriod(scheme, period),
    legalEntity: 'waybill_ie',
    reference: 'ref',
    currency: filingRule(scheme, '2026-01-01').currency,
    tally: tallyUp(
      new Map(),
      documents.flatMap((one) => reportEntries(scheme, one)),
    ),
    reported: tallyOfReports(before),
    rateFor,
  });
}

describe('the One-Stop Shop return', () => {
  it('has a row per member state, kind of rate and rate', () => {
    const report = returnOf('oss', '2026-Q4', [
      document(),
      document(),
      document({ taxes: [tax('DE', 'VAT', '0.07', 1_000, 70)] }),
      document({ taxes: [tax('FR', 'VAT', '0.2', 500, 100), tax('FR', 'VAT', '0.055', 200, 11)] }),
    ]);
    expect(
      report.lines.map((row) => [row.jurisdiction, row.rateType, row.rate, row.base, row.tax, row.transactions]),
    ).toEqual([
      ['DE', 'reduced', '0.07', 1_000, 70, 1],
      ['DE', 'standard', '0.19', 20_000, 3_800, 2],
      ['FR', 'reduced', '0.055', 200, 11, 1],
      ['FR', 'standard', '0.2', 500, 100, 1],
    ]);
    expect(report.totals.supplies).toEqual({ sales: 21_700, exempt: 0, base: 21_700, tax: 3_981, transactions: 5 });
    expect(report).toMatchObject({ nil: false, currency: 'EUR', dueDate: '2027-01-31', rates: [] });
  });

  it.each([
    ['the seller’s own member state', document({ taxes: [tax('IE', 'VAT', '0.23', 10_000, 2_300)] })],
    ['a reverse charge', document({ taxes: [] })],
    ['the United Kingdom', document({ taxes: [tax('GB', 'VAT', '0.2', 10_000, 2_000)] })],
    ['the French overseas departments', document({ taxes: [tax('GP', 'VAT', '0.085', 10_000, 850)] })],
    ['an American state', document({ taxes: [tax('US-TX', 'Sales tax', '0.0625', 10_000, 625)] })],
  ])('leaves out %s, and is nil then', (_what, one) => {
    const report = returnOf('oss', '2026-Q4', [one]);
    expect(report).toMatchObject({ nil: true, lines: [] });
    expect(report.totals.supplies.tax).toBe(0);
  });

  it.each([
    ['PT-20', '0.16', 'PT', 'standard'],
    ['PT-30', '0.05', 'PT', 'reduced'],
    ['AT-JUNGHOLZ', '0.19', 'AT', 'standard'],
    ['XI', '0.2', 'XI', 'standard'],
  ])('counts %s at %s under %s as %s', (jurisdiction, rate, memberState, rateType) => {
    const report = returnOf('oss', '2026-Q4', [document({ taxes: [tax(jurisdiction, 'VAT', rate, 100, 16)] })]);
    expect(report.lines).toEqual([expect.objectContaining({ jurisdiction: memberState, rateType, rate })]);
  });

  it('knows what was the standard rate on the day of supply', () => {
    const old = document({ date: '2025-06-30', suppliedOn: '2025-06-30', taxes: [tax('EE', 'VAT', '0.22', 100, 22)] });
    const now = document({ date: '2025-07-01', suppliedOn: '2025-07-01', taxes: [tax('EE', 'VAT', '0.24', 100, 24)] });
    expect(returnOf('oss', '2025-Q2', [old]).lines[0]?.rateType).toBe('standard');
    expect(returnOf('oss', '2025-Q3', [now]).lines[0]?.rateType).toBe('standard');
  });

  it('adds up per currency and converts once, by the published rate', () => {
    const usd = (base: number, amount: number) =>
      document({ currency: 'USD', taxes: [tax('DE', 'VAT', '0.19', base, amount)] });
    const report = returnOf('oss', '2026-Q4', [usd(33, 6), usd(33, 6), document()]);
    expect(report.lines).toEqual([
      expect.objectContaining({
        amounts: [
          { currency: 'EUR', sales: 10_000, base: 10_000, tax: 1_900 },
          { currency: 'USD', sales: 66, base: 66, tax: 12 },
        ],
        base: 10_060,
        tax: 1_911,
      }),
    ]);
    expect(report.rates).toEqual([
      { suppliedIn: '2026-Q4', from: 'EUR', to: 'USD', rate: '1.1', date: '2026-12-31', source: 'test 2026-Q4' },
    ]);
  });

  it('takes a credit note off its quarter when it is of the same one', () => {
    const report = returnOf('oss', '2026-Q4', [document(), credit({ taxes: [tax('DE', 'VAT', '0.19', 4_000, 760)] })]);
    expect(report.lines).toEqual([
      expect.objectContaining({ section: 'supplies', base: 6_000, tax: 1_140, transactions: 1 }),
    ]);
  });

  it('corrects an earlier quarter at the rate of that quarter, and a full refund leaves nothing of it', () => {
    const sale = document({ currency: 'USD', taxes: [tax('DE', 'VAT', '0.19', 10_000, 1_900)] });
    const half = (part: number, date: string) =>
      credit({ date, currency: 'USD', taxes: [tax('DE', 'VAT', '0.19', part, Math.round(part * 0.19))] });
    const first = returnOf('oss', '2026-Q4', [sale]);
    const second = returnOf('oss', '2027-Q1', [half(3_333, '2027-02-01')], [first]);
    const third = returnOf('oss', '2027-Q2', [half(6_667, '2027-05-01')], [first, second]);
    expect(second.lines).toEqual([
      expect.objectContaining({ section: 'corrections', suppliedIn: '2026-Q4', jurisdiction: 'DE', transactions: 0 }),
    ]);
    expect(second.rates).toEqual([expect.objectContaining({ suppliedIn: '2026-Q4', rate: '1.1' })]);
    expect(second.totals.supplies.tax).toBe(0);
    const all = [first, second, third].flatMap(({ lines }) => lines);
    expect(all.reduce((total, row) => total + row.tax, 0)).toBe(0);
    expect(all.reduce((total, row) => total + row.base, 0)).toBe(0);
  });

  it('sets corrections apart that come more than three years after the return was due', () => {
    const late = credit({ date: '2030-01-15', suppliedOn: '2026-11-20' });
    const inTime = credit({ date: '2029-12-31', suppliedOn: '2026-11-20' });
    expect(returnOf('oss', '2029-Q4', [inTime]).lines[0]).toMatchObject({ section: 'corrections', tax: -1_900 });
    const report = returnOf('oss', '2030-Q1', [late]);
    expect(report.lines[0]).toMatchObject({ section: 'expired_corrections', suppliedIn: '2026-Q4', tax: -1_900 });
    expect(report.totals).toMatchObject({ corrections: { tax: 0 }, expired_corrections: { tax: -1_900 } });
  });
});

describe('the American summary', () => {
  const inState = (region: string, taxes: TaxDocument['taxes'], net = 10_000) =>
    document({ currency: 'USD', net, placeOfSupply: { country: 'US', region }, taxes });

  it('shows per state gross, exempt and taxable sales, tax and transactions, also where nothing is taxed', () => {
    const exempt = { ...tax('US-TX', 'Sales tax', '0', 10_000, 0), exemption: 'exc_1' };
    const report = returnOf('us', '2026-11', [
      inState('TX', [tax('US-TX', 'Sales tax', '0.0625', 8_000, 500)]),
      inState('TX', [exempt]),
      inState('OR', [], 3_000),
      document(),
    ]);
    expect(
      report.lines.map((row) => [row.jurisdiction, row.sales, row.exempt, row.base, row.tax, row.transactions]),
    ).toEqual([
      ['US-OR', 3_000, 3_000, 0, 0, 1],
      ['US-TX', 20_000, 12_000, 8_000, 500, 2],
    ]);
    expect(report).toMatchObject({ currency: 'USD', dueDate: '2026-12-20', nil: false });
  });

  it('counts a credit note in the month in which it is issued, and not as a sale less', () => {
    const given = { ...inState('TX', [tax('US-TX', 'Sales tax', '0.0625', 8_000, 500)]), kind: 'credit_note' as const };
    const report = returnOf('us', '2026-11', [{ ...given, suppliedOn: '2026-03-01' }]);
    expect(report.lines).toEqual([
      expect.objectContaining({ section: 'supplies', sales: -10_000, tax: -500, transactions: 0 }),
    ]);
  });

  it('warns of nexus from 80 % of a threshold, over the period that the state looks at', () => {
    const sales = (jurisdiction: string, month: string, amount: number) => {
      return { jurisdiction, month, sales: amount, transactions: 1 };
    };
    const summary = nexusSummary(parsePeriod('us', '2026-11'), [
      sales('US-TX', '2025-12-01', 39_000_000),
      sales('US-TX', '2026-11-01', 1_000_000),
      sales('US-TX', '2025-11-01', 90_000_000),
      sales('US-FL', '2026-02-01', 10_000_000),
      sales('US-WA', '2026-02-01', 100),
    ]);
    expect(summary.map(({ jurisdiction, status }) => [jurisdiction, status])).toEqual([
      ['US-FL', 'exceeded'],
      ['US-TX', 'warning'],
      ['US-WA', 'below'],
    ]);
    expect(summary[1]).toMatchObject({ sales: 40_000_000, transactions: 2, thresholdSales: 50_000_000 });
  });
});

describe('the Canadian summary', () => {
  const inProvince = (region: string, taxes: TaxDocument['taxes']) =>
    document({ currency: 'CAD', placeOfSupply: { country: 'CA', region }, taxes });

  it('has a line per province and tax', () => {
    const report = returnOf('ca', '2026-Q4', [
      inProvince('QC', [tax('CA', 'GST', '0.05', 10_000, 500), tax('CA-QC', 'QST', '0.09975', 10_000, 998)]),
      inProvince('BC', [tax('CA', 'GST', '0.05', 10_000, 500), tax('CA-BC', 'PST', '0.07', 10_000, 700)]),
      inProvince('ON', [tax('CA-ON', 'HST', '0.13', 10_000, 1_300)]),
    ]);
    expect(report.lines.map((row) => [row.jurisdiction, row.name, row.rate, row.tax])).toEqual([
      ['CA-BC', 'GST', '0.05', 500],
      ['CA-BC', 'PST', '0.07', 700],
      ['CA-ON', 'HST', '0.13', 1_300],
      ['CA-QC', 'GST', '0.05', 500],
      ['CA-QC', 'QST', '0.09975', 998],
    ]);
    expect(report.currency).toBe('CAD');
  });
});
