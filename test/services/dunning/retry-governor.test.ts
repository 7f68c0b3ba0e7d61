import { describe, expect, it } from '@jest/globals';
import type { ChargeIntent } from '../../../domain/dunning/retry-attempt.ts';
import { cardAttemptsCollection } from '../../../services/dunning/card-attempt-store.ts';
import { cardKey } from '../../../services/dunning/card-key.ts';
import { createRetryGovernor } from '../../../services/dunning/retry-governor.ts';
import { collectionOf } from '../../../services/store/collection.ts';
import { databaseOfThisFile } from '../../support/mongo.ts';

const db = await databaseOfThisFile();
const records = collectionOf(db, cardAttemptsCollection);
const governor = createRetryGovernor(db);
/** Another process with the same database. */
const elsewhere = createRetryGovernor(db);

const at = '2026-11-02T09:00:00.000Z';
const hoursLater = (hours: number) => new Date(Date.parse(at) + hours * 3_600_000).toISOString();

let cards = 0;
function newCard(): string {
  cards += 1;
  return cardKey(`tok_${cards}`);
}

function intent(card: string, attempt: number, change: Partial<ChargeIntent> = {}): ChargeIntent {
  return {
    key: `order/ord_1/charge/${attempt}`,
    cardKey: card,
    merchant: 'le_default',
    amount: 1000,
    currency: 'EUR',
    network: 'visa',
    issuerCountry: 'DE',
    initiator: 'automatic',
    at,
    ...change,
  };
}

const declined = (card: string, attempt: number, declineCode: string, networkAdviceCode: string | null = null) =>
  ({
    key: `order/ord_1/charge/${attempt}`,
    cardKey: card,
    outcome: 'declined',
    declineCode,
    networkDeclineCode: null,
    networkAdviceCode,
  }) as const;

describe('the retry governor', () => {
  it('gives the last attempt to one of fifty that ask at the same moment', async () => {
    const card = newCard();
    for (let attempt = 1; attempt <= 9; attempt += 1) {
      const customer = { network: 'mastercard', amount: attempt, initiator: 'customer' } as const;
      expect(await governor.mayCharge(intent(card, attempt, customer))).toEqual({ kind: 'allowed' });
      await governor.noteAttempt(declined(card, attempt, 'do_not_honor'));
    }
    const asked = Array.from({ length: 50 }, (_, index) =>
      (index % 2 === 0 ? governor : elsewhere).mayCharge(
        intent(card, 100 + index, { network: 'mastercard', amount: 500 + index, at: hoursLater(1) }),
      ),
    );
    const answers = await Promise.all(asked);
    expect(answers.filter(({ kind }) => kind === 'allowed')).toHaveLength(1);
    expect(answers.find(({ kind }) => kind === 'refused')).toMatchObject({ rule: 'mastercard.declines_24_hours' });
    const record = await records.findOne({ _id: card });
    expect(record?.attempts).toHaveLength(10);
    expect(cardAttemptsCollection.schema.safeParse(record).error).toBeUndefined();
  });

  it('allows the same attempt again after a crash and writes it down once', async () => {
    const card = newCard();
    expect(await governor.mayCharge(intent(card, 1))).toEqual({ kind: 'allowed' });
    expect(await elsewhere.mayCharge(intent(card, 1))).toEqual({ kind: 'allowed' });
    expect((await records.findOne({ _id: card }))?.attempts).toHaveLength(1);
    await governor.noteAttempt(declined(card, 1, 'insufficient_funds'));
    await governor.noteAttempt(declined(card, 1, 'stolen_card'));
    expect((await records.findOne({ _id: card }))?.attempts).toMatchObject([
      { result: 'declined', declineClass: 'soft_funds', declineCode: 'insufficient_funds' },
    ]);
  });

  it('refuses with the rule, its source and the time, and remembers nothing of the question', async () => {
    const card = newCard();
    await governor.mayCharge(intent(card, 1, { network: 'mastercard' }));
    await governor.noteAttempt(declined(card, 1, 'do_not_honor', '30'));
    expect(await governor.mayCharge(intent(card, 2, { network: 'mastercard', at: hoursLater(25) }))).toEqual({
      kind: 'refused',
      rule: 'mastercard.advice_30',
      source: 'docs.everonet.com, Mastercard merchant advice codes',
      until: hoursLater(240),
    });
    expect((await records.findOne({ _id: card }))?.attempts).toHaveLength(1);
  });

  it('counts what the customer did on a page of ours, once', async () => {
    const card = newCard();
    const paid = intent(card, 1, { initiator: 'customer' });
    const answer = {
      outcome: 'declined',
      declineCode: 'stolen_card',
      networkDeclineCode: '43',
      networkAdviceCode: null,
    } as const;
    await governor.noteCustomerCharge(paid, answer);
    await governor.noteCustomerCharge(paid, answer);
    expect((await records.findOne({ _id: card }))?.attempts).toHaveLength(1);
    expect(await governor.mayCharge(intent(card, 2, { at: hoursLater(100) }))).toMatchObject({
      rule: 'visa.category_1',
      until: null,
    });
  });

  it('takes the success of a customer for the end of what came before it, and of nothing else', async () => {
    const card = newCard();
    const customer = { initiator: 'customer' } as const;
    const approved = {
      outcome: 'approved',
      declineCode: null,
      networkDeclineCode: null,
      networkAdviceCode: null,
    } as const;
    await governor.noteCustomerCharge(intent(card, 1, customer), approved);
    expect(await records.findOne({ _id: card })).toBeNull();
    await governor.mayCharge(intent(card, 2, { at: hoursLater(1) }));
    await governor.noteAttempt(declined(card, 2, 'insufficient_funds'));
    // Told late: it was before the decline.
    await governor.noteCustomerCharge(intent(card, 1, customer), approved);
    expect((await records.findOne({ _id: card }))?.attempts).toMatchObject([{ result: 'declined' }]);
    await governor.noteCustomerCharge(intent(card, 3, { ...customer, at: hoursLater(2) }), approved);
    expect((await records.findOne({ _id: card }))?.attempts).toMatchObject([
      { result: 'declined' },
      { result: 'approved' },
    ]);
  });

  it('lets a card be charged again when its data were updated, and when the success came from the customer', async () => {
    const card = newCard();
    await governor.mayCharge(intent(card, 1));
    await governor.noteAttempt(declined(card, 1, 'expired_card'));
    expect(await governor.mayCharge(intent(card, 2, { at: hoursLater(48) }))).toMatchObject({ rule: 'class.fix_data' });
    await governor.cardUpdated(card, hoursLater(49));
    expect(await governor.mayCharge(intent(card, 2, { at: hoursLater(50) }))).toEqual({ kind: 'allowed' });
  });

  it('forgets an attempt that never left', async () => {
    const card = newCard();
    await governor.mayCharge(intent(card, 1));
    await governor.noteAttempt({ ...declined(card, 1, ''), outcome: 'not_sent', declineCode: null });
    expect((await records.findOne({ _id: card }))?.attempts).toEqual([]);
    expect(await governor.mayCharge(intent(card, 2, { at: hoursLater(1) }))).toEqual({ kind: 'allowed' });
  });

  it('takes an answer to a question that nobody asked for nothing', async () => {
    const card = newCard();
    await governor.noteAttempt(declined(card, 1, 'stolen_card'));
    expect(await records.findOne({ _id: card })).toBeNull();
  });
});
