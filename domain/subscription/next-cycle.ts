import type { PriceTerms, Recurrence } from '../catalog/catalog.ts';
import { fail } from '../failures.ts';
import { periodAt } from '../periods/billing-period.ts';
import type { BillingAnchor } from '../periods/billing-period.ts';
import { firstPartShare } from './first-charge.ts';
import type { TimeShare } from './proration.ts';
import type { DueLine, Subscription, SubscriptionItem, SubscriptionPeriod } from './subscription.ts';

/** The period that follows, and what is owed with its beginning. */
export interface NextCycle {
  readonly period: SubscriptionPeriod;
  readonly anchor: BillingAnchor;
  readonly anchorIndex: number;
  /** From now on; a one-off item is billed and gone. */
  readonly items: readonly SubscriptionItem[];
  readonly lines: readonly DueLine[];
}

/** The interval that all recurring items share. @throws subscription.state_conflict when there is none */
export function recurrenceOf(items: readonly SubscriptionItem[]): Recurrence {
  const recurring = items.find((item) => item.recurring !== null)?.recurring;
  return recurring ?? fail('subscription.state_conflict', 'a subscription has no recurring item');
}

export function sameInterval(one: Recurrence, other: Recurrence): boolean {
  return one.interval === other.interval && one.count === other.count;
}

/**
 * What begins at the end of the current period: a pending change is applied, prices are those that may be asked, and what
 * was used in the period that ended is owed with it, unless that was a trial.
 * @param terms by item, where another price than the agreed one may be asked
 * @throws subscription.state_conflict, time.zone_unknown
 */
export function nextCycle(subscription: Subscription, terms: ReadonlyMap<string, PriceTerms>): NextCycle {
  const { period, pendingChange, status } = subscription;
  const changed = pendingChange !== null && pendingChange.from <= period.end ? pendingChange.items : subscription.items;
  const items = changed
    .filter(({ oneOff }) => !oneOff)
    .map((item) => ({ ...item, terms: terms.get(item.id) ?? item.terms }));
  const index = period.index + 1;
  const recurrence = recurrenceOf(items);
  const kept = sameInterval(recurrence, recurrenceOf(subscription.items));
  const anchor = kept ? subscription.anchor : { ...subscription.anchor, at: period.end };
  const anchorIndex = kept ? subscription.anchorIndex : index;
  const next = periodAt(anchor, recurrence, index - anchorIndex);
  const share = index === anchorIndex ? firstPartShare(anchor, recurrence) : null;
  const usedUntil = subscription.pause?.from ?? period.end;
  return {
    period: { index, ...next },
    anchor,
    anchorIndex,
    items,
    lines: [
      ...advanceLines(items, next, share),
      ...oneOffLines(subscription.items, next),
      ...(status === 'trialing' ? [] : usageLines(subscription, usedUntil < period.end ? usedUntil : period.end)),
    ],
  };
}

/** Items that are paid in advance. @param share what the period is of a whole one; null: whole */
function advanceLines(
  items: readonly SubscriptionItem[],
  { start, end }: { readonly start: string; readonly end: string },
  share: TimeShare | null,
): DueLine[] {
  return items
    .filter(({ usage, oneOff }) => usage === 'licensed' && !oneOff)
    .map((item) => ({ item, start, end, share }));
}

function oneOffLines(
  items: readonly SubscriptionItem[],
  { start, end }: { readonly start: string; readonly end: string },
): DueLine[] {
  return items.filter(({ oneOff }) => oneOff).map((item) => ({ item, start, end, share: null }));
}

/** What the current period has used, of the items that it had. */
export function usageLines({ items, period }: Pick<Subscription, 'items' | 'period'>, until: string): DueLine[] {
  return items
    .filter(({ usage }) => usage === 'metered')
    .map((item) => ({ item, start: period.start, end: until, share: null }));
}

/** Number of the period among those that are paid for: a trial is none. 1 is the first. */
export function couponPeriodOf({ trialEnd }: Pick<Subscription, 'trialEnd'>, index: number): number {
  return trialEnd === null ? index + 1 : Math.max(1, index);
}
