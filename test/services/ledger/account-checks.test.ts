import { describe, expect, it } from '@jest/globals';
import type { JournalEntry } from '../../../domain/ledger/journal-entry.ts';
import { vendorPayoutEntry } from '../../../domain/ledger/settlement-entries.ts';
import { checkAccounts } from '../../../services/ledger/account-checks.ts';
import type { AccountBalance, EntryQuery } from '../../../services/ledger/ledger-service.ts';

const at = '2026-11-21T10:00:00.000Z';
const payout = (payoutId: string, amount: number, currency = 'EUR', sellerId = 'books') =>
  vendorPayoutEntry({ sellerId, payoutId, paid: { amount, currency }, at });

/** A book that answers these balances, and these entries one page each. */
async function problemsOf(balances: AccountBalance[], pages: JournalEntry[] = [], sum = 0) {
  const found: string[] = [];
  const accounts = await checkAccounts(
    {
      sums: () => Promise.resolve([{ currency: 'EUR', sum }]),
      balances: () => Promise.resolve(balances),
      entries: ({ after, account }: EntryQuery) => {
        const own = pages.filter(({ postings }) => postings.some((posting) => posting.account === account));
        const next = own.findIndex(({ fact }) => fact === after?.fact) + 1;
        return Promise.resolve(own.slice(next, next + 1));
      },
    },
    (subject, texts) => found.push(...texts.map((text) => `${subject}: ${text}`)),
  );
  return { accounts, found };
}

const row = (account: string, balance: number, currency = 'EUR') => ({ account, currency, balance });

describe('the accounts of a book', () => {
  it('come to nothing in every currency', async () => {
    expect(await problemsOf([])).toEqual({ accounts: 0, found: [] });
    expect((await problemsOf([], [], -3)).found).toEqual(['EUR: all accounts together come to -3, not to 0']);
  });

  it('hold what was deferred on the side where it belongs', async () => {
    const rows = [row('deferred_revenue/a', -1), row('deferred_revenue/b', 0), row('deferred_revenue/c', 1)];
    const found = ['deferred_revenue/c: 1 EUR more was recognised than deferred'];
    expect(await problemsOf([...rows, row('cash', 1), row('revenue/a', 1), row('petty_cash', 1)])).toEqual({
      accounts: 6,
      found,
    });
  });

  it('owe each seller what the statement says, page by page, seller by seller and currency by currency', async () => {
    const entries = [payout('1', 5), payout('2', 7, 'USD'), payout('3', 2), payout('4', 1, 'EUR', 'games')];
    const rows = [
      row('vendor_payable/books', 7),
      row('vendor_payable/books', 7, 'USD'),
      row('vendor_payable/games', 1),
    ];
    expect(await problemsOf(rows, entries)).toEqual({ accounts: 3, found: [] });
    expect((await problemsOf([row('vendor_payable/books', 6)], entries)).found).toEqual([
      'vendor_payable/books: the statement says -7 EUR, the ledger -6',
    ]);
  });

  it('that cannot be added up are a problem, and a database that is away is none of the book', async () => {
    const broken = payout('1', 5);
    const halves = { ...broken, postings: broken.postings.map((posting) => ({ ...posting, amount: 0.5 })) };
    expect(await problemsOf([row('vendor_payable/books', 1)], [halves])).toEqual({
      accounts: 0,
      found: ['balances: amount is not a safe integer: 0.5'],
    });
    const away = () => Promise.reject(new Error('away'));
    const book = { sums: away, balances: away, entries: away };
    await expect(checkAccounts(book, () => undefined)).rejects.toThrow('away');
  });
});
