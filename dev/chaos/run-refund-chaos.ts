import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { MongoClient } from 'mongodb';
import type { Db } from 'mongodb';
import { messages } from '../../services/messages/message-store.ts';
import { refundsCollection } from '../../services/refund/refund-store.ts';
import type { System } from '../system/start-system.ts';
import { createWaybillApi } from '../system/waybill-api.ts';
import { checkMoney } from './check-money.ts';
import { checkRefunds } from './check-refunds.ts';
import type { PlacedOrder } from './customers.ts';
import { killWorkers } from './killer.ts';
import type { Kill } from './killer.ts';
import type { RefundPlan } from './refund-plan.ts';
import { refundInBulk } from './bulk-refund-chaos.ts';
import type { BulkFigures } from './bulk-refund-chaos.ts';
import { createShop } from './shop.ts';
import { readWorld } from './snapshot.ts';
import type { Violation } from './violation.ts';

export interface RefundChaosReport {
  readonly orders: number;
  readonly refunds: number;
  readonly kills: readonly Kill[];
  /** null unless all were refunded as one job. */
  readonly bulk: BulkFigures | null;
  readonly violations: readonly Violation[];
  readonly seconds: number;
}

export interface RefundChaosRun {
  readonly system: System;
  readonly plan: RefundPlan;
  /** All orders as one bulk refund, with the worker killed in the middle. */
  readonly inBulk: boolean;
  readonly log: (line: string) => void;
  /** How long the refunds may take after the last kill. */
  readonly patienceMs: number;
}

/** Orders that are paid in peace; then their money goes back while workers die; then everything is compared. */
export async function runRefundChaos({
  system,
  plan,
  inBulk,
  log,
  patienceMs,
}: RefundChaosRun): Promise<RefundChaosReport> {
  const begin = Date.now();
  const shop = createShop(system);
  const mongo = new MongoClient(system.stack.mongodb.uri);
  const db = mongo.db(system.home.database);
  const connection = Connection.lazy({ address: system.stack.temporal.address });
  const client = new Client({ connection, namespace: system.home.namespace });
  try {
    await shop.stock(1);
    const placed = await placeAll(shop, plan);
    await until('every order is delivered', 600_000, async () => {
      const open = await db.collection('orders').countDocuments({ status: { $ne: 'completed' } });
      return open === 0;
    });
    log(`${placed.length} orders are paid and delivered after ${seconds(begin)} s`);
    const bulk = inBulk ? await refundInBulk({ system, db, log }, placed) : null;
    const kills = inBulk ? [] : await refundOneByOne({ system, shop, db, log }, plan, placed);
    await until('every refund has ended', patienceMs, () => isQuiet(db));
    const violations = await untilClean({ shop, db, client }, placed);
    const refunds = await db.collection(refundsCollection.name).countDocuments({ status: 'succeeded' });
    return { orders: placed.length, refunds, kills, bulk, violations, seconds: seconds(begin) };
  } finally {
    await connection.close();
    await mongo.close();
  }
}

/** A few at a time, as fast as they are taken. */
async function placeAll(shop: ReturnType<typeof createShop>, { seed, refunds }: RefundPlan): Promise<PlacedOrder[]> {
  const placed: PlacedOrder[] = [];
  const waiting = [...refunds];
  const customer = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { id } = await shop.place(seed, next.order);
      placed.push({ id, plan: next.order });
    }
  };
  await Promise.all(Array.from({ length: 10 }, customer));
  return placed;
}

async function refundOneByOne(
  deps: {
    readonly system: System;
    readonly shop: ReturnType<typeof createShop>;
    readonly db: Db;
    readonly log: (line: string) => void;
  },
  plan: RefundPlan,
  placed: readonly PlacedOrder[],
): Promise<Kill[]> {
  const api = createWaybillApi(deps.system);
  const asking = plan.refunds.flatMap(({ order, requests, offsetMs }) => {
    const { id } = placed.find((one) => one.plan === order) ?? { id: '' };
    return requests.map(async (request, index) => {
      await sleep(offsetMs);
      const body = { order: id, reason: 'Chaos', requestedBy: 'merchant', ...request };
      await until(`the refund of ${id} is answered`, 120_000, async () => {
        const key = { 'idempotency-key': `chaos-${plan.seed}-${order.name}-${index}` };
        const { status } = await api.post('/refunds', body, key).catch(() => ({ status: 0 }));
        // 409: somebody else has taken it.
        return status === 202 || status === 409;
      });
    });
  });
  const killing = killWorkers({ ...deps, lieInWait: () => undefined }, plan.kills, new AbortController().signal);
  const [kills] = await Promise.all([killing, ...asking]);
  return kills;
}

const movingStatuses = ['requested', 'approved', 'paying_back'];

/** No refund is on its way, and no mail. */
async function isQuiet(db: Db): Promise<boolean> {
  const moving = await db.collection(refundsCollection.name).countDocuments({ status: { $in: movingStatuses } });
  const unsent = await db.collection(messages.name).countDocuments({ status: { $in: ['queued', 'sending'] } });
  return moving + unsent === 0;
}

/** The last access ends a moment after the money: what is wrong for longer is wrong. */
async function untilClean(
  deps: Parameters<typeof readWorld>[0] & { readonly db: Db },
  placed: readonly PlacedOrder[],
): Promise<readonly Violation[]> {
  const deadline = Date.now() + 90_000;
  for (;;) {
    const world = await readWorld(deps, placed);
    const violations = [...checkMoney(world), ...(await checkRefunds(deps.db, world))];
    if (violations.length === 0 || Date.now() > deadline) return violations;
    await sleep(5_000);
  }
}

/** When patience ends it goes on: what is open then is found by the checks. */
async function until(what: string, mostMs: number, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + mostMs;
  while (!(await holds())) {
    if (Date.now() > deadline) return console.error(`given up after ${mostMs / 1000} s: ${what}`);
    await sleep(500);
  }
}

function seconds(begin: number): number {
  return Math.round((Date.now() - begin) / 1000);
}
