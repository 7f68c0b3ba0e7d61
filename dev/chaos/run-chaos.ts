import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import { orderWorkflowId } from '../../workflows/order/order.contract.ts';
import { checkDeliveries } from './check-deliveries.ts';
import { checkDocuments } from './check-documents.ts';
import { checkMails } from './check-mails.ts';
import type { RepeatedMails } from './check-mails.ts';
import { checkMoney } from './check-money.ts';
import { checkOrders } from './check-orders.ts';
import { shopping } from './customers.ts';
import type { PlacedOrder } from './customers.ts';
import { withHarness } from './harness.ts';
import type { RunRequest } from './harness.ts';
import { killWorkers } from './killer.ts';
import type { Kill } from './killer.ts';
import { beginFaults, endFaults, lostMailAnswers } from './partner-faults.ts';
import type { FaultsMet } from './partner-faults.ts';
import { isEverythingTold, secondsSince, until } from './patience.ts';
import type { ChaosPlan } from './plan.ts';
import type { Shop } from './shop.ts';
import { readWorld } from './snapshot.ts';
import type { World } from './snapshot.ts';
import type { Violation } from './violation.ts';

export interface ChaosReport {
  readonly plan: ChaosPlan;
  readonly world: World;
  readonly kills: readonly Kill[];
  readonly faults: FaultsMet;
  readonly repeatedMails: RepeatedMails;
  readonly violations: readonly Violation[];
  readonly seconds: number;
}

export interface ChaosRun extends RunRequest {
  readonly plan: ChaosPlan;
  /** What else goes wrong meanwhile, such as an outage. */
  readonly meanwhile?: () => Promise<void>;
}

/** Plays the plan on a running system, waits until every order has ended, and looks at what came of it. */
export async function runChaos({ plan, meanwhile, ...request }: ChaosRun): Promise<ChaosReport> {
  const begin = Date.now();
  const { log } = request;
  return withHarness(request, async (harness) => {
    const { shop, db, client } = harness;
    const violations: Violation[] = [];
    await shop.stock(plan.poolSize);
    await beginFaults(shop, plan.faults);
    const waiting = killsInWait(plan);
    const [kills, placed] = await Promise.all([
      killWorkers(harness, plan.kills, waiting.lieInWait),
      goShopping(shop, plan, { violations, untilInWait: waiting.untilInWait }),
      meanwhile?.(),
    ]);
    log(`${placed.length} orders placed, ${kills.length} kills made; waiting until every order has ended`);
    await until('every order has ended', request, haveEnded(client, placed));
    // A refund tells the customer by itself, also after its order has ended.
    await until('every message is sent', request, () => isEverythingTold(db));
    const faults = await endFaults(shop);
    const world = await readWorld(harness, placed);
    const mails = checkMails(world, { kills, lostResponses: lostMailAnswers(faults) });
    violations.push(
      ...checkOrders(world),
      ...checkMoney(world),
      ...checkDeliveries(world),
      ...checkDocuments(world),
      ...mails.violations,
    );
    return { plan, world, kills, faults, repeatedMails: mails.repeated, violations, seconds: secondsSince(begin) };
  });
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
  shop: Shop,
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
        violations.push({ invariant: 'every order ends as it may', about: null, problem, look: 'API log' });
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

/** Asks for those that were open the last time: in the end for few. */
function haveEnded(client: Client, placed: readonly PlacedOrder[]): () => Promise<boolean> {
  let open = placed.map(({ id }) => id);
  return async () => {
    const still: string[] = [];
    for (const id of open) {
      const { status } = await client.workflow.getHandle(orderWorkflowId(id)).describe();
      if (status.name === 'RUNNING') still.push(id);
    }
    open = still;
    return open.length === 0;
  };
}
