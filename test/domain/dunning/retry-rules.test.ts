import { describe, expect, it } from '@jest/globals';
import type { CardNetwork, ChargeIntent } from '../../../domain/dunning/retry-attempt.ts';
import { emptyCardLog, judgeCharge, withAnswer, withAttempt } from '../../../domain/dunning/retry-rules.ts';
import type { CardLog } from '../../../domain/dunning/retry-rules.ts';

const hour = 3_600_000;
const day = 24 * hour;
const start = Date.parse('2026-11-02T09:00:00.000Z');

let asked = 0;
function intent(
  change: Partial<Omit<ChargeIntent, 'at'>> & { readonly after?: number; readonly at?: number } = {},
): ChargeIntent {
  const { after = 0, at = start, ...rest } = change;
  asked += 1;
  return {
    key: `order/ord_1/charge/${asked}`,
    cardKey: 'card_1',
    merchant: 'le_default',
    amount: 1000,
    currency: 'EUR',
    network: 'visa',
    issuerCountry: 'DE',
    initiator: 'automatic',
    ...rest,
    at: new Date(at + after).toISOString(),
  };
}

interface Said {
  readonly code?: string;
  readonly network?: string;
  readonly advice?: string;
}

function declined(
  log: CardLog,
  charge: ChargeIntent,
  { code = 'processing_error', network, advice }: Said = {},
): CardLog {
  return withAnswer(withAttempt(log, charge), charge.key, {
    outcome: 'declined',
    declineCode: code,
    networkDeclineCode: network ?? null,
    networkAdviceCode: advice ?? null,
  });
}

function approved(log: CardLog, charge: ChargeIntent): CardLog {
  const answer = { outcome: 'approved', declineCode: null, networkDeclineCode: null, networkAdviceCode: null } as const;
  return withAnswer(withAttempt(log, charge), charge.key, answer);
}

const at = (after: number) => new Date(start + after).toISOString();

describe('after a decline that forbids the card', () => {
  it.each([
    ['visa.category_1', 'visa', { code: 'generic_decline', network: 'R1' }, 'customer'],
    ['visa.category_1_disputed', 'visa', { code: 'generic_decline', network: '14' }, 'customer'],
    ['class.hard', 'amex', { code: 'stolen_card' }, 'customer'],
    ['class.authentication', 'visa', { code: 'authentication_required' }, 'automatic'],
    ['class.fix_data', 'visa', { code: 'expired_card' }, 'automatic'],
    ['mastercard.advice_01', 'mastercard', { code: 'do_not_honor', advice: '01' }, 'automatic'],
  ] as const)('%s refuses for good, also years later', (rule, network, said, initiator) => {
    const log = declined(emptyCardLog, intent({ network }), said);
    for (const after of [hour, 40 * day, 2000 * day]) {
      expect(judgeCharge(log, intent({ network, initiator, after }))).toMatchObject({
        kind: 'refused',
        rule,
        until: null,
      });
    }
    const later = withAttempt(log, intent({ network, after: 400 * day, amount: 7 }));
    expect(judgeCharge(later, intent({ network, initiator, after: 401 * day }))).toMatchObject({ rule });
  });

  it('the customer may still try where only the customer can mend it', () => {
    for (const code of ['authentication_required', 'expired_card']) {
      const log = declined(emptyCardLog, intent(), { code });
      const byCustomer = intent({ initiator: 'customer', after: hour });
      expect(judgeCharge(log, byCustomer)).toEqual({ kind: 'allowed' });
      const mended = approved(log, byCustomer);
      expect(judgeCharge(mended, intent({ after: 2 * hour }))).toEqual({ kind: 'allowed' });
    }
  });

  it('new data of the card lift it, and a new decline brings it back', () => {
    const log = declined(emptyCardLog, intent(), { code: 'stolen_card', network: '43' });
    const updated = { ...log, updatedAt: at(day) };
    const again = intent({ after: 2 * day });
    expect(judgeCharge(updated, again)).toEqual({ kind: 'allowed' });
    const worse = declined(updated, again, { code: 'stolen_card', network: '43' });
    expect(judgeCharge(worse, intent({ after: 3 * day }))).toMatchObject({ rule: 'visa.category_1' });
  });

  it('holds for every network where nobody said which one the card is of', () => {
    const log = declined(emptyCardLog, intent({ network: null }), {
      code: 'generic_decline',
      network: '04',
      advice: '30',
    });
    expect(judgeCharge(log, intent({ network: null, after: day }))).toMatchObject({ rule: 'visa.category_1' });
    expect(judgeCharge(log, intent({ network: 'amex', after: day - 1 }))).toMatchObject({
      rule: 'own.one_in_24_hours',
    });
  });
});

