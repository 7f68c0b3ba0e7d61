import { describe, expect, it } from '@jest/globals';
import { europeanHolidays } from '../../../domain/refund-policy/data/holidays.ts';
import { faultRules } from '../../../domain/refund-policy/data/fault-rules.ts';
import { marketOf, markets, severalZones } from '../../../domain/refund-policy/data/markets.ts';
import { noRightRows } from '../../../domain/refund-policy/data/no-right.ts';
import { productKindRows } from '../../../domain/refund-policy/data/product-kinds.ts';
import { sellerPolicies } from '../../../domain/refund-policy/data/seller-policies.ts';
import { withdrawalRules } from '../../../domain/refund-policy/data/withdrawal-rules.ts';
import { productKinds } from '../../../domain/refund-policy/refund-facts.ts';
import { checkSeries } from '../../../domain/tax/check-tax-data.ts';
import type { DatedRow } from '../../../domain/tax/dated-row.ts';

function seriesOf<Row extends DatedRow>(table: string, rows: readonly Row[], name: (row: Row) => string) {
  return [...new Set(rows.map(name))].map((series) => ({
    ...{ table, series },
    rows: rows.filter((row) => name(row) === series),
  }));
}

const series = [
  ...seriesOf('withdrawal rules', withdrawalRules, ({ id, withoutPolicyOnly }) => `${id} ${String(withoutPolicyOnly)}`),
  ...seriesOf('no right', noRightRows, ({ market }) => market),
  ...seriesOf('faults', faultRules, ({ market }) => market ?? 'own'),
  ...seriesOf('seller policies', sellerPolicies, ({ sellerId, kind }) => `${sellerId} ${kind}`),
  ...seriesOf('product kinds', productKindRows, ({ taxClass }) => taxClass),
  ...seriesOf('holidays', europeanHolidays, () => 'EU'),
];

describe('the tables of the refund policy', () => {
  it.each(series.map((one) => [`${one.table}: ${one.series}`, one] as const))(
    '%s has a source, dates of the calendar and one row at a time',
    (_name, one) => {
      expect(checkSeries(one, '2026-11-21')).toEqual([]);
    },
  );

  it('say for every market and kind what holds: a right, or words why there is none', () => {
    const unanswered = markets.flatMap((market) =>
      productKinds
        .filter(
          (kind) =>
            !withdrawalRules.some((rule) => rule.market === market && rule.kind === kind && !rule.withoutPolicyOnly),
        )
        .filter(() => !noRightRows.some((row) => row.market === market))
        .map((kind) => `${market} ${kind}`),
    );
    expect(unanswered).toEqual([]);
  });

  it('say in both languages what law it is', () => {
    for (const { law } of [...withdrawalRules, ...noRightRows, ...faultRules])
      for (const text of [law.en, law.de]) expect(text.trim()).not.toBe('');
  });

  it('put every market on the map, overseas parts with their country, and nothing else', () => {
    const found = [
      'DE',
      'HR',
      'NO',
      'LI',
      'RE',
      'AX',
      'GB',
      'KR',
      'JP',
      'US',
      'AU',
      'NZ',
      'BR',
      'IN',
      'TR',
      'CN',
      'CH',
    ];
    expect(found.map(marketOf)).toEqual([
      ...['eu', 'eu', 'eu', 'eu', 'eu', 'eu', 'uk', 'kr', 'jp', 'us', 'au', 'nz', 'br', 'in', 'tr', 'cn'],
      'elsewhere',
    ]);
  });

  it('name zones that exist', () => {
    for (const zone of Object.values(severalZones).flat())
      expect(() => new Intl.DateTimeFormat('en', { timeZone: zone })).not.toThrow();
  });
});
