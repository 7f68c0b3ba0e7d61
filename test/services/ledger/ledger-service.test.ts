import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Db } from 'mongodb';
import { creditWholeLines } from '../../../domain/invoice/credited-line.ts';
import { refundEntry, saleEntry } from '../../../domain/ledger/journal-entry.ts';
import { createLedgerService } from '../../../services/ledger/ledger-service.ts';
import { journalEntries } from '../../../services/ledger/ledger-store.ts';
import { collectionOf } from '../../../services/store/collection.ts';
import { sampleLine, sampleOrder, sampleQuote } from '../../domain/invoice/sample-order.ts';
import { openTestDatabase } from '../../support/mongo.ts';

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
  return saleEntry({ orderId, quote, payment: { gateway: 'acme', captured: quote.gross }, at });
}

describe('the ledger', () => {
  it('writes a fact once: the same entry again is a no-op, and the time of the repeat does not matter', async () => {
    const { ledger } = await openBook();
    expect(await ledger.post(sale('o1'))).toBe('posted');
    expect(await ledger.post(sale('o1'))).toBe('already_posted');
    expect(await ledger.post(sale('o1', '2026-11-22T10:00:00.000Z'))).toBe('already_posted');
    expect((await ledger.find('order/o1/sale'))?.at).toBe('2026-11-21T10:00:00.000Z');
  });

  it('posts once when 16 writers post the same fact at the same time', async () => {
    const { ledger } = await openBook();
    const answers = await Promise.all(Array.from({ length: 16 }, () => ledger.post(sale('o1'))));
    expect(answers.filter((answer) => answer === 'posted')).toHaveLength(1);
    expect((await ledger.verify()).entries).toBe(1);
  });

  it('refuses other postings for a fact that is booked', async () => {
    const { ledger } = await openBook();
    await ledger.post(sale('o1'));
    const other = { ...sale('o1'), postings: sale('o1').postings.map((p) => ({ ...p, amount: p.amount * 2 })) };
    await expect(ledger.post(other)).rejects.toMatchObject({ code: 'ledger.conflict' });
  });

  it('never writes an entry that does not balance', async () => {
    const { ledger } = await openBook();
    const broken = { ...sale('o1'), postings: sale('o1').postings.slice(1) };
    await expect(ledger.post(broken)).rejects.toMatchObject({ code: 'ledger.unbalanced' });
    expect(await ledger.verify()).toEqual({ entries: 0, problems: [] });
  });

  it('answers balances per account and currency as of a moment, and sums of 0', async () => {
    const { ledger } = await openBook();
    const order = sampleOrder();
    await ledger.post(sale(order.id, '2026-11-01T00:00:00.000Z'));
    const yen = sampleQuote(
      [sampleLine({ line: '1', name: 'x', net: 3_000_000_000, taxes: [['JP', 'JCT', '0.1', 300_000_000]] })],
      {
        currency: 'JPY',
      },
    );
    await ledger.post(
      saleEntry({
        orderId: 'o2',
        quote: yen,
        payment: { gateway: 'acme', captured: yen.gross },
        at: '2026-11-02T00:00:00Z',
      }),
    );
    const lines = creditWholeLines(order.quote, ['2']);
    const refund = {
      orderId: order.id,
      refundId: 'r1',
      currency: 'EUR',
      lines,
      gateway: 'acme',
      at: '2026-11-03T00:00:00Z',
    };
    await ledger.post(refundEntry(refund));

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
    const before = await ledger.balances({ at: '2026-11-01T23:59:59.999Z' });
    expect(before.find(({ account }) => account === 'gateway_clearing/acme')?.balance).toBe(15466);
    expect(before.some(({ currency }) => currency === 'JPY')).toBe(false);
    expect(await ledger.balances({ at: '2026-10-31T00:00:00Z' })).toEqual([]);
    // The moment itself belongs to it.
    expect(await ledger.sums({ at: '2026-11-01T00:00:00Z' })).toEqual([{ currency: 'EUR', sum: 0 }]);
  });

  it('finds what was broken behind its back', async () => {
    const { ledger, entries } = await openBook();
    await ledger.post(sale('o1'));
    await ledger.post(sale('o2'));
    await entries.updateOne({ _id: 'order/o2/sale' }, { $inc: { 'postings.0.amount': 1 } });
    await entries.insertOne({
      _id: 'order/o3/sale',
      kind: 'sale',
      at: new Date(0),
      postings: [
        { account: 'petty_cash', currency: 'EUR', amount: 1.5 },
        { account: 'revenue/a', currency: 'EUR', amount: -1.5 },
      ],
      memo: '',
    });
    const report = await ledger.verify();
    expect(report.entries).toBe(3);
    expect(new Set(report.problems.map(({ fact }) => fact))).toEqual(new Set(['order/o2/sale', 'order/o3/sale']));
    expect(report.problems).toContainEqual({ fact: 'order/o2/sale', problem: 'does not balance: 1 EUR left over' });
  });

  it('stores what its schema says', async () => {
    const { ledger, entries } = await openBook();
    await ledger.post(sale('o1'));
    const stored = await entries.findOne({});
    expect(journalEntries.schema.safeParse(stored).success).toBe(true);
  });
});
