import { declineClassOf } from '../payment/decline-codes.ts';
import { assertNever } from '../state-machine.ts';
import { holdsOn } from '../tax/dated-row.ts';
import { retryRules } from './data/retry-rules.ts';
import type { DeclineMatch, LimitRule, RetryRule } from './data/retry-rules.ts';
import type { ChargeAttempt, ChargeIntent, ChargeResult, ChargeVerdict } from './retry-attempt.ts';

/** What is remembered of one card: as much as the rules can still ask for. */
export interface CardLog {
  /** In the order in which they were allowed. */
  readonly attempts: readonly ChargeAttempt[];
  /** When new data of the card came in (account updater), ISO 8601 UTC; null: never. */
  readonly updatedAt: string | null;
}

export const emptyCardLog: CardLog = { attempts: [], updatedAt: null };

const hourMs = 3_600_000;
/** The longest window of the rules. What comes later is a new charge, such as that of the next month. */
const windowMs = 30 * 24 * hourMs;
/** An open attempt is answered within minutes: no need to wait for its whole window. */
const answeredWithinMs = 15 * 60_000;
/** More charges of one card in 30 days than anybody's subscriptions make: a sign of misuse, and the bound of the record. */
const mostRemembered = 200;

/**
 * Whether the card may be charged, by the rules of the day. What the rules forbid is refused with the one that holds
 * longest. An attempt that is not answered yet counts as a decline.
 */
export function judgeCharge(
  log: CardLog,
  intent: ChargeIntent,
  rules: readonly RetryRule[] = retryRules,
): ChargeVerdict {
  if (log.attempts.some(({ key }) => key === intent.key)) return { kind: 'allowed' };
  const now = Date.parse(intent.at);
  const today = intent.at.slice(0, 10);
  let worst: { readonly rule: RetryRule; readonly until: number } | null = null;
  for (const rule of rules) {
    if (!holdsOn(rule, today) || !concerns(rule, intent)) continue;
    const until = forbiddenUntil(rule, log, intent, now);
    if (until > now && (worst === null || until > worst.until)) worst = { rule, until };
  }
  if (worst !== null) {
    const { rule, source } = worst.rule;
    return { kind: 'refused', rule, source, until: Number.isFinite(worst.until) ? isoOf(worst.until) : null };
  }
  return log.attempts.length < mostRemembered ? { kind: 'allowed' } : judgeFullLog(log, now);
}

function judgeFullLog(log: CardLog, now: number): ChargeVerdict {
  const remembered = rememberedAttempts(log, now);
  const [oldest] = remembered;
  if (remembered.length < mostRemembered || oldest === undefined) return { kind: 'allowed' };
  const until = isoOf(Math.max(now + hourMs, Date.parse(oldest.at) + windowMs));
  return { kind: 'refused', rule: 'own.card_log_full', source: 'our own policy', until };
}

/** The log with the attempt that is about to leave, without what no rule asks for any more. */
export function withAttempt(log: CardLog, intent: ChargeIntent): CardLog {
  const now = Date.parse(intent.at);
  const { key, merchant, amount, currency, network, issuerCountry, initiator, at } = intent;
  const series = sinceSuccess(log, intent);
  const attempt: ChargeAttempt = {
    key,
    merchant,
    amount,
    currency,
    network,
    issuerCountry,
    initiator,
    at,
    result: 'open',
    declineClass: null,
    declineCode: null,
    networkDeclineCode: null,
    networkAdviceCode: null,
    reattempt: series.some((one) => Date.parse(one.at) > now - windowMs),
  };
  return { ...log, attempts: [...rememberedAttempts(log, now), attempt] };
}

/** How an attempt ended. */
export interface AttemptAnswer {
  readonly outcome: Exclude<ChargeResult, 'open'>;
  readonly declineCode: string | null;
  readonly networkDeclineCode: string | null;
  readonly networkAdviceCode: string | null;
}

/** The log with the answer; what surely never left is as if it had not been asked for. What is answered stays so. */
export function withAnswer(log: CardLog, key: string, answer: AttemptAnswer): CardLog {
  const { outcome, declineCode, networkDeclineCode, networkAdviceCode } = answer;
  const attempts = log.attempts.flatMap((one) => {
    if (one.key !== key || !isUnanswered(one)) return [one];
    switch (outcome) {
      case 'not_sent':
        return [];
      case 'approved':
      case 'unknown':
        return [{ ...one, result: outcome }];
      case 'declined': {
        const declineClass = declineClassOf(declineCode ?? '');
        return [{ ...one, result: outcome, declineClass, declineCode, networkDeclineCode, networkAdviceCode }];
      }
      default:
        return assertNever(outcome);
    }
  });
  return { ...log, attempts };
}

/** Its answer may still come. */
export function isUnanswered({ result }: ChargeAttempt): boolean {
  return result === 'open' || result === 'unknown';
}

