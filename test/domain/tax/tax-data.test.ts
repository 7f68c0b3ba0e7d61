import { describe, expect, it } from '@jest/globals';
import {
  checkSeries,
  checkTaxData,
  staleTaxData,
  taxDataSeries,
  taxTables,
} from '../../../domain/tax/check-tax-data.ts';
import type { TaxTables } from '../../../domain/tax/check-tax-data.ts';
import type { DatedRow } from '../../../domain/tax/dated-row.ts';

const row = (values: Partial<DatedRow & { rate: string }> = {}): DatedRow & { rate: string } => ({
  validFrom: '2020-01-01',
  validTo: null,
  source: 'a source',
  checkedOn: '2026-11-21',
  confidence: 'source',
  rate: '0.2',
  ...values,
});
const textsOf = (...rows: readonly DatedRow[]) =>
  checkSeries({ table: 't', series: 's', rows }, '2026-11-21').map(({ text }) => text);

const zonesWithout = (place: string) =>
  Object.fromEntries(Object.entries(taxTables.timeZones).filter(([key]) => key !== place));

describe('the tax tables', () => {
  it('have no overlap, no hole, a source on every row and an answer for every state', () => {
    expect(checkTaxData('2026-11-21')).toEqual([]);
  });

  it('list rows apart that nobody has compared with their source for 90 days', () => {
    expect(staleTaxData('2027-02-19')).toEqual([]);
    const rows = taxDataSeries().flatMap((series) => series.rows);
    const inForce = rows.filter(({ validTo }) => validTo === null || validTo > '2027-02-20');
    expect(staleTaxData('2027-02-20').length).toBe(inForce.length);
    expect(checkTaxData('2027-02-20')).toEqual([]);
  });

  it.each([
    ['an overlap', [row(), row({ validFrom: '2025-01-01' })], 'overlap at 2025-01-01'],
    [
      'a hole',
      [row({ validTo: '2024-01-01' }), row({ validFrom: '2025-01-01' })],
      'hole from 2024-01-01 to 2025-01-01',
    ],
    ['an end', [row({ validTo: '2025-01-01' })], 'ends on 2025-01-01 and nothing follows'],
    ['no source', [row({ source: ' ' })], 'no source for the row of 2020-01-01'],
    ['a date that is no day of the calendar', [row({ validFrom: '2020-1-1' })], '"2020-1-1" is not a date'],
    ['an end before the beginning', [row({ validTo: '2020-01-01' }), row()], 'ends before it begins: 2020-01-01'],
    ['no date', [row({ validFrom: '2021-02-30' })], '"2021-02-30" is not a date'],
    ['a percentage for a rate', [row({ rate: '19' })], '"19" is not a rate between 0 and 1'],
    ['a rate that is no number', [row({ rate: '19%' })], '"19%" is not a rate between 0 and 1'],
    ['a time for a date', [row({ validFrom: '2020-01-01T00:00:00Z' })], '"2020-01-01T00:00:00Z" is not a date'],
    ['something before a date', [row({ checkedOn: ' 2020-01-01' })], '" 2020-01-01" is not a date'],
    ['a month that is none', [row({ validFrom: '2020-13-01' })], '"2020-13-01" is not a date'],
    [
      'an overlap by the order of the file',
      [row({ validFrom: '2025-01-01' }), row({ validTo: '2025-02-01' })],
      'overlap at 2025-01-01',
    ],
    ['a check in the future', [row({ checkedOn: '2026-11-22' })], 'checked in the future: 2026-11-22'],
  ])('with %s are reported', (_, rows, text) => {
    expect(textsOf(...rows)).toEqual([text]);
  });

  it('may stand in any order in the file', () => {
    const steps = ['2022-01-01', '2020-01-01', '2021-01-01'];
    const ends: Readonly<Record<string, string | null>> = { '2020-01-01': '2021-01-01', '2021-01-01': '2022-01-01' };
    expect(textsOf(...steps.map((validFrom) => row({ validFrom, validTo: ends[validFrom] ?? null })))).toEqual([]);
    expect(textsOf()).toEqual([]);
    expect(textsOf(row({ validTo: '2024-02-30' }))).toContain('"2024-02-30" is not a date');
  });

  it('say of a stale row since when and against which source', () => {
    const { table, series, text } = staleTaxData('2027-02-20')[0] ?? {};
    expect([table, series]).toEqual(['eu-vat standard', 'AT']);
    expect(text).toMatch(/^not checked since 2026-11-21 \(European Commission TEDB .*\)$/);
    // The row of South Dakota that ends on that day is no longer in force.
    const dakota = (today: string) =>
      staleTaxData(today).filter((one) => one.table === 'us-states' && one.series === 'US-SD');
    expect([dakota('2027-06-30').length, dakota('2027-07-01').length]).toEqual([2, 1]);
  });

  it.each<readonly [string, Partial<TaxTables>, string]>([
    ['a country', { countries: [...taxTables.countries, 'AF'] }, 'time-zones: AF: no time zone'],
    ['a province', { timeZones: zonesWithout('CA-QC') }, 'time-zones: CA-QC: no time zone'],
    ['a state', { timeZones: zonesWithout('US-TX') }, 'time-zones: US-TX: no time zone'],
    [
      'a state for a class and customer',
      {
        usTaxability: taxTables.usTaxability.filter(
          (one) => one.state !== 'TX' || one.taxClass !== 'saas' || one.customer !== 'business',
        ),
      },
      'us-taxability: TX saas business: no answer',
    ],
    [
      'a nexus threshold',
      { nexusStates: taxTables.nexusStates.filter((state) => state !== 'TX') },
      'us-nexus: TX: no threshold',
    ],
    [
      'a rule for a class',
      { classesWithRule: taxTables.classesWithRule.filter((one) => one !== 'ebook') },
      'tax-class-rules: ebook: no rule',
    ],
    [
      'a tax under the key of a registration',
      { registrations: [...taxTables.registrations, { legalEntity: 'waybill_ie', key: 'US-ZZ' }] },
      'registrations: waybill_ie US-ZZ: no tax is charged under this key',
    ],
  ])('that miss %s are reported', (_, tables, problem) => {
    const problems = checkTaxData('2026-11-21', { ...taxTables, ...tables });
    expect(problems.map(({ table, series, text }) => `${table}: ${series}: ${text}`)).toEqual([problem]);
  });

  it('hold registrations for every kind of key', () => {
    const registrations = ['EU', 'IE', 'CA', 'CA-QC', 'US-TX', 'RE', 'JP'].map((key) => ({ legalEntity: 'e', key }));
    expect(checkTaxData('2026-11-21', { ...taxTables, registrations })).toEqual([]);
  });

  it('are cut into series by what they answer', () => {
    const named = taxDataSeries().map(({ table, series }) => `${table}: ${series}`);
    expect(new Set(named).size).toBe(named.length);
    for (const series of [
      'eu-vat standard: RO',
      'eu-vat ebook: RO',
      'eu-territories: PT-20',
      'goods-territories: XI',
      'tax-areas: MC',
      'world-vat: JP',
      'world-vat ebook: CH',
      'canada: CA-NS GST',
      'canada: CA-QC QST',
      'us-states: US-TX',
      'us-taxability: US-TX saas business',
      'us-nexus: US-TX',
      'us-nexus-warning: percent',
      'evidence-thresholds: EUR',
      'tax-class-rules: ebook',
      'registrations: waybill_ie US-TX',
      'business-tax-id-policy: days',
      'business-tax-id-policy: askAgainAfterHours',
    ])
      expect(named).toContain(series);
  });
});
