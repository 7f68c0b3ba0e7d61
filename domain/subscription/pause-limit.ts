import type { SubscriptionNotice } from './subscription.ts';

/**
 * A pause without an end lasts so long at most, from when the customer last asked for it. After a year the price, the
 * product and often the card are others than those that the customer agreed to: who wants it back then buys it anew.
 */
const longestOpenPauseMs = 365 * 86_400_000;

/** When a pause without an end that is asked for, or begins, at `at` ends the subscription. ISO 8601 UTC. */
export function pauseLimit(at: string): string {
  return new Date(Date.parse(at) + longestOpenPauseMs).toISOString();
}

/** The limit that the customer was told of; null: nobody was told, and so it does not hold. */
export function announcedLimit(notices: readonly SubscriptionNotice[]): string | null {
  return notices.find(({ kind, sentAt }) => kind === 'pause_end' && sentAt !== null)?.eventAt ?? null;
}
