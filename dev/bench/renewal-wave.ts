import { setTimeout as delay } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import Table from 'cli-table3';
import { MongoClient } from 'mongodb';
import type { Db } from 'mongodb';
import { orderWorkflowId } from '../../workflows/order/order.contract.ts';
import { createPartnerWorld } from '../system/partner-world.ts';
import type { PaymentAtPartner } from '../system/partner-world.ts';
import { startSystem } from '../system/start-system.ts';
import type { System } from '../system/start-system.ts';
import { waitUntil } from '../system/wait-until.ts';
import { createWaybillApi } from '../system/waybill-api.ts';
import { kilobytesPerIdleWorkflow } from './idle-cache.ts';
import { loadCatalog, orderBody, subscriptionOrderBody } from './order-load.ts';
import { callsOverLimit, percentile } from './over-limit.ts';
import { renewalCost } from './renewal-cost.ts';
import { readTemplate, startCopies, waveMs, writeCopies } from './renewal-load.ts';

interface WaveOptions {
  readonly subscriptions: number;
  /** What the gateways allow, charges per second. */
  readonly limit: number;
}

export type WaveFigures = Awaited<ReturnType<typeof measureWave>>;

/** Renewals that fall due in the same seconds, while customers go on buying; on a system of its own. */
export async function renewalWave(options: WaveOptions): Promise<WaveFigures> {
  const system = await startSystem({
    log: (line) => console.error(line),
    isolated: true,
    settings: { RENEWAL_CHARGES_PER_SECOND: String(options.limit) },
  });
  const [connection, mongo] = await Promise.all([
    Connection.connect({ address: system.stack.temporal.address }),
    MongoClient.connect(system.stack.mongodb.uri),
  ]);
  try {
    const temporal = new Client({ connection, namespace: system.home.namespace });
    return await measureWave(options, { system, temporal, db: mongo.db(system.home.database) });
  } finally {
    await Promise.all([connection.close(), mongo.close()]);
    await system.stop();
  }
}

interface Parts {
  readonly system: System;
  readonly temporal: Client;
  readonly db: Db;
}

async function measureWave({ subscriptions, limit }: WaveOptions, parts: Parts) {
  const { system, temporal, db } = parts;
  await loadCatalog(system);
  const template = await sellTemplate(parts);
  const buyer = interactiveBuyer(parts);
  await buyer.buy(20);
  const idle = await buyer.buy(60);
  // Time enough for all of them to start, and to set their timers, before the first is due.
  const end = new Date(Date.now() + 30_000 + subscriptions * 20).toISOString();
  const withinMs = waveMs(subscriptions, limit);
  const copies = await writeCopies(db, template, { count: subscriptions, end, withinMs });
  const runs = await startCopies(temporal, copies);
  const lateMs = Date.now() - Date.parse(end);
  if (lateMs > 0) throw new Error(`the wave began before its workflows were started: ${lateMs} ms`);
  await delay(-lateMs);

  const dueAt = Date.parse(end);
  const buying = new AbortController();
  const meanwhile = buyer.buyUntil(buying.signal);
  // Sooner it cannot be over, and each look would be load of its own: it reads all orders.
  await delay((subscriptions / limit) * 1_000);
  await untilCollected(db, subscriptions);
  const drainedSeconds = (Date.now() - dueAt) / 1_000;
  buying.abort();
  const busy = await meanwhile;

  const payments = await createPartnerWorld(system).payments();
  const charges = await arrivals(db, payments);
  return {
    ...{ subscriptions, limit },
    drainedSeconds: round1(drainedSeconds),
    drainedRatio: Math.round((drainedSeconds / (subscriptions / limit)) * 1_000) / 1_000,
    renewedPerSecond: round1(subscriptions / drainedSeconds),
    overLimit: callsOverLimit(charges, limit),
    charges: charges.length,
    ...(await countDoubles(db, payments)),
    cost: await renewalCost(temporal, runs),
    interactive: {
      idleP95Ms: Math.round(percentile(idle, 95)),
      busyP95Ms: Math.round(percentile(busy, 95)),
      orders: busy.length,
    },
    idleWorkflowKb: await kilobytesPerIdleWorkflow(system.stack.temporal.address),
  };
}

