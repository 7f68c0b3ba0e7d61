import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { vendorPayoutEntry } from '../../../domain/ledger/settlement-entries.ts';
import { createLedgerService } from '../../../services/ledger/ledger-service.ts';
import type { LedgerService } from '../../../services/ledger/ledger-service.ts';
import { createSellerService } from '../../../services/seller/seller-service.ts';
import { sellerInputSchema } from '../../../services/seller/seller-schemas.ts';
import { statementCsv } from '../../../services/seller/statement-csv.ts';
import { createStatementService } from '../../../services/seller/statement-service.ts';
import type { StatementService } from '../../../services/seller/statement-service.ts';
import { givingBack, lifeOf, quotes } from '../../domain/ledger/random-sales.ts';
import { sampleTerms } from '../../domain/seller/sample-terms.ts';
import { openTestDatabase } from '../../support/mongo.ts';
import { propertyRuns } from '../../support/property-runs.ts';

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let ledger: LedgerService;
let statements: StatementService;

beforeAll(async () => {
  database = await openTestDatabase();
  const { db } = database;
  const sellers = createSellerService({ db, clock: Date.now });
  ledger = createLedgerService({ db });
  statements = createStatementService({ ledger, sellers });
  for (const id of ['a', 'b', 'c'])
    await sellers.put(
      id,
      sellerInputSchema.parse({ name: `Seller "${id}", Ltd`, terms: [sampleTerms()] }),
      '2027-01-01T00:00:00.000Z',
    );
});
afterAll(() => database.close());
beforeEach(async () => {
  await database.db.collection('journal_entries').deleteMany({});
});

const day = (number: number) => new Date(Date.UTC(2027, 0, number)).toISOString();
const january = { from: day(1), to: day(32), currency: 'EUR' };

function payout(payoutId: string, amount: number, at: string, sellerId = 'a') {
  return vendorPayoutEntry({ sellerId, payoutId, paid: { amount, currency: 'EUR' }, at });
}

describe('a statement', () => {
  it('begins with what was owed before, ends with what is owed after, and shows one line per fact between', async () => {
    // Money advanced is owed back: a payout without a sale before it.
    await ledger.post(payout('p0', 100, day(0)));
    await ledger.post(payout('p1', 30, day(1)));
    await ledger.post(payout('p2', 5, day(20), 'b'));
    await ledger.post(payout('p3', 7, day(31)));
    await ledger.post(payout('p4', 1_000, day(32)));
    expect(await statements.statement('a', january)).toMatchObject({
      seller: { id: 'a', name: 'Seller "a", Ltd', addressLines: [], country: null, taxId: null },
      issuer: { name: 'Waybill Commerce Ltd', country: 'IE' },
      ...january,
      notes: [{ code: 'self_billing' }],
      opening: -100,
      lines: [
        { at: day(1), fact: 'seller/a/payout/p1', kind: 'vendor_payout', amount: -30, balance: -130 },
        { at: day(31), fact: 'seller/a/payout/p3', amount: -7, balance: -137 },
      ],
      totals: { net: 0, retained: 0, earned: 0, settled: -37 },
      closing: -137,
    });
  });

  it('is empty where nothing happened, and of one currency', async () => {
    await ledger.post(payout('p0', 100, day(2)));
    expect(await statements.statement('a', { ...january, currency: 'USD' })).toMatchObject({
      ...{ opening: 0, lines: [], closing: 0 },
    });
    expect(await statements.statement('a', { ...january, from: day(3) })).toMatchObject({
      ...{ opening: -100, lines: [], closing: -100 },
    });
  });

  it('is only for sellers that exist', async () => {
    await expect(statements.statement('none', january)).rejects.toMatchObject({ code: 'seller.not_found' });
  });

  it('reads all pages, and refuses a period of more lines than it can show', async () => {
    const entry = payout('p', 1, day(2));
    let asked = 0;
    const endless = {
      balances: () => Promise.resolve([]),
      entries: ({ limit }: { limit: number }) => {
        asked += 1;
        const length = asked === 3 ? 7 : limit;
        return Promise.resolve(Array.from({ length }, () => entry));
      },
    };
    const sellers = { get: () => createSellerService({ db: database.db, clock: Date.now }).get('a') };
    const service = createStatementService({ ledger: endless, sellers });
    const { lines, closing } = await service.statement('a', january);
    expect([lines.length, closing]).toEqual([2_007, -2_007]);
    await expect(service.statement('a', january)).rejects.toMatchObject({ code: 'seller.statement_too_long' });
  });

  it('agrees with the ledger on every day, and one period goes on where the other ended', async () => {
    await fc.assert(
      fc.asyncProperty(quotes, fc.nat(10_000), givingBack, fc.integer({ min: 2, max: 12 }), async (...given) => {
        const [quote, fee, steps, cut] = given;
        await database.db.collection('journal_entries').deleteMany({});
        for (const [index, entry] of lifeOf('o', quote, fee, steps).entries())
          await ledger.post({ ...entry, at: day(index + 1) });
        for (const seller of ['a', 'b', 'c']) {
          const of = (from: number, to: number) =>
            statements.statement(seller, { from: day(from), to: day(to), currency: quote.currency });
          const [before, after, whole] = [await of(1, cut), await of(cut, 32), await of(1, 32)];
          expect(after.opening).toBe(before.closing);
          expect(after.closing).toBe(whole.closing);
          expect(before.lines.concat(after.lines)).toEqual(whole.lines);
          const [owed] = await ledger.balances({ account: `vendor_payable/${seller}`, before: day(cut) });
          expect(before.closing + (owed?.balance ?? 0)).toBe(0);
          expect(before.opening + before.totals.earned + before.totals.settled).toBe(before.closing);
          expect(before.totals.net - before.totals.retained).toBe(before.totals.earned);
        }
      }),
      // A database behind it: fewer runs say as much.
      { numRuns: propertyRuns(0.02) },
    );
  }, 600_000);
});

