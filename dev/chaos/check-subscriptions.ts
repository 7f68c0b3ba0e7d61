import type { Db } from 'mongodb';
import { ordersCollection } from '../../services/order/order-store.ts';
import { collectionOf } from '../../services/store/collection.ts';
import { subscriptionsCollection } from '../../services/subscription/subscription-store.ts';
import type { PaymentAtPartner } from '../system/partner-world.ts';
import type { LedgerRow } from '../system/waybill-api.ts';
import { complaints } from './violation.ts';
import type { Violation } from './violation.ts';

/** After everything has settled: each period billed once, each bill paid once and no more than it says, books at zero. */
export async function checkSubscriptions(
  db: Db,
  { payments, balances }: { readonly payments: readonly PaymentAtPartner[]; readonly balances: readonly LedgerRow[] },
): Promise<readonly Violation[]> {
  const violations: Violation[] = [];
  const complain = complaints('every period is billed and paid once', violations);
  const orders = await collectionOf(db, ordersCollection).find({}).toArray();
  const subscriptions = await collectionOf(db, subscriptionsCollection).find({}).toArray();
  const billed = new Set<string>();
  for (const { _id, billing, status, quote, creditApplied } of orders) {
    const captured = payments.filter((one) => one.reference === _id && one.captured > 0);
    const owed = (quote?.gross ?? 0) - (creditApplied ?? 0);
    const taken = captured.reduce((sum, one) => sum + one.captured, 0);
    if (captured.length > 1) complain(_id, `captured ${captured.length} times`, 'the payments at the acquirers');
    if (status === 'completed' && taken !== owed) complain(_id, `${taken} taken, ${owed} owed`, 'payments, credit');
    if (status !== 'completed' && taken > 0) complain(_id, `${status}, but ${taken} were taken`, 'the open bill');
    if (billing?.reason !== 'subscription_cycle') continue;
    const period = `${billing.subscription} ${billing.periodStart}`;
    if (billed.has(period)) complain(_id, `a second bill for ${period}`, 'the ids of bills');
    billed.add(period);
  }
  for (const { _id, status, nextActionAt, openBill } of subscriptions) {
    const overdue = nextActionAt !== null && nextActionAt < new Date().toISOString();
    if (overdue) complain(null, `${_id} is ${status} and overdue since ${nextActionAt}`, 'its workflow');
    if (openBill !== null && status === 'active') complain(openBill.order, `${_id} has an open bill`, 'its workflow');
  }
  for (const row of balances)
    if ('sum' in row && row.sum !== 0) complain(null, `the ledger sums to ${row.sum} ${row.currency}`, 'the journal');
  return violations;
}
