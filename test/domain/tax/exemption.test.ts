import { describe, expect, it } from '@jest/globals';
import { computeTax } from '../../../domain/tax/compute-tax.ts';
import {
  certificateText,
  exemptibleJurisdictions,
  exemptionVerdict,
} from '../../../domain/tax/exemption-certificate.ts';
import type { ExemptionCertificate } from '../../../domain/tax/exemption-certificate.ts';
import { line, place, taxRequest } from './place.ts';

const certificate = (values: Partial<ExemptionCertificate> = {}): ExemptionCertificate => ({
  id: 'cert_1',
  customer: 'cus_1',
  kind: 'resale',
  jurisdictions: ['US-TX', 'CA-BC'],
  number: 'TX-4711',
  validFrom: '2026-01-01',
  validTo: '2027-01-01',
  ...values,
});
const sale = (values: Parameters<typeof taxRequest>[0]) => computeTax(taxRequest({ currency: 'USD', ...values }));
const texas = place('US', 'TX');

describe('an exemption certificate', () => {
  it.each([
    ['US-TX', '2026-01-01', 'applies'],
    ['US-TX', '2026-12-31', 'applies'],
    ['US-TX', '2027-01-01', 'expired'],
    ['US-TX', '2025-12-31', 'not_yet_valid'],
    ['US-NY', '2026-06-01', 'other_jurisdiction'],
  ])('for the tax of %s on %s: %s', (jurisdiction, date, verdict) => {
    expect(exemptionVerdict(certificate(), jurisdiction, date)).toBe(verdict);
  });

  it('without an end never expires', () => {
    expect(exemptionVerdict(certificate({ validTo: null }), 'US-TX', '2099-01-01')).toBe('applies');
  });

  it.each([
    ['resale', 'resale certificate 1'],
    ['non_profit', 'non-profit certificate 1'],
    ['government', 'government certificate 1'],
  ] as const)('of the kind %s is a "%s"', (kind, text) => {
    expect(certificateText({ kind, number: '1' })).toBe(text);
  });

  it('can be for every state and province with a tax, and for nothing else', () => {
    expect(exemptibleJurisdictions).toEqual(
      expect.arrayContaining(['US-TX', 'US-NY', 'CA', 'CA-BC', 'CA-QC', 'CA-ON']),
    );
    for (const none of ['US-OR', 'US-AK', 'CA-AB', 'DE', 'US-ZZ']) expect(exemptibleJurisdictions).not.toContain(none);
    expect([...exemptibleJurisdictions].sort()).toEqual(exemptibleJurisdictions);
  });
});

describe('a sale with an exemption certificate', () => {
  it('keeps the tax as a row of rate 0 that names the certificate', () => {
    expect(sale({ place: texas, exemption: certificate() })).toEqual({
      lines: [
        {
          line: '1',
          net: 10_000,
          tax: 0,
          gross: 10_000,
          taxes: [{ jurisdiction: 'US-TX', name: 'Sales tax', rate: '0', base: 8_000, amount: 0, exemption: 'cert_1' }],
        },
      ],
      net: 10_000,
      tax: 0,
      gross: 10_000,
      taxes: [{ jurisdiction: 'US-TX', name: 'Sales tax', rate: '0', base: 8_000, amount: 0, exemption: 'cert_1' }],
      reverseCharge: false,
      notes: [{ code: 'exempt', jurisdiction: 'US-TX', text: 'Exempt: resale certificate TX-4711' }],
    });
  });

  it('takes only the tax away that it is for', () => {
    const result = sale({ currency: 'CAD', place: place('CA', 'BC'), exemption: certificate() });
    expect(result).toMatchObject({ net: 10_000, tax: 500, gross: 10_500 });
    expect(result.taxes.map(({ name, rate, amount }) => [name, rate, amount])).toEqual([
      ['GST', '0.05', 500],
      ['PST', '0', 0],
    ]);
    expect(result.notes).toEqual([
      {
        code: 'exemption_not_applied',
        jurisdiction: 'CA',
        text: 'The resale certificate TX-4711 is for US-TX, CA-BC and not for CA: tax is charged',
      },
      { code: 'exempt', jurisdiction: 'CA-BC', text: 'Exempt: resale certificate TX-4711' },
    ]);
  });

  it('pays what is left of an inclusive price when the tax is taken out', () => {
    const lines = [line({ taxBehavior: 'inclusive', amount: 10_500, taxClass: 'physical' })];
    expect(sale({ place: texas, lines })).toMatchObject({ net: 9_882, tax: 618, gross: 10_500 });
    expect(sale({ place: texas, lines, exemption: certificate() })).toMatchObject({ net: 9_882, tax: 0, gross: 9_882 });
    const mixed = [line({ taxBehavior: 'inclusive', amount: 11_200 })];
    expect(sale({ currency: 'CAD', place: place('CA', 'BC'), lines: mixed, exemption: certificate() })).toMatchObject({
      net: 10_000,
      tax: 500,
      gross: 10_500,
    });
  });

  it.each([
    ['expired', { validTo: '2026-11-21' }, 'The resale certificate TX-4711 expired on 2026-11-21: tax is charged'],
    [
      'not valid yet',
      { validFrom: '2026-11-22' },
      'The resale certificate TX-4711 is valid from 2026-11-22: tax is charged',
    ],
    [
      'for another state',
      { jurisdictions: ['US-NY'] },
      'The resale certificate TX-4711 is for US-NY and not for US-TX: tax is charged',
    ],
  ])('that is %s is taxed and says why', (_, values, text) => {
    expect(sale({ place: texas, exemption: certificate(values) })).toMatchObject({
      tax: 500,
      taxes: [{ rate: '0.0625', amount: 500 }],
      notes: [{ code: 'exemption_not_applied', jurisdiction: 'US-TX', text }],
    });
  });

  it('counts the days of the state, not of Greenwich', () => {
    const lastMinute = { place: texas, exemption: certificate() };
    expect(sale({ ...lastMinute, at: '2027-01-01T05:59:00Z' }).tax).toBe(0);
    expect(sale({ ...lastMinute, at: '2027-01-01T06:00:00Z' }).tax).toBe(500);
  });

  it('has no use for it where nothing is charged anyway', () => {
    const here = { exemption: certificate({ jurisdictions: ['US-OR', 'US-SC'] }) };
    expect(sale({ ...here, place: place('US', 'OR') }).notes.map(({ code }) => code)).toEqual(['not_taxed']);
    expect(sale({ ...here, place: place('US', 'SC') }).notes.map(({ code }) => code)).toEqual(['not_registered']);
    expect(sale({ place: texas, exemption: null })).toMatchObject({ tax: 500, notes: [] });
  });
});
