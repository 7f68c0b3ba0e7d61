import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  changeShare,
  planChange,
  remainingShare,
  shareOf,
  unusedCredit,
} from '../../../domain/subscription/proration.ts';
import type { BilledLine } from '../../../domain/subscription/proration.ts';
import { propertyRuns } from '../../support/property-runs.ts';

const daySeconds = 86_400;
const start = Date.UTC(2027, 0, 31, 10, 30);

/** Prices per period with tax in minor units: yen, cents, fils. */
const priceOf = fc.oneof(
  fc.integer({ min: 0, max: 50 }),
  fc.integer({ min: 0, max: 30_000 }),
  fc.integer({ min: 0, max: 2_000_000_000 }),
);

const instant = (second: number): string => new Date(start + second * 1_000).toISOString();

interface Change {
  /** Thousandths of the period after its start. */
  readonly after: number;
  readonly prices: readonly number[];
}

const sequenceOf = fc
  .record({
    days: fc.constantFrom(1, 7, 28, 30, 31, 365),
    items: fc.integer({ min: 1, max: 4 }),
    changes: fc.array(
      fc.record({
        after: fc.integer({ min: 0, max: 1_000_000 }),
        prices: fc.array(priceOf, { minLength: 4, maxLength: 4 }),
      }),
      { minLength: 1, maxLength: 12 },
    ),
  })
  .map(({ days, items, changes }) => {
    const ordered = [...changes].sort((a, b) => a.after - b.after);
    const [first, ...rest] = ordered.map(({ after, prices }): Change => ({ after, prices: prices.slice(0, items) }));
    return { seconds: days * daySeconds, plans: [{ after: 0, prices: first?.prices ?? [] }, ...rest] };
  });

interface Account {
  readonly billed: readonly BilledLine[];
  readonly charged: number;
  readonly balance: number;
}

function billAll(prices: readonly number[], span: { start: string; end: string }, order: string): BilledLine[] {
  return prices.map((gross, index) => ({
    item: String(index + 1),
    order,
    line: String(index + 1),
    ...{ gross, credited: 0, paidFor: span, replacedAt: null, allowance: null },
  }));
}

/** As the service does it: bill the period, then for each change credit what is open and bill the rest anew. */
function play({ seconds, plans }: { readonly seconds: number; readonly plans: readonly Change[] }): Account {
  const period = { start: instant(0), end: instant(seconds) };
  const billed = billAll(plans[0]?.prices ?? [], period, 'ord_0');
  const opened = { billed, charged: billed.reduce((sum, { gross }) => sum + gross, 0), balance: 0 };
  return plans.slice(1).reduce<Account>((account, { after, prices }, index) => {
    const at = instant(Math.floor((after * seconds) / 1_000_000));
    const share = changeShare({ period, at, proration: 'prorate', newInterval: false });
    const fresh = billAll(shareOf(prices, share), { start: at, end: period.end }, `ord_${index + 1}`);
    const newGross = fresh.reduce((sum, { gross }) => sum + gross, 0);
    const open = account.billed.filter(({ replacedAt }) => replacedAt === null);
    const change = planChange({ billed: open, at, proration: 'prorate', newGross, balance: account.balance });
    const creditOf = (line: BilledLine) =>
      change.credits.find(({ order, line: name }) => order === line.order && name === line.line)?.amount ?? 0;
    expect(change.charge + change.fromBalance - change.toBalance).toBe(newGross - change.credited);
    return {
      billed: [
        ...account.billed.map((line) =>
          line.replacedAt === null ? { ...line, credited: line.credited + creditOf(line), replacedAt: at } : line,
        ),
        ...fresh,
      ],
      charged: account.charged + change.charge,
      balance: account.balance - change.fromBalance + change.toBalance,
    };
  }, opened);
}

