import { describe, expect, it } from '@jest/globals';
import { waivedChanges } from '../../../domain/subscription/data/small-balance-policy.ts';
import { mayWaiveChange, smallBalance } from '../../../domain/subscription/small-balance.ts';
import { checkSeries } from '../../../domain/tax/check-tax-data.ts';

describe('what is waived of an amount that is due', () => {
  it.each([
    ['all of it below what the card takes', 49, [50], 49],
    ['nothing from there on', 50, [50], 0],
    ['nothing where the other method on file takes it', 49, [50, 1], 0],
    ['all of it where both want more', 49, [50, 60], 49],
    ['what the one that can be charged says, where no gateway takes the other', 49, [0, 50], 49],
    ['nothing where no gateway takes any', 49, [0, 0], 0],
    ['nothing where nothing is on file', 49, [], 0],
    ['nothing of nothing', 0, [50], 0],
  ])('is %s', (_, due, leastCharges, waived) => {
    expect(smallBalance(due, leastCharges)).toBe(waived);
  });
});

describe('a change', () => {
  const before = '2026-06-10T12:00:00.000Z';

  it('is waived where none was before, and again from the thirtieth day on', () => {
    expect(mayWaiveChange(undefined, before)).toBe(true);
    expect(mayWaiveChange(before, '2026-07-10T11:59:59.999Z')).toBe(false);
    expect(mayWaiveChange(before, '2026-07-10T12:00:00.000Z')).toBe(true);
  });

  it('is held to the policy of its own day, and to none before there was one', () => {
    const [policy] = waivedChanges;
    if (policy === undefined) throw new Error('there is no policy of waived changes');
    const dated = [
      { ...policy, validTo: '2026-07-01' },
      { ...policy, days: 1, validFrom: '2026-07-01' },
    ];
    expect(mayWaiveChange(before, '2026-06-30T23:59:59.999Z', dated)).toBe(false);
    expect(mayWaiveChange(before, '2026-07-01T00:00:00.000Z', dated)).toBe(true);
    expect(mayWaiveChange(undefined, '2019-12-31T23:59:59.999Z')).toBe(false);
  });

  it('is limited by one row at a time, which says that it is our own policy', () => {
    const rows = waivedChanges;
    expect(checkSeries({ table: 'small-balance-policy', series: 'days', rows }, '2026-11-21')).toEqual([]);
    expect(rows.map(({ source }) => source)).toEqual(['our own policy']);
  });
});
