import { describe, expect, it } from '@jest/globals';
import { canTransition, isTerminal, unreachableStates } from '../../../domain/state-machine.ts';
import {
  hasEnded,
  subscriptionStatuses,
  subscriptionTransitions,
} from '../../../domain/subscription/subscription-status.ts';
import type { SubscriptionStatus } from '../../../domain/subscription/subscription-status.ts';

// One letter per status that the row's status may move to; a dot where it may not. Written out by hand, so that a change
// of the table has to be made twice.
const columns = 'trialing active past_due paused cancelled expired';
const allowed: Readonly<Record<SubscriptionStatus, string>> = {
  trialing: ' . x x x x x',
  active: '   . . x x x x',
  past_due: ' . x . . x .',
  paused: '   . x x . x x',
  cancelled: '. . . . . .',
  expired: '  . . . . . .',
};

describe('the status of a subscription', () => {
  it('knows the statuses of the outside contract, in its order', () => {
    expect(subscriptionStatuses.join(' ')).toBe(columns);
  });

  it.each(subscriptionStatuses)('%s moves where the table says, and nowhere else', (from) => {
    const row = subscriptionStatuses.map((to) => (canTransition(subscriptionTransitions, from, to) ? 'x' : '.'));
    expect(row.join(' ')).toBe(allowed[from].trim());
  });

  it('can reach every status from a trial', () => {
    expect(unreachableStates(subscriptionTransitions, 'trialing')).toEqual([]);
  });

  it('has ended exactly where nothing follows: an ended subscription is never past due again', () => {
    for (const status of subscriptionStatuses)
      expect(hasEnded(status)).toBe(isTerminal(subscriptionTransitions, status));
    expect(subscriptionStatuses.filter(hasEnded)).toEqual(['cancelled', 'expired']);
  });
});
