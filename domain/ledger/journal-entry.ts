import { fail } from '../failures.ts';
import { facts } from '../idempotency.ts';
import { assertAmount, sum } from '../money/money.ts';
import { isLedgerAccount } from './chart-of-accounts.ts';

export interface Posting {
  readonly account: string;
  readonly currency: string;
  /** Signed minor units, debit positive; never 0. */
  readonly amount: number;
}

/** Permanent, like the accounts. */
export const journalEntryKinds = [
  /** An order, the payment that settled it, the gateway's fee and the sellers' shares. */
  'sale',
  'refund',
  /** Money of a refund that came back from the bank, and how it was paid instead. */
  'refund_settlement',
  /** Deferred revenue that became revenue, or fell away with a refund. */
  'recognition',
  'chargeback',
  /** A gateway's fee that no single sale carries. */
  'fee',
  /** A gateway pays out what it holds for us. */
  'gateway_payout',
  /** We pay a seller. */
  'vendor_payout',
  'tax_remittance',
  'write_off',
  /** Undoes another entry, whole: nothing in the book is ever changed. */
  'reversal',
] as const;
export type JournalEntryKind = (typeof journalEntryKinds)[number];

/** One business fact in the books: all its postings in one document, which balances or does not exist. */
export interface JournalEntry {
  /** Key of the source fact (domain/idempotency.ts); unique in the book. */
  readonly fact: string;
  readonly kind: JournalEntryKind;
  /** When it happened, ISO 8601 UTC. */
  readonly at: string;
  readonly postings: readonly Posting[];
  /** For the person who reads the book; opaque ids only. */
  readonly memo: string;
}

/** An amount on an account before it is posted; legs on the same account are added up. */
export type Leg = readonly [account: string, amount: number];

/** Currencies whose postings do not cancel out, with what is left over. */
export function imbalances(postings: readonly Posting[]): readonly { currency: string; sum: number }[] {
  const currencies = [...new Set(postings.map(({ currency }) => currency))];
  return currencies
    .map((currency) => ({
      currency,
      sum: sum(postings.filter((posting) => posting.currency === currency).map(({ amount }) => amount)),
    }))
    .filter((left) => left.sum !== 0);
}

/**
 * Known accounts, no posting of 0, debits equal credits in every currency.
 * @throws ledger.unbalanced, money.amount_unsafe
 */
export function assertBalanced(entry: JournalEntry): JournalEntry {
  for (const { account, amount } of entry.postings) {
    if (!isLedgerAccount(account)) fail('ledger.unbalanced', `${entry.fact} posts to the unknown account "${account}"`);
    if (assertAmount(amount) === 0) fail('ledger.unbalanced', `${entry.fact} posts 0 to ${account}`);
  }
  const wrong = imbalances(entry.postings);
  if (wrong.length > 0) {
    const left = wrong.map((one) => `${one.sum} ${one.currency}`).join(', ');
    fail('ledger.unbalanced', `${entry.fact} does not balance: ${left} left over`);
  }
  return entry;
}

/** Same postings in any order: what decides whether a repeated fact is a repeat or a contradiction. */
export function samePostings(a: readonly Posting[], b: readonly Posting[]): boolean {
  const canonical = (postings: readonly Posting[]) =>
    JSON.stringify(postings.map((p) => `${p.account} ${p.currency} ${p.amount}`).sort());
  return canonical(a) === canonical(b);
}

/**
 * The entry that undoes this one, whole. An entry can be undone once; what is undone again is the reversal.
 * @param reason for the person who reads the book; opaque ids only
 */
export function reversalOf(entry: JournalEntry, reason: string, at: string): JournalEntry {
  return {
    fact: facts.reversal(entry.fact),
    kind: 'reversal',
    at,
    postings: entry.postings.map((posting) => ({ ...posting, amount: -posting.amount })),
    memo: `Reversal of ${entry.fact}: ${reason}`,
  };
}

/** One posting per account, in the order in which the accounts first appear; what cancels out is left out. */
export function postingsOf(currency: string, legs: readonly Leg[]): Posting[] {
  const amounts = new Map<string, number>();
  for (const [account, amount] of legs) amounts.set(account, assertAmount((amounts.get(account) ?? 0) + amount));
  return [...amounts].filter(([, amount]) => amount !== 0).map(([account, amount]) => ({ account, currency, amount }));
}
