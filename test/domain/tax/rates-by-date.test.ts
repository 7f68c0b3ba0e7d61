import { describe, expect, it } from '@jest/globals';
import type { TaxClass } from '../../../domain/catalog/catalog.ts';
import { isFailure } from '../../../domain/failures.ts';
import type { CustomerType } from '../../../domain/order/order.ts';
import { taxDataSeries } from '../../../domain/tax/check-tax-data.ts';
import { taxesFor } from '../../../domain/tax/taxes-for.ts';
import { place } from './place.ts';

interface Sale {
  readonly taxClass?: TaxClass;
  readonly customerType?: CustomerType;
  readonly postalCode?: string;
}

/** "US-TX" or "FR"; rates joined by "+". */
function ratesOf(where: string, at: string, sale: Sale = {}): string {
  const [country = '', region = null] = where.split('-');
  const { taxClass = 'saas', customerType = 'consumer', postalCode = null } = sale;
  const taxes = taxesFor({ place: place(country, region, postalCode), taxClass, customerType, at });
  return taxes.map(({ rate }) => rate).join('+');
}

const minute = (at: string, offset: number) => new Date(Date.parse(at) + offset * 60_000).toISOString();

type Change = readonly [where: string, midnightUtc: string, before: string, after: string, sale?: Sale];

/** The instant is local midnight there, written in UTC by hand. */
const changes: readonly Change[] = [
  ['DE', '2020-06-30T22:00Z', '0.19', '0.16'],
  ['DE', '2020-12-31T23:00Z', '0.16', '0.19'],
  ['IE', '2020-08-31T23:00Z', '0.23', '0.21'],
  ['IE', '2021-03-01T00:00Z', '0.21', '0.23'],
  ['LU', '2022-12-31T23:00Z', '0.17', '0.16'],
  ['LU', '2023-12-31T23:00Z', '0.16', '0.17'],
  ['EE', '2023-12-31T22:00Z', '0.20', '0.22'],
  ['EE', '2025-06-30T21:00Z', '0.22', '0.24'],
  ['FI', '2024-08-31T21:00Z', '0.24', '0.255'],
  ['SK', '2024-12-31T23:00Z', '0.20', '0.23'],
  ['RO', '2025-07-31T21:00Z', '0.19', '0.21'],
  ['PT', '2021-07-01T00:00Z', '0.18', '0.16', { postalCode: '9500-100' }],
  ['CH', '2023-12-31T23:00Z', '0.077', '0.081'],
  ['LI', '2023-12-31T23:00Z', '0.077', '0.081'],
  ['TR', '2023-07-09T21:00Z', '0.18', '0.20'],
  ['SG', '2022-12-31T16:00Z', '0.07', '0.08'],
  ['SG', '2023-12-31T16:00Z', '0.08', '0.09'],
  ['MY', '2024-02-29T16:00Z', '0.06', '0.08'],
  ['KZ', '2025-12-31T19:00Z', '0.12', '0.16'],
  ['SA', '2020-06-30T21:00Z', '0.05', '0.15'],
  ['BH', '2021-12-31T21:00Z', '0.05', '0.10'],
  ['EC', '2024-04-01T05:00Z', '0.12', '0.15'],
  ['CA-NS', '2025-04-01T03:00Z', '0.15', '0.14'],
  ['CA-MB', '2026-01-01T06:00Z', '0.05', '0.05+0.07'],
  ['US-LA', '2025-01-01T06:00Z', '0.0445', '0.05', { taxClass: 'physical' }],
  ['US-LA', '2025-01-01T06:00Z', '', '0.05'],
  ['US-NM', '2022-07-01T06:00Z', '0.05125', '0.05', { taxClass: 'physical' }],
  ['US-NM', '2023-07-01T06:00Z', '0.05', '0.04875', { taxClass: 'physical' }],
  ['US-SD', '2023-07-01T05:00Z', '0.045', '0.042', { taxClass: 'physical' }],
  ['US-MD', '2025-07-01T04:00Z', '', '0.03', { customerType: 'business' }],
  ['US-MD', '2025-07-01T04:00Z', '0.06', '0.06', { customerType: 'consumer' }],
  ['DE', '2020-06-30T22:00Z', '0.07', '0.05', { taxClass: 'ebook' }],
  ['DE', '2020-12-31T23:00Z', '0.05', '0.07', { taxClass: 'ebook' }],
  ['CZ', '2020-04-30T22:00Z', '0.21', '0.10', { taxClass: 'ebook' }],
  ['CZ', '2023-12-31T23:00Z', '0.10', '0', { taxClass: 'ebook' }],
  ['ES', '2020-04-22T22:00Z', '0.21', '0.04', { taxClass: 'ebook' }],
  ['FI', '2024-12-31T22:00Z', '0.10', '0.14', { taxClass: 'ebook' }],
  ['FI', '2025-12-31T22:00Z', '0.14', '0.135', { taxClass: 'ebook' }],
  ['IE', '2024-01-01T00:00Z', '0.09', '0', { taxClass: 'ebook' }],
  ['US-LA', '2030-01-01T06:00Z', '0.05', '0.0475', { taxClass: 'physical' }],
  ['US-SD', '2027-07-01T05:00Z', '0.042', '0.045', { taxClass: 'physical' }],
  ['BG', '2020-06-30T21:00Z', '0.20', '0.09', { taxClass: 'ebook' }],
  ['BG', '2022-12-31T22:00Z', '0.09', '0.09', { taxClass: 'ebook' }],
  ['CY', '2023-07-20T21:00Z', '0.19', '0.03', { taxClass: 'ebook' }],
  ['EE', '2020-04-30T21:00Z', '0.20', '0.09', { taxClass: 'ebook' }],
  ['GR', '2021-06-30T21:00Z', '0.24', '0.06', { taxClass: 'ebook' }],
  ['LT', '2022-12-31T22:00Z', '0.21', '0.09', { taxClass: 'ebook' }],
  ['LT', '2025-12-31T22:00Z', '0.09', '0.05', { taxClass: 'ebook' }],
  ['LV', '2021-12-31T22:00Z', '0.21', '0.05', { taxClass: 'ebook' }],
  ['RO', '2021-12-31T22:00Z', '0.19', '0.05', { taxClass: 'ebook' }],
  ['RO', '2025-07-31T21:00Z', '0.05', '0.11', { taxClass: 'ebook' }],
  ['SK', '2024-12-31T23:00Z', '0.20', '0.05', { taxClass: 'ebook' }],
  ['LI', '2023-12-31T23:00Z', '0.025', '0.026', { taxClass: 'ebook' }],
  ['US-LA', '2025-01-01T06:00Z', '', '0.05', { taxClass: 'ebook' }],
  ['GB', '2020-04-30T23:00Z', '0.20', '0', { taxClass: 'ebook' }],
  ['CH', '2023-12-31T23:00Z', '0.025', '0.026', { taxClass: 'ebook' }],
];

