import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { taxClasses } from '../../../domain/catalog/catalog.ts';
import { sum } from '../../../domain/money/money.ts';
import { computeTax } from '../../../domain/tax/compute-tax.ts';
import type { TaxRequest } from '../../../domain/tax/compute-tax.ts';
import { taxesFor } from '../../../domain/tax/taxes-for.ts';
import { line, place, taxRequest } from './place.ts';

/** No, two and three decimals; small amounts, where rounding bites, and large ones. */
const currency = fc.constantFrom('JPY', 'EUR', 'USD', 'KWD');
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
const request: fc.Arbitrary<TaxRequest> = fc
  .record({
    currency,
    place: where,
    lines,
    customerType: fc.constantFrom('consumer', 'business'),
    businessTaxIdStatus: fc.constantFrom('not_given', 'malformed', 'confirmed', 'unknown', 'unavailable'),
  })
  .map(taxRequest);
const runs = { numRuns: 1_000 };

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
          ({ code }) => code === 'reverse_charge' || code === 'intra_community_supply',
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
        for (const tax of computeTax(net).taxes)
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
