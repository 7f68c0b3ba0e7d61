import { facts } from '../idempotency.ts';
import type { CreditedLine } from '../invoice/credited-line.ts';
import { fail } from '../failures.ts';
import { sum } from '../money/money.ts';
import type { OrderLine, Quote } from '../order/order.ts';
import { isDeferred } from '../revenue/recognition-policy.ts';
import { clawback, sellerShares } from '../seller/seller-share.ts';
import { ledgerAccount } from './chart-of-accounts.ts';
import { assertBalanced, postingsOf } from './journal-entry.ts';
import type { JournalEntry, Leg } from './journal-entry.ts';

/** What took the money of a sale; `captured` and `fee`, which the gateway keeps, in minor units. */
export interface SettledPayment {
  readonly gateway: string;
  readonly captured: number;
  readonly fee: number;
}

/**
 * The sale of an order, and the payment that settled it. Gross goes to the customer's debt, out of it come net per
 * seller, earned or deferred, and tax per jurisdiction; the captured amount moves the debt to the gateway, whose fee is
 * our cost; store credit settles the rest of it; sellers are owed their shares. An order of 0 has no postings.
 * @param sale.payment null when nothing had to be paid
 * @throws ledger.unbalanced when the quote contradicts itself
 */
export function saleEntry(sale: {
  readonly orderId: string;
  readonly quote: Quote;
  readonly payment: SettledPayment | null;
  /** Store credit that paid for it, minor units; absent: none. */
  readonly credit?: number;
  readonly at: string;
}): JournalEntry {
  const { quote, payment, credit = 0, orderId, at } = sale;
  const shares = new Map(sellerShares(quote, payment?.fee ?? 0).map(({ line, share }) => [line, share]));
  const sold: Leg[] = [
    [ledgerAccount('customer_receivable'), quote.gross],
    ...quote.lines.flatMap((line): Leg[] => {
      const income = ledgerAccount(isDeferred(line, at) ? 'deferred_revenue' : 'revenue', line.sellerId);
      return incomeLegs(line, income, line.net, shares.get(line.line) ?? 0).map(negated);
    }),
    ...quote.lines.flatMap(({ taxes }) => taxes.map((tax): Leg => [taxAccount(tax), -tax.amount])),
  ];
  return assertBalanced({
    fact: facts.sale(orderId),
    kind: 'sale',
    at,
    // Debt and its settlement stay apart: what was owed is read from the book as well as what is.
    postings: [
      ...postingsOf(quote.currency, sold),
      ...postingsOf(quote.currency, [...(payment === null ? [] : paymentLegs(payment)), ...creditLegs(credit)]),
    ],
    memo: `Sale of order ${orderId}`,
  });
}

/** What the gateway kept of an order's sale, read back from its entry. */
export function bookedFee({ postings }: JournalEntry): number {
  const fees = ledgerAccount('gateway_fees', '');
  return sum(postings.filter(({ account }) => account.startsWith(fees)).map(({ amount }) => amount));
}

export interface MoneyBack {
  readonly orderId: string;
  readonly quote: Quote;
  /** The entry of the sale: the fee in it decided the sellers' shares. */
  readonly sale: JournalEntry;
  readonly lines: readonly Pick<CreditedLine, 'line' | 'net' | 'gross' | 'taxes'>[];
  /** What was credited of the order before this. */
  readonly earlier: readonly Pick<CreditedLine, 'line' | 'net'>[];
  /** Who gives the money back; null when all of it becomes store credit. */
  readonly gateway: string | null;
  /** Of the credited gross, what becomes store credit, minor units; absent: nothing. */
  readonly toCredit?: number;
  readonly at: string;
}

/**
 * Money given back to the customer through the gateway that took it, with the tax that was collected on it and the
 * sellers' shares in it; what becomes store credit is owed to the customer instead. The whole net is booked as refunds; what of it was still deferred is released by revenue
 * recognition. The gateway keeps its fee.
 * @throws ledger.unbalanced when a credited line contradicts itself, order.state_conflict for a line that was not sold
 */
