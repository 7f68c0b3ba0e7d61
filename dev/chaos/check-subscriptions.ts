import { facts } from '../../domain/idempotency.ts';
import type { OrderBilling } from '../../domain/order/order.ts';
import { hasEnded } from '../../domain/subscription/subscription-status.ts';
import type { OrderDocument } from '../../services/order/order-store.ts';
import { cycleOrderId } from '../../services/subscription/subscription-ids.ts';
import { sameMembers } from './check-orders.ts';
import { unitPrice } from './subscribers.ts';
import { fundsToken } from './subscription-plan.ts';
import type { SubscriptionTruth, SubscriptionRecords } from './subscription-snapshot.ts';
import { complaints } from './violation.ts';
import type { Complain, Violation } from './violation.ts';

/** An order of a subscription with what it bills. */
type Bill = OrderDocument & { readonly billing: OrderBilling };

/**
 * Of each subscription: one bill per period and no gap between them, nothing left open that the customer or a partner
 * need not answer, access as long as it lasts, and one mail for each of its facts. What was charged, invoiced and booked
 * for the bills is compared by the checks of all orders.
 */
export function checkSubscriptions(world: SubscriptionRecords): Violation[] {
  const found: Violation[] = [];
  for (const truth of world.subscriptions) {
    const bills = billsOf(truth, world);
    checkPeriods(truth, bills, complaints('every period is billed once', found));
    checkState(truth, complaints('every subscription goes on or ends', found));
    checkAccess(truth, bills, world, complaints('access lasts as long as the subscription', found));
    checkTold(truth, bills, world, complaints('one mail for each fact of a subscription', found));
  }
  return found;
}

function billsOf({ record: { id } }: SubscriptionTruth, { orderRecords }: SubscriptionRecords): readonly Bill[] {
  return orderRecords.flatMap((order) =>
    order.billing?.subscription === id ? [{ ...order, billing: order.billing }] : [],
  );
}

/** The ids of the bills say which periods they are for; what they say that they bill has to follow on from each other. */
function checkPeriods({ played, record }: SubscriptionTruth, bills: readonly Bill[], complain: Complain): void {
  const look = `MongoDB: orders, billing.subscription ${record.id}`;
  const { id, period } = record;
  const cycles = bills.filter(({ billing }) => billing.reason === 'subscription_cycle');
  const wanted = Array.from({ length: period.index }, (_, index) => cycleOrderId(id, index + 1));
  const ids = cycles.map((bill) => bill.id);
  if (!sameMembers(ids, wanted)) complain(id, `its renewals are ${ids.join(', ')}, not ${wanted.join(', ')}`, look);
  let until = played.firstEnd;
  for (const bill of wanted.flatMap((one) => cycles.filter((cycle) => cycle.id === one))) {
    const { periodStart, periodEnd } = bill.billing;
    if (periodStart !== until) complain(bill.id, `begins at ${periodStart}, the period before ended at ${until}`, look);
    const units = bill.requestedLines.reduce((sum, { quantity }) => sum + quantity, 0);
    if (bill.quote?.gross !== units * unitPrice) complain(bill.id, `${units} units for ${bill.quote?.gross}`, look);
    until = periodEnd;
  }
  if (period.end !== until) complain(id, `it runs until ${period.end} and is billed until ${until}`, look);
  for (const { id: update, billing } of bills.filter((bill) => bill.billing.reason === 'subscription_update'))
    if (billing.periodStart >= billing.periodEnd || billing.periodEnd !== period.end)
      complain(update, `a change is billed until ${billing.periodEnd}, not ${period.end}`, look);
}

