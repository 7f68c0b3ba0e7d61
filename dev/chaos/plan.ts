import { faultyPartners } from '../sandbox/faults.ts';
import type { FaultRequest, FaultyPartner } from '../sandbox/faults.ts';
import { baitFor, orderKinds } from './order-kinds.ts';
import type { Effect, OrderKind } from './order-kinds.ts';
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

/** Where in an effect on a partner the worker dies (R1): each is reached through the partner, not through the worker. */
type CrashMoment = 'before_effect' | 'after_effect' | 'after_ack';

export interface CrashPoint {
  readonly effect: Effect;
  readonly partner: FaultyPartner;
  /** Regular expression over "METHOD /path"; null: any request of the partner. */
  readonly request: string | null;
  readonly moment: CrashMoment;
}

export interface PlannedKill {
  readonly number: number;
  /** How long the worker has been up before the kill is prepared. */
  readonly uptimeMs: number;
  /** null: wherever it is just then. */
  readonly point: CrashPoint | null;
}

export interface ChaosPlan {
  readonly seed: number;
  readonly orders: readonly PlannedOrder[];
  readonly kills: readonly PlannedKill[];
  readonly faults: readonly FaultRequest[];
  /** Keys in the pool: fewer than are ordered, so that it runs empty. */
  readonly poolSize: number;
}

/** One kill takes about this long: uptime, waiting for the crash point, and the restart. */
const killEveryMs = 9_000;

/** Share of partner requests that meet a fault: 10 % in all (temporal-numbers R7). */
const faultRates = { error: 0.04, lost_response: 0.03, slow: 0.02, timeout: 0.01 } as const;

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
  const windowMs = request.windowMs ?? Math.max(kills * killEveryMs, 5_000);
  const plannedKills = planKills(seededRandom(seed, 2), kills);
  const orders = planOrders(seededRandom(seed, 1), { count: request.orders, kills: plannedKills, windowMs });
  const wanted = orders.flatMap(({ kind }) => kind.lines).filter(([product]) => product === 'pool').length;
  return {
    seed,
    orders,
    kills: plannedKills,
    faults: request.faulty ? backgroundFaults(seededRandom(seed, 3)) : [],
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

const moments: readonly [CrashMoment, ...CrashMoment[]] = ['before_effect', 'after_effect', 'after_ack'];

const effects: readonly [PartnerEffect, ...PartnerEffect[]] = [
  { effect: 'authorise', partner: 'acquirer_a', request: '^POST /acquirers/acquirer_a/payments$', weight: 4 },
  { effect: 'capture', partner: 'acquirer_a', request: '/captures$', weight: 5 },
  { effect: 'mail', partner: 'smtp', request: null, weight: 5 },
  { effect: 'account', partner: 'account_host', request: '^PUT ', weight: 3 },
  { effect: 'refund', partner: 'acquirer_a', request: '/refunds$', weight: 3 },
  { effect: 'void', partner: 'acquirer_a', request: '/cancel$', weight: 2 },
  { effect: 'collect', partner: 'deferred_payments', request: '^POST .*/collections$', weight: 1 },
  { effect: 'tax_id', partner: 'business_tax_ids', request: null, weight: 1 },
];
type PartnerEffect = Omit<CrashPoint, 'moment'> & { readonly weight: number };

/** Two of three kills wait for a crash point, the others strike at any moment. */
function planKills(random: SeededRandom, count: number): PlannedKill[] {
  return Array.from({ length: count }, (_, index) => {
    const { effect, partner, request } = random.pickWeighted(effects);
    const moment = random.pick(moments);
    const atPoint = random.next() < 2 / 3;
    return {
      number: index + 1,
      uptimeMs: random.between(500, 4_000),
      point: atPoint ? { effect, partner, request, moment } : null,
    };
  });
}

function backgroundFaults(random: SeededRandom): FaultRequest[] {
  const kinds = ['error', 'lost_response', 'slow', 'timeout'] as const;
  return faultyPartners.flatMap((partner) =>
    kinds.map((kind) => ({ partner, kind, rate: faultRates[kind], seed: random.between(1, 1_000_000) })),
  );
}