/** What each plan costs for the seconds that it was held, by exact integers and without the code under test. */
function heldValue({ seconds, plans }: { readonly seconds: number; readonly plans: readonly Change[] }): number {
  const momentOf = ({ after }: Change) => BigInt(Math.floor((after * seconds) / 1_000_000));
  const scaled = plans.reduce((sum, plan, index) => {
    const next = plans[index + 1];
    const held = (next === undefined ? BigInt(seconds) : momentOf(next)) - momentOf(plan);
    return sum + held * plan.prices.reduce((total, price) => total + BigInt(price), 0n);
  }, 0n);
  return Number((scaled * 1_000n) / BigInt(seconds)) / 1_000;
}

describe('any sequence of changes within a period', () => {
  it('costs the time that each plan was held, to a minor unit and a half per plan', () => {
    fc.assert(
      fc.property(sequenceOf, (sequence) => {
        const { billed } = play(sequence);
        const net = billed.reduce((sum, { gross, credited }) => sum + gross - credited, 0);
        expect(Math.abs(net - heldValue(sequence))).toBeLessThanOrEqual(1.5 * sequence.plans.length);
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('never credits a line more than was billed, and keeps money and balance equal to invoices less credits', () => {
    fc.assert(
      fc.property(sequenceOf, (sequence) => {
        const { billed, charged, balance } = play(sequence);
        expect(billed.every(({ gross, credited }) => credited >= 0 && credited <= gross)).toBe(true);
        expect(balance).toBeGreaterThanOrEqual(0);
        expect(charged - balance).toBe(billed.reduce((sum, { gross, credited }) => sum + gross - credited, 0));
      }),
      { numRuns: propertyRuns() },
    );
  });
});

const moment = fc.integer({ min: 0, max: 31 * daySeconds }).map(instant);
const fullPeriod = { start: instant(0), end: instant(31 * daySeconds) };

describe('the shares of a period', () => {
  it('add up to the whole wherever it is cut', () => {
    fc.assert(
      fc.property(fc.array(priceOf, { minLength: 1, maxLength: 6 }), moment, (amounts, at) => {
        const { seconds, of } = remainingShare(fullPeriod, at);
        const rest = shareOf(amounts, { seconds, of });
        expect(rest.every((part, index) => part >= 0 && part <= (amounts[index] ?? 0))).toBe(true);
        const [total] = shareOf([amounts.reduce((sum, amount) => sum + amount, 0)], { seconds, of });
        expect(rest.reduce((sum, part) => sum + part, 0)).toBe(total);
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('credit less the later it is', () => {
    fc.assert(
      fc.property(fc.array(priceOf, { minLength: 1, maxLength: 6 }), moment, moment, (prices, one, other) => {
        const billed = billAll(prices, fullPeriod, 'ord_0');
        const credit = (at: string) => unusedCredit(billed, at).reduce((sum, { amount }) => sum + amount, 0);
        const [early, late] = one < other ? [one, other] : [other, one];
        expect(credit(early)).toBeGreaterThanOrEqual(credit(late));
      }),
      { numRuns: propertyRuns() },
    );
  });
});

describe('a downgrade after an allowance was used', () => {
  it('never gives back more than without it, never costs anything, and never less than the new lines need', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ gross: priceOf, included: fc.integer({ min: 0, max: 1_000 }), used: fc.nat(1_500) }), {
          minLength: 1,
          maxLength: 4,
        }),
        moment,
        priceOf,
        (lines, at, newGross) => {
          const plain = billAll(
            lines.map(({ gross }) => gross),
            fullPeriod,
            'ord_0',
          );
          const withAllowance = plain.map((line, index) => ({ ...line, allowance: lines[index] ?? null }));
          const facts = { at, proration: 'prorate', newGross, balance: 0 } as const;
          const without = planChange({ ...facts, billed: plain });
          const change = planChange({ ...facts, billed: withAllowance });
          expect(change.credited).toBeLessThanOrEqual(without.credited);
          expect(change.charge).toBe(without.charge);
          expect(change.credited).toBeGreaterThanOrEqual(Math.min(newGross, without.credited));
        },
      ),
      { numRuns: propertyRuns() },
    );
  });
});
