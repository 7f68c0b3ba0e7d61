import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Db } from 'mongodb';
import { creditWholeLines } from '../../../domain/invoice/credited-line.ts';
import type { JournalEntry } from '../../../domain/ledger/journal-entry.ts';
import { refundEntry, saleEntry } from '../../../domain/ledger/order-entries.ts';
import { createLedgerService } from '../../../services/ledger/ledger-service.ts';
import { journalEntries } from '../../../services/ledger/ledger-store.ts';
import { collectionOf } from '../../../services/store/collection.ts';
import { sampleLine, sampleOrder, sampleQuote } from '../../domain/invoice/sample-order.ts';
import { givingBack, lifeOf, quotes } from '../../domain/ledger/random-sales.ts';
import { openTestDatabase } from '../../support/mongo.ts';
import { propertyRuns } from '../../support/property-runs.ts';

let server: Awaited<ReturnType<typeof openTestDatabase>>;
beforeAll(async () => {
  server = await openTestDatabase();
});
afterAll(() => server.close());

let books = 0;
/** A book of its own per test: a database is cheap, a collection is cheaper. */
async function openBook() {
  books += 1;
  const name = `journal_${books}`;
  const db: Pick<Db, 'collection'> = { collection: () => server.db.collection(name) };
  await server.db.collection(name).createIndexes([...journalEntries.indexes]);
  // Only `collection` of the database is used.
  return { ledger: createLedgerService({ db: db as Db }), entries: collectionOf(db as Db, journalEntries) };
}

function sale(orderId: string, at = '2026-11-21T10:00:00.000Z') {
  const { quote } = sampleOrder();
  return saleEntry({ orderId, quote, payment: { gateway: 'acme', captured: quote.gross, fee: 0 }, at });
}

describe('the ledger', () => {
  it('writes a fact once: the same entry again is a no-op, and the time of the repeat does not matter', async () => {
    const { ledger } = await openBook();
    expect(await ledger.post(sale('o1'))).toBe('posted');
    expect(await ledger.post(sale('o1'))).toBe('already_posted');
    expect(await ledger.post(sale('o1', '2026-11-22T10:00:00.000Z'))).toBe('already_posted');
    expect(await ledger.find('order/o1/sale')).toEqual(sale('o1'));
    expect(await ledger.find('order/o2/sale')).toBeNull();
  });

  it('posts once when 16 writers post the same fact at the same time', async () => {
    const { ledger, entries } = await openBook();
    const answers = await Promise.all(Array.from({ length: 16 }, () => ledger.post(sale('o1'))));
    expect(answers.filter((answer) => answer === 'posted')).toHaveLength(1);
    expect(await entries.countDocuments()).toBe(1);
  });

  it('refuses other postings, and another kind, for a fact that is booked', async () => {
    const { ledger } = await openBook();
    await ledger.post(sale('o1'));
    const other = { ...sale('o1'), postings: sale('o1').postings.map((p) => ({ ...p, amount: p.amount * 2 })) };
    const conflict = { code: 'ledger.conflict', message: 'order/o1/sale is booked with other postings' };
    await expect(ledger.post(other)).rejects.toMatchObject(conflict);
    await expect(ledger.post({ ...sale('o1'), kind: 'refund' })).rejects.toMatchObject(conflict);
  });

  it('never writes an entry that does not balance', async () => {
    const { ledger, entries } = await openBook();
    const broken = { ...sale('o1'), postings: sale('o1').postings.slice(1) };
    await expect(ledger.post(broken)).rejects.toMatchObject({ code: 'ledger.unbalanced' });
    expect(await entries.countDocuments()).toBe(0);
  });

  it('says so when the database fails for another reason than a double', async () => {
    const failing = { collection: () => ({ insertOne: () => Promise.reject(new Error('away')) }) };
    // Only `insertOne` is reached.
    await expect(createLedgerService({ db: failing as unknown as Db }).post(sale('o1'))).rejects.toThrow('away');
  });

  it('stores what its schema says', async () => {
    const { ledger, entries } = await openBook();
    await ledger.post(sale('o1'));
    const stored = await entries.findOne({});
    expect(journalEntries.schema.safeParse(stored).success).toBe(true);
    expect(stored).toMatchObject({ _id: 'order/o1/sale', kind: 'sale', memo: 'Sale of order o1' });
    for (const broken of [
      { ...stored, _id: '' },
      { ...stored, kind: 'gift' },
      { ...stored, more: 1 },
      { ...stored, at: '2026-11-21T10:00:00.000Z' },
      { ...stored, postings: [{ account: 'cash', currency: 'EUR', amount: 0 }] },
      { ...stored, postings: [{ account: 'cash', currency: 'EURO', amount: 1 }] },
      { ...stored, postings: [{ account: '', currency: 'EUR', amount: 1 }] },
      { ...stored, postings: [{ account: 'cash', currency: 'EUR', amount: 1, note: 'x' }] },
    ])
      expect(journalEntries.schema.safeParse(broken).success).toBe(false);
    const zero = { ...stored, postings: [{ account: 'cash', currency: 'EUR', amount: 0 }] };
    expect(journalEntries.schema.safeParse(zero).error?.issues[0]?.message).toBe('a posting of 0');
  });

  it('is kept as long as the law wants books, and found by time and by account', () => {
    expect(journalEntries).toMatchObject({ name: 'journal_entries', owner: 'ledger', retention: 'books' });
    expect(journalEntries.indexes).toEqual([
      { key: { at: 1, _id: 1 }, name: 'oldest_first' },
      { key: { 'postings.account': 1, at: 1, _id: 1 }, name: 'by_account' },
    ]);
  });
});

