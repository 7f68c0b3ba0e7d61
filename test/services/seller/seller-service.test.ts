import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { createSellerService } from '../../../services/seller/seller-service.ts';
import type { SellerService } from '../../../services/seller/seller-service.ts';
import { sellerInputSchema } from '../../../services/seller/seller-schemas.ts';
import { sellersCollection } from '../../../services/seller/seller-store.ts';
import { frozenTerms, sampleTerms } from '../../domain/seller/sample-terms.ts';
import { openTestDatabase } from '../../support/mongo.ts';

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let client: MongoClient;
let sellers: SellerService;
let clock = 0;
/** Finds that reached the server. */
let finds = 0;

beforeAll(async () => {
  database = await openTestDatabase();
  client = await MongoClient.connect(database.uri, { monitorCommands: true });
  client.on('commandStarted', ({ commandName }) => {
    if (commandName === 'find') finds += 1;
  });
});
afterAll(async () => {
  await client.close();
  await database.close();
});
beforeEach(async () => {
  await database.db.collection('sellers').deleteMany({});
  clock = Date.parse('2027-06-01T00:00:00.000Z');
  sellers = createSellerService({ db: client.db(database.db.databaseName), clock: () => clock });
});

const now = '2027-06-01T00:00:00.000Z';
const input = (change: object = {}) =>
  sellerInputSchema.parse({ name: 'Books Ltd', terms: [sampleTerms()], ...change });
const sale = (currency = 'EUR', at = now) => ({ currency, at });

describe('a seller', () => {
  it('is kept whole, and the same input again changes nothing', async () => {
    const full = { addressLines: ['1 Quay', 'Dublin'], country: 'IE', taxId: 'IE1234567FA', locale: 'de' };
    const put = await sellers.put('books', input(full), now);
    expect(put).toEqual({ id: 'books', name: 'Books Ltd', ...full, terms: [sampleTerms()] });
    expect(await sellers.put('books', input(full), now)).toEqual(put);
    expect(await sellers.get('books')).toEqual(put);
    expect(await sellers.exists('books')).toBe(true);
    const stored = await database.db.collection(sellersCollection.name).findOne({});
    expect(sellersCollection.schema.safeParse(stored).success).toBe(true);
  });

  it('that nobody put is not there', async () => {
    const unknown = { code: 'seller.not_found', message: 'There is no seller "none"' };
    await expect(sellers.get('none')).rejects.toMatchObject(unknown);
    await expect(sellers.frozenTerms(['none'], sale())).rejects.toMatchObject(unknown);
    expect(await sellers.exists('none')).toBe(false);
  });

  it('of our own is made once, keeps a name given to it later, and shares with nobody', async () => {
    await Promise.all(Array.from({ length: 5 }, () => sellers.ensureOwnSeller('Waybill')));
    await sellers.put('seller_default', input({ name: 'Renamed', terms: [] }), now);
    await sellers.ensureOwnSeller('Waybill');
    expect(await sellers.get('seller_default')).toMatchObject({ name: 'Renamed', terms: [] });
    await expect(sellers.put('seller_default', input(), now)).rejects.toMatchObject({
      code: 'request.invalid',
      problems: [{ path: 'terms' }],
    });
  });

  it('keeps terms that have begun, also those that begin before every process has read them', async () => {
    await sellers.put('books', input(), now);
    const begun = { code: 'seller.terms_begun' };
    await expect(sellers.put('books', input({ terms: [] }), now)).rejects.toMatchObject(begun);
    const next = (validFrom: string) => ({
      terms: [sampleTerms({ validTo: validFrom }), sampleTerms({ validFrom, role: 'agent' })],
    });
    await expect(sellers.put('books', input(next('2027-06-01T00:00:59.999Z')), now)).rejects.toMatchObject({
      ...begun,
      problems: [{ path: 'terms[0].validTo' }, { path: 'terms[1].validFrom' }],
    });
    const { terms } = await sellers.put('books', input(next('2027-06-01T00:01:00.000Z')), now);
    expect((await sellers.get('books')).terms).toEqual(terms);
    expect(terms).toHaveLength(2);
  });

  it('loses nothing when several write at once: each sees what the one before it wrote', async () => {
    await sellers.put('books', input({ terms: [] }), now);
    const names = Array.from({ length: 8 }, (_, index) => `Name ${index}`);
    await Promise.all(names.map((name) => sellers.put('books', input({ name, terms: [] }), now)));
    const stored = await database.db.collection<{ revision: number }>('sellers').findOne({});
    expect(stored?.revision).toBe(9);
    expect(names).toContain((await sellers.get('books')).name);
  });
});

