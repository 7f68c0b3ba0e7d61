import { Temporal } from 'temporal-polyfill';
import type { PaymentAdvice } from '../message/message-facts.ts';
import { jitterMs } from '../periods/jitter.ts';
import type { DeclineClass } from '../payment/payment.ts';
import { addDays } from '../time/calendar-date.ts';
import { localDate } from '../time/local-date.ts';
import {
  dunningStagesTable,
  endOfDunningPolicies,
  paydays,
  retryHours,
  retryLadders,
  retryLimits,
} from './data/dunning-policy.ts';
import type { ClaimPolicy, DunningStagesRow, DunningTemplate } from './data/dunning-policy.ts';
import { forMarket, rowInForce } from './policy-row.ts';

/** What only the customer can do: no charge is tried again before it is done. */
export type CustomerNeed = 'new_method' | 'confirm' | 'update_data';

export type NextRetry =
  /** `at`: ISO 8601 UTC. */
  | { readonly kind: 'retry'; readonly at: string }
  | { readonly kind: 'customer'; readonly need: CustomerNeed }
  /** Nobody is dunned while a bank decides who is right. */
  | { readonly kind: 'disputed' }
  /** The schedule has no retry left. */
  | { readonly kind: 'exhausted' };

export interface RetryFacts {
  /** Of the last decline. */
  readonly declineClass: DeclineClass;
  /** Automatic retries since the first failure; what the customer tried is not counted. */
  readonly attempts: number;
  /** ISO 8601 UTC, as is `at`: now, the moment of the last attempt. */
  readonly firstFailedAt: string;
  readonly at: string;
  /** IANA zone of the customer. */
  readonly timeZone: string;
  /** ISO 3166-1 alpha-2 of the customer's country. */
  readonly market: string;
  /** A charge of the subscription is in an open dispute; absent: none is. */
  readonly disputed?: boolean;
}

const dayMs = 86_400_000;

/**
 * When an unpaid renewal is charged again. Days count from the first failure and are the customer's; a try of the day
 * moves on by a day where less than 24 hours have passed since the last one, and to a payday that is near.
 * @throws dunning.policy_missing, time.zone_unknown
 */
export function nextRetryAt(facts: RetryFacts): NextRetry {
  const { declineClass, attempts, firstFailedAt, at } = facts;
  if (facts.disputed === true) return { kind: 'disputed' };
  const need = needs[declineClass];
  if (need !== null) return { kind: 'customer', need };
  const on = firstFailedAt.slice(0, 10);
  if (attempts >= rowInForce(retryLimits, on).automatic) return { kind: 'exhausted' };
  const ladder = forMarket(
    retryLadders.filter((row) => row.declineClass === declineClass),
    facts.market,
    on,
  );
  const minutes = ladder.minutes[attempts];
  if (minutes !== undefined) return retry(Date.parse(at) + minutes * 60_000);
  const first = localDate(firstFailedAt, facts.timeZone);
  for (const day of ladder.days) {
    const planned = addDays(first, day);
    const date = ladder.paydays ? paydayNear(planned, facts.market, on) : planned;
    const moment = spaced(date, facts);
    if (moment !== null) return retry(moment);
  }
  return { kind: 'exhausted' };
}

/**
 * When to try again what the retry governor refused: the first morning of the customer from `until` on.
 * @param until of the refusal, ISO 8601 UTC. @throws dunning.policy_missing, time.zone_unknown
 */
export function retryAfterRefusal(
  until: string,
  { firstFailedAt, timeZone }: Pick<RetryFacts, 'firstFailedAt' | 'timeZone'>,
): string {
  const date = localDate(until, timeZone);
  const sameDay = morningOf(date, firstFailedAt, timeZone);
  const moment = sameDay >= Date.parse(until) ? sameDay : morningOf(addDays(date, 1), firstFailedAt, timeZone);
  return new Date(moment).toISOString();
}

const needs: Readonly<Record<DeclineClass, CustomerNeed | null>> = {
  hard: 'new_method',
  authentication: 'confirm',
  fix_data: 'update_data',
  soft_funds: null,
  soft_technical: null,
  vague: null,
};

function retry(moment: number): NextRetry {
  return { kind: 'retry', at: new Date(moment).toISOString() };
}

