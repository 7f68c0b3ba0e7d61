import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { MongoClient } from 'mongodb';
import type { Db } from 'mongodb';
import { messages } from '../../services/messages/message-store.ts';
import { collectionOf } from '../../services/store/collection.ts';
import { orderWorkflowId } from '../../workflows/order/order.contract.ts';
import type { System } from '../system/start-system.ts';
import { checkDeliveries } from './check-deliveries.ts';
import { checkDocuments } from './check-documents.ts';
import { checkMails } from './check-mails.ts';
import type { RepeatedMails } from './check-mails.ts';
import { checkMoney } from './check-money.ts';
import { checkOrders } from './check-orders.ts';
import { shopping } from './customers.ts';
import type { PlacedOrder } from './customers.ts';
import { killWorkers } from './killer.ts';
import type { Kill } from './killer.ts';
import type { ChaosPlan } from './plan.ts';
import { createShop } from './shop.ts';
import { readWorld } from './snapshot.ts';
import type { World } from './snapshot.ts';
import type { Violation } from './violation.ts';

export interface ChaosReport {
  readonly plan: ChaosPlan;
  readonly world: World;
  readonly kills: readonly Kill[];
  /** How often each partner showed each fault: "acquirer_a lost_response" → 3. */
  readonly faults: ReadonlyMap<string, number>;
  readonly repeatedMails: RepeatedMails;
  readonly violations: readonly Violation[];
  readonly seconds: number;
}

export interface ChaosRun {
  readonly system: System;
  readonly plan: ChaosPlan;
  readonly log: (line: string) => void;
  /** How long the orders may take after the last kill. */
  readonly patienceMs: number;
  /** What else goes wrong meanwhile, such as an outage. */
  readonly meanwhile?: () => Promise<void>;
}

/** Plays the plan on a running system, waits until every order has ended, and looks at what came of it. */
export async function runChaos({ system, plan, log, patienceMs, meanwhile }: ChaosRun): Promise<ChaosReport> {
  const begin = Date.now();
  const shop = createShop(system);
  const mongo = new MongoClient(system.stack.mongodb.uri);
  const db = mongo.db(system.home.database);
  const connection = Connection.lazy({ address: system.stack.temporal.address });
  const client = new Client({ connection, namespace: system.home.namespace });
  const stop = new AbortController();
  const violations: Violation[] = [];
  try {
    await shop.stock(plan.poolSize);
    for (const fault of plan.faults) await shop.world.addFault(fault);
    const waiting = killsInWait(plan);
    const [kills, placed] = await Promise.all([
      killWorkers({ system, shop, db, log, lieInWait: waiting.lieInWait }, plan.kills, stop.signal),
      goShopping(shop, plan, { violations, untilInWait: waiting.untilInWait }),
      meanwhile?.(),
    ]);
    log(`${placed.length} orders placed, ${kills.length} kills made; waiting until every order has ended`);
    await untilEnded(client, placed, patienceMs);
    await untilTold(db, patienceMs);
    const faults = await firedFaults(shop);
    await shop.world.endFaults();
    const world = await readWorld({ shop, db, client }, placed);
    const lostResponses = faults.get('smtp lost_response') ?? 0;
    const mails = checkMails(world, { kills, lostResponses });
    violations.push(
      ...checkOrders(world),
      ...checkMoney(world),
      ...checkDeliveries(world),
      ...checkDocuments(world),
      ...mails.violations,
    );
    const seconds = Math.round((Date.now() - begin) / 1000);
    return { plan, world, kills, faults, repeatedMails: mails.repeated, violations, seconds };
  } finally {
    stop.abort();
    await connection.close();
    await mongo.close();
  }
}

/** Lets an order wait for the kill that lies in wait for it. */
function killsInWait({ kills }: ChaosPlan) {
  const gates = new Map(
    kills.map(({ number }) => {
      let open = (): void => undefined;
      const opened = new Promise<void>((resolve) => {
        open = resolve;
      });
      return [number, { open: () => open(), opened }] as const;
    }),
  );
  return {
    lieInWait: (kill: number): void => gates.get(kill)?.open(),
    untilInWait: async (kill: number): Promise<void> => gates.get(kill)?.opened,
  };
}

/** Every customer comes at their time; one whose order does not go as it should is a violation and no end of the run. */
async function goShopping(
  shop: ReturnType<typeof createShop>,
  { seed, orders }: ChaosPlan,
  { violations, untilInWait }: { violations: Violation[]; untilInWait: (kill: number) => Promise<void> },
): Promise<PlacedOrder[]> {
  const placed = await Promise.all(
    orders.map(async (order): Promise<PlacedOrder[]> => {
      await ('kill' in order.when ? untilInWait(order.when.kill) : sleep(order.when.offsetMs));
      try {
        return [await shopping(shop, seed, order)];
      } catch (error) {
        const problem = `${order.name} (${order.kind.name}): ${error instanceof Error ? error.message : String(error)}`;
        violations.push({ invariant: 'every order ends as it may', orderId: null, problem, look: 'API log' });
        // It may have been placed all the same: the same key finds it.
        return shop.place(seed, order).then(
          ({ id }) => [{ id, plan: order }],
          () => [],
        );
      }
    }),
  );
  return placed.flat();
}

/** Resolves when every workflow is closed, or when patience ends: what is open then is found by the checks. */
async function untilEnded(client: Client, placed: readonly PlacedOrder[], patienceMs: number): Promise<void> {
  const deadline = Date.now() + patienceMs;
  let open = placed.map(({ id }) => id);
  while (open.length > 0 && Date.now() < deadline) {
    const still: string[] = [];
    for (const id of open) {
      const { status } = await client.workflow.getHandle(orderWorkflowId(id)).describe();
      if (status.name === 'RUNNING') still.push(id);
    }
    open = still;
    if (open.length > 0) await sleep(500);
  }
}

/** A refund tells the customer by itself, also after its order has ended. What is untold in the end the checks find. */
async function untilTold(db: Db, patienceMs: number): Promise<void> {
  const deadline = Date.now() + patienceMs;
  const untold = { status: { $in: ['queued', 'sending'] } } as const;
  while (Date.now() < deadline && (await collectionOf(db, messages).findOne(untold)) !== null) await sleep(500);
}

async function firedFaults(shop: ReturnType<typeof createShop>): Promise<ReadonlyMap<string, number>> {
  const fired = new Map<string, number>();
  for (const { partner, kind, fired: count } of await shop.world.faults()) {
    if (count === 0) continue;
    const name = `${partner} ${kind}`;
    fired.set(name, (fired.get(name) ?? 0) + count);
  }
  return fired;
}