describe('the waits that Mastercard asks for', () => {
  it.each([
    ['24', 1],
    ['25', 24],
    ['26', 48],
    ['27', 96],
    ['28', 144],
    ['29', 192],
    ['30', 240],
    ['02', 72],
    ['03', 720],
    ['21', 720],
  ] as const)('advice %s: not before %i hours, to the millisecond, whoever asks', (advice, hours) => {
    const card = { network: 'mastercard', initiator: 'customer' } as const;
    const log = declined(emptyCardLog, intent(card), { advice });
    expect(judgeCharge(log, intent({ ...card, after: hours * hour - 1 }))).toMatchObject({
      rule: `mastercard.advice_${advice}`,
      until: at(hours * hour),
    });
    expect(judgeCharge(log, intent({ ...card, after: hours * hour }))).toEqual({ kind: 'allowed' });
  });

  it('do not hold for other networks', () => {
    const log = declined(emptyCardLog, intent(), { advice: '03' });
    expect(judgeCharge(log, intent({ after: hour }))).toEqual({ kind: 'allowed' });
  });
});

/** So many declines in a row, each allowed or not. */
function failing(count: number, everyMs: number, card: Parameters<typeof intent>[0]): CardLog {
  let log = emptyCardLog;
  for (let index = 0; index < count; index += 1) log = declined(log, intent({ ...card, after: index * everyMs }));
  return log;
}

describe('how often a charge may be repeated', () => {
  const day25May = Date.parse('2025-05-25T00:00:00.000Z');
  it.each([
    ['until 24 May 2025 Visa allows 15 reattempts in 30 days', day25May - 20 * day, 15],
    ['from 25 May 2025 on it allows 20', day25May, 20],
  ])('%s', (_title, from, most) => {
    const card = { network: 'visa', at: from } as const;
    // Anything over our own five by the customer can only have come from pages where nobody asked.
    const log = failing(most, hour, card);
    const last = intent({ ...card, after: 18 * day, initiator: 'automatic' });
    expect(judgeCharge(log, { ...last, initiator: 'customer' })).toMatchObject({ kind: 'allowed' });
    const full = declined(log, last);
    expect(judgeCharge(full, intent({ ...card, after: 19 * day, initiator: 'customer' }))).toMatchObject({
      rule: 'visa.reattempts_30_days',
      until: new Date(from + hour + 30 * day).toISOString(),
    });
  });

  it('Mastercard allows 10 declines of a card in 24 hours, whatever they were for', () => {
    const card = { network: 'mastercard', initiator: 'customer' } as const;
    let log = emptyCardLog;
    for (let index = 0; index < 10; index += 1) {
      expect(judgeCharge(log, intent({ ...card, amount: 1000 + index, after: index * 60_000 }))).toEqual({
        kind: 'allowed',
      });
      log = declined(log, intent({ ...card, amount: 1000 + index, after: index * 60_000 }));
    }
    expect(judgeCharge(log, intent({ ...card, after: hour }))).toMatchObject({
      rule: 'mastercard.declines_24_hours',
      until: at(day),
    });
    expect(judgeCharge(log, intent({ ...card, after: day }))).toEqual({ kind: 'allowed' });
  });

  it('Mastercard allows 35 attempts of the same charge in 30 days', () => {
    const card = { network: 'mastercard' } as const;
    const log = failing(35, 12 * hour, card);
    expect(judgeCharge(log, intent({ ...card, initiator: 'customer', after: 18 * day }))).toMatchObject({
      rule: 'mastercard.attempts_30_days',
      until: at(30 * day),
    });
  });

  it('we try by ourselves once in 24 hours, but after technical declines, and eight times in 21 days', () => {
    const vague = declined(emptyCardLog, intent(), { code: 'do_not_honor' });
    expect(judgeCharge(vague, intent({ after: day - 1 }))).toMatchObject({
      rule: 'own.one_in_24_hours',
      until: at(day),
    });
    expect(judgeCharge(vague, intent({ after: day }))).toEqual({ kind: 'allowed' });
    expect(judgeCharge(vague, intent({ after: hour, initiator: 'customer' }))).toEqual({ kind: 'allowed' });
    const technical = failing(8, hour, {});
    expect(judgeCharge(technical, intent({ after: 8 * hour }))).toEqual({ kind: 'allowed' });
    const full = failing(9, hour, {});
    expect(judgeCharge(full, intent({ after: 9 * hour }))).toMatchObject({
      rule: 'own.eight_in_21_days',
      until: at(hour + 21 * day),
    });
  });

  it('customers may ask five times, which takes nothing from our schedule', () => {
    let log = declined(emptyCardLog, intent());
    for (let index = 1; index <= 5; index += 1)
      log = declined(log, intent({ initiator: 'customer', after: index * hour }));
    expect(judgeCharge(log, intent({ initiator: 'customer', after: day }))).toMatchObject({
      rule: 'own.five_by_the_customer',
    });
    expect(judgeCharge(log, intent({ after: day }))).toEqual({ kind: 'allowed' });
  });

  it('a card issued in India is tried once', () => {
    const card = { issuerCountry: 'IN' } as const;
    expect(judgeCharge(emptyCardLog, intent(card))).toEqual({ kind: 'allowed' });
    const log = declined(emptyCardLog, intent(card));
    expect(judgeCharge(log, intent({ ...card, after: 2 * day }))).toMatchObject({ rule: 'issuer.india' });
    expect(judgeCharge(log, intent({ ...card, after: 2 * day, initiator: 'customer' }))).toEqual({ kind: 'allowed' });
  });

  it('a success ends the series, and other amounts and merchants have their own', () => {
    const full = failing(9, hour, {});
    const other = [{ amount: 999 }, { merchant: 'le_other' }, { currency: 'USD' }] as const;
    for (const change of other)
      expect(judgeCharge(full, intent({ ...change, after: 9 * hour }))).toEqual({ kind: 'allowed' });
    const paid = approved(full, intent({ initiator: 'customer', after: 9 * hour }));
    expect(judgeCharge(paid, intent({ after: 10 * hour }))).toEqual({ kind: 'allowed' });
  });
});

