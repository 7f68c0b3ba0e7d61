import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { PriceScheme } from '../../../domain/catalog/catalog.ts';
import { usageAmount } from '../../../domain/usage/usage-charge.ts';
import { propertyRuns } from '../../support/property-runs.ts';

const tiers = [
  { upTo: 100, unitAmount: 10, flatAmount: 0 },
  { upTo: 1_000, unitAmount: 8, flatAmount: 500 },
  { upTo: null, unitAmount: 5, flatAmount: 0 },
];
const schemeOf = fc.constantFrom<PriceScheme>(
  { type: 'graduated', tiers },
  { type: 'volume', tiers },
  { type: 'package', size: 10, amount: 50 },
  { type: 'per_unit', amount: 3 },
  { type: 'flat', amount: 900 },
);

describe('usage that is billed in parts', () => {
  it('costs what it costs at once, also when it is corrected downwards', () => {
    const levelsOf = fc.array(fc.nat(2_000), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(levelsOf, schemeOf, (levels, scheme) => {
        const parts = levels.map((quantity, index) =>
          usageAmount(scheme, { quantity, billedBefore: levels[index - 1] ?? 0 }),
        );
        const all = usageAmount(scheme, { quantity: levels.at(-1) ?? 0, billedBefore: 0 });
        expect(parts.reduce((sum, part) => sum + part, 0)).toBe(all);
      }),
      { numRuns: propertyRuns() },
    );
  });
});
