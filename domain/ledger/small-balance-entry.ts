import { facts } from '../idempotency.ts';
import type { Money } from '../money/money.ts';
import { ledgerAccount } from './chart-of-accounts.ts';
import { assertBalanced, postingsOf } from './journal-entry.ts';
import type { JournalEntry } from './journal-entry.ts';

/**
 * What is left to charge of a bill and is less than any gateway takes: the customer is given it as credit, at our cost.
 * The sale of the bill spends that credit.
 * @throws ledger.unbalanced, money.amount_unsafe
 */
export function smallBalanceEntry(small: {
  readonly orderId: string;
  readonly waived: Money;
  /** ISO 8601 UTC. */
  readonly at: string;
}): JournalEntry {
  const { orderId, waived, at } = small;
  return assertBalanced({
    fact: facts.smallBalance(orderId),
    kind: 'write_off',
    at,
    postings: postingsOf(waived.currency, [
      [ledgerAccount('bad_debts'), waived.amount],
      [ledgerAccount('customer_credit'), -waived.amount],
    ]),
    memo: `Small balance of order ${orderId} waived`,
  });
}
