import { describe, expect, it } from '@jest/globals';
import { isFailure } from '../../../domain/failures.ts';
import { countryCode, taxCountryOf, taxRegion } from '../../../domain/tax/country.ts';
import { taxLawFor, territoryOfPostalCode } from '../../../domain/tax/tax-law.ts';
import type { TaxQuestion } from '../../../domain/tax/tax-law.ts';
import { place } from './place.ts';

const law = (where: TaxQuestion['place'], values: Partial<TaxQuestion> = {}) =>
  taxLawFor({ place: where, taxClass: 'saas', customerType: 'consumer', at: '2026-11-21T12:00:00Z', ...values });

const failureOf = (run: () => unknown) => {
  try {
    return run();
  } catch (error) {
    if (!isFailure(error)) throw error;
    const { code, message, problems } = error;
    return { code, message, problems };
  }
};

describe('the tax law of a place', () => {
  it('is that of the member state', () => {
    expect(law(place('DE'))).toEqual({
      country: 'DE',
      jurisdiction: 'DE',
      localDate: '2026-11-21',
      inEu: true,
      supply: 'services',
      business: 'self_assess',
      taxes: [{ jurisdiction: 'DE', name: 'VAT', rate: '0.19', baseShare: '1', registration: 'DE' }],
      reason: null,
    });
    expect(law(place('DE'), { taxClass: 'physical' }).supply).toBe('goods');
  });

  it('of a territory with a rate of its own is in the union, and registered with its country', () => {
    expect(law(place('PT', null, '9000-001'))).toMatchObject({
      country: 'PT',
      jurisdiction: 'PT-30',
      inEu: true,
      taxes: [{ jurisdiction: 'PT-30', name: 'VAT', rate: '0.22', baseShare: '1', registration: 'PT' }],
    });
  });

  it('of a French overseas department is in nobody’s One-Stop Shop, by postal code or by code', () => {
    const expected = {
      country: 'FR',
      jurisdiction: 'RE',
      inEu: false,
      taxes: [{ jurisdiction: 'RE', name: 'VAT', rate: '0.085', baseShare: '1', registration: 'RE' }],
    };
    expect(law(place('FR', null, '97400'))).toMatchObject(expected);
    expect(law(place('RE'))).toMatchObject(expected);
    // The code of the department decides, whatever postal code comes with it.
    expect(law(place('RE', null, '97300'))).toMatchObject(expected);
  });

  it('outside the VAT area says so', () => {
    expect(law(place('ES', null, '35001'))).toMatchObject({
      jurisdiction: 'ES-CN',
      inEu: false,
      taxes: [],
      reason: 'Canary Islands is outside the VAT area',
    });
    expect(law(place('AX'))).toMatchObject({ country: 'FI', jurisdiction: 'AX', taxes: [] });
    expect(law(place('MC', null, '97400'))).toMatchObject({ jurisdiction: 'FR' });
    expect(law(place('MC'))).toMatchObject({ country: 'FR', jurisdiction: 'FR', inEu: true });
  });

  it('of the rest of the world has its name for the tax', () => {
    expect(law(place('JP'))).toEqual({
      country: 'JP',
      jurisdiction: 'JP',
      localDate: '2026-11-21',
      inEu: false,
      supply: 'services',
      business: 'self_assess',
      taxes: [{ jurisdiction: 'JP', name: 'Consumption tax', rate: '0.10', baseShare: '1', registration: 'JP' }],
      reason: null,
    });
    expect(law(place('MX')).business).toBe('charged');
    expect(law(place('HK'))).toMatchObject({
      business: 'charged',
      taxes: [],
      reason: 'no value added tax on these sales',
      inEu: false,
    });
  });

  it('of a province has the federal tax and its own', () => {
    expect(law(place('CA', 'BC'))).toEqual({
      country: 'CA',
      jurisdiction: 'CA-BC',
      localDate: '2026-11-21',
      inEu: false,
      supply: 'services',
      business: 'charged',
      taxes: [
        { jurisdiction: 'CA', name: 'GST', rate: '0.05', baseShare: '1', registration: 'CA' },
        { jurisdiction: 'CA-BC', name: 'PST', rate: '0.07', baseShare: '1', registration: 'CA-BC' },
      ],
      reason: null,
    });
    expect(law(place('CA', 'ON')).taxes).toEqual([
      { jurisdiction: 'CA-ON', name: 'HST', rate: '0.13', baseShare: '1', registration: 'CA' },
    ]);
    expect(law(place('CA', 'BC'), { taxClass: 'ebook' }).taxes.map(({ name }) => name)).toEqual(['GST']);
  });

  it('of a state says what it does not tax', () => {
    expect(law(place('US', 'TX'))).toEqual({
      country: 'US',
      jurisdiction: 'US-TX',
      localDate: '2026-11-21',
      inEu: false,
      supply: 'services',
      business: 'charged',
      taxes: [{ jurisdiction: 'US-TX', name: 'Sales tax', rate: '0.0625', baseShare: '0.80', registration: 'US-TX' }],
      reason: null,
    });
    expect(law(place('US', 'CA'), { customerType: 'business' })).toMatchObject({
      taxes: [],
      reason: 'CA does not tax saas sold to a business',
    });
    expect(law(place('US', 'TX'), { taxClass: 'physical' }).supply).toBe('goods');
  });

  it.each([
    ['AF', 'We do not sell to AF: no tax rule is on file'],
    ['BR', 'We do not sell to BR: tax in transition to CBS/IBS until 2033; needs a local partner'],
  ])('does not serve %s', (country, message) => {
    expect(failureOf(() => law(place(country)))).toMatchObject({ code: 'tax.country_not_served', message });
  });

  it.each([
    [place('DE'), 'saas', 'No tax row is on file for saas on 2019-06-01'],
    [place('US', 'TX'), 'physical', 'No tax row is on file for US-TX physical on 2019-06-01'],
    [place('CA', 'ON'), 'saas', 'No tax row is on file for CA-ON on 2019-06-01'],
    [place('JP'), 'saas', 'No tax row is on file for JP on 2019-06-01'],
  ] as const)('has no data before the tables begin: %j %s', (where, taxClass, message) => {
    const before = () => law(where, { taxClass, at: '2019-06-01T12:00:00Z' });
    expect(failureOf(before)).toMatchObject({ code: 'tax.data_missing', message });
  });
});

