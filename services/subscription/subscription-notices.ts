import { planNotices } from '../../domain/notice/notice-schedule.ts';
import type { NoticeKind } from '../../domain/notice/notice-kind.ts';
import type { NoticeFacts } from '../../domain/notice/notice-schedule.ts';
import type { SubscriptionTemplate } from '../../domain/message/message.ts';
import type { Order } from '../../domain/order/order.ts';
import { billingCalendar } from '../../domain/periods/billing-period.ts';
import { pauseLimit } from '../../domain/subscription/pause-limit.ts';
import { recurrenceOf } from '../../domain/subscription/next-cycle.ts';
import type { Subscription, SubscriptionNotice } from '../../domain/subscription/subscription.ts';

/** The mail of each notice. */
export const noticeTemplates: Readonly<Record<NoticeKind, SubscriptionTemplate>> = {
  trial_end: 'trial_ending',
  renewal: 'renewal_reminder',
  annual_reminder: 'annual_reminder',
  price_change: 'price_change_notice',
  pre_debit: 'renewal_reminder',
  pause_end: 'pause_ending',
};

/** What decides which notices a customer is owed. The card's network is not known here: every network's rules are kept. */
export function noticeFacts(
  { items, timeZone, trialEnd, createdAt }: Pick<Subscription, 'items' | 'timeZone' | 'trialEnd' | 'createdAt'>,
  { customer }: Pick<Order, 'customer'>,
): NoticeFacts {
  const { country, region, type } = customer;
  const { interval, count } = recurrenceOf(items);
  const trialDays = trialEnd === null ? null : Math.round((Date.parse(trialEnd) - Date.parse(createdAt)) / dayMs);
  return { country, region, customerType: type, network: null, timeZone, interval: { interval, count }, trialDays };
}

export interface SubscriptionNotices {
  /** Those of the current period's end and of announced prices, with what was sent before; what is past is dropped. */
  plan(subscription: Subscription, source: Pick<Order, 'customer'>, at: string): readonly SubscriptionNotice[];
}

const dayMs = 86_400_000;

export function createSubscriptionNotices(): SubscriptionNotices {
  return {
    plan(subscription, source, at) {
      const facts = noticeFacts(subscription, source);
      const planned = events(subscription, at).flatMap(({ kind, eventAt }) =>
        planNotices(kind, eventAt, facts)
          // What cannot be in time any more is not sent at all: it would only say that it is late.
          .filter(({ before }) => before > at)
          .map(({ sendAt, before }): SubscriptionNotice => {
            return { kind, eventAt, sendAt: sendAt > at ? sendAt : at, before, sentAt: null };
          }),
      );
      // A pause that is asked for anew has a limit of its own.
      const kept = subscription.notices.filter(
        ({ kind, sentAt, eventAt }) => sentAt !== null && eventAt >= at && kind !== 'pause_end',
      );
      const fresh = planned.filter((one) => !kept.some((known) => sameNotice(known, one)));
      return [...kept, ...fresh].sort((one, other) => one.sendAt.localeCompare(other.sendAt));
    },
  };
}

/** The day of the plan decides: a plan made anew says the same, whatever moment it was made at. */
function sameNotice(one: SubscriptionNotice, other: SubscriptionNotice): boolean {
  return one.kind === other.kind && one.eventAt === other.eventAt && one.before === other.before;
}

/** What is going to happen that customers may have to be told of. */
function events(subscription: Subscription, at: string): { readonly kind: NoticeKind; readonly eventAt: string }[] {
  const { status, period, newTerms, cancelAt, pause } = subscription;
  // Nothing else happens in a pause, and one that ends by itself was told with its begin.
  if (status === 'paused') return pause?.until == null ? [{ kind: 'pause_end', eventAt: pauseLimit(at) }] : [];
  const prices = [...new Set(newTerms.map(({ from }) => from))];
  // Nothing renews that ends or rests by then.
  const stops = [cancelAt, pause?.from ?? null].filter((at) => at !== null);
  const all: { readonly kind: NoticeKind; readonly eventAt: string }[] = [
    { kind: status === 'trialing' ? 'trial_end' : 'renewal', eventAt: period.end },
    { kind: 'pre_debit', eventAt: period.end },
    ...anniversaries(subscription).map((eventAt) => ({ kind: 'annual_reminder', eventAt }) as const),
    ...prices.map((eventAt) => ({ kind: 'price_change', eventAt }) as const),
  ];
  return all.filter(({ eventAt }) => stops.every((at) => at > eventAt));
}

/** Of the first charge, in the period that runs. */
function anniversaries({ anchor, period, status }: Subscription): readonly string[] {
  if (status === 'trialing') return [];
  const years = billingCalendar({ ...anchor, alignment: 'anniversary' }, { interval: 'year', count: 1 });
  const { end } = years.periodAt(years.indexAt(period.start));
  return end > period.start && end <= period.end ? [end] : [];
}
