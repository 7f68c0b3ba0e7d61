import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Db } from 'mongodb';
import { businessTaxIdsCollection, createBusinessTaxIdStore } from '../../../services/tax/business-tax-id-store.ts';
import { createTaxService } from '../../../services/tax/tax-service.ts';
import { openTestDatabase } from '../../support/mongo.ts';
import { taxRequest } from '../../domain/tax/place.ts';
import { confirmed, register, unavailable, unknown } from './scripted-register.ts';

const french = { country: 'FR', businessTaxId: 'FR 40 303 265 045' };
const day = (n: number) => new Date(Date.UTC(2026, 10, 21) + n * 86_400_000).toISOString();

describe('the check of a business tax id', () => {
  let database: { db: Db; close(): Promise<void> };
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  afterAll(async () => {
    await database.close();
  });
  beforeEach(async () => {
    await database.db.collection(businessTaxIdsCollection.name).deleteMany({});
  });
  const stored = () =>
    createBusinessTaxIdStore({ db: database.db }).find({ country: 'FR', normalised: 'FR40303265045' });

  it('answers "malformed" without asking the register', async () => {
    const { checker, asked } = register(confirmed('W1'));
    const service = createTaxService({ checker, db: database.db });
    const id = { country: 'FR', businessTaxId: 'FR40303265046', at: day(0) };
    expect(await service.checkBusinessTaxId(id)).toBe('malformed');
    expect(asked).toEqual([]);
  });

  it('asks once, keeps the proof, and asks again after thirty days', async () => {
    const { checker, asked } = register(confirmed('W1'), confirmed('W2'));
    const service = createTaxService({ checker, db: database.db });
    for (const at of [day(0), day(1), day(29)])
      expect(await service.checkBusinessTaxId({ ...french, at })).toBe('confirmed');
    expect(asked).toEqual([{ country: 'FR', businessTaxId: 'FR40303265045' }]);
    expect(await service.checkBusinessTaxId({ ...french, at: day(30) })).toBe('confirmed');
    expect(asked.length).toBe(2);
    expect(await stored()).toMatchObject({
      firstConfirmedAt: day(0),
      confirmedAt: day(30),
      consultationNumber: 'W2',
      confirmations: [
        { at: day(0), consultationNumber: 'W1' },
        { at: day(30), consultationNumber: 'W2' },
      ],
    });
  });

  it('keeps neither "unknown" nor "unavailable": the next sale asks again', async () => {
    const { checker, asked } = register(unavailable, unknown, confirmed('W1'));
    const service = createTaxService({ checker, db: database.db });
    expect(await service.checkBusinessTaxId({ ...french, at: day(0) })).toBe('unavailable');
    expect(await service.checkBusinessTaxId({ ...french, at: day(0) })).toBe('unknown');
    expect(await stored()).toBeNull();
    expect(await service.checkBusinessTaxId({ ...french, at: day(0) })).toBe('confirmed');
    expect(asked.length).toBe(3);
  });

  it('does not zero-rate on an old confirmation while the register is silent', async () => {
    const { checker } = register(confirmed('W1'), unavailable);
    const service = createTaxService({ checker, db: database.db });
    await service.checkBusinessTaxId({ ...french, at: day(0) });
    expect(await service.checkBusinessTaxId({ ...french, at: day(31) })).toBe('unavailable');
    expect(await stored()).toMatchObject({ confirmedAt: day(0) });
  });

  it('keeps what the register said, or did not say, after a confirmation: once however often a step is repeated', async () => {
    const { checker } = register(confirmed('W1'), unavailable, unavailable, unknown, confirmed('W2'));
    const service = createTaxService({ checker, db: database.db });
    for (const at of [day(0), day(31), day(31), day(40), day(50)]) await service.checkBusinessTaxId({ ...french, at });
    expect(await stored()).toMatchObject({
      confirmedAt: day(50),
      unconfirmed: [
        { at: day(31), answer: 'unavailable' },
        { at: day(40), answer: 'unknown' },
      ],
    });
  });

  it('leaves one record when many ask at once or a step is repeated', async () => {
    const { checker } = register(confirmed('W1'));
    const service = createTaxService({ checker, db: database.db });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => service.checkBusinessTaxId({ ...french, at: day(0) })),
    );
    expect(new Set(answers)).toEqual(new Set(['confirmed']));
    expect(await database.db.collection(businessTaxIdsCollection.name).countDocuments()).toBe(1);
    expect((await stored())?.confirmations).toEqual([{ at: day(0), consultationNumber: 'W1' }]);
  });

  it('never replaces a newer confirmation by an older one', async () => {
    const store = createBusinessTaxIdStore({ db: database.db });
    const id = { country: 'FR', normalised: 'FR40303265045' };
    await store.confirm(id, { at: day(5), consultationNumber: 'W5' });
    await store.confirm(id, { at: day(3), consultationNumber: 'W3' });
    expect(await stored()).toMatchObject({ confirmedAt: day(5), consultationNumber: 'W5' });
  });

  it('computes with our tables unless another engine is given', async () => {
    const { checker } = register(unavailable);
    const service = createTaxService({ checker, db: database.db });
    expect(await service.computeTax(taxRequest())).toMatchObject({ net: 10_000, tax: 1_900 });
    await expect(
      service.computeTax(taxRequest({ place: { ...taxRequest().place, country: 'BR' } })),
    ).rejects.toMatchObject({
      code: 'tax.country_not_served',
    });
  });
});
