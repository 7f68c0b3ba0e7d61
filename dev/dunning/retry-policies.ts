import { nextRetryAt, retryAfterRefusal } from '../../domain/dunning/dunning-schedule.ts';
import { declineClassOf } from '../../domain/payment/decline-codes.ts';
import type { FailingCard } from './failing-cards.ts';

const day = 86_400_000;

/** When a failing card is tried again. */
export interface RetryPolicy {
  readonly name: string;
  /** Asks the retry governor before every attempt. */
  readonly governed: boolean;
  /** @param attempts retries made so far; `at` of the last attempt. Epoch milliseconds; null: never again */
  next(card: FailingCard, attempts: number, at: number): number | null;
  /** When to ask again after the governor refused; null: never. */
  afterRefusal(card: FailingCard, until: string | null): number | null;
}

const ours: RetryPolicy = {
  name: 'Waybill',
  governed: true,
  next(card, attempts, at) {
    const next = nextRetryAt({
      declineClass: declineClassOf(card.decline.code),
      attempts,
      firstFailedAt: isoOf(card.failedAt),
      at: isoOf(at),
      timeZone: card.timeZone,
      market: card.issuerCountry,
    });
    return next.kind === 'retry' ? Date.parse(next.at) : null;
  },
  afterRefusal: ({ failedAt, timeZone }, until) =>
    until === null ? null : Date.parse(retryAfterRefusal(until, { firstFailedAt: isoOf(failedAt), timeZone })),
};

/** The codes that Stripe does not send again without a new method (what-users-hit 4.4), as far as these cards have them. */
const neverAgain = ['stolen_card', 'lost_card', 'revocation_of_authorization', 'authentication_required'];
/** Polar's wider list, looked at after the first failure only; the attempt of its last day is made all the same. */
const polarStops = [...neverAgain, 'do_not_honor', 'expired_card'];

function fixed(
  name: string,
  days: readonly number[],
  stops: (card: FailingCard, attempts: number) => number,
): RetryPolicy {
  return {
    name,
    governed: false,
    next(card, attempts) {
      const after = days[stops(card, attempts)];
      return after === undefined ? null : card.failedAt + after * day;
    },
    afterRefusal: () => null,
  };
}

const stripeDays = [1, 2, 3, 4, 5, 6, 7, 8].map((step) => (step * 14) / 8);
const polarDays = [2, 7, 14, 21];

/** As what-users-hit 4.3 and 4.4 describe them: at the same time of day as the first failure. */
export const retryPolicies: readonly RetryPolicy[] = [
  ours,
  fixed('8 in 14 days (Stripe-like)', stripeDays, ({ decline, issuerCountry }, attempts) =>
    neverAgain.includes(decline.code) || issuerCountry === 'IN' ? stripeDays.length : attempts,
  ),
  fixed('2, 7, 14, 21 (Polar-like)', polarDays, ({ decline }, attempts) =>
    polarStops.includes(decline.code) ? Math.max(attempts + polarDays.length - 1, 0) : attempts,
  ),
  fixed('+8 +8 +8 (Kill Bill-like)', [8, 16, 24], (_card, attempts) => attempts),
];

function isoOf(moment: number): string {
  return new Date(moment).toISOString();
}
