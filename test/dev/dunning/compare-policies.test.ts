import { describe, expect, it } from '@jest/globals';
import { tryPolicy } from '../../../dev/dunning/compare-policies.ts';
import { failingCards } from '../../../dev/dunning/failing-cards.ts';
import { retryPolicies } from '../../../dev/dunning/retry-policies.ts';

const cards = failingCards(11, 3_000);
const [ours, ...fixed] = retryPolicies.map((policy) => tryPolicy(policy, cards));

describe('the comparison of retry schedules', () => {
  it('has the same cards for the same seed, and others for another', () => {
    expect(failingCards(11, 50)).toEqual(cards.slice(0, 50));
    expect(failingCards(12, 50)).not.toEqual(cards.slice(0, 50));
  });

  it('finds no attempt of ours that the networks forbid, and some of every fixed schedule', () => {
    expect(ours?.forbidden).toBe(0);
    for (const { forbidden } of fixed) expect(forbidden).toBeGreaterThan(0);
  });

  it('sees more of the money come in by our schedule than by any fixed one', () => {
    for (const { recovered } of fixed) expect(ours?.recovered).toBeGreaterThan(recovered);
  });
});