export function refundEntry({ refundId, ...back }: MoneyBack & { readonly refundId: string }): JournalEntry {
  const { orderId, at } = back;
  const memo = `Refund ${refundId} of order ${orderId}`;
  const postings = moneyBackPostings(back, 'refunds', []);
  return assertBalanced({ fact: facts.refund(orderId, refundId), kind: 'refund', at, postings, memo });
}

/**
 * Money that a lost dispute took back; as a refund, under an account of its own and with the gateway's fee for it.
 * @throws ledger.unbalanced when a credited line contradicts itself, order.state_conflict for a line that was not sold
 */
export function chargebackEntry({
  disputeId,
  fee,
  ...back
}: MoneyBack & { readonly disputeId: string; readonly gateway: string; readonly fee: number }): JournalEntry {
  const { orderId, gateway, at } = back;
  const memo = `Dispute ${disputeId} of order ${orderId} lost`;
  const postings = moneyBackPostings(back, 'chargebacks', feeLegs(gateway, fee));
  return assertBalanced({ fact: facts.chargeback(orderId, disputeId), kind: 'chargeback', at, postings, memo });
}

function moneyBackPostings(back: Omit<MoneyBack, 'orderId' | 'at'>, contra: 'refunds' | 'chargebacks', fee: Leg[]) {
  const { quote, sale, lines, earlier, gateway, toCredit = 0 } = back;
  const shares = new Map(sellerShares(quote, bookedFee(sale)).map(({ line, share }) => [line, share]));
  const gross = sum(lines.map((line) => line.gross));
  const credited: Leg[] = [
    ...lines.flatMap((credit): Leg[] => {
      const line = soldLine(quote, credit.line);
      const share = clawback(line, shares.get(line.line) ?? 0, credit, earlier);
      return incomeLegs(line, ledgerAccount(contra, line.sellerId), credit.net, share);
    }),
    ...lines.flatMap(({ taxes }) => taxes.map((tax): Leg => [taxAccount(tax), tax.amount])),
    [ledgerAccount('customer_receivable'), -gross],
  ];
  const paid: Leg[] = [
    [ledgerAccount('customer_receivable'), gross],
    ...(gateway === null ? [] : [[ledgerAccount('gateway_clearing', gateway), toCredit - gross] as const]),
    [ledgerAccount('customer_credit'), -toCredit],
  ];
  return [...postingsOf(quote.currency, credited), ...postingsOf(quote.currency, [...paid, ...fee])];
}

/** Money back, debit positive: as principal our income and, apart from it, the cost of it; as agent the commission. */
function incomeLegs({ sellerId, sellerTerms }: OrderLine, income: string, net: number, share: number): Leg[] {
  const owed: Leg = [ledgerAccount('vendor_payable', sellerId), share];
  if (sellerTerms?.role === 'agent') return [[income, net - share], owed];
  return [[income, net], owed, [ledgerAccount('vendor_share', sellerId), -share]];
}

function paymentLegs({ gateway, captured, fee }: SettledPayment): Leg[] {
  return [
    [ledgerAccount('gateway_clearing', gateway), captured],
    [ledgerAccount('customer_receivable'), -captured],
    ...feeLegs(gateway, fee),
  ];
}

function creditLegs(credit: number): Leg[] {
  return [
    [ledgerAccount('customer_credit'), credit],
    [ledgerAccount('customer_receivable'), -credit],
  ];
}

function feeLegs(gateway: string, fee: number): Leg[] {
  return [
    [ledgerAccount('gateway_fees', gateway), fee],
    [ledgerAccount('gateway_fees_payable', gateway), -fee],
  ];
}

const taxAccount = ({ jurisdiction }: { readonly jurisdiction: string }) => ledgerAccount('tax_payable', jurisdiction);
const negated = ([account, amount]: Leg): Leg => [account, -amount];

function soldLine(quote: Quote, id: string): OrderLine {
  const line = quote.lines.find((one) => one.line === id);
  return line ?? fail('order.state_conflict', `the order has no line ${id}`);
}
