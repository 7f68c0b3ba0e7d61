import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createEcbPublisher } from '../../../services/exchange-rates/adapters/ecb/ecb.publisher.ts';
import { createExchangeRateImport } from '../../../services/exchange-rates/exchange-rate-import.ts';
import { exchangeRatesCollection } from '../../../services/exchange-rates/exchange-rate-store.ts';
import { createExchangeRates } from '../../../services/exchange-rates/exchange-rates.ts';
import { openTestDatabase } from '../../support/mongo.ts';
import { ecbFile, openFileServer } from './publisher-file.ts';
import type { FileServer } from './publisher-file.ts';

const at = '2026-11-20T15:30:00.000Z';
const daily = 'eurofxref-daily.xml';
const history = 'eurofxref-hist-90d.xml';

let mongo: Awaited<ReturnType<typeof openTestDatabase>>;
let files: FileServer;

beforeAll(async () => {
  [mongo, files] = await Promise.all([openTestDatabase(), openFileServer()]);
});
beforeEach(() => mongo.db.dropDatabase());
afterAll(() => Promise.all([mongo.close(), files.close()]));

const newImport = () =>
  createExchangeRateImport({
    db: mongo.db,
    publisher: createEcbPublisher({ baseUrl: files.url, timeoutMs: 2_000 }),
  });
const documents = () => mongo.db.collection(exchangeRatesCollection.name).find().toArray();

type Days = Parameters<typeof ecbFile>[0];

/** The publisher has these days, the last of them as the newest. */
function publish(days: Days): void {
  const newest = Object.keys(days).sort().at(-1) ?? '';
  files.serve({ [daily]: ecbFile({ [newest]: days[newest] ?? {} }, "'"), [history]: ecbFile(days) });
}

describe('the import of exchange rates', () => {
  it('begins with the last 90 days and then takes the newest day alone', async () => {
    publish({ '2026-11-18': { USD: '1.1' }, '2026-11-19': { USD: '1.11' } });
    expect(await newImport().importRates({ at })).toEqual({ newest: '2026-11-19', imported: 2, held: [] });
    files.asked.length = 0;
    publish({ '2026-11-20': { USD: '1.12' } });
    expect(await newImport().importRates({ at })).toEqual({ newest: '2026-11-20', imported: 1, held: [] });
    expect(files.asked).toEqual([daily]);
  });

  it('over a weekend sees no gap, and after a missed day fills it', async () => {
    publish({ '2026-11-20': { USD: '1.1' } });
    await newImport().importRates({ at });
    files.asked.length = 0;
    publish({ '2026-11-20': { USD: '1.1' }, '2026-11-23': { USD: '1.1' } });
    expect(await newImport().importRates({ at })).toMatchObject({ imported: 1 });
    expect(files.asked).toEqual([daily]);
    publish({ '2026-11-20': { USD: '1.1' }, '2026-11-24': { USD: '1.2' }, '2026-11-25': { USD: '1.3' } });
    expect(await newImport().importRates({ at })).toMatchObject({ imported: 2 });
  });

  it('repeated, at once or later, writes nothing twice', async () => {
    publish({ '2026-11-19': { USD: '1.1' }, '2026-11-20': { USD: '1.12' } });
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => newImport().importRates({ at })));
    expect(outcomes.map(({ imported }) => imported).reduce((a, b) => a + b)).toBe(2);
    const before = await documents();
    expect(await newImport().importRates({ at: '2027-01-01T00:00:00.000Z' })).toMatchObject({ imported: 0 });
    expect(await documents()).toEqual(before);
    for (const document of before) expect(exchangeRatesCollection.schema.safeParse(document).success).toBe(true);
  });

  it('refuses a day that is published again with another rate', async () => {
    publish({ '2026-11-20': { USD: '1.1' } });
    await newImport().importRates({ at });
    publish({ '2026-11-20': { USD: '1.2' } });
    await expect(newImport().importRates({ at })).rejects.toMatchObject({ code: 'exchange_rates.conflict' });
  });

  it('fails as unavailable when the publisher is away or refuses', async () => {
    files.serve({ [daily]: null });
    await expect(newImport().importRates({ at })).rejects.toMatchObject({ code: 'exchange_rates.unavailable' });
    const nobody = createEcbPublisher({ baseUrl: 'http://127.0.0.1:9', timeoutMs: 500 });
    await expect(nobody.read('newest')).rejects.toMatchObject({ code: 'exchange_rates.unavailable' });
  });
});

