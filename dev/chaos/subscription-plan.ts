import type { CrashPoint, PlannedKill } from './plan.ts';
import { seededRandom } from './seeded-random.ts';

/** One subscription: how its card behaves, what is done to it, and what is asked of it when its period is over. */
export interface PlannedSubscription {
  readonly name: string;
  readonly token: string;
  /** A fault that the renewal run has to find. */
  readonly sabotage: 'none' | 'terminate' | 'say_nothing';
  /** Path and body of a command; null: nothing is asked. */
  readonly command: { readonly path: string; readonly body: object } | null;
  /** Ms after the periods have ended. */
  readonly offsetMs: number;
}

export interface SubscriptionPlan {
  readonly seed: number;
  readonly subscriptions: readonly PlannedSubscription[];
  readonly kills: readonly PlannedKill[];
}

/** One kill takes about this long: uptime, waiting for the crash point, and the restart. */
const killEveryMs = 8_000;

type Place = Omit<CrashPoint, 'moment'>;
const points: readonly [Place, ...Place[]] = [
  { effect: 'authorise', partner: 'acquirer_a', request: '^POST /acquirers/acquirer_a/payments$' },
  { effect: 'capture', partner: 'acquirer_a', request: '/captures$' },
  { effect: 'mail', partner: 'smtp', request: null },
];
const moments = ['before_effect', 'after_effect', 'after_ack'] as const;
const tokens = ['tok_ok', 'tok_ok', 'tok_ok', 'tok_slow', 'tok_lost_ok', 'tok_ok_then_funds_1'] as const;
const sabotages = ['none', 'none', 'none', 'terminate', 'say_nothing'] as const;
const commands: readonly [PlannedSubscription['command'], ...PlannedSubscription['command'][]] = [
  ...([null, null, null] as const),
  { path: 'change', body: { quantity: 2, when: 'now' } },
  { path: 'change', body: { quantity: 3, when: 'period_end' } },
  { path: 'cancel', body: { when: 'period_end' } },
  { path: 'payment-method', body: { method: 'card', token: 'tok_ok' } },
];

/** Everything that the seed decides: cards, sabotage, commands, kills. */
export function planSubscriptionChaos(request: {
  readonly seed: number;
  readonly orders: number;
  readonly kills: number;
}): SubscriptionPlan {
  const { seed, kills } = request;
  const random = seededRandom(seed, 6);
  const windowMs = Math.max(kills * killEveryMs, 3_000);
  return {
    seed,
    subscriptions: Array.from({ length: request.orders }, (_, index) => ({
      name: `s${index + 1}`,
      token: random.pick(tokens),
      sabotage: random.pick(sabotages),
      command: random.pick(commands),
      offsetMs: Math.floor(((index + random.next()) / request.orders) * windowMs),
    })),
    kills: Array.from({ length: kills }, (_, index) => {
      const point = { ...random.pick(points), moment: random.pick(moments) };
      return { number: index + 1, uptimeMs: random.between(500, 3_000), point: random.next() < 0.7 ? point : null };
    }),
  };
}