/** Nothing is overdue or under way; only a card that lacked funds leaves a period unpaid. */
function checkState({ played, record, workflow }: SubscriptionTruth, complain: Complain): void {
  const { id, status, nextActionAt, openBill } = record;
  const look = `Temporal UI: subscription/${id}`;
  if (nextActionAt !== null && nextActionAt < new Date().toISOString())
    complain(id, `it is ${status} and overdue since ${nextActionAt}`, look);
  if (hasEnded(status) ? workflow === 'RUNNING' : workflow !== 'RUNNING')
    complain(id, `it is ${status} and its workflow ${workflow}`, look);
  if (openBill !== null && openBill.lookAt !== null)
    complain(openBill.order, `its payment is not settled after ${openBill.looks} looks`, look);
  if (openBill !== null && status !== 'past_due') complain(openBill.order, `it is open, and ${id} ${status}`, look);
  if (status === 'past_due' && played.planned.token !== fundsToken)
    complain(id, `its card is good and it is unpaid (${record.dunning?.declineClass})`, look);
  if (status !== 'active' && status !== 'past_due' && status !== 'cancelled') complain(id, `it is ${status}`, look);
}

/** What the first order handed over is had until the end, once, and no renewal hands it over again. */
function checkAccess(
  { record }: SubscriptionTruth,
  bills: readonly Bill[],
  { deliveries, licenses }: SubscriptionRecords,
  complain: Complain,
): void {
  const { id, sourceOrder, entitlements, status, items } = record;
  const look = `MongoDB: deliveries, licenses of ${sourceOrder}`;
  const ended = hasEnded(status);
  const orders = new Set([sourceOrder, ...bills.map((bill) => bill.id)]);
  const entitled = entitlements.map(({ item }) => item);
  const held = items.map((item) => item.id);
  if (!sameMembers(entitled, held)) complain(id, `${entitlements.length} entitlements for ${items.length} items`, look);
  const handed = deliveries.filter(({ orderId }) => orders.has(orderId));
  const keys = licenses.filter(({ orderId }) => orders.has(orderId));
  if (handed.length !== 1 || keys.length !== 1)
    complain(id, `${handed.length} deliveries and ${keys.length} licences`, look);
  for (const delivery of handed)
    if (delivery.status !== (ended ? 'revoked' : 'delivered'))
      complain(id, `it is ${status} and its delivery ${delivery.status}`, look);
  for (const license of keys)
    if (license.status !== (ended ? 'revoked' : 'active'))
      complain(id, `it is ${status} and its licence ${license.status}`, look);
}

/** Settled bills are told once, the others never as settled; the end is told once; who has not paid is told. */
function checkTold(
  { record, commands }: SubscriptionTruth,
  bills: readonly Bill[],
  { messages }: SubscriptionRecords,
  complain: Complain,
): void {
  const { id, status, sourceOrder } = record;
  const paid = bills.filter((bill) => bill.status === 'completed' && bill.id !== sourceOrder);
  const told = paid.map(({ id: order, billing }) =>
    billing.reason === 'subscription_update' ? `change/${order}` : `${order}/settled`,
  );
  const leaving = commands.filter(({ request, answer }) => request.kind === 'cancel' && answer?.kind === 'scheduled');
  const wanted = [
    ...['started', ...told, ...leaving.map(({ _id }) => `cancel/${_id}`)],
    ...(hasEnded(status) ? ['ended'] : []),
    // A change that costs nothing any more has no bill.
    ...commands
      .filter(({ request, answer }) => request.kind === 'change' && answer?.kind === 'done' && answer.order === null)
      .map(({ _id }) => `change/${_id}`),
  ].map((about) => facts.subscription(id, about));
  const about = messages.filter(({ data }) => data['subscription'] === id).map(({ fact }) => fact);
  const unpaid = about.filter((fact) => fact.includes('/unpaid/'));
  const others = about.filter((fact) => !unpaid.includes(fact));
  if (!sameMembers(others, wanted))
    complain(id, `told ${others.join(', ')}, not ${wanted.join(', ')}`, 'MongoDB: messages');
  if (status === 'past_due' && unpaid.length === 0)
    complain(id, 'it is unpaid and nobody was told', 'MongoDB: messages');
}
