import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { taxResultProblems } from '../../../domain/tax/check-tax-result.ts';
import type { TaxRequest } from '../../../domain/tax/tax-request.ts';
import type { TaxEngine } from '../../../services/tax/tax-engine.ts';
import { line, place, taxRequest } from '../../domain/tax/place.ts';

export interface EngineUnderTest {
  readonly engine: TaxEngine;
  close(): Promise<void>;
}

const business = { customerType: 'business', businessTaxIdStatus: 'confirmed' } as const;
const sales: readonly (readonly [string, Partial<TaxRequest>])[] = [
  ['a consumer in the union', {}],
  ['an inclusive price', { lines: [line({ taxBehavior: 'inclusive', amount: 9_999 })] }],
  ['several lines of one rate', { lines: ['1', '2', '3'].map((id) => line({ line: id, amount: 333 })) }],
  ['net and gross prices side by side', { lines: [line(), line({ line: '2', taxBehavior: 'inclusive', amount: 7 })] }],
  ['two taxes', { currency: 'CAD', place: place('CA', 'QC') }],
  ['a currency without decimals', { currency: 'JPY', place: place('JP') }],
  ['a business in another country', { ...business, place: place('FR') }],
  ['a place without tax', { place: place('ES', null, '35001') }],
  ['nothing at all', { lines: [] }],
];

/** What every TaxEngine must do, whichever rates it knows. */
export function describeTaxEngine(name: string, open: () => Promise<EngineUnderTest>): void {
  describe(`the tax engine "${name}"`, () => {
    let under: EngineUnderTest;
    beforeAll(async () => {
      under = await open();
    });
    afterAll(() => under.close());

    it.each(sales)('answers %s with sums that hold', async (_, values) => {
      const request = taxRequest(values);
      expect(taxResultProblems(request, await under.engine.computeTax(request))).toEqual([]);
    });

    it('charges what the law of the place says, rounded once', async () => {
      const lines = ['1', '2', '3'].map((id) => line({ line: id, amount: 333 }));
      const { taxes } = await under.engine.computeTax(taxRequest({ lines }));
      expect(taxes).toEqual([{ jurisdiction: 'DE', name: 'VAT', rate: '0.19', base: 999, amount: 190 }]);
    });

    it('reverses the charge for a confirmed id, and for no other', async () => {
      const sale = { ...business, place: place('FR') };
      expect(await under.engine.computeTax(taxRequest(sale))).toMatchObject({ tax: 0, reverseCharge: true });
      const unavailable = taxRequest({ ...sale, businessTaxIdStatus: 'unavailable' });
      expect(await under.engine.computeTax(unavailable)).toMatchObject({ tax: 2_000, reverseCharge: false });
    });

    it('names the certificate on the tax that it takes away', async () => {
      const exemption = {
        id: 'cert_1',
        customer: 'cus_1',
        kind: 'resale',
        jurisdictions: ['US-TX'],
        number: '4711',
        validFrom: '2026-01-01',
        validTo: null,
      } as const;
      const request = taxRequest({ currency: 'USD', place: place('US', 'TX'), exemption });
      expect(await under.engine.computeTax(request)).toMatchObject({
        tax: 0,
        taxes: [{ jurisdiction: 'US-TX', rate: '0', exemption: 'cert_1' }],
        notes: [{ code: 'exempt', jurisdiction: 'US-TX' }],
      });
    });

    it.each([
      ['a country that is not served', { place: place('KP') }, 'tax.country_not_served'],
      ['a state that is missing', { place: place('US') }, 'tax.region_required'],
      ['a date before the law is known', { at: '2010-01-01T00:00:00Z' }, 'tax.data_missing'],
      ['a currency that is none', { currency: 'EUX' }, 'money.currency_unknown'],
      ['a negative amount', { lines: [line({ amount: -1 })] }, 'money.amount_unsafe'],
    ])('refuses %s', async (_, values, code) => {
      await expect(under.engine.computeTax(taxRequest(values))).rejects.toMatchObject({ code });
    });

    it('answers the same question in the same way', async () => {
      const ask = () => under.engine.computeTax(taxRequest());
      expect(await ask()).toEqual(await ask());
    });
  });
}
