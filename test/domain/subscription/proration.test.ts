import { describe, expect, it } from '@jest/globals';
import {
  changeShare,
  planChange,
  remainingShare,
  shareOf,
  unusedCredit,
} from '../../../domain/subscription/proration.ts';
import type { BilledLine } from '../../../domain/subscription/proration.ts';

/** 30 days. */
const period = { start: '2027-06-01T00:00:00.000Z', end: '2027-07-01T00:00:00.000Z' };
const half = '2027-06-16T00:00:00.000Z';

function billedLine(change: Partial<BilledLine> = {}): BilledLine {
  return {
    item: '1',
    order: 'ord_A',
    line: '1',
    gross: 1_000,
    credited: 0,
    paidFor: period,
    replacedAt: null,
    allowance: null,
    ...change,
  };
}

describe('what is left of a period', () => {
  it('is counted in whole seconds', () => {
    expect(remainingShare(period, half)).toEqual({ seconds: 15 * 86_400, of: 30 * 86_400 });
    expect(remainingShare(period, '2027-06-16T00:00:00.999Z')).toEqual(remainingShare(period, half));
  });

  it('is everything before it begins and nothing from its end on', () => {
    expect(remainingShare(period, '2027-05-01T00:00:00Z')).toEqual({ seconds: 2_592_000, of: 2_592_000 });
    expect(remainingShare(period, period.end)).toEqual({ seconds: 0, of: 2_592_000 });
    expect(remainingShare(period, '2028-01-01T00:00:00Z').seconds).toBe(0);
  });

  it('follows the days of the month that was paid for', () => {
    const february = { start: '2027-02-01T00:00:00Z', end: '2027-03-01T00:00:00Z' };
    expect(remainingShare(february, '2027-02-15T00:00:00Z')).toEqual({ seconds: 14 * 86_400, of: 28 * 86_400 });
  });
});

describe('a share of several lines', () => {
  it('leaves the residual to the last line', () => {
    expect(shareOf([100, 100, 100], { seconds: 1, of: 3 })).toEqual([33, 34, 33]);
    expect(shareOf([1, 1, 1, 1], { seconds: 1, of: 2 })).toEqual([1, 0, 1, 0]);
  });

  it('works in currencies without and with three decimals', () => {
    expect(shareOf([500], { seconds: 15, of: 31 })).toEqual([242]);
    expect(shareOf([12_345], { seconds: 15, of: 31 })).toEqual([5_973]);
  });
});

describe('the credit of unused time', () => {
  it('is the unused share of the line as it was billed', () => {
    expect(unusedCredit([billedLine()], half)).toEqual([{ item: '1', order: 'ord_A', line: '1', amount: 500 }]);
  });

  it('is never more than is left of the line', () => {
    expect(unusedCredit([billedLine({ credited: 800 })], half)[0]?.amount).toBe(200);
    expect(unusedCredit([billedLine({ credited: 1_000 })], half)).toEqual([]);
  });

  it('is measured by the time that the line paid for, not by the period', () => {
    const fromHalf = billedLine({ paidFor: { start: half, end: period.end }, gross: 600 });
    expect(unusedCredit([fromHalf], '2027-06-26T00:00:00Z')[0]?.amount).toBe(200);
  });

  it('is nothing for a line whose time another line has taken', () => {
    expect(unusedCredit([billedLine({ replacedAt: half })], '2027-06-20T00:00:00Z')).toEqual([]);
  });

  it('is nothing after the end', () => {
    expect(unusedCredit([billedLine()], period.end)).toEqual([]);
  });
});

describe('the share of the new price', () => {
  const change = { period, at: half, proration: 'prorate', newInterval: false } as const;

  it('is what is left of the period', () => {
    expect(changeShare(change)).toEqual({ seconds: 15 * 86_400, of: 30 * 86_400 });
  });

  it('is nothing without proration', () => {
    expect(changeShare({ ...change, proration: 'none' })).toEqual({ seconds: 0, of: 1 });
  });

  it('is the whole price of a new interval, whose first period begins now', () => {
    expect(changeShare({ ...change, newInterval: true, proration: 'none' })).toEqual({ seconds: 1, of: 1 });
  });
});

describe('a change of plan at once', () => {
  const facts = { billed: [billedLine()], at: half, proration: 'prorate', newGross: 1_000, balance: 0 } as const;

  it('charges an upgrade what the rest costs more: half a month from 10 to 20 is 5', () => {
    expect(planChange(facts)).toEqual({
      credits: [{ item: '1', order: 'ord_A', line: '1', amount: 500 }],
      credited: 500,
      toBalance: 0,
      fromBalance: 0,
      charge: 500,
    });
  });

  it('costs what the field agrees on: one day in, from 5 to 20 in a month of 30 days is 14.50', () => {
    const oneDayIn = { ...facts, billed: [billedLine({ gross: 500 })], at: '2027-06-02T00:00:00Z' };
    const [newGross] = shareOf([2_000], remainingShare(period, oneDayIn.at));
    expect(newGross).toBe(1_933);
    expect(planChange({ ...oneDayIn, newGross: 1_933 })).toMatchObject({ credited: 483, charge: 1_450 });
  });

  it('uses store credit before money', () => {
    expect(planChange({ ...facts, balance: 200 })).toMatchObject({ fromBalance: 200, charge: 300 });
    expect(planChange({ ...facts, balance: 900 })).toMatchObject({ fromBalance: 500, charge: 0 });
  });

  it('puts what a downgrade leaves over on the balance', () => {
    expect(planChange({ ...facts, newGross: 100 })).toMatchObject({ credited: 500, toBalance: 400, charge: 0 });
  });

  it('credits nothing without proration', () => {
    expect(planChange({ ...facts, proration: 'none', newGross: 0 })).toEqual({
      credits: [],
      credited: 0,
      toBalance: 0,
      fromBalance: 0,
      charge: 0,
    });
  });
});

describe('an allowance that was used up', () => {
  const spent = billedLine({ gross: 10_000, allowance: { included: 1_000, used: 1_000 } });
  const facts = { billed: [spent], at: half, proration: 'prorate', balance: 0 } as const;

  it('leaves nothing to give back when the plan is made smaller', () => {
    expect(planChange({ ...facts, newGross: 500 })).toMatchObject({ credited: 500, toBalance: 0, charge: 0 });
  });

  it('gives back what is left of it when that is less than the time that is left', () => {
    const partly = { ...spent, allowance: { included: 1_000, used: 800 } };
    expect(planChange({ ...facts, billed: [partly], newGross: 500 })).toMatchObject({
      credited: 2_000,
      toBalance: 1_500,
    });
  });

  it('changes nothing when more of it is left than of the time', () => {
    const hardly = { ...spent, allowance: { included: 1_000, used: 100 } };
    expect(planChange({ ...facts, billed: [hardly], newGross: 500 })).toMatchObject({ credited: 5_000 });
  });

  it('does not make an upgrade dearer, because what was used counts in the larger plan too', () => {
    expect(planChange({ ...facts, newGross: 10_000 })).toMatchObject({ credited: 5_000, charge: 5_000 });
  });

  it('leaves nothing to give back to who cancels at once', () => {
    expect(unusedCredit([spent], half)).toEqual([]);
  });

  it('counts as used up when more was used than was included', () => {
    const over = { ...spent, allowance: { included: 1_000, used: 5_000 } };
    expect(planChange({ ...facts, billed: [over], newGross: 0 })).toMatchObject({ credited: 0, toBalance: 0 });
  });
});
