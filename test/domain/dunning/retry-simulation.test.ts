import { describe, expect, it } from '@jest/globals';
import { seededRandom } from '../../../dev/chaos/seeded-random.ts';
import type { SeededRandom } from '../../../dev/chaos/seeded-random.ts';
import { forbiddenAttempts } from '../../../dev/dunning/check-attempts.ts';
import type { SentAttempt, Violation } from '../../../dev/dunning/check-attempts.ts';
import type { CardNetwork, ChargeIntent } from '../../../domain/dunning/retry-attempt.ts';
import { emptyCardLog, judgeCharge, withAnswer, withAttempt } from '../../../domain/dunning/retry-rules.ts';
import type { CardLog } from '../../../domain/dunning/retry-rules.ts';
import { declineClassOf } from '../../../domain/payment/decline-codes.ts';

const hour = 3_600_000;
const day = 24 * hour;
const wantedFailures = 100_000;

/** Codes with what networks say beside them; the soft ones come most often, so that windows and limits fill up. */
const declines = [
  { weight: 30, code: 'insufficient_funds', networkCode: '51', advices: ['02', '24', '25', '30', null] },
  { weight: 30, code: 'processing_error', networkCode: '96', advices: ['24', null, null] },
  { weight: 30, code: 'do_not_honor', networkCode: '05', advices: ['26', '27', '28', '29', null] },
  { weight: 1, code: 'stolen_card', networkCode: '43', advices: ['03', null] },
  { weight: 1, code: 'generic_decline', networkCode: 'R1', advices: ['21', null] },
  { weight: 1, code: 'expired_card', networkCode: '54', advices: ['01', null] },
  { weight: 1, code: 'authentication_required', networkCode: '65', advices: [null] },
] as const;
const quiet = [{ ...declines[1], advices: [null] as const }] as const;

/** Somebody who charges a card at every opportunity for 80 days, and does only what the governor allows. */
function besiege(random: SeededRandom, card: number) {
  const network = random.pick<CardNetwork | null>(['visa', 'mastercard', 'amex', null]);
  const issuerCountry = random.pick([null, 'DE', 'US', 'IN']);
  // A third of the cards only ever has technical declines: nothing but the counts of the networks stops those.
  const sayings = random.next() < 0.3 ? quiet : declines;
  let now = Date.UTC(2025, random.between(3, 5), random.between(1, 28));
  const end = now + 80 * day;
  let log: CardLog = emptyCardLog;
  const sent: SentAttempt[] = [];
  let refused = 0;
  for (let asked = 0; now < end; asked += 1) {
    now += random.pick([1, 5, 30, 120]) * random.between(1, 20) * 60_000;
    const intent: ChargeIntent = {
      key: `${card}/${asked}`,
      cardKey: `card_${card}`,
      merchant: random.pick(['le_1', 'le_1', 'le_2']),
      amount: random.pick([1000, 1000, 1000, 2500]),
      currency: 'EUR',
      network,
      issuerCountry,
      initiator: random.pick(['automatic', 'automatic', 'customer']),
      at: new Date(now).toISOString(),
    };
    // Now and then the customer pays on a page where nobody asks the governor: that counts as well.
    const unasked = random.next() < 0.1;
    if (!unasked && judgeCharge(log, intent).kind === 'refused') {
      refused += 1;
      continue;
    }
    const said = random.pickWeighted<(typeof declines)[number] | (typeof quiet)[number]>(sayings);
    const approved = random.next() < 0.02;
    const advice = network === 'visa' ? null : random.pick<string | null>([...said.advices]);
    log = withAnswer(withAttempt(log, intent), intent.key, {
      outcome: approved ? 'approved' : 'declined',
      declineCode: approved ? null : said.code,
      networkDeclineCode: approved ? null : said.networkCode,
      networkAdviceCode: approved ? null : advice,
    });
    sent.push({
      merchant: intent.merchant,
      amount: intent.amount,
      network,
      issuerCountry,
      by: intent.initiator,
      at: now,
      approved,
      declineClass: approved ? null : declineClassOf(said.code),
      networkCode: approved ? null : said.networkCode,
      advice: approved ? null : advice,
      unasked,
    });
  }
  return { sent, refused, remembered: log.attempts.length };
}

describe('100,000 off-session charges that fail, asked for at random by somebody who never gives up', () => {
  const seed = 20261121;
  const random = seededRandom(seed, 1);
  const violations: Violation[] = [];
  let failures = 0;
  let refusals = 0;
  let longest = 0;
  for (let card = 0; failures < wantedFailures; card += 1) {
    const { sent, refused, remembered } = besiege(random, card);
    violations.push(...forbiddenAttempts(sent));
    failures += sent.filter(({ approved }) => !approved).length;
    refusals += refused;
    longest = Math.max(longest, remembered);
  }

  it(`contain none that a rule of the day forbids, as a checker of its own sees it (seed ${seed})`, () => {
    expect(failures).toBeGreaterThanOrEqual(wantedFailures);
    expect(violations.slice(0, 5)).toEqual([]);
  });

  it('were refused often enough to mean something, and the record of a card stayed small', () => {
    expect(refusals).toBeGreaterThan(failures);
    expect(longest).toBeLessThan(200);
  });
});

describe('the checker itself', () => {
  const decline: SentAttempt = {
    merchant: 'le_1',
    amount: 1000,
    network: 'visa',
    issuerCountry: 'DE',
    by: 'automatic',
    at: Date.UTC(2026, 0, 1),
    approved: false,
    declineClass: 'soft_technical',
    networkCode: '96',
    advice: null,
  };
  const daily = (count: number, change: Partial<SentAttempt> = {}) =>
    Array.from({ length: count }, (_, index) => ({
      ...decline,
      by: 'customer' as const,
      at: decline.at + index * day,
      ...change,
    }));
  const rulesOf = (attempts: readonly SentAttempt[]) => forbiddenAttempts(attempts).map(({ rule }) => rule);

  it('finds what breaks a rule', () => {
    expect(rulesOf([{ ...decline, networkCode: '43' }, decline])).toContain('Visa category 1');
    expect(rulesOf(daily(22))).toContain('Visa 20 in 30 days');
    expect(rulesOf(daily(12, { network: 'mastercard', at: decline.at }))).toContain('Mastercard 10 in 24 hours');
    const advised = { ...decline, network: 'mastercard', advice: '30' };
    expect(rulesOf([advised, { ...advised, at: advised.at + 9 * day }])).toContain('Mastercard advice 30');
    expect(rulesOf([decline, { ...decline, at: decline.at + hour }])).toEqual([]);
  });
});
