import type { FaultyPartner } from '../sandbox/faults.ts';
import type { Effect } from './order-kinds.ts';
import type { SeededRandom } from './seeded-random.ts';

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

/** An effect that kills wait for, as often as `weight` says. */
export type CrashPlace = Omit<CrashPoint, 'moment'> & { readonly weight: number };

/** One kill takes about this long: uptime, waiting for the crash point, and the restart. */
const killEveryMs = 9_000;
const leastWindowMs = 5_000;

/** Over how long things have to happen so that every kill meets some of them. */
export function killWindowMs(kills: number): number {
  return Math.max(kills * killEveryMs, leastWindowMs);
}

const requests: Readonly<Record<Effect, Pick<CrashPoint, 'partner' | 'request'>>> = {
  authorise: { partner: 'acquirer_a', request: '^POST /acquirers/acquirer_a/payments$' },
  capture: { partner: 'acquirer_a', request: '/captures$' },
  mail: { partner: 'smtp', request: null },
  account: { partner: 'account_host', request: '^PUT ' },
  refund: { partner: 'acquirer_a', request: '/refunds$' },
  void: { partner: 'acquirer_a', request: '/cancel$' },
  collect: { partner: 'deferred_payments', request: '^POST .*/collections$' },
  tax_id: { partner: 'business_tax_ids', request: null },
};

export function crashPlace(effect: Effect, weight: number): CrashPlace {
  return { effect, ...requests[effect], weight };
}

const moments: readonly [CrashMoment, ...CrashMoment[]] = ['before_effect', 'after_effect', 'after_ack'];

/** Two of three kills wait for a crash point, the others strike at any moment. */
export function planKills(
  random: SeededRandom,
  count: number,
  places: readonly [CrashPlace, ...CrashPlace[]],
): PlannedKill[] {
  return Array.from({ length: count }, (_, index) => {
    const { effect, partner, request } = random.pickWeighted(places);
    const moment = random.pick(moments);
    const atPoint = random.next() < 2 / 3;
    return {
      number: index + 1,
      uptimeMs: random.between(500, 4_000),
      point: atPoint ? { effect, partner, request, moment } : null,
    };
  });
}