describe('a statement as CSV', () => {
  it('has a row per line between opening and closing, in major units, and the notes below', async () => {
    await ledger.post(payout('p0', 100, day(0)));
    await ledger.post(payout('p1', 1_234, day(1)));
    const csv = statementCsv(await statements.statement('a', january));
    const [header, ...rows] = csv.split('\r\n');
    expect(header).toBe('at,fact,kind,description,currency,net,retained,amount,balance');
    expect(rows.slice(0, 3)).toEqual([
      `${day(1)},,opening,Opening balance,EUR,,,,-1.00`,
      `${day(1)},seller/a/payout/p1,vendor_payout,Payout p1,EUR,0.00,0.00,-12.34,-13.34`,
      `${day(32)},,closing,Closing balance,EUR,0.00,0.00,-12.34,-13.34`,
    ]);
    expect(rows[3]).toMatch(/^,,self_billing,"Self-billing\. .*, as agreed\.",,,,,$/);
    expect(rows.slice(4)).toEqual(['']);
  });

  it('quotes what has to be quoted, and gives a spreadsheet no formula to run', async () => {
    const statement = await statements.statement('a', january);
    const line = { at: day(2), fact: 'f', kind: 'vendor_payout', net: 0, retained: 0, amount: 5, balance: 5 } as const;
    const described = (...texts: string[]) =>
      statementCsv({ ...statement, notes: [], lines: texts.map((description) => ({ ...line, description })) })
        .split('\r\n')
        .slice(2, -2)
        .map((row) => row.slice(day(2).length + ',f,vendor_payout,'.length, -',EUR,0.00,0.00,0.05,0.05'.length));
    expect(described('a, b', 'say "so"', 'plain')).toEqual(['"a, b"', '"say ""so"""', 'plain']);
    expect(described('=1+1', '+1', '@x', '-x', '-1', '\tx', 'a=1')).toEqual([
      ...["'=1+1", "'+1", "'@x", "'-x", '-1', "'\tx", 'a=1'],
    ]);
  });

  it('writes currencies without cents without cents', async () => {
    const statement = await statements.statement('a', { ...january, currency: 'JPY' });
    expect(statementCsv({ ...statement, opening: 1_200, notes: [] })).toContain('Opening balance,JPY,,,,1200\r\n');
  });
});
