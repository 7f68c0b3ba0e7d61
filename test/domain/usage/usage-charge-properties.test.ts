import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { usageAmount } from '../../../domain/usage/usage-charge.ts';
import { propertyRuns } from '../../support/property-runs.ts';
import { schemeOf } from './usage-schemes.ts';

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
