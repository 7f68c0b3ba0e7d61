import type { FaultRequest } from '../sandbox/faults.ts';
import { crashPlace, killWindowMs, planKills } from './kill-plan.ts';
import type { CrashPlace, PlannedKill } from './kill-plan.ts';
import { baitFor, orderKinds } from './order-kinds.ts';
import type { OrderKind } from './order-kinds.ts';
import { planFaults } from './partner-faults.ts';
import { seededRandom } from './seeded-random.ts';
import type { SeededRandom } from './seeded-random.ts';

export interface PlannedOrder {
  /** "1", "2", …: part of its Idempotency-Key and of the buyer's address. */
  readonly name: string;
  readonly kind: OrderKind;
  /** When it is placed: ms after the start, or as soon as that kill lies in wait for it. */
  readonly when: { readonly offsetMs: number } | { readonly kill: number };
  /** How long the customer hesitates before acting. */
  readonly hesitationMs: number;
}

export interface ChaosPlan {
  readonly seed: number;
  readonly orders: readonly PlannedOrder[];
  readonly kills: readonly PlannedKill[];
  readonly faults: readonly FaultRequest[];
  /** Keys in the pool: fewer than are ordered, so that it runs empty. */
  readonly poolSize: number;
}

/**
 * Everything that a seed decides. The same seed gives the same plan on every machine; which step of which order a kill
 * or a fault then meets depends on the operating system's scheduling.
 */
export function planChaos(request: {
  readonly seed: number;
  readonly orders: number;
  readonly kills: number;
  readonly faulty: boolean;
  /** Over how long the orders come; as long as the kills take by default. */
  readonly windowMs?: number;
}): ChaosPlan {
  const { seed, kills } = request;
  const windowMs = request.windowMs ?? killWindowMs(kills);
  const plannedKills = planKills(seededRandom(seed, 2), kills, effects);
  const orders = planOrders(seededRandom(seed, 1), { count: request.orders, kills: plannedKills, windowMs });
  const wanted = orders.flatMap(({ kind }) => kind.lines).filter(([product]) => product === 'pool').length;
  return {
    seed,
    orders,
    kills: plannedKills,
    faults: request.faulty ? planFaults(seededRandom(seed, 3)) : [],
    poolSize: Math.max(1, Math.floor(wanted * 0.6)),
  };
}

/** The first orders are what kills lie in wait for; the rest come one after the other over the window. */
function planOrders(
  random: SeededRandom,
  { count, kills, windowMs }: { count: number; kills: readonly PlannedKill[]; windowMs: number },
): PlannedOrder[] {
  const baits = kills.flatMap(({ number, point }) => (point === null ? [] : [{ kill: number, ...point }]));
  return Array.from({ length: count }, (_, index) => {
    const name = `${index + 1}`;
    const bait = baits[index];
    if (bait !== undefined) return { name, kind: baitFor[bait.effect], when: { kill: bait.kill }, hesitationMs: 0 };
    const place = (index - baits.length + random.next()) / (count - baits.length);
    return {
      name,
      kind: random.pickWeighted(orderKinds),
      when: { offsetMs: Math.floor(place * windowMs) },
      hesitationMs: random.between(0, 4_000),
    };
  });
}

const effects: readonly [CrashPlace, ...CrashPlace[]] = [
  crashPlace('authorise', 4),
  crashPlace('capture', 5),
  crashPlace('mail', 5),
  crashPlace('account', 3),
  crashPlace('refund', 3),
  crashPlace('void', 2),
  crashPlace('collect', 1),
  crashPlace('tax_id', 1),
];
