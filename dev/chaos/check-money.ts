import { facts } from '../../domain/idempotency.ts';
import { refundStatusOf } from '../../domain/order/refund-status.ts';
import type { Payment } from '../../domain/payment/payment.ts';
import type { OrderDocument } from '../../services/order/order-store.ts';
import type { PaymentAtPartner } from '../system/partner-world.ts';
import type { World } from './snapshot.ts';
import { complaints } from './violation.ts';
import type { Complain, Violation } from './violation.ts';

const heldStates = ['authorised', 'challenge', 'awaiting_funds'];

/**
 * Captured once per sold order, nothing held or captured for any other; what went back is what the refunds say, and never
 * more than was taken; the books hold exactly what happened and agree with the acquirers.
 */
export function checkMoney(world: World): Violation[] {
  const found: Violation[] = [];
  const complain = complaints('captured once, refunded once', found);
  for (const order of world.orderRecords) {
    const payments = world.payments.filter(({ reference }) => reference === order.id);
    const record = world.paymentRecords.find(({ orderId }) => orderId === order.id) ?? null;
    checkCaptures(order, payments, record, complain);
    checkRefunds(order, payments, record, complain);
  }
  for (const { view } of world.orders) checkView(view, world, complain);
  const known = new Set(world.orderRecords.map(({ id }) => id));
  for (const { id, reference } of world.payments)
    if (!known.has(reference)) complain(null, `payment ${id} belongs to no order: ${reference}`, 'sandbox: /payments');
  checkBooks(world, complaints('the books balance and agree with the acquirers', found));
  return found;
}

const isSold = ({ status }: OrderDocument): boolean => status === 'completed';
const lookAt = ({ id }: OrderDocument): string => `sandbox: /payments?reference=${id}`;
const total = (amounts: readonly number[]): number => amounts.reduce((sum, amount) => sum + amount, 0);

/** What store credit paid is captured from nobody. */
function checkCaptures(
  order: OrderDocument,
  payments: readonly PaymentAtPartner[],
  record: Payment | null,
  complain: Complain,
): void {
  const captured = payments.filter((payment) => payment.captured > 0);
  const held = payments.filter(({ state }) => heldStates.includes(state));
  for (const { id, state } of held) complain(order.id, `payment ${id} is still ${state}`, lookAt(order));
  const wanted = isSold(order) ? (order.quote?.gross ?? 0) - (order.creditApplied ?? 0) : 0;
  const sum = total(captured.map((payment) => payment.captured));
  if (sum !== wanted || captured.length > 1)
    complain(order.id, `${captured.length} captures of ${sum} together, expected ${wanted}`, lookAt(order));
  if ((record?.captured ?? 0) !== sum)
    complain(order.id, `the record says captured ${record?.captured ?? 0}, the acquirers ${sum}`, lookAt(order));
  const [taken] = captured;
  if (taken !== undefined && taken.acquirer !== record?.gateway)
    complain(
      order.id,
      `${taken.acquirer} took the money, the record says ${record?.gateway ?? 'nobody'}`,
      lookAt(order),
    );
}

/** What became store credit, or was paid otherwise after the bank sent it back, went back at no acquirer. */
function checkRefunds(
  order: OrderDocument,
  payments: readonly PaymentAtPartner[],
  record: Payment | null,
  complain: Complain,
): void {
  const refunded = total(payments.map((payment) => payment.refunded));
  const settled = (record?.refunds ?? []).filter(({ status }) => status === 'succeeded');
  const recorded = total(settled.map(({ amount }) => amount));
  if (refunded !== recorded || (record?.refunded ?? 0) !== recorded)
    complain(
      order.id,
      `refunds of ${recorded}, given back ${refunded}, reserved ${record?.refunded ?? 0}`,
      lookAt(order),
    );
  const done = order.refunds.filter(({ status }) => status === 'succeeded');
  for (const { id, amount, toCredit = 0, creditNote } of done) {
    const atGateway = record?.refunds.find(({ refundId }) => refundId === id);
    if (amount > toCredit && atGateway?.amount !== amount - toCredit)
      complain(
        order.id,
        `refund ${id}: ${amount - toCredit} is due, the gateway had ${atGateway?.amount}`,
        lookAt(order),
      );
    if (creditNote === null && amount > 0) complain(order.id, `refund ${id} has no credit note`, 'MongoDB: orders');
  }
  for (const { id, status } of order.refunds)
    if (status === 'pending') complain(order.id, `refund ${id} is not settled`, 'MongoDB: orders');
  if (total(done.map(({ amount }) => amount)) > (order.quote?.gross ?? 0))
    complain(order.id, 'more was given back than was sold', 'MongoDB: orders');
  const refundStatus = refundStatusOf(order, order.refunds);
  if (order.refundStatus !== refundStatus)
    complain(order.id, `refundStatus is ${order.refundStatus}, not ${refundStatus}`, 'MongoDB: orders');
}

/** The API says what the records do. */
function checkView(view: World['orders'][number]['view'], world: World, complain: Complain): void {
  const record = world.paymentRecords.find(({ orderId }) => orderId === view.id);
  const { captured, refunded } = view.payment;
  if (captured !== (record?.captured ?? 0) || refunded !== (record?.refunded ?? 0))
    complain(
      view.id,
      `the API says captured ${captured} and refunded ${refunded}, the record ${record?.captured} and ${record?.refunded}`,
      `GET /v1/orders/${view.id}`,
    );
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
  checkFacts(world, complain);
}

/** One entry for every sale and for every refund that went back, and none of these kinds beside. */
function checkFacts({ orderRecords, journal }: World, complain: Complain): void {
  const sales = orderRecords.filter(isSold).map(({ id }) => facts.sale(id));
  const refunds = orderRecords.flatMap(({ id, refunds: given }) =>
    given.filter(({ status, amount }) => status === 'succeeded' && amount > 0).map((one) => facts.refund(id, one.id)),
  );
  const wanted = new Set([...sales, ...refunds]);
  const booked = new Set(journal.filter(({ kind }) => kind === 'sale' || kind === 'refund').map(({ _id }) => _id));
  for (const fact of wanted) if (!booked.has(fact)) complain(null, `${fact} is not booked`, 'MongoDB: journal_entries');
  for (const fact of booked)
    if (!wanted.has(fact)) complain(null, `${fact} is booked and did not happen`, 'MongoDB: journal_entries');
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
