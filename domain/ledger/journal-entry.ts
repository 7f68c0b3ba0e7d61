import { fail } from '../failures.ts';
import { facts } from '../idempotency.ts';
import type { CreditedLine } from '../invoice/credited-line.ts';
import { assertAmount, sum } from '../money/money.ts';
import type { Quote } from '../order/order.ts';

/**
 * The chart of accounts. A name is the account's kind and, where there is one account per something, its owner.
 * Balances are signed, debit positive: what we are owed is positive, revenue and tax owed are negative.
 */
export const ledgerAccounts = {
  /** What customers owe us: raised by a sale, settled by its payment. */
  customerReceivable: () => 'customer_receivable',
  /** What a gateway holds for us until it pays out. */
  gatewayClearing: (gateway: string) => `gateway_clearing/${gateway}`,
  /** Net sales; tax is never revenue. */
  revenue: (sellerId: string) => `revenue/${sellerId}`,
  /** Tax collected for a jurisdiction and not yet remitted. */
  taxPayable: (jurisdiction: string) => `tax_payable/${jurisdiction}`,
  /** Net given back: kept apart from revenue, so that gross sales stay visible. */
  refunds: (sellerId: string) => `refunds/${sellerId}`,
} as const satisfies Record<string, (owner: string) => string>;

const accountName = /^(customer_receivable|(gateway_clearing|revenue|tax_payable|refunds)\/[^/]+)$/;

export function isLedgerAccount(name: string): boolean {
  return accountName.test(name);
}

export interface Posting {
  readonly account: string;
  readonly currency: string;
  /** Signed minor units, debit positive; never 0. */
  readonly amount: number;
}

export type JournalEntryKind = 'sale' | 'refund';

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
 * The sale of an order, and the payment that settled it. Gross goes to the customer's debt, out of it come net per
 * seller and tax per jurisdiction; the captured amount moves the debt to the gateway. An order of 0 has no postings.
 * @param sale.payment null when nothing had to be paid
 * @throws ledger.unbalanced when the quote contradicts itself
 */
export function saleEntry(sale: {
  readonly orderId: string;
  readonly quote: Quote;
  readonly payment: { readonly gateway: string; readonly captured: number } | null;
  readonly at: string;
}): JournalEntry {
  const { quote, payment, orderId } = sale;
  const { customerReceivable, gatewayClearing, revenue, taxPayable } = ledgerAccounts;
  const legs: Leg[] = [
    [customerReceivable(), quote.gross],
    ...quote.lines.map((line): Leg => [revenue(line.sellerId), -line.net]),
    ...quote.lines.flatMap(({ taxes }) => taxes.map((tax): Leg => [taxPayable(tax.jurisdiction), -tax.amount])),
  ];
  const paid: Leg[] =
    payment === null
      ? []
      : [
          [gatewayClearing(payment.gateway), payment.captured],
          [customerReceivable(), -payment.captured],
        ];
  return assertBalanced({
    fact: facts.sale(orderId),
    kind: 'sale',
    at: sale.at,
    postings: [...postings(quote.currency, legs), ...postings(quote.currency, paid)],
    memo: `Sale of order ${orderId}`,
  });
}

/**
 * Money given back to the customer through the gateway that took it, with the tax that was collected on it.
 * @throws ledger.unbalanced when a credited line contradicts itself
 */
export function refundEntry(refund: {
  readonly orderId: string;
  readonly refundId: string;
  readonly currency: string;
  readonly lines: readonly CreditedLine[];
  readonly gateway: string;
  readonly at: string;
}): JournalEntry {
  const { customerReceivable, gatewayClearing, refunds, taxPayable } = ledgerAccounts;
  const gross = sum(refund.lines.map((line) => line.gross));
  const credited: Leg[] = [
    ...refund.lines.map((line): Leg => [refunds(line.sellerId), line.net]),
    ...refund.lines.flatMap(({ taxes }) => taxes.map((tax): Leg => [taxPayable(tax.jurisdiction), tax.amount])),
    [customerReceivable(), -gross],
  ];
  const paid: Leg[] = [
    [customerReceivable(), gross],
    [gatewayClearing(refund.gateway), -gross],
  ];
  return assertBalanced({
    fact: facts.refund(refund.orderId, refund.refundId),
    kind: 'refund',
    at: refund.at,
    postings: [...postings(refund.currency, credited), ...postings(refund.currency, paid)],
    memo: `Refund ${refund.refundId} of order ${refund.orderId}`,
  });
}

type Leg = readonly [account: string, amount: number];

/** One posting per account, in the order in which the accounts first appear; what cancels out is left out. */
function postings(currency: string, legs: readonly Leg[]): Posting[] {
  const amounts = new Map<string, number>();
  for (const [account, amount] of legs) amounts.set(account, assertAmount((amounts.get(account) ?? 0) + amount));
  return [...amounts].filter(([, amount]) => amount !== 0).map(([account, amount]) => ({ account, currency, amount }));
}
