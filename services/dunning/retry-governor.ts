import type { Db } from 'mongodb';
import type { ChargeIntent, ChargeVerdict } from '../../domain/dunning/retry-attempt.ts';
import { isUnanswered, judgeCharge, withAnswer, withAttempt } from '../../domain/dunning/retry-rules.ts';
import type { AttemptAnswer, CardLog } from '../../domain/dunning/retry-rules.ts';
import { createCardAttemptStore } from './card-attempt-store.ts';

/** How a charge that was allowed ended. */
export interface ChargeOutcome extends AttemptAnswer {
  /** Of the attempt, as in the question. */
  readonly key: string;
  readonly cardKey: string;
}

/** Stands in front of every charge of a card on file. */
export interface RetryGovernor {
  /**
   * Allowed: the attempt is written down in the same step, so that two askers cannot both have the last one.
   * The same key again is allowed again. @throws dunning.card_log_contended
   */
  mayCharge(intent: ChargeIntent): Promise<ChargeVerdict>;
  /** Writes the answer of an allowed attempt down; a repeat or an unknown key changes nothing. @throws dunning.card_log_contended */
  noteAttempt(outcome: ChargeOutcome): Promise<void>;
  /**
   * A charge that was not asked about, because the customer was there: it counts towards the networks' limits all the
   * same. Once per key. @throws dunning.card_log_contended
   */
  noteCustomerCharge(intent: ChargeIntent, outcome: AttemptAnswer): Promise<void>;
  /**
   * New data of the same card has come (account updater): what was wrong with the old data no longer counts.
   * @param at ISO 8601 UTC. @throws dunning.card_log_contended
   */
  cardUpdated(cardKey: string, at: string): Promise<void>;
}

export function createRetryGovernor(db: Db): RetryGovernor {
  const cards = createCardAttemptStore(db);
  return {
    mayCharge: (intent) =>
      cards.change(intent.cardKey, (log) => {
        const answer = judgeCharge(log, intent);
        const known = log.attempts.some(({ key }) => key === intent.key);
        return { answer, log: answer.kind === 'allowed' && !known ? withAttempt(log, intent) : null };
      }),

    noteAttempt: ({ cardKey, key, ...answer }) =>
      cards.change(cardKey, (log) => {
        const asked = log.attempts.find((attempt) => attempt.key === key);
        const isNews = asked !== undefined && isUnanswered(asked);
        return { answer: undefined, log: isNews ? withAnswer(log, key, answer) : null };
      }),

    noteCustomerCharge: (intent, answer) =>
      cards.change(intent.cardKey, (log) => {
        const known = log.attempts.some(({ key }) => key === intent.key);
        const isNews = !known && (answer.outcome !== 'approved' || endsSomething(log, intent));
        return { answer: undefined, log: isNews ? withAnswer(withAttempt(log, intent), intent.key, answer) : null };
      }),

    cardUpdated: (cardKey, at) =>
      cards.change(cardKey, (log) => ({ answer: undefined, log: { ...log, updatedAt: at } })),
  };
}

/** Whether a success means anything: something of the card is remembered, and all of it is older. */
function endsSomething({ attempts }: CardLog, { at }: ChargeIntent): boolean {
  return attempts.length > 0 && attempts.every((before) => Date.parse(before.at) <= Date.parse(at));
}
