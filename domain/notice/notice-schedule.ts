import { Temporal } from 'temporal-polyfill';
import type { CardNetwork } from '../dunning/retry-attempt.ts';
import type { CustomerType } from '../order/order.ts';
import { holdsOn } from '../tax/dated-row.ts';
import { addDays, daysBetween, startOfDay } from '../time/calendar-date.ts';
import type { CalendarInterval } from '../time/calendar-date.ts';
import { localDate } from '../time/local-date.ts';
import { noticeRules } from './data/notice-rules.ts';
import type { NoticeRuleRow } from './data/notice-rules.ts';
import type { NoticeKind } from './notice-kind.ts';

/** What decides which rules ask for a notice. */
export interface NoticeFacts {
  /** ISO 3166-1 alpha-2, and the region's code within it. */
  readonly country: string;
  readonly region: string | null;
  readonly customerType: CustomerType;
  /** Null: nobody said, or it is no card; then every network's rules are kept. */
  readonly network: CardNetwork | null;
  /** IANA zone: days are counted on the customer's calendar. */
  readonly timeZone: string;
  /** One period of the subscription. */
  readonly interval: CalendarInterval;
  /** Null: there was none. */
  readonly trialDays: number | null;
}

/** One mail that satisfies all of `rules`. */
export interface PlannedNotice {
  readonly kind: NoticeKind;
  /** Days on the customer's calendar between the mail and the event; makes its fact unique. */
  readonly daysBefore: number;
  /** ISO 8601 UTC: so many days before at the same time of day, so that days and hours give the same count. */
  readonly sendAt: string;
  /** The first moment at which the mail would come too late, ISO 8601 UTC. */
  readonly before: string;
  readonly rules: readonly string[];
}

/**
 * The fewest mails that keep every rule: each is sent on the last day that the strictest rule left allows, and counts
 * for all whose window that day is in. Visa's "7 or more", Mastercard's "3 to 7" and California's "7 to 30" are one mail
 * 7 days before.
 * @param dueAt the event, ISO 8601 UTC
 * @returns in the order in which they are sent; none where no rule asks for one
 */
export function planNotices(kind: NoticeKind, dueAt: string, facts: NoticeFacts): readonly PlannedNotice[] {
  const dueDate = localDate(dueAt, facts.timeZone);
  let open = [...rulesFor(kind, dueAt, facts)].sort((a, b) => b.latestDays - a.latestDays);
  const planned: PlannedNotice[] = [];
  for (let strictest = open[0]; strictest !== undefined; strictest = open[0]) {
    const daysBefore = strictest.latestDays;
    const kept = open.filter((row) => counts(row, daysBefore));
    open = open.filter((row) => !kept.includes(row));
    planned.push({
      kind,
      daysBefore,
      sendAt: sameTimeBefore(dueAt, daysBefore, facts.timeZone),
      before: startOfDay(addDays(dueDate, 1 - daysBefore), facts.timeZone),
      rules: kept.map(({ rule }) => rule),
    });
  }
  return planned;
}

/** The rules for which no notice was sent in time. @param sentAt when notices of this event left, ISO 8601 UTC */
export function missedNotices(
  kind: NoticeKind,
  dueAt: string,
  sentAt: readonly string[],
  facts: NoticeFacts,
): readonly NoticeRuleRow[] {
  const dueDate = localDate(dueAt, facts.timeZone);
  const days = sentAt.map((at) => daysBetween(localDate(at, facts.timeZone), dueDate));
  return rulesFor(kind, dueAt, facts).filter((row) => !days.some((one) => counts(row, one)));
}

/** What a period is charged for when its price was to change with it. */
export type PeriodPrice =
  | { readonly price: 'new' }
  /** The rule for which no notice was sent in time, and where it comes from. */
  | { readonly price: 'old'; readonly rule: string; readonly source: string };

/**
 * A higher price is charged only when every notice that the rules ask for was sent in time; else the old one once more,
 * and the notice is owed before the next period. A lower price needs none.
 * @param request.periodStart ISO 8601 UTC, as are `noticesSentAt`; amounts in minor units of one currency
 */
export function priceForPeriod(request: {
  readonly periodStart: string;
  readonly oldAmount: number;
  readonly newAmount: number;
  readonly noticesSentAt: readonly string[];
  readonly facts: NoticeFacts;
}): PeriodPrice {
  const { periodStart, oldAmount, newAmount, noticesSentAt, facts } = request;
  if (newAmount <= oldAmount) return { price: 'new' };
  const [missed] = missedNotices('price_change', periodStart, noticesSentAt, facts);
  return missed === undefined ? { price: 'new' } : { price: 'old', rule: missed.rule, source: missed.source };
}

function rulesFor(kind: NoticeKind, dueAt: string, facts: NoticeFacts): readonly NoticeRuleRow[] {
  const date = localDate(dueAt, facts.timeZone);
  return noticeRules.filter((row) => row.kind === kind && holdsOn(row, date) && concerns(row, facts));
}

function concerns(row: NoticeRuleRow, facts: NoticeFacts): boolean {
  const { kind, country, region, network, consumersOnly, periodMonths, trialDaysOver, latestDays } = row;
  return (
    (country === null || country === facts.country) &&
    (region === null || region === regionCode(facts)) &&
    (network === null || facts.network === null || network === facts.network) &&
    (!consumersOnly || facts.customerType === 'consumer') &&
    monthsOf(facts.interval) >= periodMonths &&
    (trialDaysOver === 0 || (facts.trialDays ?? 0) > trialDaysOver) &&
    // Nobody can be told a week before the end of a trial of five days: its terms were confirmed at its start.
    (kind !== 'trial_end' || facts.trialDays === null || latestDays <= facts.trialDays)
  );
}

/** Orders keep what was given: "ca", "CA" and "US-CA" are California. */
function regionCode({ country, region }: NoticeFacts): string {
  const code = (region ?? '').trim().toUpperCase();
  return code.startsWith(`${country}-`) ? code.slice(country.length + 1) : code;
}

/** Whole months; a rule for a year must not miss 52 weeks or 365 days. */
function monthsOf({ interval, count }: CalendarInterval): number {
  switch (interval) {
    case 'day':
      return Math.round((count * 12) / 365);
    case 'week':
      return Math.round((count * 12) / 52);
    case 'month':
      return count;
    case 'year':
      return count * 12;
  }
}

function counts({ earliestDays, latestDays }: NoticeRuleRow, daysBefore: number): boolean {
  return daysBefore >= latestDays && (earliestDays === null || daysBefore <= earliestDays);
}

function sameTimeBefore(at: string, days: number, timeZone: string): string {
  const due = Temporal.Instant.from(at).toZonedDateTimeISO(timeZone);
  return new Date(due.subtract({ days }).epochMilliseconds).toISOString();
}
