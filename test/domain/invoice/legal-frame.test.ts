import { describe, expect, it } from '@jest/globals';
import { invoiceRules } from '../../../domain/invoice/data/invoice-rules.ts';
import { stateCurrencies } from '../../../domain/invoice/data/state-currencies.ts';
import { legalEntityAt, registrationsFor } from '../../../domain/invoice/legal-entity.ts';
import { stateCurrencyOf, stateCurrencyRate, taxesInLocalCurrency } from '../../../domain/invoice/state-currency.ts';
import { isCurrency } from '../../../domain/money/money.ts';
import { registrations } from '../../../domain/tax/data/registrations.ts';
import { taxCountryOf } from '../../../domain/tax/country.ts';
import { taxedInvoice } from './taxed-sale.ts';
import type { TaxedSale } from './taxed-sale.ts';

const one = [{ amount: 10_000 }];
const french = { type: 'business', businessTaxId: 'FR40303265045', country: 'FR' } as const;
const legalOf = (sale: TaxedSale) => taxedInvoice(sale).legal;

describe('the rules of an invoice', () => {
  it.each<[string, TaxedSale, object]>([
    ['a consumer in the EU is owed none', { lines: one }, { area: 'EU', form: 'not_required', title: 'invoice' }],
    [
      'a business in Ireland gets a full one above EUR 100',
      { customer: { type: 'business', businessTaxId: 'IE1234567FA', country: 'IE' }, lines: [{ amount: 8_131 }] },
      { area: 'EU', form: 'full', missing: [] },
    ],
    [
      'and a simplified one up to EUR 100, tax included',
      { customer: { type: 'business', country: 'IE' }, lines: [{ amount: 8_130 }] },
      { area: 'EU', form: 'simplified' },
    ],
    [
      'under reverse charge no total is small enough',
      { customer: french, lines: [{ amount: 100 }] },
      { area: 'EU', form: 'full', missing: [] },
    ],
    [
      'what nobody told us is named',
      { customer: { ...french, city: null, businessTaxId: null }, lines: one },
      { missing: ['buyer.address', 'buyer.taxId'] },
    ],
    [
      'another currency than the rule takes the tier that asks for most',
      { currency: 'USD', customer: { type: 'business', country: 'IE' }, lines: [{ amount: 1 }] },
      { form: 'full', missing: [] },
    ],
    [
      'the United States have none',
      { currency: 'USD', customer: { country: 'US', region: 'TX' }, lines: one },
      { area: 'US', form: 'not_required', missing: [] },
    ],
    [
      'Australia: nothing up to AUD 82.50',
      { currency: 'AUD', customer: { country: 'AU' }, lines: [{ amount: 7_500 }] },
      { area: 'AU', form: 'not_required', title: 'tax_invoice' },
    ],
    [
      'a tax invoice above it',
      { currency: 'AUD', customer: { country: 'AU' }, lines: [{ amount: 7_501 }] },
      { form: 'simplified', missing: [] },
    ],
    [
      'with the buyer from AUD 1,000',
      { currency: 'AUD', customer: { country: 'AU' }, lines: [{ amount: 90_910 }] },
      { form: 'full', missing: [] },
    ],
    [
      'Canada: nothing below CAD 100',
      { currency: 'CAD', customer: { country: 'CA', region: 'AB' }, lines: [{ amount: 9_523 }] },
      { area: 'CA', form: 'not_required' },
    ],
    [
      'the GST number from CAD 100',
      { currency: 'CAD', customer: { country: 'CA', region: 'AB' }, lines: [{ amount: 9_524 }] },
      { form: 'simplified', missing: [] },
    ],
    [
      'more from CAD 500',
      { currency: 'CAD', customer: { country: 'CA', region: 'AB' }, lines: [{ amount: 47_619 }] },
      { form: 'full' },
    ],
    [
      'Japan calls it a qualified invoice',
      { currency: 'JPY', customer: { country: 'JP' }, lines: one },
      { area: 'JP', title: 'qualified_invoice', form: 'not_required' },
    ],
    [
      'a country without a row has the general rule',
      { currency: 'NOK', customer: { country: 'NO' }, lines: one },
      { area: '*', form: 'not_required' },
    ],
  ])('%s', (_title, sale, expected) => {
    expect(legalOf(sale)).toMatchObject(expected);
  });

  it('have an open last tier, rising tiers, a source, and one row per area and day', () => {
    for (const { area, tiers, source, validFrom, validTo } of invoiceRules) {
      const limits = tiers.map(({ upTo }) => upTo ?? Infinity);
      expect(limits).toEqual([...limits].sort((a, b) => a - b));
      expect(limits.at(-1)).toBe(Infinity);
      expect(source.length).toBeGreaterThan(10);
      const others = invoiceRules.filter((row) => row.area === area && row.validFrom > validFrom);
      for (const other of others) expect(validTo !== null && validTo <= other.validFrom).toBe(true);
    }
  });

  it('changed in Canada on 20 April 2021', () => {
    const canada = (at: string) =>
      legalOf({ currency: 'CAD', customer: { country: 'CA', region: 'AB' }, lines: [{ amount: 4_000 }], at }).form;
    expect(canada('2021-04-19T12:00:00.000Z')).toBe('simplified');
    expect(canada('2021-04-20T12:00:00.000Z')).toBe('not_required');
  });
});