/** When the gateways were asked for the money of renewals, milliseconds since the epoch. */
async function arrivals(db: Db, payments: readonly PaymentAtPartner[]): Promise<readonly number[]> {
  const bills = new Set(await db.collection('orders').distinct('id', { 'billing.reason': 'subscription_cycle' }));
  return payments
    .filter(({ reference }) => bills.has(reference))
    .flatMap(({ askedAt }) => askedAt.map((at) => Date.parse(at)));
}

async function sellTemplate({ system, db }: Parts) {
  const api = createWaybillApi(system);
  const { id } = await api.place(subscriptionOrderBody(), 'bench-template');
  return waitUntil('the template is sold', () => readTemplate(db, id));
}

/** Somebody who looks at the checkout: milliseconds from placing an order to its end, one after the other. */
function interactiveBuyer({ system, temporal }: Parts) {
  const api = createWaybillApi(system);
  let bought = 0;
  async function once(): Promise<number> {
    bought += 1;
    const began = performance.now();
    const { id } = await api.place(orderBody(9, bought), `bench-interactive-${bought}`);
    await temporal.workflow.getHandle(orderWorkflowId(id)).result();
    return performance.now() - began;
  }
  return {
    async buy(count: number): Promise<readonly number[]> {
      const times: number[] = [];
      while (times.length < count) times.push(await once());
      return times;
    },
    async buyUntil(signal: AbortSignal): Promise<readonly number[]> {
      const times: number[] = [];
      while (!signal.aborted) {
        times.push(await once());
        await delay(250);
      }
      return times;
    },
  };
}

async function untilCollected(db: Db, count: number): Promise<void> {
  const filter = { 'billing.reason': 'subscription_cycle', status: 'completed' };
  await waitUntil(
    `${count} bills are settled`,
    async () => ((await db.collection('orders').countDocuments(filter)) >= count ? true : null),
    { everyMs: 1_000, patience: 60 * 60_000 },
  );
}

async function countDoubles(
  db: Db,
  payments: readonly PaymentAtPartner[],
): Promise<{ readonly renewedTwice: number; readonly chargedTwice: number }> {
  const twice = await db
    .collection('orders')
    .aggregate([
      { $match: { 'billing.reason': 'subscription_cycle' } },
      { $group: { _id: '$billing.subscription', bills: { $sum: 1 } } },
      { $match: { bills: { $gt: 1 } } },
    ])
    .toArray();
  const captured = payments.filter((payment) => payment.captured > 0).map(({ reference }) => reference);
  return { renewedTwice: twice.length, chargedTwice: captured.length - new Set(captured).size };
}

const round1 = (value: number): number => Math.round(value * 10) / 10;

export function printWave(figures: WaveFigures): void {
  const { cost, interactive } = figures;
  const table = new Table({ head: ['figure', 'value', 'limit'] });
  table.push(
    ['subscriptions due at once', figures.subscriptions, ''],
    ['charges/s allowed', figures.limit, ''],
    ['drained in s', figures.drainedSeconds, `≤ ${round1((1.2 * figures.subscriptions) / figures.limit)}`],
    ['renewals/s', figures.renewedPerSecond, ''],
    ['calls over the limit', figures.overLimit, '0'],
    ['charges at the gateways', figures.charges, figures.subscriptions],
    ['renewed twice, charged twice', `${figures.renewedTwice}, ${figures.chargedTwice}`, '0, 0'],
    ['events per renewal', cost.events, '≤ 22'],
    ['history bytes per renewal', cost.bytes, '≤ 4,096'],
    ['billable actions per renewal', cost.billableActions, '≤ 4'],
    ['order p95 ms, idle', interactive.idleP95Ms, ''],
    ['order p95 ms, during the wave', interactive.busyP95Ms, `≤ ${interactive.idleP95Ms * 3}`],
    ['kB per cached idle workflow', figures.idleWorkflowKb, '≤ 400'],
  );
  console.log(table.toString());
}
