import type { OrderId } from '../ids.ts';
import { allocate, applyFraction, sum } from '../money/money.ts';

/** Instants ISO 8601 UTC, half-open. */
interface Span {
  readonly start: string;
  readonly end: string;
}

/** Whole seconds left of whole seconds paid for; amounts are multiplied by seconds ÷ of. */
export interface TimeShare {
  readonly seconds: number;
  readonly of: number;
}

/** A line of an order that paid for a part of a period in advance. Amounts are minor units of its currency, with tax. */
export interface BilledLine {
  /** Id of the subscription's item. */
  readonly item: string;
  readonly order: OrderId;
  readonly line: string;
  /** As billed: after discount, at the tax of that day. */
  readonly gross: number;
  /** What refunds and credit notes have already taken back of it. */
  readonly credited: number;
  /** What the line paid for: the period, or what was left of it at an earlier change. */
  readonly paidFor: Span;
  /** When a later line took its place; such a line has no unused time any more. */
  readonly replacedAt: string | null;
  /** What of an allowance that came with the line is used; null: it came with none. */
  readonly allowance: { readonly included: number; readonly used: number } | null;
}

/** What a credit note takes back of one billed line, with its tax: a positive number of minor units. */
export interface LineCredit {
  readonly item: string;
  readonly order: OrderId;
  readonly line: string;
  readonly amount: number;
}

/**
 * What is left of a span at a moment, in whole seconds of the clock: two requests within a second cost the same, and the
 * parts of a span cut at any moments add up to it. Before the start everything, from the end on nothing.
 */
export function remainingShare({ start, end }: Span, at: string): TimeShare {
  const [from, to] = [second(start), second(end)];
  const seconds = to - Math.min(Math.max(second(at), from), to);
  return { seconds, of: Math.max(to - from, 1) };
}

/**
 * A share of several amounts: rounded half away from zero on their running sum, so that the parts add up to the rounded
 * share of the total, no part is more than its amount, and the residual ends on the last line.
 * @throws money.amount_unsafe
 */
export function shareOf(amounts: readonly number[], { seconds, of }: TimeShare): number[] {
  let total = 0;
  let shared = 0;
  return amounts.map((amount) => {
    total = sum([total, amount]);
    const next = applyFraction(total, seconds, of);
    const part = next - shared;
    shared = next;
    return part;
  });
}

/**
 * The unused time of lines that were paid in advance: the seconds left of those that each line paid for, never more than
 * is left of the line after earlier credits or than its allowance is still worth. Lines without anything to credit are
 * left out.
 * @throws money.amount_unsafe
 */
export function unusedCredit(billed: readonly BilledLine[], at: string): LineCredit[] {
  return positive(withoutUsedAllowances(billed, credits(billed, at), 0));
}

function credits(billed: readonly BilledLine[], at: string): LineCredit[] {
  const open = billed.filter(({ replacedAt }) => replacedAt === null || second(replacedAt) > second(at));
  return spansOf(open).flatMap(({ paidFor, lines }) => {
    const unused = shareOf(
      lines.map(({ gross }) => gross),
      remainingShare(paidFor, at),
    );
    return lines.map(({ item, order, line, gross, credited }, index) => ({
      item,
      order,
      line,
      amount: Math.max(0, Math.min(unused[index] ?? 0, gross - credited)),
    }));
  });
}

/** Lines that paid for the same time are shared out together; the others have another denominator. */
function spansOf(billed: readonly BilledLine[]): { readonly paidFor: Span; readonly lines: readonly BilledLine[] }[] {
  const groups = new Map<string, { readonly paidFor: Span; readonly lines: BilledLine[] }>();
  for (const line of billed) {
    const key = `${line.paidFor.start}/${line.paidFor.end}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { paidFor: line.paidFor, lines: [line] });
    else group.lines.push(line);
  }
  return [...groups.values()];
}

/** How time that is already paid for is treated: `prorate` credits and charges it, `none` leaves the period as billed. */
export type Proration = 'prorate' | 'none';

/**
 * Which share of the new prices a change at once has to be charged. Another interval begins a new period at the moment of
 * the change and is charged in full, whatever was asked; without proration the new prices hold from the next period on.
 */
export function changeShare(change: {
  readonly period: Span;
  readonly at: string;
  readonly proration: Proration;
  readonly newInterval: boolean;
}): TimeShare {
  if (change.newInterval) return { seconds: 1, of: 1 };
  return change.proration === 'none' ? { seconds: 0, of: 1 } : remainingShare(change.period, change.at);
}

export interface PlanChangeFacts {
  /** The lines that pay for the items which the change replaces or removes; others are not touched. */
  readonly billed: readonly BilledLine[];
  readonly at: string;
  readonly proration: Proration;
  /** The new lines at `changeShare`, after discount, with today's tax. */
  readonly newGross: number;
  /** Store credit of the subscription before the change. */
  readonly balance: number;
}

/** All amounts are minor units and not negative. `charge` + `fromBalance` = newGross − credited, or `toBalance` the other way. */
export interface PlanChange {
  readonly credits: readonly LineCredit[];
  readonly credited: number;
  /** Of the credit what is left after the new lines. */
  readonly toBalance: number;
  readonly fromBalance: number;
  /** What the customer is charged now. */
  readonly charge: number;
}

/**
 * What a change at once costs or gives back. The preview and the change call the same function with the same moment, so
 * they agree to the cent.
 *
 * A downgrade gives back no more than the allowances that are left were worth, or who upgrades, uses everything up and
 * downgrades would have used it for nothing; but it never costs anything either.
 * @throws money.amount_unsafe
 */
export function planChange({ billed, at, proration, newGross, balance }: PlanChangeFacts): PlanChange {
  const unused = proration === 'none' ? [] : credits(billed, at);
  const given = positive(withoutUsedAllowances(billed, unused, newGross));
  const credited = sum(given.map(({ amount }) => amount));
  const due = Math.max(0, newGross - credited);
  const fromBalance = Math.min(due, Math.max(0, balance));
  return {
    credits: given,
    credited,
    toBalance: Math.max(0, credited - newGross),
    fromBalance,
    charge: due - fromBalance,
  };
}

/** Credits up to the new price pay for the new lines, whose allowance goes on where the old one was; only the rest shrinks. */
function withoutUsedAllowances(
  billed: readonly BilledLine[],
  unused: readonly LineCredit[],
  newGross: number,
): LineCredit[] {
  const worth = new Map(billed.map((line) => [keyOf(line), worthOfAllowance(line)]));
  const kept = unused.map((credit) => Math.min(credit.amount, worth.get(keyOf(credit)) ?? credit.amount));
  const lost = unused.map(({ amount }, index) => amount - (kept[index] ?? 0));
  const needed = Math.min(Math.max(0, newGross - sum(kept)), sum(lost));
  const restored = needed === 0 ? [] : allocate(needed, lost);
  return unused.map((credit, index) => ({ ...credit, amount: (kept[index] ?? 0) + (restored[index] ?? 0) }));
}

function worthOfAllowance({ gross, allowance }: BilledLine): number {
  if (allowance === null || allowance.included <= 0) return gross;
  const left = Math.min(Math.max(0, allowance.included - allowance.used), allowance.included);
  return applyFraction(gross, left, allowance.included);
}

function keyOf({ order, line }: { readonly order: OrderId; readonly line: string }): string {
  return `${order}/${line}`;
}

function positive(all: readonly LineCredit[]): LineCredit[] {
  return all.filter(({ amount }) => amount > 0);
}

function second(at: string): number {
  return Math.floor(Date.parse(at) / 1_000);
}