describe('an attempt that is not answered', () => {
  const dunno = { declineCode: null, networkDeclineCode: null, networkAdviceCode: null };

  it('counts as a decline, and the next asker is told to come back when it will be answered', () => {
    const log = withAttempt(emptyCardLog, intent());
    expect(judgeCharge(log, intent({ after: 1000 }))).toMatchObject({
      rule: 'own.one_in_24_hours',
      until: at(1000 + 15 * 60_000),
    });
  });

  it('keeps counting when its outcome is unknown, and is forgotten when it surely never left', () => {
    const charge = intent();
    const open = withAttempt(emptyCardLog, charge);
    const unknown = withAnswer(open, charge.key, { outcome: 'unknown', ...dunno });
    expect(judgeCharge(unknown, intent({ after: hour }))).toMatchObject({
      rule: 'own.one_in_24_hours',
      until: at(day),
    });
    const never = withAnswer(unknown, charge.key, { outcome: 'not_sent', ...dunno });
    expect(never.attempts).toEqual([]);
  });

  it('is allowed again under its own key, and an answer is never overwritten', () => {
    const charge = intent();
    const log = declined(emptyCardLog, charge, { code: 'stolen_card' });
    expect(judgeCharge(log, charge)).toEqual({ kind: 'allowed' });
    expect(withAnswer(log, charge.key, { outcome: 'approved', ...dunno })).toEqual(log);
  });
});

describe('the record of a card', () => {
  it('holds nothing of a card that always pays, and a bounded number of what fails', () => {
    let log = emptyCardLog;
    for (let index = 0; index < 500; index += 1) log = approved(log, intent({ amount: index, after: index * hour }));
    expect(log.attempts.length).toBeLessThanOrEqual(1);
    for (let index = 0; index < 200; index += 1) {
      log = declined(log, intent({ network: 'amex', amount: 1, after: 600 * hour + index * 60_000 }));
    }
    const networks: readonly (CardNetwork | null)[] = ['amex', 'visa'];
    for (const network of networks) {
      expect(judgeCharge(log, intent({ network, amount: 2, after: 700 * hour }))).toMatchObject({
        rule: 'own.card_log_full',
      });
    }
  });
});