describe('a publication in which a rate moved by more than a fifth', () => {
  beforeEach(async () => {
    publish({ '2026-11-19': { USD: '1.00', TRY: '40' } });
    await newImport().importRates({ at });
    publish({ '2026-11-20': { USD: '1.01', TRY: '50' } });
  });

  it('is held, shown at every import and used by nobody', async () => {
    const held = { newest: '2026-11-20', imported: 0, held: [{ date: '2026-11-20', jumps: ['TRY 40 → 50'] }] };
    expect(await newImport().importRates({ at })).toEqual(held);
    expect(await newImport().importRates({ at })).toEqual(held);
    const rates = createExchangeRates({ db: mongo.db });
    expect(await rates.rateOn({ from: 'EUR', to: 'USD', date: '2026-11-20' })).toMatchObject({ date: '2026-11-19' });
  });

  it('is used once a person has accepted it, which may be repeated', async () => {
    await newImport().importRates({ at });
    for (let time = 0; time < 2; time += 1)
      await newImport().decide({ date: '2026-11-20', decision: 'accept', by: 'ops_1' });
    const rates = createExchangeRates({ db: mongo.db });
    expect(await rates.rateOn({ from: 'EUR', to: 'TRY', date: '2026-11-20' })).toMatchObject({ date: '2026-11-20' });
    expect(await newImport().importRates({ at })).toMatchObject({ held: [] });
  });

  it('stays out for good once a person has refused it, and a second opinion is refused', async () => {
    await newImport().importRates({ at });
    await newImport().decide({ date: '2026-11-20', decision: 'refuse', by: 'ops_1' });
    await expect(newImport().decide({ date: '2026-11-20', decision: 'accept', by: 'ops_2' })).rejects.toMatchObject({
      code: 'exchange_rates.not_held',
    });
    expect(await newImport().importRates({ at })).toMatchObject({ imported: 0, held: [] });
  });

  it('cannot be decided about when it is not there', async () => {
    await expect(newImport().decide({ date: '2026-01-01', decision: 'accept', by: 'ops_1' })).rejects.toMatchObject({
      code: 'exchange_rates.not_held',
    });
  });
});

describe('looking a rate up', () => {
  const rates = () => createExchangeRates({ db: mongo.db });
  const usd = (date: string) => ({ from: 'EUR', to: 'USD', date });
  beforeEach(async () => {
    publish({ '2026-10-30': { USD: '1.1', GBP: '0.8' }, '2026-11-02': { USD: '1.2' } });
    await newImport().importRates({ at });
  });

  it.each([
    ['2026-10-29', null],
    ['2026-10-30', '2026-10-30'],
    ['2026-10-31', '2026-10-30'],
    ['2026-11-01', '2026-10-30'],
    ['2026-11-02', '2026-11-02'],
    ['2026-11-12', '2026-11-02'],
    ['2026-11-13', null],
  ])('on %s finds the newest on or before it within ten days: %s', async (date, expected) => {
    expect((await rates().rateOn(usd(date)))?.date ?? null).toBe(expected);
  });

  it.each([
    ['2026-10-31', '2026-11-02'],
    ['2026-10-30', '2026-10-30'],
    ['2026-11-02', '2026-11-02'],
    ['2026-11-03', null],
    ['2026-10-20', '2026-10-30'],
    ['2026-10-19', null],
  ])('for a return from %s finds the next publication: %s', async (date, expected) => {
    expect((await rates().rateFrom(usd(date)))?.date ?? null).toBe(expected);
  });

  it('takes both currencies from one day', async () => {
    expect(await rates().rateOn({ from: 'USD', to: 'GBP', date: '2026-11-02' })).toMatchObject({ date: '2026-10-30' });
    expect(await rates().rateOn({ from: 'USD', to: 'AED', date: '2026-11-02' })).toBeNull();
  });
});
