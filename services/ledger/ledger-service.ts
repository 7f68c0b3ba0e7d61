import type { Db } from 'mongodb';
import { fail } from '../../domain/failures.ts';
import { assertBalanced, samePostings } from '../../domain/ledger/journal-entry.ts';
import type { JournalEntry, JournalEntryKind } from '../../domain/ledger/journal-entry.ts';
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

/** Moments are ISO 8601 UTC. */
export interface BalanceQuery {
  /** Up to and including this moment. */
  readonly at?: string;
  /** Up to this moment, itself left out. */
  readonly before?: string;
  /** One account, or all of a kind: "revenue" is every "revenue/…". */
  readonly account?: string;
}

/** What entries of one kind did to an account within a time. */
export interface AccountMovement {
  readonly account: string;
  readonly currency: string;
  readonly kind: JournalEntryKind;
  /** Signed minor units, debit positive. */
  readonly amount: number;
}

export interface EntryQuery {
  /** One account, or all of a kind. */
  readonly account?: string;
  /** From this moment on. */
  readonly from?: string;
  /** Up to this moment, itself left out. */
  readonly to?: string;
  /** Where the page before this one ended. */
  readonly after?: { readonly at: string; readonly fact: string };
  readonly limit: number;
}

export interface LedgerService {
  /**
   * Writes the entry, one document. The same fact with the same postings is a no-op.
   * @throws ledger.unbalanced before anything is written, ledger.conflict when the fact was booked differently
   */
  post(entry: JournalEntry): Promise<'posted' | 'already_posted'>;
  find(fact: string): Promise<JournalEntry | null>;
  /** Oldest first, facts of one moment by their key. */
  entries(query: EntryQuery): Promise<readonly JournalEntry[]>;
  /** Every account that ever moved, sorted by account and currency. */
  balances(query?: BalanceQuery): Promise<readonly AccountBalance[]>;
  /** Sums by account, currency and kind of entry; `from` is included, `to` is not. */
  movements(query: {
    readonly accounts: readonly string[];
    readonly from: string;
    readonly to: string;
  }): Promise<readonly AccountMovement[]>;
  /** Per currency the sum over all accounts: 0, or the book is broken. */
  sums(query?: Pick<BalanceQuery, 'at'>): Promise<readonly { readonly currency: string; readonly sum: number }[]>;
}

/** Double-entry book. Balances are sums of postings and are stored nowhere; nothing that was written is ever changed. */
export function createLedgerService({ db }: { readonly db: Db }): LedgerService {
  const book = collectionOf(db, journalEntries);

  const find = async (fact: string): Promise<JournalEntry | null> => {
    const document = await book.findOne({ _id: fact });
    return document === null ? null : toEntry(document);
  };

  return {
    find,

    async post(entry) {
      assertBalanced(entry);
      try {
        await book.insertOne(toDocument(entry));
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

    async entries({ account, from, to, after, limit }) {
      const found = await book
        .find({
          ...(account === undefined ? {} : { 'postings.account': ofAccount(account) }),
          ...within(from, to),
          ...(after === undefined ? {} : { $or: laterThan(after) }),
        })
        .sort({ at: 1, _id: 1 })
        .limit(limit)
        .toArray();
      return found.map(toEntry);
    },

    async balances({ at, before, account } = {}) {
      const mine = account === undefined ? [] : [{ $match: { 'postings.account': ofAccount(account) } }];
      const rows = await book
        .aggregate<{ _id: { account: string; currency: string }; balance: number }>([
          ...until(at, before),
          // Entries first, so that an index is used; their other postings are left out after they are unwound.
          ...mine,
          { $unwind: '$postings' },
          ...mine,
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

    async movements({ accounts, from, to }) {
      const rows = await book
        .aggregate<{ _id: Omit<AccountMovement, 'amount'>; amount: number }>([
          { $match: within(from, to) },
          { $unwind: '$postings' },
          { $match: { 'postings.account': { $in: accounts.map(ofAccount) } } },
          {
            $group: {
              _id: { account: '$postings.account', currency: '$postings.currency', kind: '$kind' },
              amount: { $sum: '$postings.amount' },
            },
          },
        ])
        .toArray();
      return rows.map(({ _id, amount }) => ({ ..._id, amount: assertAmount(Number(amount), `sum of ${_id.account}`) }));
    },

    async sums({ at } = {}) {
      const rows = await book
        .aggregate<{ _id: string; sum: number }>([
          ...until(at, undefined),
          { $unwind: '$postings' },
          { $group: { _id: '$postings.currency', sum: { $sum: '$postings.amount' } } },
        ])
        .toArray();
      return rows
        .map(({ _id, sum }) => ({ currency: _id, sum: assertAmount(Number(sum)) }))
        .sort((a, b) => compare(a.currency, b.currency));
    },
  };
}

function until(at: string | undefined, before: string | undefined): object[] {
  return [
    ...(at === undefined ? [] : [{ $match: { at: { $lte: new Date(at) } } }]),
    ...(before === undefined ? [] : [{ $match: { at: { $lt: new Date(before) } } }]),
  ];
}

function within(from: string | undefined, to: string | undefined) {
  if (from === undefined && to === undefined) return {};
  return {
    at: {
      ...(from === undefined ? {} : { $gte: new Date(from) }),
      ...(to === undefined ? {} : { $lt: new Date(to) }),
    },
  };
}

function laterThan({ at, fact }: { readonly at: string; readonly fact: string }) {
  return [{ at: { $gt: new Date(at) } }, { at: new Date(at), _id: { $gt: fact } }];
}

/** The account itself, or every account of the kind; kinds are letters and underscores. */
function ofAccount(name: string): string | RegExp {
  return name.includes('/') ? name : new RegExp(`^${name.replace(/\W/g, '')}(/|$)`);
}

function toDocument({ fact, at, kind, postings, memo }: JournalEntry): JournalEntryDocument {
  return { _id: fact, kind, at: new Date(at), postings, memo };
}

export function toEntry({ _id, at, kind, postings, memo }: JournalEntryDocument): JournalEntry {
  return { fact: _id, kind, at: at.toISOString(), postings, memo };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
