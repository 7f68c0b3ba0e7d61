import { fail } from '../failures.ts';
import { rowOn } from '../tax/dated-row.ts';
import { openPauseLimits } from './data/pause-policy.ts';
import type { OpenPauseLimitRow } from './data/pause-policy.ts';
import type { SubscriptionNotice } from './subscription.ts';

/**
 * When a pause without an end that is asked for, or begins, at `at` ends the subscription, by the policy of that day.
 * Both ISO 8601 UTC.
 * @throws subscription.state_conflict before there was a policy
 */
export function pauseLimit(at: string, rows: readonly OpenPauseLimitRow[] = openPauseLimits): string {
  const row = rowOn(rows, at.slice(0, 10)) ?? fail('subscription.state_conflict', `no limit of pauses at ${at}`);
  return new Date(Date.parse(at) + row.days * 86_400_000).toISOString();
}

/** The limit that the customer was told of; null: nobody was told, and so it does not hold. */
export function announcedLimit(notices: readonly SubscriptionNotice[]): string | null {
  return notices.find(({ kind, sentAt }) => kind === 'pause_end' && sentAt !== null)?.eventAt ?? null;
}