describe('terms for a sale', () => {
  it('are those in force, with the fee of the currency', async () => {
    const agent = sampleTerms({ validFrom: '2027-07-01T00:00:00.000Z', role: 'agent' });
    await sellers.put('books', input({ terms: [sampleTerms({ validTo: agent.validFrom }), agent] }), now);
    expect((await sellers.frozenTerms(['books'], sale())).get('books')).toEqual(frozenTerms());
    expect((await sellers.frozenTerms(['books'], sale('JPY'))).get('books')).toEqual(frozenTerms({ fixedFee: 0 }));
    const later = await sellers.frozenTerms(['books'], sale('USD', agent.validFrom));
    expect(later.get('books')).toEqual(frozenTerms({ role: 'agent', fixedFee: 35 }));
  });

  it('are none for what is our own, and missing where the contract has a hole', async () => {
    await sellers.put('brand', input({ terms: [] }), now);
    await sellers.put('books', input(), now);
    const frozen = await sellers.frozenTerms(['seller_default', 'brand', 'books'], sale());
    expect([...frozen]).toEqual([
      ['brand', null],
      ['books', frozenTerms()],
    ]);
    await expect(sellers.frozenTerms(['books'], sale('EUR', '2026-12-31T23:59:59.999Z'))).rejects.toMatchObject({
      code: 'seller.terms_missing',
      problems: [
        { path: 'lines', message: 'the contract with seller "books" has no terms for 2026-12-31T23:59:59.999Z' },
      ],
    });
  });

  it('cost no query for our own products, and one a minute for all others together', async () => {
    await sellers.put('books', input(), now);
    await sellers.put('games', input(), now);
    const queries = async (...ids: string[]) => {
      const before = finds;
      await sellers.frozenTerms(ids, sale());
      return finds - before;
    };
    expect(await queries('seller_default', 'seller_default')).toBe(0);
    expect(await queries('books', 'games', 'books', 'seller_default')).toBe(1);
    clock += 59_999;
    expect(await queries('books', 'games')).toBe(0);
    clock += 1;
    expect(await queries('books')).toBe(1);
    expect(await queries('books', 'games')).toBe(1);
  });

  it('that were changed hold a minute later at the latest', async () => {
    await sellers.put('brand', input({ terms: [] }), now);
    expect((await sellers.frozenTerms(['brand'], sale())).get('brand')).toBeNull();
    const begins = '2027-06-01T00:01:00.000Z';
    await sellers.put('brand', input({ terms: [sampleTerms({ validFrom: begins })] }), now);
    clock += 60_000;
    expect((await sellers.frozenTerms(['brand'], sale('EUR', begins))).get('brand')).toEqual(frozenTerms());
  });
});

describe('the body of PUT /v1/sellers/{id}', () => {
  const problemsOf = (terms: object[]) =>
    sellerInputSchema
      .safeParse({ name: 'x', terms: terms.map((one) => ({ ...sampleTerms(), ...one })) })
      .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);

  it('has defaults for what most contracts leave out, and reads moments with any offset', () => {
    const terms = { validFrom: '2027-01-01T01:00:00+01:00', role: 'agent', commissionBasisPoints: 0, source: 'c' };
    expect(sellerInputSchema.parse({ name: ' Books ', terms: [terms] })).toEqual({
      ...{ name: 'Books', addressLines: [], country: null, taxId: null, locale: 'en' },
      terms: [{ ...terms, validFrom: '2027-01-01T00:00:00.000Z', validTo: null, fixedFees: [], gatewayFees: 'us' }],
    });
  });

  it('has terms one after the other', () => {
    const [a, b] = ['2027-06-01T00:00:00.000Z', '2027-07-01T00:00:00.000Z'];
    expect(problemsOf([{ validTo: a }, { validFrom: a, validTo: b }, { validFrom: b }])).toBeUndefined();
    expect(problemsOf([{ validTo: a }, { validFrom: b }])).toBeUndefined();
    const early = 'terms.1.validFrom: must not be before the end of the terms above';
    expect(problemsOf([{ validTo: b }, { validFrom: a }])).toEqual([early]);
    expect(problemsOf([{}, { validFrom: a }])).toEqual([early]);
    expect(problemsOf([{ validFrom: a, validTo: a }])).toEqual(['terms.0.validTo: must be after validFrom']);
  });

  it('has one fixed fee per currency, basis points up to all of it, and a source', () => {
    const fee = { currency: 'EUR', amount: 1 };
    expect(problemsOf([{ fixedFees: [fee, { ...fee, currency: 'USD' }, fee] }])).toEqual([
      'terms.0.fixedFees.2.currency: "EUR" may appear once',
    ]);
    for (const wrong of [{ commissionBasisPoints: 10_001 }, { commissionBasisPoints: -1 }, { source: ' ' }])
      expect(problemsOf([wrong])).toHaveLength(1);
  });
});
