import type { Db } from 'mongodb';
import { Failure, fail } from '../../domain/failures.ts';
import { assertBalanced, imbalances, isLedgerAccount, samePostings } from '../../domain/ledger/journal-entry.ts';
import type { JournalEntry } from '../../domain/ledger/journal-entry.ts';
import { assertAmount } from '../../domain/money/money.ts';
import { collectionOf, isDuplicateKey } from '../store/collection.ts';
import { journalEntries } from './ledger-store.ts';
import type { JournalEntryDocument } from './ledger-store.ts';

export interface AccountBalance {
  readonly account: string;
  readonly currency: string;
  /** Signed minor units, debit positive. */
  readonly balance: number;
}

export interface BookProblem {
  readonly fact: string;
  readonly problem: string;
}

export interface LedgerService {
  /**
   * Writes the entry, one document. The same fact with the same postings is a no-op.
   * @throws ledger.unbalanced before anything is written, ledger.conflict when the fact was booked differently
   */
  post(entry: JournalEntry): Promise<'posted' | 'already_posted'>;
  find(fact: string): Promise<JournalEntry | null>;
  /** Every account that ever moved, up to and including `at` (ISO 8601), sorted by account and currency. */
  balances(query?: { readonly at?: string }): Promise<readonly AccountBalance[]>;
  /** Per currency the sum over all accounts: 0, or the book is broken. */
  sums(query?: { readonly at?: string }): Promise<readonly { readonly currency: string; readonly sum: number }[]>;
  /** Walks the whole book. An empty list means that every entry is well formed and balances. */
  verify(): Promise<{ readonly entries: number; readonly problems: readonly BookProblem[] }>;
}

/** Double-entry book. Balances are sums of postings and are stored nowhere. */
export function createLedgerService({ db }: { readonly db: Db }): LedgerService {
  const entries = collectionOf(db, journalEntries);

  const find = async (fact: string): Promise<JournalEntry | null> => {
    const document = await entries.findOne({ _id: fact });
    return document === null ? null : toEntry(document);
  };

  return {
    find,

    async post(entry) {
      assertBalanced(entry);
      try {
        await entries.insertOne(toDocument(entry));
        return 'posted';
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
      const booked = await find(entry.fact);
      if (booked !== null && booked.kind === entry.kind && samePostings(booked.postings, entry.postings)) {
        return 'already_posted';
      }
      return fail('ledger.conflict', `${entry.fact} is booked with other postings`);
    },

    async balances(query = {}) {
      const rows = await entries
        .aggregate<{ _id: { account: string; currency: string }; balance: number }>([
          ...until(query.at),
          { $unwind: '$postings' },
          {
            $group: {
              _id: { account: '$postings.account', currency: '$postings.currency' },
              balance: { $sum: '$postings.amount' },
            },
          },
        ])
        .toArray();
      return rows
        .map(({ _id, balance }) => ({ ..._id, balance: assertAmount(Number(balance), `balance of ${_id.account}`) }))
        .sort((a, b) => compare(a.account, b.account) || compare(a.currency, b.currency));
    },

    async sums(query = {}) {
      const rows = await entries
        .aggregate<{ _id: string; sum: number }>([
          ...until(query.at),
          { $unwind: '$postings' },
          { $group: { _id: '$postings.currency', sum: { $sum: '$postings.amount' } } },
        ])
        .toArray();
      return rows
        .map(({ _id, sum }) => ({ currency: _id, sum: assertAmount(Number(sum)) }))
        .sort((a, b) => compare(a.currency, b.currency));
    },

    async verify() {
      const problems: BookProblem[] = [];
      let count = 0;
      for await (const document of entries.find({}, { sort: { _id: 1 } })) {
        count += 1;
        problems.push(...problemsOf(document).map((problem) => ({ fact: document._id, problem })));
      }
      return { entries: count, problems };
    },
  };
}

function problemsOf(document: JournalEntryDocument): string[] {
  const parsed = journalEntries.schema.safeParse(document);
  if (!parsed.success) return parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  const strange = document.postings.filter(({ account }) => !isLedgerAccount(account));
  try {
    return [
      ...strange.map(({ account }) => `unknown account ${account}`),
      ...imbalances(document.postings).map(({ currency, sum }) => `does not balance: ${sum} ${currency} left over`),
    ];
  } catch (error) {
    if (error instanceof Failure) return [error.message];
    throw error;
  }
}

function until(at: string | undefined): object[] {
  return at === undefined ? [] : [{ $match: { at: { $lte: new Date(at) } } }];
}

function toDocument({ fact, at, kind, postings, memo }: JournalEntry): JournalEntryDocument {
  return { _id: fact, kind, at: new Date(at), postings, memo };
}

function toEntry({ _id, at, kind, postings, memo }: JournalEntryDocument): JournalEntry {
  return { fact: _id, kind, at: at.toISOString(), postings, memo };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