/** The morning of the date, or of the next one where the last try was less than a day before; null when it is past. */
function spaced(date: string, { firstFailedAt, at, timeZone }: RetryFacts): number | null {
  const now = Date.parse(at);
  const morning = morningOf(date, firstFailedAt, timeZone);
  if (morning <= now) return null;
  if (morning >= now + dayMs) return morning;
  // A day on which the clocks go forward has 23 hours.
  return Math.max(morningOf(addDays(date, 1), firstFailedAt, timeZone), now + dayMs);
}

/** The same minute every day in one case, and different ones in different cases, so that the hour does not begin with a storm. */
function morningOf(date: string, firstFailedAt: string, timeZone: string): number {
  const { from, to } = rowInForce(retryHours, firstFailedAt.slice(0, 10));
  const seconds = from * 3600 + Math.floor(jitterMs(firstFailedAt, (to - from) * 3_600_000) / 1000);
  const time = new Temporal.PlainTime(Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60);
  return Temporal.PlainDate.from(date).toZonedDateTime({ timeZone, plainTime: time }).epochMilliseconds;
}

/** The date itself when it is a payday or none is near; else the first payday after it. */
function paydayNear(date: string, market: string, on: string): string {
  const { daysOfMonth, weekdays, withinDays } = forMarket(paydays, market, on);
  for (let later = 0; later <= withinDays; later += 1) {
    const candidate = addDays(date, later);
    const weekday = ((new Date(`${candidate}T00:00:00Z`).getUTCDay() + 6) % 7) + 1;
    if (daysOfMonth.includes(Number(candidate.slice(8))) || weekdays.includes(weekday)) return candidate;
  }
  return date;
}

/** What the customer can still use while a renewal is unpaid, from the first failed charge on. */
export type DunningStage = DunningStagesRow['stages'][number]['stage'];

/** @param since of the first failed charge, ISO 8601 UTC like `at`. @throws dunning.policy_missing */
export function dunningStageAt(since: string, at: string): DunningStage {
  const day = daysSince(since, at);
  return policyOf(since).stages.findLast(({ fromDay }) => fromDay <= day)?.stage ?? 'grace';
}

/** When the stage of the moment ends and what follows it; null in the last one. @throws dunning.policy_missing */
export function nextDunningStage(
  since: string,
  at: string,
): { readonly stage: DunningStage; readonly at: string } | null {
  const day = daysSince(since, at);
  const next = policyOf(since).stages.find(({ fromDay }) => fromDay > day);
  return next === undefined ? null : { stage: next.stage, at: moment(since, next.fromDay) };
}

/**
 * What the customer is to be told by now: the last notice that is due, so that whoever comes late sends one mail and not
 * all that were missed. `day` makes its fact unique. @throws dunning.policy_missing
 */
export function dunningNoticeAt(
  since: string,
  at: string,
): { readonly day: number; readonly template: DunningTemplate } | null {
  const day = daysSince(since, at);
  return policyOf(since).notices.findLast((notice) => notice.day <= day) ?? null;
}

/** The next moment at which the stage changes or a notice falls due; null when nothing more is to come. @throws dunning.policy_missing */
export function nextDunningMoment(since: string, at: string): string | null {
  const day = daysSince(since, at);
  const { stages, notices } = policyOf(since);
  const days = [...stages.map(({ fromDay }) => fromDay), ...notices.map((notice) => notice.day)];
  const next = days.filter((one) => one > day).sort((a, b) => a - b)[0];
  return next === undefined ? null : moment(since, next);
}

/** What becomes of the unpaid renewal when the last stage is reached. @throws dunning.policy_missing */
export function claimAtTheEnd(
  { country, customerType }: { readonly country: string; readonly customerType: 'consumer' | 'business' },
  since: string,
): ClaimPolicy {
  const rows = endOfDunningPolicies.filter((row) => row.customerType === customerType);
  return forMarket(rows, country, since.slice(0, 10)).claim;
}

/** What a mail asks the customer to do after a decline of this class. */
export const adviceAfterDecline = {
  hard: 'new_method',
  authentication: 'confirm',
  fix_data: 'update_data',
  soft_funds: 'funds',
  soft_technical: 'nothing',
  vague: 'ask_bank',
} as const satisfies Record<DeclineClass, PaymentAdvice>;

function policyOf(since: string): DunningStagesRow {
  return rowInForce(dunningStagesTable, since.slice(0, 10));
}

function daysSince(since: string, at: string): number {
  return (Date.parse(at) - Date.parse(since)) / dayMs;
}

function moment(since: string, day: number): string {
  return new Date(Date.parse(since) + day * dayMs).toISOString();
}
