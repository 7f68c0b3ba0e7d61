import { fail } from '../failures.ts';
import type { Subscription } from '../subscription/subscription.ts';
import type { UsageTerms } from './usage-window.ts';

/** What of a subscription decides whether usage is taken. @throws internal.unexpected when none of its items recurs */
export function usageTermsOf(subscription: Subscription): UsageTerms {
  const { id, anchor, items, trialEnd, createdAt, pause, endedAt } = subscription;
  const recurring = items.flatMap((item) => item.recurring ?? [])[0];
  if (recurring === undefined) return fail('internal.unexpected', `subscription ${id} has no recurring item`);
  return {
    subscription: id,
    anchor,
    interval: { interval: recurring.interval, count: recurring.count },
    meters: [...new Set(items.flatMap(({ meter, recurring: own }) => meter ?? own?.includes?.meter ?? []))],
    // After a trial the anchor is its end; any other anchor was the sale, or has been moved since.
    countedFrom: anchor.at === trialEnd ? createdAt : anchor.at,
    pause,
    endedAt,
  };
}
