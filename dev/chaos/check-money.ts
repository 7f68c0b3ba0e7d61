import { isSold } from './check-orders.ts';
import type { PaymentAtPartner } from '../system/partner-world.ts';
import type { OrderTruth, World } from './snapshot.ts';
import { complaints } from './violation.ts';
import type { Complain, Violation } from './violation.ts';

const heldStates = ['authorised', 'challenge', 'awaiting_funds'];

/** Captured once per sold order, nothing held or captured for any other; refunds match; the books agree with the acquirers. */
export function checkMoney(world: World): Violation[] {
  const found: Violation[] = [];
  const complain = complaints('captured once, refunded once', found);
  for (const order of world.orders) {
    const payments = world.payments.filter(({ reference }) => reference === order.view.id);
    checkPaymentsOf(order, payments, complain);
  }
  const known = new Set(world.orders.map(({ view }) => view.id));
  for (const { id, reference } of world.payments)
    if (!known.has(reference)) complain(null, `payment ${id} belongs to no order: ${reference}`, 'sandbox: /payments');
  checkBooks(world, complaints('the books balance and agree with the acquirers', found));
  return found;
}

function checkPaymentsOf(order: OrderTruth, payments: readonly PaymentAtPartner[], complain: Complain): void {
  const { view } = order;
  const look = `sandbox: /payments?reference=${view.id}`;
  const captured = payments.filter((payment) => payment.captured > 0);
  const held = payments.filter(({ state }) => heldStates.includes(state));
  for (const { id, state } of held) complain(view.id, `payment ${id} is still ${state}`, look);
  const gross = view.amounts?.gross ?? 0;
  const wanted = isSold(order) ? gross : 0;
  const sum = captured.reduce((total, payment) => total + payment.captured, 0);
  if (sum !== wanted || captured.length > 1)
    complain(view.id, `${captured.length} captures of ${sum} together, expected ${wanted}`, look);
  if (view.payment.captured !== sum)
    complain(view.id, `the record says captured ${view.payment.captured}, the acquirers ${sum}`, look);
  const [taken] = captured;
  if (taken !== undefined && taken.acquirer !== view.payment.gateway)
    complain(view.id, `${taken.acquirer} took the money, the record says ${view.payment.gateway}`, look);
  const refunded = payments.reduce((total, payment) => total + payment.refunded, 0);
  const owed = view.refunds.reduce((total, refund) => total + refund.amount, 0);
  if (refunded !== owed || view.payment.refunded !== owed)
    complain(view.id, `refunds of ${owed}, given back ${refunded}, recorded ${view.payment.refunded}`, look);
  if (view.refunds.some(({ status, creditNote }) => status !== 'succeeded' || creditNote === null))
    complain(view.id, 'a refund is not settled', look);
  const refundStatus = owed === 0 ? 'none' : owed === gross ? 'full' : 'partial';
  if (view.refundStatus !== refundStatus)
    complain(view.id, `refundStatus is ${view.refundStatus}, not ${refundStatus}`, look);
}

function checkBooks(world: World, complain: Complain): void {
  const look = 'GET /v1/ledger/balances';
  const accounts = world.balances.flatMap((row) => ('account' in row ? [row] : []));
  for (const row of world.balances)
    if ('sum' in row && row.sum !== 0) complain(null, `${row.currency} sums to ${row.sum}`, look);
  for (const { subject, problem } of world.book.problems)
    complain(null, `${subject}: ${problem}`, 'MongoDB: journal_entries');
  for (const { account, currency, balance } of accounts)
    if (account === 'customer_receivable' && balance !== 0)
      complain(null, `${account} ${currency} is ${balance}`, look);
  const wanted = clearingOf(world.payments);
  const booked = new Map(
    accounts
      .filter(({ account }) => account.startsWith('gateway_clearing/'))
      .map(({ account, currency, balance }) => [`${account} ${currency}`, balance]),
  );
  for (const name of new Set([...wanted.keys(), ...booked.keys()])) {
    const [there, here] = [wanted.get(name) ?? 0, booked.get(name) ?? 0];
    if (there !== here) complain(null, `${name}: the acquirer holds ${there}, the books say ${here}`, look);
  }
  const facts = world.orders.reduce((sum, order) => sum + (isSold(order) ? 1 : 0) + order.view.refunds.length, 0);
  if (world.book.entries !== facts)
    complain(null, `${world.book.entries} journal entries for ${facts} sales and refunds`, 'MongoDB: journal_entries');
}

/** Captured minus refunded, by acquirer and currency. */
function clearingOf(payments: readonly PaymentAtPartner[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { acquirer, currency, captured, refunded } of payments) {
    if (captured === 0) continue;
    const name = `gateway_clearing/${acquirer} ${currency}`;
    sums.set(name, (sums.get(name) ?? 0) + captured - refunded);
  }
  return sums;
}
