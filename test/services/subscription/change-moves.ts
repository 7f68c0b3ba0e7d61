import { expect } from '@jest/globals';
import fc from 'fast-check';
import { facts } from '../../../domain/idempotency.ts';
import { sum } from '../../../domain/money/money.ts';
import type {
  ChangePreview,
  CommandAnswer,
  SubscriptionChange,
} from '../../../services/subscription/subscription-steps.ts';
import type { SubscriptionDocument } from '../../../services/subscription/subscription-store.ts';
import { createExpectedCost, currencies, instantOf, leastChargeIn, periodPrice, secondOf } from './change-model.ts';
import type { Agreed, ExpectedCost } from './change-model.ts';
import { plansOf } from './change-world.ts';
import type { ChangeWorld, SubscriptionInPlay } from './change-world.ts';

const agreed = fc.record({ plan: fc.nat(5), quantity: fc.integer({ min: 1, max: 5 }) });
type Chosen = typeof agreed extends fc.Arbitrary<infer Value> ? Value : never;

/** What a subscription begins as. */
export const beginnings = fc.record({
  currency: fc.constantFrom(...currencies),
  chosen: agreed,
  /** Days and seconds after the first of the year: every day of the month, leap days too. */
  day: fc.integer({ min: 0, max: 900 }),
  second: fc.nat(86_399),
  followsCalendar: fc.constantFrom(false, false, false, true),
});
export type Beginning = typeof beginnings extends fc.Arbitrary<infer Value> ? Value : never;

const changeNow = fc.record({
  do: fc.constant('change'),
  to: agreed,
  what: fc.constantFrom('price', 'quantity', 'both'),
  proration: fc.constantFrom('prorate', 'prorate', 'prorate', 'none'),
  card: fc.constantFrom('tok_ok', 'tok_ok', 'tok_ok', 'tok_ok', 'tok_funds'),
  /** Between the preview and its confirmation. */
  readingMinutes: fc.nat(29),
  /** Nobody renewed the periods that ended before it. */
  workersAreAway: fc.constantFrom(false, false, false, true),
});

const moves = fc.oneof(
  { weight: 6, arbitrary: changeNow },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('change later'), to: agreed }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('withdraw') }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('renew') }) },
);
type Move = typeof moves extends fc.Arbitrary<infer Value> ? Value : never;
type ChangeNow = Extract<Move, { readonly do: 'change' }>;

/** Moves with the time before each, in thousandths of what is left of the period: 0 is the same second, 1,000 its end. */
export const sequences = fc.array(
  fc.record({ move: moves, after: fc.oneof(fc.constantFrom(0, 1_000), fc.integer({ min: 0, max: 1_050 })) }),
  { minLength: 2, maxLength: 4 },
);
type TimedMove = typeof sequences extends fc.Arbitrary<readonly (infer Value)[]> ? Value : never;

/** One subscription and what it must cost, played move by move. */
export interface Play {
  readonly world: ChangeWorld;
  readonly subscription: SubscriptionInPlay;
  readonly cost: ExpectedCost;
  readonly followsCalendar: boolean;
  /** Seconds since 1970. */
  now: number;
  /** As it was left by the move before. */
  record: SubscriptionDocument;
  /** Its store credit by then, minor units. */
  credit: number;
  /** The last change whose charge was waived, seconds since 1970; null: none was. */
  waivedAt: number | null;
}

export async function begin(world: ChangeWorld, beginning: Beginning): Promise<Play> {
  const { currency, chosen, day, second, followsCalendar } = beginning;
  const plan = planAt(chosen, followsCalendar);
  // What follows the calendar begins when it is ordered, everything else when it is paid.
  const at = followsCalendar ? null : instantOf(Date.UTC(2027, 0, 1 + day) / 1_000 + second);
  const sold = { plan, quantity: chosen.quantity };
  const subscription = await world.begin({ agreed: sold, currency, at });
  const cost = createExpectedCost({ agreed: sold, currency, at: subscription.begunAt, followsCalendar });
  const record = await subscription.record();
  return {
    world,
    subscription,
    cost,
    followsCalendar,
    now: secondOf(subscription.begunAt),
    record,
    credit: 0,
    waivedAt: null,
  };
}

