import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from 'mongodb';
import { refundsCollection } from '../../services/refund/refund-store.ts';
import { inLanes } from '../../services/concurrency/in-lanes.ts';
import { createWaybillApi } from '../system/waybill-api.ts';
import { checkMoney } from './check-money.ts';
import { checkRefunds } from './check-refunds.ts';
import type { PlacedOrder } from './customers.ts';
import { refundInBulk } from './bulk-refund-chaos.ts';
import type { BulkFigures } from './bulk-refund-chaos.ts';
import { withHarness } from './harness.ts';
import type { Harness, RunRequest } from './harness.ts';
import { killWorkers } from './killer.ts';
import type { Kill } from './killer.ts';
import { isEverythingTold, secondsSince, until, untilClean } from './patience.ts';
import type { RefundPlan } from './refund-plan.ts';
import type { Shop } from './shop.ts';
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

export interface RefundChaosRun extends RunRequest {
  readonly plan: RefundPlan;
  /** All orders as one bulk refund, with the worker killed in the middle. */
  readonly inBulk: boolean;
}

/** The last access ends a moment after the money. */
const settlingMs = 90_000;

/** Orders that are paid in peace; then their money goes back while workers die; then everything is compared. */
export async function runRefundChaos({ plan, inBulk, ...request }: RefundChaosRun): Promise<RefundChaosReport> {
  const begin = Date.now();
  const { log } = request;
  return withHarness(request, async (harness) => {
    const { shop, db } = harness;
    await shop.stock(1);
    const placed = await placeAll(shop, plan);
    await until('every order is delivered', { patienceMs: 600_000, log }, async () => {
      const open = await db.collection('orders').countDocuments({ status: { $ne: 'completed' } });
      return open === 0;
    });
    log(`${placed.length} orders are paid and delivered after ${secondsSince(begin)} s`);
    const bulk = inBulk ? await refundInBulk(harness, placed) : null;
    const kills = inBulk ? [] : await refundOneByOne(harness, plan, placed);
    await until('every refund has ended', request, () => isQuiet(db));
    const { violations } = await untilClean({ patienceMs: settlingMs, log }, async () => {
      const world = await readWorld(harness, placed);
      return { violations: [...checkMoney(world), ...(await checkRefunds(db, world))] };
    });
    const refunds = await db.collection(refundsCollection.name).countDocuments({ status: 'succeeded' });
    return { orders: placed.length, refunds, kills, bulk, violations, seconds: secondsSince(begin) };
  });
}

/** As fast as they are taken. */
function placeAll(shop: Shop, { seed, refunds }: RefundPlan): Promise<PlacedOrder[]> {
  return inLanes(refunds, async ({ order }) => ({ id: (await shop.place(seed, order)).id, plan: order }));
}

async function refundOneByOne(harness: Harness, plan: RefundPlan, placed: readonly PlacedOrder[]): Promise<Kill[]> {
  const api = createWaybillApi(harness.system);
  const { log } = harness;
  const asking = plan.refunds.flatMap(({ order, requests, offsetMs }) => {
    const { id } = placed.find((one) => one.plan === order) ?? { id: '' };
    return requests.map(async (request, index) => {
      await sleep(offsetMs);
      const body = { order: id, reason: 'Chaos', requestedBy: 'merchant', ...request };
      await until(`the refund of ${id} is answered`, { patienceMs: 120_000, log }, async () => {
        const key = { 'idempotency-key': `chaos-${plan.seed}-${order.name}-${index}` };
        const { status } = await api.post('/refunds', body, key).catch(() => ({ status: 0 }));
        // 409: somebody else has taken it.
        return status === 202 || status === 409;
      });
    });
  });
  const [kills] = await Promise.all([killWorkers(harness, plan.kills), ...asking]);
  return kills;
}

const movingStatuses = ['requested', 'approved', 'paying_back'];

/** No refund is on its way, and no mail. */
async function isQuiet(db: Db): Promise<boolean> {
  const moving = await db.collection(refundsCollection.name).countDocuments({ status: { $in: movingStatuses } });
  return moving === 0 && (await isEverythingTold(db));
}
