import { beforeEach, describe, expect, it } from '@jest/globals';
import type { BusinessTaxIdAnswer } from '../../../services/tax/business-tax-id-checker.ts';
import { createBusinessTaxIdRecheck } from '../../../services/tax/business-tax-id-recheck.ts';
import type { FirstSale } from '../../../services/tax/business-tax-id-recheck.ts';
import { businessTaxIdsCollection, createBusinessTaxIdStore } from '../../../services/tax/business-tax-id-store.ts';
import { createTaxService } from '../../../services/tax/tax-service.ts';
import { databaseOfThisFile } from '../../support/mongo.ts';
import { confirmed, register, unavailable, unknown } from './scripted-register.ts';

// Goal: a renewal knows what the register says of the customer's id now, and an outage of the register changes nothing
// for a customer whose id was confirmed, unless it lasts. The records are real; the register's answers are the test's.

const db = await databaseOfThisFile();
const day = (n: number) => new Date(Date.UTC(2026, 10, 21) + n * 86_400_000).toISOString();
const french: FirstSale = {
  customer: { type: 'business', country: 'FR', businessTaxId: 'FR 40 303 265 045' },
  businessTaxIdStatus: 'confirmed',
};

beforeEach(async () => {
  await db.collection(businessTaxIdsCollection.name).deleteMany({});
});

/** What renewals on these days are told, and how often the register was asked. */
async function statuses(
  answers: readonly [BusinessTaxIdAnswer, ...BusinessTaxIdAnswer[]],
  days: readonly number[],
  sale: FirstSale = french,
) {
  const { checker, asked } = register(...answers);
  const recheck = createBusinessTaxIdRecheck({ taxes: createTaxService({ checker, db }), db });
  const told: string[] = [];
  for (const one of days) told.push(await recheck.currentStatus(sale, day(one)));
  return { told, asked: asked.length };
}

const stored = () => createBusinessTaxIdStore({ db }).find({ country: 'FR', normalised: 'FR40303265045' });

describe('the id of a customer who is billed again', () => {
  it('is confirmed anew at each monthly renewal, and the proofs are kept', async () => {
    const { told, asked } = await statuses([confirmed('W1'), confirmed('W2'), confirmed('W3')], [0, 5, 31, 40, 61]);
    expect({ told: [...new Set(told)], asked }).toEqual({ told: ['confirmed'], asked: 3 });
    expect((await stored())?.confirmations).toEqual([
      { at: day(0), consultationNumber: 'W1' },
      { at: day(31), consultationNumber: 'W2' },
      { at: day(61), consultationNumber: 'W3' },
    ]);
  });

  it('that the register does not know any more is not confirmed, and may be again', async () => {
    const { told } = await statuses([confirmed('W1'), unknown, confirmed('W2')], [0, 31, 61]);
    expect(told).toEqual(['confirmed', 'unknown', 'confirmed']);
  });

  it('stays confirmed while the register is away, which is on record', async () => {
    const { told } = await statuses([confirmed('W1'), unavailable, unavailable, confirmed('W2')], [0, 31, 33, 61]);
    expect(told).toEqual(['confirmed', 'confirmed', 'confirmed', 'confirmed']);
    expect(await stored()).toMatchObject({
      consultationNumber: 'W2',
      unconfirmed: [31, 33].map((one) => ({ at: day(one), answer: 'unavailable' })),
    });
  });

  it.each([
    ['monthly', [31, 61]],
    ['yearly', [365, 730]],
  ])('is carried through one %s renewal without an answer, not through two', async (_name, [first = 0, second = 0]) => {
    const { told } = await statuses([confirmed('W1'), unavailable], [0, first, second]);
    expect(told).toEqual(['confirmed', 'confirmed', 'unavailable']);
  });

  it('has two weeks from the first question without an answer, and again after each confirmation', async () => {
    const answers = [confirmed('W1'), unavailable, unavailable, unavailable, confirmed('W2'), unavailable] as const;
    const { told } = await statuses(answers, [0, 31, 44, 45, 46, 80]);
    expect(told).toEqual(['confirmed', 'confirmed', 'confirmed', 'unavailable', 'confirmed', 'confirmed']);
  });

  it('stays unknown when the register said so and is away since', async () => {
    const { told } = await statuses([confirmed('W1'), unknown, unavailable], [0, 31, 32]);
    expect(told).toEqual(['confirmed', 'unknown', 'unknown']);
  });

  it('that was never confirmed is asked about each time, and counts from its first confirmation', async () => {
    const sale: FirstSale = { ...french, businessTaxIdStatus: 'unavailable' };
    const { told } = await statuses([unavailable, unknown, confirmed('W1')], [0, 31, 61], sale);
    expect(told).toEqual(['unavailable', 'unknown', 'confirmed']);
  });

  it.each<[string, FirstSale, string]>([
    [
      'none was given',
      { ...french, customer: { ...french.customer, businessTaxId: null }, businessTaxIdStatus: 'not_given' },
      'not_given',
    ],
    ['a consumer gave one', { ...french, customer: { ...french.customer, type: 'consumer' } }, 'confirmed'],
    ['it has a slip', { ...french, customer: { ...french.customer, businessTaxId: 'FR40303265046' } }, 'malformed'],
  ])('is not asked about where %s', async (_name, sale, status) => {
    expect(await statuses([unknown], [0], sale)).toEqual({ told: [status], asked: 0 });
  });

  it('of a record of before, which says nothing of answers that were no confirmation, is read all the same', async () => {
    await db.collection<{ _id: string }>(businessTaxIdsCollection.name).insertOne({
      ...{ _id: 'FR/FR40303265045', country: 'FR', normalised: 'FR40303265045' },
      ...{ firstConfirmedAt: day(0), confirmedAt: day(0), consultationNumber: 'W1' },
      confirmations: [{ at: day(0), consultationNumber: 'W1' }],
    } as { readonly _id: string });
    expect((await statuses([unavailable], [31])).told).toEqual(['confirmed']);
  });
});