export async function makeMove(play: Play, { move, after }: TimedMove): Promise<void> {
  play.now += Math.floor((Math.max(0, secondOf(play.cost.period.end) - play.now) * after) / 1_000);
  if (move.do !== 'change' || !move.workersAreAway) await catchUp(play);
  await perform(play, move);
  play.record = await play.subscription.record();
  const { agreed: held, period, pending } = play.cost;
  expect(play.record).toMatchObject({ status: 'active', openBill: null, period, items: [itemOf(held)] });
  expect(play.record.pendingChange?.items ?? null).toEqual(
    pending === null ? null : [expect.objectContaining(itemOf(pending))],
  );
}

function perform(play: Play, move: Move): Promise<void> {
  switch (move.do) {
    case 'change':
      return changeAtOnce(play, move);
    case 'change later':
      return changeLater(play, move.to);
    case 'withdraw':
      return withdraw(play);
    case 'renew':
      return renew(play);
  }
}

/** What fell due meanwhile is done: a renewal costs a whole period, which store credit pays first. */
async function catchUp(play: Play): Promise<void> {
  const { world, subscription, cost, record, credit } = play;
  const at = instantOf(play.now);
  if (record.nextActionAt === null || record.nextActionAt > at) return;
  play.record = await world.run(subscription.id, at);
  const { period, latestOrder } = play.record;
  if (period.index === cost.period.index) return;
  cost.renew();
  const gross = periodPrice(cost.agreed, cost.currency);
  const spent = credit >= gross ? gross : Math.min(credit, Math.max(0, gross - leastChargeIn(cost.currency)));
  subscription.billed(latestOrder);
  expect(subscription.captured(latestOrder)).toBe(gross - spent);
  await expectCredit(play, credit - spent);
}

async function expectCredit(play: Play, expected: number): Promise<void> {
  play.credit = await play.subscription.credit();
  expect(play.credit).toBe(expected);
}

async function renew(play: Play): Promise<void> {
  const { index, end } = play.cost.period;
  // Renewals of one moment are spread over ten minutes.
  play.now = Math.max(play.now, secondOf(end) + 600);
  await catchUp(play);
  expect(play.cost.period.index).toBe(index + 1);
}

async function changeLater(play: Play, chosen: Chosen): Promise<void> {
  const { subscription, cost } = play;
  const to = targetOf(play, { to: chosen, what: 'both' });
  const change = { ...differenceOf(cost.agreed, to), when: 'period_end', proration: 'prorate' } as const;
  const { id: preview, charge, credit } = await play.world.preview(subscription.id, change, instantOf(play.now));
  expect({ charge, credit }).toEqual({ charge: 0, credit: 0 });
  const answer = await command(play, { kind: 'change', change, preview });
  expect(answer).toEqual({ kind: 'scheduled', at: cost.period.end });
  cost.changeLater(to);
}

async function withdraw(play: Play): Promise<void> {
  const answer = await command(play, { kind: 'withdraw_change' });
  expect(answer).toMatchObject(
    play.cost.pending === null ? { kind: 'refused', code: 'subscription.no_pending_change' } : { kind: 'done' },
  );
  play.cost.withdraw();
}

async function changeAtOnce(play: Play, move: ChangeNow): Promise<void> {
  const { world, subscription, cost } = play;
  const to = targetOf(play, move);
  const change: SubscriptionChange = { ...differenceOf(cost.agreed, to), when: 'now', proration: move.proration };
  const preview = await world.preview(subscription.id, change, instantOf(play.now));
  const isBadCard = move.card !== 'tok_ok';
  if (isBadCard) await payWith(play, move.card);
  play.now += move.readingMinutes * 60;
  const answer = await command(play, { kind: 'change', change, preview: preview.id });
  const due = (preview.quote?.gross ?? 0) - preview.credit + preview.creditLeft - preview.balanceUsed;
  const isSmall = due > 0 && due < leastChargeIn(cost.currency);
  const waived = isSmall && mayBeWaived(play, secondOf(preview.at)) ? due : 0;
  expect(preview.charge).toBe(due - waived);
  if (preview.charge > 0 && (isBadCard || isSmall)) await expectAsBefore(play, answer);
  else {
    await expectAsPreviewed(play, answer, { ...preview, waived });
    if (waived > 0) play.waivedAt = secondOf(preview.at);
    cost.changeNow(to, preview.at, move.proration);
  }
  if (isBadCard) await payWith(play, 'tok_ok');
}

