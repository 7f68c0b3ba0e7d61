import { describe, expect, it } from '@jest/globals';
import * as isoCurrencies from 'dinero.js/bigint/currencies';
import fc from 'fast-check';
import { taxClasses } from '../../../domain/catalog/catalog.ts';
import { isCurrency, sum } from '../../../domain/money/money.ts';
import { taxResultProblems } from '../../../domain/tax/check-tax-result.ts';
import { computeTax } from '../../../domain/tax/compute-tax.ts';
import type { ExemptionCertificate } from '../../../domain/tax/exemption-certificate.ts';
import type { TaxRequest } from '../../../domain/tax/tax-request.ts';
import { taxesFor } from '../../../domain/tax/taxes-for.ts';
import { line, place, taxRequest } from './place.ts';
import { propertyRuns } from '../../support/property-runs.ts';

/** Every currency of ISO 4217, so no, two, three and four decimals; small amounts, where rounding bites, and large ones. */
const currency = fc.constantFrom(...Object.keys(isoCurrencies).filter(isCurrency));
const amount = fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 5_000_000_000 }));
const where = fc.constantFrom(
  place('DE'), place('FI'), place('HU'), place('IE'), place('PT', null, '9500'), place('ES', null, '35001'),
  place('CH'), place('JP'), place('HK'), place('CA', 'QC'), place('CA', 'BC'), place('CA', 'NS'),
  place('US', 'TX'), place('US', 'MD'), place('US', 'MN'), place('US', 'SC'),
); // prettier-ignore
const lines = fc
  .array(
    fc.record({
      taxClass: fc.constantFrom(...taxClasses),
      taxBehavior: fc.constantFrom('inclusive', 'exclusive'),
      amount,
    }),
    {
      minLength: 1,
      maxLength: 5,
    },
  )
  .map((all) => all.map((values, at) => line({ ...values, line: `${at + 1}` })));
/** Frees from one of Québec's two taxes, and from all in Texas. */
const resale: ExemptionCertificate = {
  id: 'cert_1',
  customer: 'cus_1',
  kind: 'resale',
  jurisdictions: ['US-TX', 'CA-QC', 'CA-BC'],
  number: '4711',
  validFrom: '2026-01-01',
  validTo: null,
};
const request: fc.Arbitrary<TaxRequest> = fc
  .record({
    currency,
    place: where,
    lines,
    customerType: fc.constantFrom('consumer', 'business'),
    businessTaxIdStatus: fc.constantFrom('not_given', 'malformed', 'confirmed', 'unknown', 'unavailable'),
    exemption: fc.constantFrom(null, resale),
  })
  .map(taxRequest);
const runs = { numRuns: propertyRuns() };

describe('any basket', () => {
  it('has net + tax = gross on every line and in total, and the lines sum to the totals', () => {
    fc.assert(
      fc.property(request, (input) => {
        const result = computeTax(input);
        for (const of of [...result.lines, result]) {
          expect(of.net + of.tax).toBe(of.gross);
          expect(sum(of.taxes.map((tax) => tax.amount))).toBe(of.tax);
        }
        for (const part of ['net', 'tax', 'gross'] as const)
          expect(sum(result.lines.map((one) => one[part]))).toBe(result[part]);
      }),
      runs,
    );
  });

  it('never has a negative net, tax, base or gross', () => {
    fc.assert(
      fc.property(request, (input) => {
        const { lines: taxed } = computeTax(input);
        const amounts = taxed.flatMap((one) => [
          one.net,
          one.tax,
          one.gross,
          ...one.taxes.flatMap((t) => [t.base, t.amount]),
        ]);
        expect(Math.min(...amounts)).toBeGreaterThanOrEqual(0);
      }),
      runs,
    );
  });

  it('leaves a net price and, where tax is charged or none exists, a gross price as they were', () => {
    fc.assert(
      fc.property(request, (input) => {
        const result = computeTax(input);
        const selfAssessed = result.notes.some(
          ({ code }) => code === 'reverse_charge' || code === 'intra_community_supply' || code === 'exempt',
        );
        input.lines.forEach(({ taxBehavior, amount: given }, at) => {
          if (taxBehavior === 'exclusive') expect(result.lines[at]?.net).toBe(given);
          else if (!selfAssessed) expect(result.lines[at]?.gross).toBe(given);
          else expect(result.lines[at]?.gross).toBeLessThanOrEqual(given);
        });
      }),
      runs,
    );
  });

  it('is rounded once per rate: within half a unit of the exact tax where all prices are net', () => {
    fc.assert(
      fc.property(request, (input) => {
        const net = { ...input, lines: input.lines.map((one) => ({ ...one, taxBehavior: 'exclusive' as const })) };
        for (const tax of computeTax(net).taxes.filter(({ exemption }) => exemption === undefined))
          expect(Math.abs(tax.amount - tax.base * Number(tax.rate))).toBeLessThanOrEqual(0.5 + tax.base * 1e-15);
      }),
      runs,
    );
  });

  it('costs the same in any order of its lines', () => {
    fc.assert(
      fc.property(request, (input) => {
        const [there, back] = [computeTax(input), computeTax({ ...input, lines: [...input.lines].reverse() })];
        expect([back.net, back.tax, back.gross]).toEqual([there.net, there.tax, there.gross]);
      }),
      runs,
    );
  });
});

describe('a basket that is bought in parts', () => {
  it('is taxed within one unit per part and tax of what it is taxed as one', () => {
    fc.assert(
      fc.property(request, (input) => {
        const net = { ...input, lines: input.lines.map((one) => ({ ...one, taxBehavior: 'exclusive' as const })) };
        const parts = net.lines.map((one) => computeTax({ ...net, lines: [one] }));
        const whole = computeTax(net);
        const roundings = sum([whole, ...parts].map(({ taxes }) => 2 * taxes.length));
        expect(Math.abs(sum(parts.map(({ tax }) => tax)) - whole.tax)).toBeLessThanOrEqual(roundings);
        expect(sum(parts.map((part) => part.net))).toBe(whole.net);
      }),
      runs,
    );
  });

  it('is answered so that any engine could be believed', () => {
    fc.assert(
      fc.property(request, (input) => {
        expect(taxResultProblems(input, computeTax(input))).toEqual([]);
      }),
      runs,
    );
  });
});

describe('a price that goes net to gross and back', () => {
  it('is the same price again, but for the unit that rounding may move', () => {
    fc.assert(
      fc.property(currency, where, amount, (code, at, net) => {
        const there = computeTax(taxRequest({ currency: code, place: at, lines: [line({ amount: net })] }));
        const gross = [line({ taxBehavior: 'inclusive', amount: there.gross })];
        const back = computeTax(taxRequest({ currency: code, place: at, lines: gross }));
        const taxes = taxesFor({ place: at, taxClass: 'saas', customerType: 'consumer', at: '2026-11-21T12:00:00Z' });
        // One rounding per tax going up, one coming down.
        expect(Math.abs(back.net - net)).toBeLessThanOrEqual(Math.max(0, taxes.length - 1));
        expect(back.gross).toBe(there.gross);
      }),
      runs,
    );
  });
});
