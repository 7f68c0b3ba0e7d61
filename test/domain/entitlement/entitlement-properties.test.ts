import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { accessAt } from '../../../domain/entitlement/entitlement.ts';
import type { Access, AccessChange, AccessGrant } from '../../../domain/entitlement/entitlement.ts';
import { propertyRuns } from '../../support/property-runs.ts';

type Fact = { readonly grant: AccessGrant } | { readonly change: AccessChange };

const name = fc.constantFrom('a', 'b', 'c', 'd');
const units = fc.integer({ min: 1, max: 5 });
const change: fc.Arbitrary<AccessChange> = fc.oneof(
  fc.record({
    kind: fc.constant('revoked' as const),
    fact: name,
    units: fc.option(units, { freq: 4 }),
    reason: fc.constant('refunded' as const),
  }),
  fc.record({ kind: fc.constant('suspended' as const), fact: name, reason: fc.constant('unpaid' as const) }),
  fc.record({ kind: fc.constant('restored' as const), fact: name }),
);
const fact: fc.Arbitrary<Fact> = fc.oneof(
  fc.record({ grant: fc.record({ fact: name, units }) }),
  fc.record({ change }),
);
const history = fc.array(fact, { maxLength: 12 });

function accessAfter(facts: readonly Fact[]): Access {
  return accessAt(
    facts.flatMap((one) => ('grant' in one ? [one.grant] : [])),
    facts.flatMap((one) => ('change' in one ? [one.change] : [])),
  );
}

/** Units that may be used now. */
function usable(access: Access): number {
  return access.state === 'active' ? access.units : 0;
}

/** Units that are not lost for good. */
function kept(access: Access): number {
  return access.state === 'active' || access.state === 'suspended' ? access.units : 0;
}

describe('access, whatever happened', () => {
  const numRuns = propertyRuns();

  it('is the same for every order of the same facts, and however often each is told', () => {
    const shuffled = history.chain((facts) =>
      fc.tuple(
        fc.constant(facts),
        fc.shuffledSubarray([...facts, ...facts], { minLength: 2 * facts.length, maxLength: 2 * facts.length }),
      ),
    );
    fc.assert(
      fc.property(shuffled, ([facts, others]) => {
        expect(accessAfter(others)).toEqual(accessAfter(facts));
      }),
      { numRuns },
    );
  });

  it('is not widened by a revocation or a suspension, whenever it becomes known', () => {
    fc.assert(
      fc.property(history, change, (facts, added) => {
        fc.pre(added.kind !== 'restored');
        expect(usable(accessAfter([...facts, { change: added }]))).toBeLessThanOrEqual(usable(accessAfter(facts)));
      }),
      { numRuns },
    );
  });

  it('is given back by a restoration as far as it was not revoked, and never further', () => {
    fc.assert(
      fc.property(history, name, (facts, restored) => {
        const after = accessAfter([...facts, { change: { kind: 'restored', fact: restored } }]);
        expect(kept(after)).toBe(kept(accessAfter(facts)));
      }),
      { numRuns },
    );
  });

  it('is never given again after a full refund, whatever succeeds later', () => {
    fc.assert(
      fc.property(history, history, (before, after) => {
        const refund: Fact = { change: { kind: 'revoked', fact: 'full', units: null, reason: 'refunded' } };
        expect(usable(accessAfter([...before, refund, ...after]))).toBe(0);
      }),
      { numRuns },
    );
  });
});
