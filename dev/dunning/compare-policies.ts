import type { ChargeIntent } from '../../domain/dunning/retry-attempt.ts';
import { emptyCardLog, judgeCharge, withAnswer, withAttempt } from '../../domain/dunning/retry-rules.ts';
import type { CardLog } from '../../domain/dunning/retry-rules.ts';
import { declineClassOf } from '../../domain/payment/decline-codes.ts';
import { forbiddenAttempts } from './check-attempts.ts';
import type { SentAttempt } from './check-attempts.ts';
import { horizonDays } from './failing-cards.ts';
import type { FailingCard } from './failing-cards.ts';
import type { RetryPolicy } from './retry-policies.ts';

const day = 86_400_000;

/** What a policy made of the cards. Amounts are minor units of EUR. */
export interface PolicyResult {
  readonly policy: string;
  readonly recovered: number;
  /** Of the amount that failed, in percent with one decimal. */
  readonly recoveredPercent: number;
  /** Of it, what retries brought in; the rest was paid by customers who followed a mail. */
  readonly byRetry: number;
  readonly retries: number;
  /** Retries for each card that a retry recovered. */
  readonly retriesPerRecovery: number;
  /** Retries that the networks' rules of the day forbid, as dev/dunning/check-attempts.ts sees it. */
  readonly forbidden: number;
  readonly medianDays: number;
}

interface CaseResult {
  readonly recoveredAt: number | null;
  readonly byRetry: boolean;
  readonly sent: readonly SentAttempt[];
}

export function tryPolicy(policy: RetryPolicy, cards: readonly FailingCard[]): PolicyResult {
  const cases = cards.map((card) => ({ card, ...runCase(policy, card) }));
  const recovered = cases.filter(({ recoveredAt }) => recoveredAt !== null);
  const retried = recovered.filter(({ byRetry }) => byRetry);
  const total = (some: readonly { readonly card: FailingCard }[]) =>
    some.reduce((sum, { card }) => sum + card.amount, 0);
  const retries = cases.reduce((sum, { sent }) => sum + sent.length - 1, 0);
  const days = recovered
    .map(({ card, recoveredAt }) => ((recoveredAt ?? 0) - card.failedAt) / day)
    .sort((a, b) => a - b);
  return {
    policy: policy.name,
    recovered: total(recovered),
    recoveredPercent: round1((total(recovered) / total(cases)) * 100),
    byRetry: total(retried),
    retries,
    retriesPerRecovery: Math.round((retries / retried.length) * 100) / 100,
    forbidden: cases.reduce((sum, { sent }) => sum + forbiddenByNetworks(sent), 0),
    medianDays: round1(days[Math.floor(days.length / 2)] ?? 0),
  };
}

/** Attempts, however many rules each of them breaks. */
function forbiddenByNetworks(sent: readonly SentAttempt[]): number {
  const violations = forbiddenAttempts(sent).filter(({ whose }) => whose === 'network');
  return new Set(violations.map(({ at }) => at)).size;
}

/** From the failed renewal to the money, or to the end of the ladder. */
function runCase(policy: RetryPolicy, card: FailingCard): CaseResult {
  const until = card.failedAt + horizonDays * day;
  const first = attemptOf(card, card.failedAt, false);
  const sent: SentAttempt[] = [first];
  let log = noted(emptyCardLog, card, 0, card.failedAt, false);
  let at: number | null = policy.next(card, 0, card.failedAt);
  while (at !== null && at < until) {
    if (card.customerPaysAt !== null && card.customerPaysAt <= at) break;
    const intent = intentOf(card, sent.length, at);
    const verdict = policy.governed ? judgeCharge(log, intent) : { kind: 'allowed' as const };
    if (verdict.kind === 'refused') {
      at = policy.afterRefusal(card, verdict.until);
      continue;
    }
    const approved = isGood(card, at);
    sent.push(attemptOf(card, at, approved));
    log = noted(log, card, sent.length - 1, at, approved);
    if (approved) return { recoveredAt: at, byRetry: true, sent };
    at = policy.next(card, sent.length - 1, at);
  }
  return { recoveredAt: card.customerPaysAt, byRetry: false, sent };
}

function isGood({ good }: FailingCard, at: number): boolean {
  return good.some(([from, to]) => from <= at && at < to);
}

function intentOf(card: FailingCard, attempt: number, at: number): ChargeIntent {
  const { id, amount, network, issuerCountry } = card;
  return {
    key: `order/${id}/charge/${attempt}`,
    cardKey: `card_${id}`,
    merchant: 'le_default',
    amount,
    currency: 'EUR',
    network,
    issuerCountry,
    initiator: 'automatic',
    at: new Date(at).toISOString(),
  };
}

function noted(log: CardLog, card: FailingCard, attempt: number, at: number, approved: boolean): CardLog {
  const intent = intentOf(card, attempt, at);
  const { code, networkCode, advice } = card.decline;
  return withAnswer(withAttempt(log, intent), intent.key, {
    outcome: approved ? 'approved' : 'declined',
    declineCode: approved ? null : code,
    networkDeclineCode: approved ? null : networkCode,
    networkAdviceCode: approved ? null : advice,
  });
}

function attemptOf(card: FailingCard, at: number, approved: boolean): SentAttempt {
  const { amount, network, issuerCountry, decline } = card;
  return {
    merchant: 'le_default',
    amount,
    network,
    issuerCountry,
    by: 'automatic',
    at,
    approved,
    declineClass: approved ? null : declineClassOf(decline.code),
    networkCode: approved ? null : decline.networkCode,
    advice: approved ? null : decline.advice,
  };
}

function round1(value: number): number {
  return Math.round(value * 10) / 10;
}
