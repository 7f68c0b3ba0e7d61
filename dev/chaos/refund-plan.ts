import { crashPlace, killWindowMs, planKills } from './kill-plan.ts';
import type { CrashPlace, PlannedKill } from './kill-plan.ts';
import { baitFor } from './order-kinds.ts';
import type { PlannedOrder } from './plan.ts';
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

const effects: readonly [CrashPlace, ...CrashPlace[]] = [
  crashPlace('refund', 1),
  crashPlace('mail', 1),
  // Access also ends: the last seat closes the account.
  { ...crashPlace('account', 1), request: '^(PUT|DELETE) ' },
];

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
  const windowMs = killWindowMs(kills);
  return {
    seed,
    refunds: Array.from({ length: orders }, (_, index) => {
      const kind = random.pick(kinds);
      const order: PlannedOrder = { name: `r${index + 1}`, kind, when: { offsetMs: 0 }, hesitationMs: 0 };
      const offsetMs = Math.floor(((index + random.next()) / orders) * windowMs);
      return { order, requests: random.pick(shapes), offsetMs };
    }),
    kills: planKills(random, kills, effects),
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