describe('a rate change', () => {
  it.each(changes)('in %s takes effect at local midnight, %s: %s, then %s', (...change) => {
    const [where, midnight, before, after, sale] = change;
    expect(ratesOf(where, minute(midnight, -1), sale)).toBe(before);
    expect(ratesOf(where, minute(midnight, 0), sale)).toBe(after);
    expect(ratesOf(where, minute(midnight, 1), sale)).toBe(after);
  });

  it('that the tables hold has a line in this test', () => {
    const tables = [
      'eu-vat standard',
      'eu-vat ebook',
      'eu-territories',
      'world-vat',
      'world-vat ebook',
      'canada',
      'us-states',
      'us-taxability',
    ];
    const seams = taxDataSeries()
      .filter(({ table }) => tables.includes(table))
      .flatMap(({ series, rows }) => rows.slice(1).map((row) => `${series.split(' ')[0] ?? ''} ${row.validFrom}`));
    const day = (at: string) => new Date(Date.parse(at) + 12 * 3_600_000).toISOString().slice(0, 10);
    const tested = changes.map(([where, midnight, , , sale]) =>
      sale?.postalCode === undefined ? `${where} ${day(midnight)}` : `PT-20 ${day(midnight)}`,
    );
    expect(seams.filter((seam) => !tested.includes(seam))).toEqual([]);
  });
});