describe('the numbers of the seller', () => {
  it('are those of the jurisdictions on the document, on its day', () => {
    const entity = legalEntityAt('2026-11-21T00:00:00Z');
    const ids = (date: string, ...taxes: [string, string][]) =>
      registrationsFor(
        entity,
        taxes.map(([jurisdiction, name]) => ({ jurisdiction, name })),
        date,
      ).map(({ scheme }) => scheme);
    expect(ids('2026-11-21', ['CA', 'GST'], ['CA-QC', 'QST'])).toEqual(['gst_hst', 'qst']);
    expect(ids('2026-11-21', ['CA-ON', 'HST'])).toEqual(['gst_hst']);
    expect(ids('2026-11-21', ['DE', 'VAT'])).toEqual([]);
    expect(ids('2023-09-30', ['JP', 'JCT'])).toEqual([]);
    expect(ids('2023-10-01', ['JP', 'JCT'])).toEqual(['jct']);
  });
});

describe('the currency of a state', () => {
  it('is on file for every country that we are registered in', () => {
    const countries = registrations.map(({ key }) => key).filter((key) => key !== 'EU');
    for (const key of countries) {
      const found = stateCurrencyOf(key, '2026-11-21');
      expect([key, taxCountryOf(key.slice(0, 2)), found !== null && isCurrency(found)]).toEqual([
        key,
        taxCountryOf(key.slice(0, 2)),
        true,
      ]);
    }
    for (const { country, source } of stateCurrencies) expect([country, source]).not.toContain('');
  });

  it('became the euro in Croatia in 2023 and in Bulgaria in 2026', () => {
    expect([stateCurrencyOf('HR', '2022-12-31'), stateCurrencyOf('HR', '2023-01-01')]).toEqual(['HRK', 'EUR']);
    expect([stateCurrencyOf('BG', '2025-12-31'), stateCurrencyOf('BG', '2026-01-01')]).toEqual(['BGN', 'EUR']);
    expect([stateCurrencyOf('GP', '2026-01-01'), stateCurrencyOf('PT-20', '2026-01-01')]).toEqual(['EUR', 'EUR']);
    expect([stateCurrencyOf('CA-QC', '2026-01-01'), stateCurrencyOf('XX', '2026-01-01')]).toEqual(['CAD', null]);
  });

  const tax = (jurisdiction: string, amount: number) => [
    { jurisdiction, name: 'VAT', rate: '0.2', base: amount * 5, amount },
  ];

  it('needs no rate where it is the currency of the document, or where there is no tax', () => {
    expect(stateCurrencyRate(tax('DE', 1_900), 'EUR', '2026-11-21')).toBeNull();
    expect(stateCurrencyRate(tax('BG', 1_900), 'EUR', '2026-01-01')).toBeNull();
    expect(stateCurrencyRate(tax('GB', 0), 'EUR', '2026-11-21')).toBeNull();
    expect(stateCurrencyRate([], 'USD', '2026-11-21')).toBeNull();
  });

  it('asks for the rate as the European Central Bank publishes it: one euro in the other currency', () => {
    const date = '2026-11-21';
    expect(stateCurrencyRate(tax('GB', 1), 'EUR', date)).toEqual({ from: 'EUR', to: 'GBP', date });
    expect(stateCurrencyRate(tax('DE', 1), 'USD', date)).toEqual({ from: 'EUR', to: 'USD', date });
    expect(stateCurrencyRate(tax('BG', 1), 'EUR', '2025-12-31')).toMatchObject({ from: 'EUR', to: 'BGN' });
    expect(stateCurrencyRate(tax('JP', 1), 'USD', date)).toEqual({ from: 'USD', to: 'JPY', date });
  });

  it('converts each tax once, half away from zero, between currencies of different digits', () => {
    const rate = { from: 'EUR', to: 'JPY', rate: { amount: 16_250, scale: 2 }, date: '2026-11-20', source: 'ECB' };
    expect(taxesInLocalCurrency(tax('JP', 1_001), 'EUR', '2026-11-21', rate)).toEqual([
      {
        ...{ jurisdiction: 'JP', name: 'VAT', rate: '0.2', currency: 'JPY', amount: 1_627 },
        exchangeRate: { from: 'EUR', to: 'JPY', rate: '162.5', date: '2026-11-20', source: 'ECB' },
      },
    ]);
    expect(taxesInLocalCurrency(tax('DE', 1_001), 'EUR', '2026-11-21', rate)).toEqual([]);
    expect(taxesInLocalCurrency(tax('JP', 1_001), 'EUR', '2026-11-21', null)).toEqual([]);
  });
});