describe('a postal code', () => {
  it.each([
    ['ES', '35001', 'ES-CN'],
    ['ES', ' 35 001 ', 'ES-CN'],
    ['ES', 'ES-35001', 'ES-CN'],
    ['ES', 'e-35001', 'ES-CN'],
    ['ES', '28035', null],
    ['PT', '9500-100', 'PT-20'],
    ['DE', '35001', null],
    ['AT', '6991', 'AT-JUNGHOLZ'],
    ['FI', 'AX-22100', 'AX'],
    ['GB', 'BT1 1AA', null],
    ['ES', '', null],
    ['ES', null, null],
  ])('of %s, "%s", lies in %s', (country, code, territory) => {
    expect(territoryOfPostalCode(country, code)).toBe(territory);
  });
});

describe('a country and a region', () => {
  it('are read in any spelling', () => {
    expect(countryCode('de', 'p')).toBe('DE');
    expect(taxRegion('US', ' us-tx ')).toBe('TX');
    expect(taxRegion('CA', 'qc')).toBe('QC');
    expect(taxRegion('DE', 'Bayern')).toBe('Bayern');
    expect(taxRegion('DE', null)).toBeNull();
    expect([taxCountryOf('IM'), taxCountryOf('DE')]).toEqual(['GB', 'DE']);
  });

  it.each(['EL', 'XX', 'DEU', '', 'D'])('are refused: "%s" is no country', (code) => {
    expect(failureOf(() => countryCode(code, 'customer.country'))).toEqual({
      code: 'request.invalid',
      message: `"${code}" is not an ISO 3166-1 country code`,
      problems: [{ path: 'customer.country', message: 'must be a two-letter ISO 3166-1 country code' }],
    });
  });

  it.each([
    ['US', null, 'US is taxed by state or province, and the region is missing', 'AK'],
    ['US', '  ', 'US is taxed by state or province, and the region is missing', 'AK'],
    ['CA', 'TX', 'CA is taxed by state or province, and the region "TX" is not one of them', 'AB'],
    ['CA', 'US-QC', 'CA is taxed by state or province, and the region "US-QC" is not one of them', 'AB'],
  ])('are refused: in %s the region %j', (country, region, message, example) => {
    expect(failureOf(() => taxRegion(country, region))).toEqual({
      code: 'tax.region_required',
      message,
      problems: [
        { path: 'customer.region', message: `must be a state or province of ${country}, such as "${example}"` },
      ],
    });
  });
});