/** The moment until which the rule forbids the charge: in the past where it does not, Infinity for good. */
function forbiddenUntil(rule: RetryRule, log: CardLog, intent: ChargeIntent, now: number): number {
  switch (rule.type) {
    case 'never': {
      const stands = log.attempts.some(
        (one) => describes(rule.after, one) && !isLifted(one, log, rule.liftedBySuccess),
      );
      return stands ? Number.POSITIVE_INFINITY : -1;
    }
    case 'wait':
      return Math.max(
        -1,
        ...log.attempts
          .filter((one) => describes(rule.after, one))
          .map(({ at }) => Date.parse(at) + rule.hours * hourMs),
      );
    case 'limit':
      return limitReachedUntil(rule, log, intent, now);
    case 'spacing':
      return Math.max(
        -1,
        ...sinceSuccess(log, intent)
          .filter(({ initiator, declineClass }) => initiator === 'automatic' && declineClass !== rule.except)
          .map((one) => Math.min(Date.parse(one.at) + rule.hours * hourMs, untilAnswered(one, now))),
      );
    case 'issuer_country':
      return intent.issuerCountry === rule.country
        ? Math.max(-1, ...sinceSuccess(log, intent).map(({ at }) => Date.parse(at) + windowMs))
        : -1;
    default:
      return assertNever(rule);
  }
}

/** One more is allowed when the oldest of the last `max` leaves the window, or when one of those that are open may be answered. */
function limitReachedUntil(rule: LimitRule, log: CardLog, intent: ChargeIntent, now: number): number {
  const counted = (rule.scope === 'charge' ? sinceSuccess(log, intent) : log.attempts)
    .filter(
      ({ at, result, initiator, reattempt }) =>
        Date.parse(at) > now - rule.hours * hourMs &&
        (rule.by === 'every' || rule.by === initiator) &&
        (rule.counts === 'declines' ? result !== 'approved' : rule.counts === 'attempts' || reattempt),
    )
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
  const blocking = counted[rule.max - 1];
  if (blocking === undefined) return -1;
  const leaves = Date.parse(blocking.at) + rule.hours * hourMs;
  return Math.min(leaves, ...counted.map((one) => untilAnswered(one, now)));
}

function untilAnswered({ result }: ChargeAttempt, now: number): number {
  return result === 'open' ? now + answeredWithinMs : Number.POSITIVE_INFINITY;
}

function concerns({ network, forbids }: RetryRule, intent: ChargeIntent): boolean {
  const ofNetwork = network === null || intent.network === null || network === intent.network;
  return ofNetwork && (forbids === 'every' || forbids === intent.initiator);
}

function describes({ networkCodes, adviceCodes, classes }: DeclineMatch, attempt: ChargeAttempt): boolean {
  const { networkDeclineCode, networkAdviceCode, declineClass } = attempt;
  return (
    (networkDeclineCode !== null && networkCodes?.includes(networkDeclineCode) === true) ||
    (networkAdviceCode !== null && adviceCodes?.includes(networkAdviceCode) === true) ||
    (declineClass !== null && classes?.includes(declineClass) === true)
  );
}

type Charge = Pick<ChargeIntent, 'merchant' | 'amount' | 'currency'>;

function sameCharge(one: Charge, other: Charge): boolean {
  return one.merchant === other.merchant && one.amount === other.amount && one.currency === other.currency;
}

/** The attempts of the same card, merchant and amount since one of them succeeded. */
function sinceSuccess({ attempts }: CardLog, charge: Charge): readonly ChargeAttempt[] {
  const series = attempts.filter((one) => sameCharge(one, charge));
  const success = series.findLastIndex(({ result }) => result === 'approved');
  return series.slice(success + 1);
}

/** New data of the card, or a success, has overtaken the decline. */
function isLifted({ at }: ChargeAttempt, { attempts, updatedAt }: CardLog, bySuccess: boolean): boolean {
  const declined = Date.parse(at);
  if (updatedAt !== null && Date.parse(updatedAt) >= declined) return true;
  return bySuccess && attempts.some((one) => one.result === 'approved' && Date.parse(one.at) > declined);
}

/**
 * What a rule can still ask for: the longest window, the declines that forbid the card for good, and of the successes
 * those that lift or end something before them.
 */
function rememberedAttempts(log: CardLog, now: number): readonly ChargeAttempt[] {
  const declines = log.attempts.filter(
    (one) => one.result !== 'approved' && (Date.parse(one.at) > now - windowMs - hourMs || forbidsForGood(one, log)),
  );
  if (declines.length === 0) return [];
  const newest = log.attempts.findLast(({ result }) => result === 'approved');
  return log.attempts.filter(
    (one) =>
      declines.includes(one) ||
      (one.result === 'approved' &&
        (one === newest || (isLastSuccess(one, log) && declines.some((decline) => sameCharge(decline, one))))),
  );
}

function isLastSuccess(success: ChargeAttempt, { attempts }: CardLog): boolean {
  return attempts.findLast((one) => one.result === 'approved' && sameCharge(one, success)) === success;
}

function forbidsForGood(attempt: ChargeAttempt, log: CardLog): boolean {
  return retryRules.some(
    (rule) => rule.type === 'never' && describes(rule.after, attempt) && !isLifted(attempt, log, rule.liftedBySuccess),
  );
}

function isoOf(moment: number): string {
  return new Date(moment).toISOString();
}
