import { Failure } from '../failures.ts';
import type { CreditedLine } from '../invoice/credited-line.ts';
import type { BillingDocument } from '../invoice/invoice.ts';
import type { Quote } from '../order/order.ts';
import type { Payment } from '../payment/payment.ts';
import { sum } from '../money/money.ts';
import { isLedgerAccount, ledgerAccount } from './chart-of-accounts.ts';
import { imbalances, reversalOf, samePostings } from './journal-entry.ts';
import type { JournalEntry, Posting } from './journal-entry.ts';
import { bookedFee, refundEntry, saleEntry } from './order-entries.ts';
import { refundOtherwiseEntry, refundReturnedEntry } from './refund-settlement-entries.ts';

/** The records that an entry of an order has to agree with; null: there is none. */
export interface OrderSources {
  readonly orderId: string;
  readonly quote: Quote | null;
  readonly payment: Pick<Payment, 'gateway' | 'captured' | 'refunds'> | null;
  /** The invoice of the sale, or the credit note of the refund. */
  readonly document: BillingDocument | null;
  /** What store credit the fact of the entry moved, signed minor units: granted, or spent (below 0). */
  readonly storeCredit: number;
}

/** Store credit is owed as it was granted and spent: the account of the book moved by the same fact, the other way round. */
export function storeCreditProblems({ postings }: Pick<JournalEntry, 'postings'>, moved: number): readonly string[] {
  const account = ledgerAccount('customer_credit');
  const booked = sum(postings.filter((posting) => posting.account === account).map(({ amount }) => amount));
  return booked + moved === 0 ? [] : [`${account}: booked ${booked}, the accounts of the holders moved by ${moved}`];
}

/** Unknown accounts, and what does not balance. Each check says what is wrong in words, and nothing when all is well. */
export function entryProblems({ postings }: Pick<JournalEntry, 'postings'>): readonly string[] {
  const strange = postings.filter(({ account }) => !isLedgerAccount(account));
  return [
    ...strange.map(({ account }) => `unknown account ${account}`),
    ...attempt(() => imbalances(postings).map((left) => `does not balance: ${left.sum} ${left.currency} left over`)),
  ];
}

/** The sale is booked as its order was priced, its invoice issued and its payment captured. */
export function saleProblems(entry: JournalEntry, sources: OrderSources): readonly string[] {
  const { orderId, quote, payment, document } = sources;
  if (quote === null) return [`order ${orderId} has no price`];
  const captured = payment?.captured ?? 0;
  const credit = 0 - sources.storeCredit;
  const fee = bookedFee(entry);
  const paid = payment?.gateway == null || captured === 0 ? null : { gateway: payment.gateway, captured, fee };
  return [
    ...(document === null ? ['has no invoice'] : documentProblems(document, quote)),
    ...(captured + credit === quote.gross ? [] : [`${paidText(captured, credit)} of ${quote.gross} ${quote.currency}`]),
    ...attempt(() => differences(entry, saleEntry({ orderId, quote, payment: paid, credit, at: entry.at }))),
  ];
}

/** The refund is booked as its credit note says, as the gateway gave it back and as store credit was granted for it. */
export function refundProblems(
  entry: JournalEntry,
  sources: OrderSources & {
    readonly refundId: string;
    readonly sale: JournalEntry | null;
    readonly earlier: readonly Pick<CreditedLine, 'line' | 'net'>[];
  },
): readonly string[] {
  const { orderId, refundId, quote, payment, document, sale, earlier, storeCredit: toCredit } = sources;
  if (quote === null) return [`order ${orderId} has no price`];
  if (document === null) return ['has no credit note'];
  if (sale === null) return ['the sale that it undoes is not booked'];
  const gateway = payment?.gateway ?? null;
  if (gateway === null && toCredit < document.gross) return ['no gateway took the payment'];
  const given = payment?.refunds.find((refund) => refund.refundId === refundId)?.amount ?? 0;
  const { lines } = document;
  return [
    ...(given + toCredit === document.gross
      ? []
      : [`the gateway gave ${given} back${becameCredit(toCredit)}, the credit note says ${document.gross}`]),
    ...attempt(() =>
      differences(
        entry,
        refundEntry({ orderId, refundId, quote, sale, lines, earlier, gateway, toCredit, at: entry.at }),
      ),
    ),
  ];
}

