import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { MongoClient } from 'mongodb';
import type { Db } from 'mongodb';
import { renewalRunScheduleId } from '../../workflows/renewal-run/renewal-run.contract.ts';
import { nudgeSignal, subscriptionWorkflowId } from '../../workflows/subscription/subscription.contract.ts';
import type { System } from '../system/start-system.ts';
import { endPeriodAt } from '../system/subscription-time.ts';
import { waitUntil } from '../system/wait-until.ts';
import { createWaybillApi } from '../system/waybill-api.ts';
import type { WaybillApi } from '../system/waybill-api.ts';
import { checkSubscriptions } from './check-subscriptions.ts';
import { killWorkers } from './killer.ts';
import type { Kill } from './killer.ts';
import { createShop } from './shop.ts';
import type { PlannedSubscription, SubscriptionPlan } from './subscription-plan.ts';
import type { Violation } from './violation.ts';

export interface SubscriptionChaosReport {
  readonly subscriptions: number;
  readonly bills: number;
  readonly kills: readonly Kill[];
  readonly violations: readonly Violation[];
  readonly seconds: number;
}

interface Parts {
  readonly system: System;
  readonly api: WaybillApi;
  readonly temporal: Client;
  readonly db: Db;
}

/** Sold in peace; then all periods end while workers die, workflows are sabotaged and customers ask for things. */
export async function runSubscriptionChaos(request: {
  readonly system: System;
  readonly plan: SubscriptionPlan;
  readonly log: (line: string) => void;
  readonly patienceMs: number;
}): Promise<SubscriptionChaosReport> {
  const { system, plan, log, patienceMs } = request;
  const begin = Date.now();
  const shop = createShop(system);
  const mongo = new MongoClient(system.stack.mongodb.uri);
  const db = mongo.db(system.home.database);
  const connection = Connection.lazy({ address: system.stack.temporal.address });
  const temporal = new Client({ connection, namespace: system.home.namespace });
  const parts: Parts = { system, api: createWaybillApi(system), temporal, db };
  try {
    await stock(parts.api);
    const sold: { readonly id: string; readonly planned: PlannedSubscription }[] = [];
    for (const planned of plan.subscriptions) sold.push({ planned, id: await sell(parts, plan.seed, planned) });
    log(`${sold.length} subscriptions are sold`);
    const killing = killWorkers(
      { system, shop, db, log, lieInWait: () => undefined },
      plan.kills,
      new AbortController().signal,
    );
    const [kills] = await Promise.all([killing, ...sold.map(({ id, planned }) => endPeriod(parts, id, planned))]);
    await temporal.schedule.getHandle(renewalRunScheduleId).trigger();
    const violations = await untilClean(parts, { shop, patienceMs });
    const bills = await db.collection('orders').countDocuments({ 'billing.reason': 'subscription_cycle' });
    return { subscriptions: sold.length, bills, kills, violations, seconds: Math.round((Date.now() - begin) / 1_000) };
  } finally {
    await connection.close();
    await mongo.close();
  }
}

async function stock(api: WaybillApi): Promise<void> {
  await api.put('/products/chaos-plan', {
    ...{ name: 'Chaos Plan', taxClass: 'software_download', delivery: [{ method: 'license' }] },
  });
  await api.put('/prices/chaos-plan-monthly', {
    ...{ product: 'chaos-plan', currency: 'EUR', taxBehavior: 'inclusive' },
    scheme: { type: 'per_unit', amount: 1_900 },
    recurring: { interval: 'month', count: 1 },
  });
}

async function sell({ api }: Parts, seed: number, { name, token }: PlannedSubscription): Promise<string> {
  const customer = { email: `${name}-${seed}@chaos.example`, name: 'Robin Chaos', locale: 'en', country: 'DE' };
  const body = {
    currency: 'EUR',
    customer: { ...customer, id: `cus_${name}_${seed}`, ipCountry: 'DE', cardCountry: 'DE' },
    lines: [{ price: 'chaos-plan-monthly', quantity: 1 }],
    payment: { method: 'card', token },
  };
  const { id } = await api.place(body, `chaos-${seed}-${name}`);
  const order = await api.untilOrder(id, 'has begun a subscription', ({ subscriptions }) => subscriptions.length > 0);
  return order.subscriptions[0] ?? '';
}

async function endPeriod(parts: Parts, id: string, planned: PlannedSubscription): Promise<void> {
  const { api, temporal, db } = parts;
  await sleep(planned.offsetMs);
  const workflow = temporal.workflow.getHandle(subscriptionWorkflowId(id));
  // Half an hour: late enough for the renewal run to nudge it.
  await endPeriodAt(db, id, new Date(Date.now() - 30 * 60_000).toISOString());
  if (planned.sabotage === 'terminate') await workflow.terminate('chaos').catch(() => undefined);
  if (planned.sabotage === 'none') await workflow.signal(nudgeSignal).catch(() => undefined);
  const { command, name } = planned;
  if (command === null) return;
  await waitUntil(`the command of ${id} is answered`, async () => {
    const key = { 'idempotency-key': `chaos-${name}-${id}` };
    const { status } = await api
      .post(`/subscriptions/${id}/${command.path}`, command.body, key)
      .catch(() => ({ status: 0 }));
    // A refusal is an answer; only what failed on our side is asked again.
    return status >= 200 && status < 500 && status !== 429 ? true : null;
  });
}

/** What is wrong for longer than patience is wrong; the renewal run comes again meanwhile. */
async function untilClean(
  { api, db, temporal }: Parts,
  { shop, patienceMs }: { readonly shop: ReturnType<typeof createShop>; readonly patienceMs: number },
): Promise<readonly Violation[]> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const [payments, balances] = await Promise.all([shop.world.payments(), api.balances()]);
    const violations = await checkSubscriptions(db, { payments, balances });
    if (violations.length === 0 || Date.now() > deadline) return violations;
    await sleep(10_000);
    await temporal.schedule.getHandle(renewalRunScheduleId).trigger();
  }
}
