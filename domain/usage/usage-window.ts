import type { FailureCode } from '../failures.ts';
import { billingCalendar } from '../periods/billing-period.ts';
import type { BillingAnchor, BillingPeriod } from '../periods/billing-period.ts';
import type { CalendarInterval } from '../time/calendar-date.ts';

/** What decides whether usage of a subscription is taken. Instants are ISO 8601 UTC. */
export interface UsageTerms {
  readonly subscription: string;
  readonly anchor: BillingAnchor;
  readonly interval: CalendarInterval;
  /** Meters that an item of the subscription is billed by or includes usage of. */
  readonly meters: readonly string[];
  /**
   * Since when usage is taken: the sign-up, or when the anchor was moved last, by a change of interval or a resume, with
   * which all usage before was billed. From here to the anchor, in a trial, usage is counted and not billed.
   */
  readonly countedFrom: string;
  readonly pause: { readonly from: string; readonly until: string | null } | null;
  readonly endedAt: string | null;
}

/** How long after its end a period is billed, so that events on their way still reach the invoice that they belong to. */
export const usageGraceMs = 3_600_000;

/** Clocks of senders run ahead by this much at most. */
const clockSkewMs = 300_000;

export type UsagePlacement =
  /** `late`: its period has ended, so it is on the next invoice if the grace is over. */
  | { readonly kind: 'accepted'; readonly period: BillingPeriod; readonly late: boolean }
  | { readonly kind: 'refused'; readonly code: FailureCode; readonly message: string };

/**
 * Where a moment of usage belongs. It is accepted for the running period and the one before: for that, the grace decides
 * between its own invoice and the next. Older periods are closed, as their usage is on two invoices already.
 */
export function placeUsage(terms: UsageTerms, usedAt: string, now: string): UsagePlacement {
  const moment = Date.parse(usedAt);
  if (terms.endedAt !== null) return refused('usage.subscription_ended', 'the subscription has ended');
  if (moment > Date.parse(now) + clockSkewMs) return refused('usage.time_invalid', `${usedAt} is in the future`);
  if (moment < Date.parse(terms.countedFrom))
    return refused('usage.time_invalid', `${usedAt} is before what can still be billed, from ${terms.countedFrom}`);
  if (isPaused(terms.pause, moment)) return refused('usage.paused', `the subscription was paused at ${usedAt}`);
  const running = usagePeriodAt(terms, now);
  if (moment >= Date.parse(running.start)) {
    const period = moment < Date.parse(running.end) ? running : usagePeriodAt(terms, usedAt);
    return { kind: 'accepted', period, late: false };
  }
  const before = usagePeriodAt(terms, new Date(Date.parse(running.start) - 1).toISOString());
  return moment >= Date.parse(before.start)
    ? { kind: 'accepted', period: before, late: true }
    : refused('usage.period_closed', `usage before ${before.start} has been billed for good`);
}

/** The billing period of a moment; before the anchor the time from the sign-up to it. */
export function usagePeriodAt({ anchor, interval, countedFrom }: UsageTerms, at: string): BillingPeriod {
  if (Date.parse(at) < Date.parse(anchor.at))
    return { start: new Date(countedFrom).toISOString(), end: new Date(anchor.at).toISOString() };
  const calendar = billingCalendar(anchor, interval);
  return calendar.periodAt(calendar.indexAt(at));
}

function isPaused(pause: UsageTerms['pause'], moment: number): boolean {
  if (pause === null || moment < Date.parse(pause.from)) return false;
  return pause.until === null || moment < Date.parse(pause.until);
}

function refused(code: FailureCode, message: string): UsagePlacement {
  return { kind: 'refused', code, message };
}