/** What came back from the bank is booked as it was sent, and as it was paid otherwise. */
export function refundSettlementProblems(
  entry: JournalEntry,
  sources: Pick<OrderSources, 'orderId' | 'quote' | 'payment' | 'storeCredit'> & { readonly refundId: string },
): readonly string[] {
  const { orderId, refundId, quote, payment, storeCredit } = sources;
  if (quote === null) return [`order ${orderId} has no price`];
  if (payment?.gateway == null) return ['no gateway took the payment'];
  const refund = payment.refunds.find((one) => one.refundId === refundId);
  const money = { amount: refund?.amount ?? 0, currency: quote.currency };
  const facts = { orderId, refundId, money, at: entry.at };
  const returned = refundReturnedEntry({ ...facts, gateway: payment.gateway });
  const means = storeCredit === 0 ? 'bank_transfer' : 'store_credit';
  return [
    ...(refund?.status === 'failed' ? [] : ['the gateway does not say that the refund failed']),
    ...differences(entry, entry.fact === returned.fact ? returned : refundOtherwiseEntry({ ...facts, means })),
  ];
}

const paidText = (captured: number, credit: number): string =>
  credit === 0 ? `${captured} was captured` : `${captured} was captured, and ${credit} of store credit spent,`;

const becameCredit = (amount: number): string => (amount === 0 ? '' : `, ${amount} became store credit`);

/** @param origin the entry that is undone; null: there is none */
export function reversalProblems(entry: JournalEntry, origin: JournalEntry | null): readonly string[] {
  if (origin === null) return ['there is nothing that it undoes'];
  return differences(entry, reversalOf(origin, '', entry.at));
}

function documentProblems(document: BillingDocument, quote: Quote): readonly string[] {
  const taxes = (of: readonly { readonly jurisdiction: string; readonly amount: number }[]) =>
    total(of.map(({ jurisdiction, amount }) => [jurisdiction, amount]));
  return [
    ...(document.currency === quote.currency ? [] : [`is invoiced in ${document.currency}, not ${quote.currency}`]),
    ...(['net', 'tax', 'gross'] as const)
      .filter((part) => document[part] !== quote[part])
      .map((part) => `the ${part} invoiced is ${document[part]}, the order says ${quote[part]}`),
    ...unequal(taxes(document.taxes), taxes(quote.lines.flatMap((line) => line.taxes))).map(
      ([jurisdiction, invoiced, ordered]) => `tax of ${jurisdiction}: invoiced ${invoiced}, the order says ${ordered}`,
    ),
  ];
}

/** Account by account, what is booked against what its sources say. */
function differences(entry: JournalEntry, expected: JournalEntry): readonly string[] {
  if (samePostings(entry.postings, expected.postings)) return [];
  const amounts = (postings: readonly Posting[]) =>
    total(postings.map(({ account, currency, amount }) => [`${account} ${currency}`, amount]));
  const found = unequal(amounts(entry.postings), amounts(expected.postings));
  if (found.length === 0) return ['its postings are not those of its source'];
  return found.map(([account, booked, right]) => `${account}: booked ${booked}, its sources say ${right}`);
}

function total(parts: readonly (readonly [name: string, amount: number])[]): ReadonlyMap<string, number> {
  const names = [...new Set(parts.map(([name]) => name))];
  return new Map(names.map((name) => [name, sum(parts.filter(([one]) => one === name).map(([, amount]) => amount))]));
}

function unequal(
  left: ReadonlyMap<string, number>,
  right: ReadonlyMap<string, number>,
): readonly (readonly [name: string, left: number, right: number])[] {
  return [...new Set([...left.keys(), ...right.keys()])]
    .map((name) => [name, left.get(name) ?? 0, right.get(name) ?? 0] as const)
    .filter(([, a, b]) => a !== b);
}

/** What cannot even be computed is a problem of the book, not of the check. */
function attempt(check: () => readonly string[]): readonly string[] {
  try {
    return check();
  } catch (error) {
    if (error instanceof Failure) return [error.message];
    throw error;
  }
}
