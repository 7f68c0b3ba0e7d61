import type { UsageTerms } from '../../domain/usage/usage-window.ts';

/** The subscriptions as far as usage has to know them; implemented by services/subscription. */
export interface UsageSubscriptions {
  /** Those of the ids that there are. One query for all of them. */
  usageTerms(subscriptionIds: readonly string[]): Promise<readonly UsageTerms[]>;
}
