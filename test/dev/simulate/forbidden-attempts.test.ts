import { describe, expect, it } from '@jest/globals';
import { forbiddenAttempts } from '../../../dev/simulate/forbidden-attempts.ts';
import type { Payment, PaymentAttempt } from '../../../domain/payment/payment.ts';
import { startedAttempt } from '../../../domain/payment/payment.ts';

const declined = (attempt: number, at: string, changes: Partial<PaymentAttempt> = {}): PaymentAttempt => ({
  ...startedAttempt(attempt, 'acquirer_a', at),
  status: 'declined',
  declineCode: 'insufficient_funds',
  declineClass: 'soft_funds',
  cardKey: 'card_1',
  ...changes,
});

const payment = (attempts: readonly PaymentAttempt[]): Payment => ({
  orderId: 'ord_1',
  status: 'declined',
  currency: 'EUR',
  amount: 1000,
  captured: 0,
  refunded: 0,
  gateway: 'acquirer_a',
  attempts,
  refunds: [],
});

const daily = (count: number): readonly PaymentAttempt[] =>
  Array.from({ length: count }, (_, index) => declined(index + 1, new Date(Date.UTC(2027, 0, 1, index)).toISOString()));

describe('attempts that card networks forbid', () => {
  it('are none where a card without funds is tried again a few times', () => {
    expect(forbiddenAttempts([payment(daily(8))])).toEqual([]);
  });

  it('are seen when a stolen card is tried again', () => {
    const stolen = declined(1, '2027-01-01T00:00:00Z', { declineCode: 'stolen_card', declineClass: 'hard' });
    expect(forbiddenAttempts([payment([stolen, declined(2, '2027-02-01T00:00:00Z')])])).toEqual([
      'ord_1, attempt 2: the card was refused for good (stolen_card)',
    ]);
  });

  it('are none when another card is tried after a stolen one', () => {
    const stolen = declined(1, '2027-01-01T00:00:00Z', { declineCode: 'stolen_card', declineClass: 'hard' });
    const other = declined(2, '2027-01-02T00:00:00Z', { cardKey: 'card_2' });
    expect(forbiddenAttempts([payment([stolen, other])])).toEqual([]);
  });

  it('are seen from the sixteenth repeat within thirty days on', () => {
    expect(forbiddenAttempts([payment(daily(16))])).toEqual([]);
    expect(forbiddenAttempts([payment(daily(17))])).toEqual(['ord_1, attempt 17: more than 15 repeats in 30 days']);
  });
});