/** One change in thirty days. */
function mayBeWaived({ waivedAt }: Play, at: number): boolean {
  return waivedAt === null || at - waivedAt >= 30 * 86_400;
}

/** Captured, waived, invoiced, credited and set aside to the cent. */
async function expectAsPreviewed(
  play: Play,
  answer: CommandAnswer,
  preview: ChangePreview & { readonly waived: number },
): Promise<void> {
  const { world, subscription } = play;
  const { quote, credits, credit, balanceUsed, charge, waived, creditLeft } = preview;
  if (answer.kind !== 'done') throw new Error(`the change was ${JSON.stringify(answer)}`);
  await expectCredit(play, play.credit - balanceUsed + creditLeft);
  if (answer.order === null) return expect({ quote, credits, charge }).toEqual({ quote: null, credits: [], charge: 0 });
  const { order } = answer;
  subscription.billed(order);
  expect(subscription.captured(order)).toBe(charge);
  expect(await subscription.waived(order)).toBe(waived);
  expect((await world.invoices.findByFact(facts.sale(order)))?.gross).toBe(quote?.gross);
  const from = [...new Set(credits.map((one) => one.order))];
  const notes = await Promise.all(from.map((id) => world.invoices.findByFact(facts.refund(id, `change-${order}`))));
  const credited = notes.flatMap((note) => note?.lines ?? []);
  expect(credited).toMatchObject(credits.map(({ line, net, tax, gross }) => ({ line, net, tax, gross })));
  expect(sum(notes.map((note) => note?.gross ?? 0))).toBe(credit);
}

async function expectAsBefore(play: Play, answer: CommandAnswer): Promise<void> {
  const { world, subscription, record, credit } = play;
  if (answer.kind !== 'declined') throw new Error(`the change was ${JSON.stringify(answer)}`);
  subscription.billed(answer.order);
  expect(await world.store.require(answer.order)).toMatchObject({ status: 'failed' });
  expect(subscription.captured(answer.order)).toBe(0);
  await expectCredit(play, credit);
  const { items, period, anchor, anchorIndex, paidLines, entitlements, pendingChange, notices } = record;
  const kept = { items, period, anchor, anchorIndex, paidLines, entitlements, pendingChange, notices };
  expect(await subscription.record()).toMatchObject(kept);
}

/**
 * Invoices less credit notes are the time that each plan is paid for; money, what we waived and store credit are what that
 * leaves.
 */
export async function expectAccountedFor({ subscription, cost, credit }: Play): Promise<void> {
  const { invoiced, credited, captured, waived } = await subscription.totals();
  expect({ invoiced, credited, isCost: cost.isCostOf(invoiced - credited) }).toMatchObject({ isCost: true });
  expect(captured + waived).toBe(invoiced - credited + credit);
}

type Request = Parameters<ChangeWorld['command']>[1];

const command = ({ world, subscription, now }: Play, request: Request): Promise<CommandAnswer> =>
  world.command(subscription.id, request, instantOf(now));

async function payWith(play: Play, token: string): Promise<void> {
  const answer = await command(play, { kind: 'payment_method', method: 'card', token, backup: false });
  expect(answer).toMatchObject({ kind: 'done' });
}

const itemOf = ({ plan, quantity }: Agreed) => ({ price: plan.price, quantity });

function planAt({ plan }: Chosen, followsCalendar: boolean): Agreed['plan'] {
  const plans = plansOf(followsCalendar);
  const found = plans[plan % plans.length];
  if (found === undefined) throw new Error('nothing is on offer');
  return found;
}

/** Never what is held already: that is refused. */
function targetOf({ cost, followsCalendar }: Play, { to, what }: Pick<ChangeNow, 'to' | 'what'>): Agreed {
  const { plan, quantity } = cost.agreed;
  const next = {
    plan: what === 'quantity' ? plan : planAt(to, followsCalendar),
    quantity: what === 'price' ? quantity : to.quantity,
  };
  const isSame = next.plan.price === plan.price && next.quantity === quantity;
  return isSame ? { plan, quantity: (quantity % 5) + 1 } : next;
}

function differenceOf(from: Agreed, to: Agreed) {
  return {
    item: null,
    price: to.plan.price === from.plan.price ? null : to.plan.price,
    quantity: to.quantity === from.quantity ? null : to.quantity,
  };
}
