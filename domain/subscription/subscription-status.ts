import type { TransitionTable } from '../state-machine.ts';

export const subscriptionStatuses = ['trialing', 'active', 'past_due', 'paused', 'cancelled', 'expired'] as const;

export type SubscriptionStatus = (typeof subscriptionStatuses)[number];

/**
 * trialing → active ⇄ past_due, active ⇄ paused, and everything may be cancelled. `expired`: a trial that ended without
 * a payment method, or the last of an agreed number of periods. What has ended stays ended: a customer who comes back
 * begins a new subscription.
 *
 * A scheduled pause or cancellation is a field of the record, not a status; a retry that fails leaves `past_due` as it is.
 */
export const subscriptionTransitions: TransitionTable<SubscriptionStatus> = {
  trialing: ['active', 'past_due', 'paused', 'cancelled', 'expired'],
  active: ['past_due', 'paused', 'cancelled', 'expired'],
  past_due: ['active', 'cancelled'],
  paused: ['active', 'past_due', 'cancelled', 'expired'],
  cancelled: [],
  expired: [],
};

/** Ended for good: no step will follow by itself and no command is taken. */
export function hasEnded(status: SubscriptionStatus): boolean {
  return subscriptionTransitions[status].length === 0;
}
