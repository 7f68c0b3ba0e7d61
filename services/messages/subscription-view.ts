import type { LocalizedFormat } from '../../domain/message/localized.ts';
import type { SubscriptionFacts } from '../../domain/message/message-facts.ts';
import type { MessageSubscription } from '../../domain/message/message.ts';
import type { Locale } from '../../domain/order/order.ts';
import { localDate } from '../../domain/time/local-date.ts';
import { webAddress } from './web-address.ts';

/** What templates see as `it.subscription`. A fact that the message does not speak of is an empty text. */
export interface SubscriptionView {
  readonly items: string;
  /** "a month", "every 3 months". */
  readonly every: string;
  readonly amount: string;
  readonly previousAmount: string;
  readonly credit: string;
  readonly from: string;
  readonly until: string;
  readonly retryAt: string;
  readonly advice: SubscriptionFacts['advice'];
  readonly stage: SubscriptionFacts['stage'];
  readonly stageUntil: string;
  readonly ending: SubscriptionFacts['ending'];
  readonly meter: string;
  readonly used: string;
  readonly limit: string;
  readonly manageUrl: string | null;
  readonly surveyUrl: string | null;
}

/** Days are those that the customer has where they live. */
export function subscriptionView(
  { facts, items, manageUrl, surveyUrl }: MessageSubscription,
  currency: string,
  locale: Locale,
  format: LocalizedFormat,
): SubscriptionView {
  const money = (amount: number | null) => (amount === null ? '' : format.money(amount, currency));
  const day = (at: string | null) => (at === null ? '' : format.date(localDate(at, facts.timeZone)));
  const number = (value: number | null) => (value === null ? '' : format.number(value));
  return {
    items: items.join(', '),
    every: facts.interval === null ? '' : every[locale](facts.interval, facts.count ?? 1),
    amount: money(facts.amount),
    previousAmount: money(facts.previousAmount),
    credit: money(facts.credit),
    from: day(facts.from),
    until: day(facts.until),
    retryAt: day(facts.retryAt),
    advice: facts.advice,
    stage: facts.stage,
    stageUntil: day(facts.stageUntil),
    ending: facts.ending,
    meter: facts.meter ?? '',
    used: number(facts.used),
    limit: number(facts.limit),
    manageUrl: webAddress(manageUrl),
    surveyUrl: webAddress(surveyUrl),
  };
}

type Interval = NonNullable<SubscriptionFacts['interval']>;

const germanIntervals = {
  day: ['pro Tag', 'Tage'],
  week: ['pro Woche', 'Wochen'],
  month: ['pro Monat', 'Monate'],
  year: ['pro Jahr', 'Jahre'],
} as const satisfies Record<Interval, readonly [string, string]>;

const every: Readonly<Record<Locale, (interval: Interval, count: number) => string>> = {
  en: (interval, count) => (count === 1 ? `a ${interval}` : `every ${count} ${interval}s`),
  de: (interval, count) =>
    count === 1 ? germanIntervals[interval][0] : `alle ${count} ${germanIntervals[interval][1]}`,
};
