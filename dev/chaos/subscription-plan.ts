import type { FaultRequest } from '../sandbox/faults.ts';
import { crashPlace, killWindowMs, planKills } from './kill-plan.ts';
import type { CrashPlace, PlannedKill } from './kill-plan.ts';
import { planFaults } from './partner-faults.ts';
import { seededRandom } from './seeded-random.ts';

/** What a customer asks of a subscription. */
export interface PlannedCommand {
  /** Path and body of the API call. */
  readonly verb: 'change' | 'cancel' | 'payment-method';
  readonly body: object;
  /** Of the plan, if that is what it asks for. */
  readonly quantity?: number;
}

/** One subscription: how its card behaves, what is done to it, and what is asked of it when its period is over. */
export interface PlannedSubscription {
  readonly name: string;
  readonly token: string;
  /** A fault that the renewal run has to find. */
  readonly sabotage: 'none' | 'terminate' | 'say_nothing';
  readonly command: PlannedCommand | null;
  /** Ms after the periods have ended. */
  readonly offsetMs: number;
}

export interface SubscriptionPlan {
  readonly seed: number;
  readonly subscriptions: readonly PlannedSubscription[];
  readonly kills: readonly PlannedKill[];
  readonly faults: readonly FaultRequest[];
}

/** Good for the first charge, then it lacks funds once: its renewal is unpaid until somebody does something. */
export const fundsToken = 'tok_ok_then_funds_1';

const effects: readonly [CrashPlace, ...CrashPlace[]] = [
  crashPlace('authorise', 1),
  crashPlace('capture', 1),
  crashPlace('mail', 1),
];
const tokens = ['tok_ok', 'tok_ok', 'tok_ok', 'tok_slow', 'tok_lost_ok', fundsToken] as const;
const sabotages = ['none', 'none', 'none', 'terminate', 'say_nothing'] as const;
const commands: readonly [PlannedCommand | null, ...(PlannedCommand | null)[]] = [
  ...([null, null] as const),
  change(2, 'now'),
  change(3, 'period_end'),
  { verb: 'cancel', body: { when: 'period_end' } },
  { verb: 'payment-method', body: { method: 'card', token: 'tok_ok' } },
];

function change(quantity: number, when: 'now' | 'period_end'): PlannedCommand {
  return { verb: 'change', body: { quantity, when }, quantity };
}

/** Everything that the seed decides: cards, sabotage, commands, kills, faults. */
export function planSubscriptionChaos(request: {
  readonly seed: number;
  readonly orders: number;
  readonly kills: number;
  readonly faulty: boolean;
}): SubscriptionPlan {
  const { seed, orders, kills, faulty } = request;
  const random = seededRandom(seed, 6);
  const windowMs = killWindowMs(kills);
  return {
    seed,
    subscriptions: Array.from({ length: orders }, (_, index) => ({
      name: `s${index + 1}`,
      token: random.pick(tokens),
      sabotage: random.pick(sabotages),
      command: random.pick(commands),
      offsetMs: Math.floor(((index + random.next()) / orders) * windowMs),
    })),
    kills: planKills(random, kills, effects),
    faults: faulty ? planFaults(seededRandom(seed, 7)) : [],
  };
}