describe('the rate on 2026-11-21', () => {
  const at = '2026-11-21T12:00:00Z';
  it.each([
    ['AT', '0.20'],
    ['BE', '0.21'],
    ['BG', '0.20'],
    ['CY', '0.19'],
    ['CZ', '0.21'],
    ['DE', '0.19'],
    ['DK', '0.25'],
    ['EE', '0.24'],
    ['ES', '0.21'],
    ['FI', '0.255'],
    ['FR', '0.20'],
    ['GR', '0.24'],
    ['HR', '0.25'],
    ['HU', '0.27'],
    ['IE', '0.23'],
    ['IT', '0.22'],
    ['LT', '0.21'],
    ['LU', '0.17'],
    ['LV', '0.21'],
    ['MT', '0.18'],
    ['NL', '0.21'],
    ['PL', '0.23'],
    ['PT', '0.23'],
    ['RO', '0.21'],
    ['SE', '0.25'],
    ['SI', '0.22'],
    ['SK', '0.23'],
    ['GB', '0.20'],
    ['NO', '0.25'],
    ['CH', '0.081'],
    ['LI', '0.081'],
    ['IS', '0.24'],
    ['JP', '0.10'],
    ['KR', '0.10'],
    ['AU', '0.10'],
    ['NZ', '0.15'],
    ['SG', '0.09'],
    ['IN', '0.18'],
    ['TH', '0.07'],
    ['MX', '0.16'],
    ['ZA', '0.15'],
    ['MC', '0.20'],
    ['IM', '0.20'],
    ['HK', ''],
    ['AR', ''],
    ['CA-ON', '0.13'],
    ['CA-NS', '0.14'],
    ['CA-NB', '0.15'],
    ['CA-NL', '0.15'],
    ['CA-PE', '0.15'],
    ['CA-AB', '0.05'],
    ['CA-QC', '0.05+0.09975'],
    ['CA-BC', '0.05+0.07'],
    ['CA-SK', '0.05+0.06'],
    ['CA-MB', '0.05+0.07'],
    ['US-NY', '0.04'],
    ['US-WA', '0.065'],
    ['US-CA', ''],
    ['US-OR', ''],
    ['US-PA', '0.06'],
    ['US-OH', ''],
  ])('for SaaS sold to a consumer in %s is %s', (where, rates) => {
    expect(ratesOf(where, at)).toBe(rates);
  });

  it.each([
    ['CT', 'consumer', '0.0635', '1'],
    ['CT', 'business', '0.01', '1'],
    ['MD', 'consumer', '0.06', '1'],
    ['MD', 'business', '0.03', '1'],
    ['OH', 'business', '0.0575', '1'],
    ['TX', 'consumer', '0.0625', '0.80'],
    ['TX', 'business', '0.0625', '0.80'],
  ] as const)('for SaaS in %s to a %s is %s on %s of the price', (state, customerType, rate, baseShare) => {
    expect(taxesFor({ place: place('US', state), taxClass: 'saas', customerType, at })).toEqual([
      { jurisdiction: `US-${state}`, name: 'Sales tax', rate, baseShare, registration: `US-${state}` },
    ]);
  });

  it.each([
    ['ES', '35001', ''],
    ['ES', '38001', ''],
    ['ES', '51001', ''],
    ['ES', '52001', ''],
    ['ES', '28001', '0.21'],
    ['PT', '9000-001', '0.22'],
    ['PT', '9700-100', '0.16'],
    ['PT', '1000-001', '0.23'],
    ['FR', '97110', '0.085'],
    ['FR', '97200', '0.085'],
    ['FR', '97400', '0.085'],
    ['FR', '97300', ''],
    ['FR', '97600', ''],
    ['IT', '22061', ''],
    ['IT', '23041', ''],
    ['DE', '78266', ''],
    ['DE', '27498', ''],
    ['DE', 'D-27498', ''],
    ['AT', '6691', '0.19'],
    ['AT', '6993', '0.19'],
    ['AT', '6900', '0.20'],
    ['GR', '630 86', ''],
    ['FI', '22100', ''],
    ['GP', '97110', '0.085'],
    ['GF', '97300', ''],
    ['AX', '22100', ''],
  ])('for SaaS in %s %s is "%s"', (country, postalCode, rates) => {
    expect(ratesOf(country, at, { postalCode })).toBe(rates);
  });

  it('of the e-book is the standard rate where no reduced one is on file', () => {
    expect(ratesOf('HU', at, { taxClass: 'ebook' })).toBe('0.27');
    expect(ratesOf('DK', at, { taxClass: 'ebook' })).toBe('0.25');
    expect(ratesOf('LU', at, { taxClass: 'ebook' })).toBe('0.03');
  });
});

describe('a sale we cannot tax', () => {
  const codeOf = (run: () => unknown) => {
    try {
      run();
    } catch (error) {
      return isFailure(error) ? error.code : error;
    }
    return 'no failure';
  };

  it.each([
    ['BR', 'tax.country_not_served'],
    ['RU', 'tax.country_not_served'],
    ['KP', 'tax.country_not_served'],
    ['AF', 'tax.country_not_served'],
    ['US', 'tax.region_required'],
    ['US-ZZ', 'tax.region_required'],
    ['CA', 'tax.region_required'],
  ])('in %s fails with %s', (where, code) => {
    expect(codeOf(() => ratesOf(where, '2026-11-21T12:00:00Z'))).toBe(code);
  });

  it.each([
    ['DE', '2019-12-31T12:00:00Z'],
    ['MX', '2020-05-01T12:00:00Z'],
    ['US-NY', '2023-12-31T12:00:00Z'],
    ['CA-ON', '2019-01-01T12:00:00Z'],
  ])('in %s before the tables begin, at %s, fails with tax.data_missing', (where, at) => {
    expect(codeOf(() => ratesOf(where, at))).toBe('tax.data_missing');
  });
});
