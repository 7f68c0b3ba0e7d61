import type { Db } from 'mongodb';
import { expect } from '@jest/globals';
import { facts } from '../../../domain/idempotency.ts';
import type { BillingDocument } from '../../../domain/invoice/invoice.ts';
import { parseAccount } from '../../../domain/ledger/chart-of-accounts.ts';
import type { OrderLine } from '../../../domain/order/order.ts';
import type { Refund } from '../../../domain/refund/refund.ts';
import { journalEntries } from '../../../services/ledger/ledger-store.ts';
import { collectionOf } from '../../../services/store/collection.ts';
import type { OrderInPlay, RefundWorld } from './refund-world.ts';

const total = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0);

/** What the acquirer holds of an order, whatever we believe. */
function atAcquirer({ acquirer }: OrderInPlay) {
  const payments = acquirer.book.list();
  const refunds = acquirer.book.listRefunds().filter(({ state }) => state === 'completed');
  return {
    captured: total(payments.map(({ captured }) => captured)),
    refunded: total(payments.map(({ refunded }) => refunded)),
    completed: total(refunds.map(({ amount }) => amount)),
  };
}

/** Net, tax and tax by jurisdiction of one line, as `documents` say. */
function creditedOf(line: OrderLine, documents: readonly BillingDocument[]) {
  const own = documents.flatMap(({ lines }) => lines.filter((one) => one.line === line.line));
  const taxes = line.taxes.map(({ jurisdiction }) =>
    total(
      own.flatMap((one) => one.taxes.filter((tax) => tax.jurisdiction === jurisdiction)).map(({ amount }) => amount),
    ),
  );
  return { net: total(own.map(({ net }) => net)), tax: total(own.map(({ tax }) => tax)), taxes };
}

/** True at every moment, however much is under way. */
export async function expectNeverTooMuch(world: RefundWorld, play: OrderInPlay): Promise<void> {
  const [order, payment] = await Promise.all([play.order(), world.payments.find(play.orderId)]);
  const there = atAcquirer(play);
  expect(there.refunded).toBeLessThanOrEqual(there.captured);
  expect(payment?.refunded ?? 0).toBeLessThanOrEqual(payment?.captured ?? 0);
  const reserved = order.refunds.filter(({ status }) => status === 'pending' || status === 'succeeded');
  for (const { line, gross, quantity } of play.quote.lines) {
    const parts = reserved.flatMap(({ parts = [] }) => parts.filter((part) => part.line === line));
    expect(total(parts.map((part) => part.gross))).toBeLessThanOrEqual(gross);
    expect(total(parts.map((part) => part.quantity))).toBeLessThanOrEqual(quantity);
  }
  expect(total(reserved.map(({ amount }) => amount))).toBeLessThanOrEqual(play.quote.gross);
}

/**
 * When everything went back: credit notes, book, acquirer and store credit say the same, and nothing is left of any line,
 * any tax, any share or any income.
 */
export async function expectAccountedFor(db: Db, world: RefundWorld, play: OrderInPlay): Promise<void> {
  const { orderId, quote } = play;
  const [order, payment, records, documents] = await Promise.all([
    play.order(),
    world.payments.find(orderId),
    play.records(),
    world.invoices.listByOrder(orderId),
  ]);
  const notes = documents.filter(({ kind }) => kind === 'credit_note');
  const done = order.refunds.filter(({ status }) => status === 'succeeded');
  expect(order.refunds.filter(({ status }) => status === 'pending')).toEqual([]);
  expect(order.refundStatus).toBe(quote.gross === 0 ? 'none' : 'full');

  // One credit note per movement, of what was reserved for it; together they are the sale.
  const credited = new Map(notes.map(({ fact, gross }) => [fact, gross]));
  expect(notes).toHaveLength(credited.size);
  expect(credited).toEqual(new Map(done.map(({ id, amount }) => [facts.refund(orderId, id), amount])));
  for (const line of quote.lines)
    expect(creditedOf(line, notes)).toEqual({
      ...{ net: line.net, tax: line.tax },
      taxes: line.taxes.map(({ amount }) => amount),
    });

  const there = atAcquirer(play);
  expect(there).toMatchObject({ captured: payment?.captured ?? 0, refunded: payment?.refunded ?? 0 });
  expect(there.completed).toBe(there.refunded);
  await expectBooked(db, world, play, { there, records });
}

async function expectBooked(
  db: Db,
  world: RefundWorld,
  { orderId, quote, holder, gift }: OrderInPlay,
  { there, records }: { readonly there: ReturnType<typeof atAcquirer>; readonly records: readonly Refund[] },
): Promise<void> {
  const ofRefund = ({ id }: Refund) => [
    ...[facts.refund(orderId, id), facts.refundReturned(orderId, id), facts.refundOtherwise(orderId, id)],
  ];
  const balances = await balancesOf(db, [facts.sale(orderId), ...records.flatMap(ofRefund)]);
  const held = await world.storeCredit.balance(holder, quote.currency);
  const zero = [...balances].filter(([account]) => /^(income|tax_payable|vendor_|customer_receivable)/.test(account));
  expect(zero.filter(([, balance]) => balance !== 0)).toEqual([]);
  expect(balances.get('gateway_clearing/acquirer_a') ?? 0).toBe(there.captured - there.refunded);
  expect(0 - (balances.get('customer_credit') ?? 0)).toBe(held - gift);
  expect(total([...balances.values()])).toBe(0);
}

/** Sums of these entries by account; what sellers earned, or gave back, in one. */
async function balancesOf(db: Db, entries: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const found = await collectionOf(db, journalEntries)
    .find({ _id: { $in: [...entries] } })
    .toArray();
  const balances = new Map<string, number>();
  for (const { account, amount } of found.flatMap(({ postings }) => postings)) {
    const { kind = '', owner } = parseAccount(account) ?? {};
    const name = ['revenue', 'deferred_revenue', 'refunds'].includes(kind) ? `income of ${owner ?? ''}` : account;
    balances.set(name, (balances.get(name) ?? 0) + amount);
  }
  return balances;
}
