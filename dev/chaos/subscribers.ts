import { setTimeout as sleep } from 'node:timers/promises';
import { inLanes } from '../../services/concurrency/in-lanes.ts';
import { collectionOf } from '../../services/store/collection.ts';
import { subscriptionsCollection } from '../../services/subscription/subscription-store.ts';
import { nudgeSignal, subscriptionWorkflowId } from '../../workflows/subscription/subscription.contract.ts';
import type { JsonAnswer } from '../system/json-call.ts';
import { endPeriodAt } from '../system/subscription-time.ts';
import { createWaybillApi } from '../system/waybill-api.ts';
import type { WaybillApi } from '../system/waybill-api.ts';
import type { Harness } from './harness.ts';
import type { PlannedSubscription, SubscriptionPlan } from './subscription-plan.ts';

export interface SoldSubscription {
  readonly id: string;
  readonly planned: PlannedSubscription;
}

/** A subscription whose period has ended, and what its customer was answered. */
export interface PlayedSubscription extends SoldSubscription {
  /** When the first period ended, ISO 8601 UTC. */
  readonly firstEnd: string;
  /** To the same command, sent twice with one key; none when nothing was asked. */
  readonly answers: readonly (JsonAnswer | null)[];
}

/** Price of one unit and one period, minor units with tax. */
export const unitPrice = 1_900;

/** Sold in peace: everybody has paid and waits for the end of the period. */
export async function sellSubscriptions(
  { system }: Harness,
  { seed, subscriptions }: SubscriptionPlan,
): Promise<SoldSubscription[]> {
  const api = createWaybillApi(system);
  await api.put('/products/chaos-plan', {
    ...{ name: 'Chaos Plan', taxClass: 'software_download', delivery: [{ method: 'license' }] },
  });
  await api.put('/prices/chaos-plan-weekly', {
    ...{ product: 'chaos-plan', currency: 'EUR', taxBehavior: 'inclusive' },
    scheme: { type: 'per_unit', amount: unitPrice },
    // All weeks are of one length: the calendar stays whole when a subscription is moved in time.
    recurring: { interval: 'week', count: 1 },
  });
  return inLanes(subscriptions, async (planned) => ({ planned, id: await sell(api, seed, planned) }));
}

async function sell(api: WaybillApi, seed: number, { name, token }: PlannedSubscription): Promise<string> {
  const buyer = { email: `chaos-${seed}-${name}@customers.example`, name: `Chaos Customer ${name}` };
  const place = { country: 'DE', ipCountry: 'DE', cardCountry: 'DE', timeZone: 'UTC' };
  const body = {
    currency: 'EUR',
    customer: { id: `cus_${name}_${seed}`, locale: 'en', ...buyer, ...place },
    lines: [{ price: 'chaos-plan-weekly', quantity: 1 }],
    payment: { method: 'card', token },
  };
  const { id } = await api.place(body, `chaos-${seed}-${name}`);
  const order = await api.untilOrder(
    id,
    'is delivered and has begun a subscription',
    ({ status, subscriptions }) => status === 'completed' && subscriptions.length > 0,
  );
  return order.subscriptions[0] ?? '';
}

/** The period ends at its time: sabotage, nudges and the customer come together. */
export async function playSubscription(
  { db, client, shop }: Harness,
  { id, planned }: SoldSubscription,
): Promise<PlayedSubscription> {
  const { offsetMs, sabotage, command } = planned;
  await sleep(offsetMs);
  const workflow = client.workflow.getHandle(subscriptionWorkflowId(id));
  // Late enough for the renewal run to nudge it.
  const firstEnd = new Date(Date.now() - 30 * 60_000).toISOString();
  await endPeriodAt(db, id, firstEnd);
  if (sabotage === 'terminate') await workflow.terminate('chaos').catch(() => undefined);
  if (sabotage === 'none') await workflow.signal(nudgeSignal).catch(() => undefined);
  if (command === null) return { id, planned, firstEnd, answers: [] };
  const ask = () => shop.command(id, command.verb, command.body, `chaos-${id}`).catch(() => null);
  return { id, planned, firstEnd, answers: await Promise.all([ask(), ask()]) };
}

/**
 * What support does while charges are open whose outcome is unknown: asks for each to be collected now. The product looks
 * at them by itself after 5, 15 and 60 minutes; a command of the same round looks the charge up by its key, as those looks
 * do, and never charges beside it. One command per look: its key names the look that it comes before.
 */
export async function retryOpenPayments({ db, shop }: Harness): Promise<void> {
  const waiting = await collectionOf(db, subscriptionsCollection)
    .find({ 'openBill.lookAt': { $gt: new Date().toISOString() } })
    .toArray();
  await inLanes(waiting, async ({ id, openBill }) => {
    const key = `chaos-look-${openBill?.order}-${openBill?.looks}`;
    await shop.command(id, 'retry-payment', {}, key).catch(() => null);
  });
}
