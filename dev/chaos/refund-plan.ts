import { baitFor } from './order-kinds.ts';
import type { CrashPoint, PlannedKill, PlannedOrder } from './plan.ts';
import { seededRandom } from './seeded-random.ts';

/** What is asked back of one order: bodies of POST /refunds without the order, at the same time. */
export interface PlannedRefund {
  readonly order: PlannedOrder;
  readonly requests: readonly object[];
  /** Ms after the start of the refunds. */
  readonly offsetMs: number;
}

export interface RefundPlan {
  readonly seed: number;
  readonly refunds: readonly PlannedRefund[];
  readonly kills: readonly PlannedKill[];
}

/** One kill takes about this long: uptime, waiting for the crash point, and the restart. */
const killEveryMs = 8_000;

type Place = Omit<CrashPoint, 'moment'>;
const points: readonly [Place, ...Place[]] = [
  { effect: 'refund', partner: 'acquirer_a', request: '/refunds$' },
  { effect: 'mail', partner: 'smtp', request: null },
  { effect: 'account', partner: 'account_host', request: '^(PUT|DELETE) ' },
];
const moments = ['before_effect', 'after_effect', 'after_ack'] as const;

/** Everything that the seed decides: what was bought, what of it goes back, when workers die. */
export function planRefundChaos({
  seed,
  orders,
  kills,
}: {
  readonly seed: number;
  readonly orders: number;
  readonly kills: number;
}): RefundPlan {
  const random = seededRandom(seed, 4);
  const kinds = [baitFor.authorise, baitFor.capture, baitFor.account] as const;
  const windowMs = Math.max(kills * killEveryMs, 3_000);
  return {
    seed,
    refunds: Array.from({ length: orders }, (_, index) => {
      const kind = random.pick(kinds);
      const order: PlannedOrder = { name: `r${index + 1}`, kind, when: { offsetMs: 0 }, hesitationMs: 0 };
      const offsetMs = Math.floor(((index + random.next()) / orders) * windowMs);
      return { order, requests: random.pick(shapes), offsetMs };
    }),
    kills: Array.from({ length: kills }, (_, index) => {
      const point = { ...random.pick(points), moment: random.pick(moments) };
      return { number: index + 1, uptimeMs: random.between(500, 3_000), point: random.next() < 0.7 ? point : null };
    }),
  };
}

const one = { lines: [{ line: '1', quantity: 1 }] };
/** All of it, one unit, money only, and several at once, of which only as many can be had as there is. */
const shapes: readonly [readonly object[], ...(readonly object[])[]] = [
  [{}],
  [one],
  [{ amount: 700 }],
  [{}, {}],
  [one, { amount: 500 }],
  [{ amount: 900, outcome: 'store_credit' }],
];