describe('balances', () => {
  async function openSamples() {
    const { ledger } = await openBook();
    const order = sampleOrder();
    const first = sale(order.id, '2026-11-01T00:00:00.000Z');
    await ledger.post(first);
    const quote = sampleQuote(
      [sampleLine({ line: '1', name: 'x', net: 3_000_000_000, taxes: [['JP', 'JCT', '0.1', 300_000_000]] })],
      { currency: 'JPY' },
    );
    const payment = { gateway: 'acme', captured: quote.gross, fee: 0 };
    await ledger.post(saleEntry({ orderId: 'o2', quote, payment, at: '2026-11-02T00:00:00.000Z' }));
    const back = { orderId: order.id, quote: order.quote, sale: first, earlier: [], gateway: 'acme' };
    const lines = creditWholeLines(order.quote, ['2']);
    await ledger.post(refundEntry({ ...back, refundId: 'r1', lines, at: '2026-11-03T00:00:00.000Z' }));
    return ledger;
  }

  it('are per account and currency, sorted, and sum to 0 in every currency', async () => {
    const ledger = await openSamples();
    expect(await ledger.balances()).toEqual([
      { account: 'customer_receivable', currency: 'EUR', balance: 0 },
      { account: 'customer_receivable', currency: 'JPY', balance: 0 },
      { account: 'gateway_clearing/acme', currency: 'EUR', balance: 15466 - 1190 },
      { account: 'gateway_clearing/acme', currency: 'JPY', balance: 3_300_000_000 },
      { account: 'refunds/seller_books', currency: 'EUR', balance: 1000 },
      { account: 'revenue/seller_books', currency: 'EUR', balance: -1000 },
      { account: 'revenue/seller_default', currency: 'EUR', balance: -11997 },
      { account: 'revenue/seller_default', currency: 'JPY', balance: -3_000_000_000 },
      { account: 'tax_payable/DE', currency: 'EUR', balance: -2469 + 190 },
      { account: 'tax_payable/JP', currency: 'JPY', balance: -300_000_000 },
    ]);
    expect(await ledger.sums()).toEqual([
      { currency: 'EUR', sum: 0 },
      { currency: 'JPY', sum: 0 },
    ]);
  });

  it('are sorted by account and then by currency, in whatever order the server groups them', async () => {
    const rows = [
      ['b', 'USD'],
      ['a', 'USD'],
      ['b', 'EUR'],
      ['c', 'EUR'],
      ['a', 'EUR'],
    ].map(([account, currency]) => ({ _id: { account, currency }, balance: 1 }));
    const sums = ['USD', 'EUR', 'JPY'].map((currency) => ({ _id: currency, sum: 0 }));
    const answering = (answer: object[]) =>
      // Only `aggregate` is reached.
      ({ collection: () => ({ aggregate: () => ({ toArray: () => Promise.resolve(answer) }) }) }) as unknown as Db;
    const balances = await createLedgerService({ db: answering(rows) }).balances();
    expect(balances.map(({ account, currency }) => `${account} ${currency}`)).toEqual([
      ...['a EUR', 'a USD', 'b EUR', 'b USD', 'c EUR'],
    ]);
    const sorted = await createLedgerService({ db: answering(sums) }).sums();
    expect(sorted.map(({ currency }) => currency)).toEqual(['EUR', 'JPY', 'USD']);
  });

  it('are as of a moment, itself with it or, where asked, left out', async () => {
    const ledger = await openSamples();
    const clearing = async (query: object) =>
      (await ledger.balances(query)).filter(({ account }) => account === 'gateway_clearing/acme');
    const first = [{ account: 'gateway_clearing/acme', currency: 'EUR', balance: 15466 }];
    expect(await clearing({ at: '2026-11-01T23:59:59.999Z' })).toEqual(first);
    expect(await clearing({ before: '2026-11-02T00:00:00.000Z' })).toEqual(first);
    expect(await clearing({ at: '2026-11-02T00:00:00.000Z' })).toHaveLength(2);
    expect(await ledger.balances({ at: '2026-10-31T23:59:59.999Z' })).toEqual([]);
    expect(await ledger.balances({ before: '2026-11-01T00:00:00.000Z' })).toEqual([]);
    expect(await ledger.sums({ at: '2026-11-01T00:00:00.000Z' })).toEqual([{ currency: 'EUR', sum: 0 }]);
    expect(await ledger.sums({ at: '2026-10-31T23:59:59.999Z' })).toEqual([]);
  });

  it('are of one account, or of all of a kind, and of no other', async () => {
    const ledger = await openSamples();
    const names = async (account: string) => (await ledger.balances({ account })).map((row) => row.account);
    expect(await names('revenue/seller_books')).toEqual(['revenue/seller_books']);
    expect(await names('revenue')).toEqual([
      'revenue/seller_books',
      ...Array<string>(2).fill('revenue/seller_default'),
    ]);
    expect(await names('customer_receivable')).toHaveLength(2);
    expect(await names('revenue/seller')).toEqual([]);
    expect(await names('receivable')).toEqual([]);
    expect(await names('rev')).toEqual([]);
    expect(await names('.*')).toEqual([]);
  });

  it('move by kind of entry within a time, half open, for the accounts or kinds that are asked for', async () => {
    const ledger = await openSamples();
    const moved = async (from: string, to: string, ...accounts: string[]) =>
      (await ledger.movements({ accounts, from, to }))
        .map(({ account, currency, kind, amount }) => `${account} ${kind} ${amount} ${currency}`)
        .sort();
    const [first, third, fourth] = ['2026-11-01T00:00:00.000Z', '2026-11-03T00:00:00.000Z', '2026-11-04T00:00:00.000Z'];
    expect(await moved(first, fourth, 'tax_payable/DE', 'refunds')).toEqual([
      'refunds/seller_books refund 1000 EUR',
      'tax_payable/DE refund 190 EUR',
      'tax_payable/DE sale -2469 EUR',
    ]);
    expect(await moved(first, third, 'tax_payable')).toEqual([
      'tax_payable/DE sale -2469 EUR',
      'tax_payable/JP sale -300000000 JPY',
    ]);
    expect(await moved(third, fourth, 'tax_payable', 'cash')).toEqual(['tax_payable/DE refund 190 EUR']);
  });

  it('that leave the range of safe integers are refused by name, never rounded', async () => {
    const { ledger } = await openBook();
    for (const fact of ['f1', 'f2'])
      await ledger.post({
        ...{ fact, kind: 'fee', at: '2026-11-01T00:00:00.000Z', memo: '' },
        postings: [
          { account: 'cash', currency: 'EUR', amount: Number.MAX_SAFE_INTEGER },
          { account: 'rounding', currency: 'EUR', amount: -Number.MAX_SAFE_INTEGER },
        ],
      });
    const unsafe = (what: string) => ({
      code: 'money.amount_unsafe',
      message: expect.stringMatching(new RegExp(`^${what} of (cash|rounding) is not a safe integer: `)),
    });
    await expect(ledger.balances()).rejects.toMatchObject(unsafe('balance'));
    const all = { from: '2026-01-01T00:00:00.000Z', to: '2027-01-01T00:00:00.000Z' };
    await expect(ledger.movements({ accounts: ['cash'], ...all })).rejects.toMatchObject(unsafe('sum'));
  });

  it('at any date are the sums of the postings until then, for every order and its refunds', async () => {
    const moments = fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(quotes, fc.nat(10_000), givingBack, moments, async (quote, fee, steps, days) => {
        const { ledger } = await openBook();
        const start = Date.parse('2026-01-01T00:00:00.000Z');
        const at = (day: number) => new Date(start + day * 86_400_000).toISOString();
        const entries = lifeOf('o', quote, fee, steps).map((entry, index): JournalEntry => {
          return { ...entry, at: at((days[index % days.length] ?? 0) + index) };
        });
        for (const entry of entries) await ledger.post(entry);
        for (const day of [0, ...days, 2_000]) {
          const until = entries.filter((entry) => entry.at <= at(day)).flatMap(({ postings }) => postings);
          const sums = new Map<string, number>();
          for (const { account, amount } of until) sums.set(account, (sums.get(account) ?? 0) + amount);
          const balances = await ledger.balances({ at: at(day) });
          expect(new Map(balances.map(({ account, balance }) => [account, balance]))).toEqual(sums);
        }
      }),
      // A database behind it: fewer runs say as much.
      { numRuns: propertyRuns(0.02) },
    );
  }, 600_000);
});

