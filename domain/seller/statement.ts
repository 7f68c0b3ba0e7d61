import { ledgerAccount, parseAccount } from '../ledger/chart-of-accounts.ts';
import type { AccountKind } from '../ledger/chart-of-accounts.ts';
import type { JournalEntry, JournalEntryKind } from '../ledger/journal-entry.ts';
import { sum } from '../money/money.ts';

/** One fact as its seller sees it: minor units, positive what the seller is owed more. */
export interface StatementLine {
  /** ISO 8601 UTC. */
  readonly at: string;
  /** Key of the fact in the ledger. */
  readonly fact: string;
  readonly kind: JournalEntryKind;
  readonly description: string;
  /** Sold or, negative, given back: net of tax. 0 for what is no sale. */
  readonly net: number;
  /** Of the net, what we keep: commission and fees. */
  readonly retained: number;
  /** net − retained for sales and what undoes them; what was paid out, negative, for payouts. */
  readonly amount: number;
  /** What is owed after this line. */
  readonly balance: number;
}

export interface StatementTotals {
  readonly net: number;
  readonly retained: number;
  /** Shares of sales less what refunds and disputes took back. */
  readonly earned: number;
  /** Payouts and corrections, negative when we paid. */
  readonly settled: number;
}

/** Kinds whose entries sell something or undo it; every other one settles the debt. */
const earning: readonly JournalEntryKind[] = ['sale', 'refund', 'chargeback'];
/** Where the net of a seller's sales stands, and as principal the cost that its share is. */
const turnover: readonly AccountKind[] = ['revenue', 'deferred_revenue', 'refunds', 'chargebacks'];

/** The entry's line, or null when it moves nothing that is owed to this seller in this currency. */
export function statementLine(
  entry: JournalEntry,
  { sellerId, currency, owed }: { readonly sellerId: string; readonly currency: string; readonly owed: number },
): StatementLine | null {
  const { at, fact, kind, memo } = entry;
  const own = entry.postings.filter((posting) => posting.currency === currency);
  const payable = ledgerAccount('vendor_payable', sellerId);
  const amount = 0 - sum(own.filter(({ account }) => account === payable).map((posting) => posting.amount));
  if (amount === 0) return null;
  const kept = own.filter(({ account }) => {
    const parsed = parseAccount(account);
    return parsed?.owner === sellerId && [...turnover, 'vendor_share'].some((one) => one === parsed.kind);
  });
  const retained = earning.includes(kind) ? 0 - sum(kept.map((posting) => posting.amount)) : 0;
  const net = earning.includes(kind) ? amount + retained : 0;
  return { at, fact, kind, description: memo, net, retained, amount, balance: owed + amount };
}

export function statementTotals(lines: readonly StatementLine[]): StatementTotals {
  const of = (part: 'net' | 'retained' | 'amount', some: readonly StatementLine[] = lines) =>
    sum(some.map((line) => line[part]));
  const isEarned = ({ kind }: StatementLine) => earning.includes(kind);
  return {
    net: of('net'),
    retained: of('retained'),
    earned: of('amount', lines.filter(isEarned)),
    settled: of(
      'amount',
      lines.filter((line) => !isEarned(line)),
    ),
  };
}
