import { facts } from '../idempotency.ts';
import type { OrderId } from '../ids.ts';
import type { Money } from '../money/money.ts';
import { ledgerAccount } from './chart-of-accounts.ts';
import { assertBalanced, postingsOf } from './journal-entry.ts';
import type { JournalEntry } from './journal-entry.ts';

interface RefundMoney {
  readonly orderId: OrderId;
  readonly refundId: string;
  /** What was to go back at the gateway. */
  readonly money: Money;
  readonly at: string;
}

/**
 * The bank returned the money of a refund, or the gateway never gave it: the gateway holds it for us again, and we owe it
 * to the customer as before. The credit note stands: the sale is undone, only its payment back failed.
 */
export function refundReturnedEntry({ gateway, ...refund }: RefundMoney & { readonly gateway: string }): JournalEntry {
  const { orderId, refundId, money, at } = refund;
  return assertBalanced({
    fact: facts.refundReturned(orderId, refundId),
    kind: 'refund_settlement',
    at,
    postings: postingsOf(money.currency, [
      [ledgerAccount('gateway_clearing', gateway), money.amount],
      [ledgerAccount('customer_receivable'), -money.amount],
    ]),
    memo: `Refund ${refundId} of order ${orderId} came back`,
  });
}

/** What we still owed of such a refund was paid from our bank account, or became store credit. */
export function refundOtherwiseEntry({
  means,
  ...refund
}: RefundMoney & { readonly means: 'bank_transfer' | 'store_credit' }): JournalEntry {
  const { orderId, refundId, money, at } = refund;
  return assertBalanced({
    fact: facts.refundOtherwise(orderId, refundId),
    kind: 'refund_settlement',
    at,
    postings: postingsOf(money.currency, [
      [ledgerAccount('customer_receivable'), money.amount],
      [ledgerAccount(means === 'bank_transfer' ? 'cash' : 'customer_credit'), -money.amount],
    ]),
    memo: `Refund ${refundId} of order ${orderId} paid by ${means}`,
  });
}