describe('entries', () => {
  const at = (day: number) => `2026-11-0${day}T00:00:00.000Z`;

  async function openFive() {
    const { ledger } = await openBook();
    for (const [orderId, day] of [
      ['c', 2],
      ['a', 2],
      ['d', 3],
      ['b', 1],
      ['e', 4],
    ] as const)
      await ledger.post(sale(orderId, at(day)));
    const order = (query: object) => ledger.entries({ limit: 10, ...query });
    return {
      ledger,
      facts: async (query: object = {}) => (await order(query)).map(({ fact }) => fact.charAt(6)).join(''),
    };
  }

  it('come oldest first, facts of one moment by their key, as they were written', async () => {
    const { ledger, facts } = await openFive();
    expect(await facts()).toBe('bacde');
    expect(await ledger.entries({ limit: 1 })).toEqual([sale('b', at(1))]);
  });

  it('come page by page, none twice and none left out', async () => {
    const { facts } = await openFive();
    expect(await facts({ limit: 2 })).toBe('ba');
    expect(await facts({ limit: 2, after: { at: at(2), fact: 'order/a/sale' } })).toBe('cd');
    expect(await facts({ limit: 2, after: { at: at(3), fact: 'order/d/sale' } })).toBe('e');
    expect(await facts({ after: { at: at(4), fact: 'order/e/sale' } })).toBe('');
  });

  it('are those of a period, half open', async () => {
    const { facts } = await openFive();
    expect(await facts({ from: at(2) })).toBe('acde');
    expect(await facts({ to: at(3) })).toBe('bac');
    expect(await facts({ from: at(2), to: at(4) })).toBe('acd');
    expect(await facts({ from: at(2), to: at(4), after: { at: at(2), fact: 'order/a/sale' } })).toBe('cd');
  });

  it('are those that touch an account, or a kind of them', async () => {
    const { facts } = await openFive();
    expect(await facts({ account: 'revenue/seller_books' })).toBe('bacde');
    expect(await facts({ account: 'revenue', from: at(3) })).toBe('de');
    expect(await facts({ account: 'revenue/seller' })).toBe('');
    expect(await facts({ account: 'refunds' })).toBe('');
  });
});
