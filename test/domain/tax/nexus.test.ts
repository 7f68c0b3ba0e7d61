import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isFailure } from '../../../domain/failures.ts';
import { usStates } from '../../../domain/tax/data/us-states.ts';
import { nearestNexus, nexusPeriods, nexusStatus, nexusThreshold } from '../../../domain/tax/nexus.ts';
import { propertyRuns } from '../../support/property-runs.ts';

const now = '2026-11-21T12:00:00Z';
const dollars = (amount: number) => Math.round(amount * 100);
const statusIn = (state: string, amount: number, transactions = 0, at = now) =>
  nexusStatus({ state, at, salesTotals: { amount: dollars(amount), transactions } });

describe('the economic nexus of a seller in a state', () => {
  it.each([
    ['CO', 100_000],
    ['CA', 500_000],
    ['TX', 500_000],
    ['AL', 250_000],
    ['MS', 250_000],
  ])('in %s is reached at USD %i and warned of at 80 %', (state, limit) => {
    expect(statusIn(state, limit)).toBe('exceeded');
    expect(statusIn(state, limit - 0.01)).toBe('warning');
    expect(statusIn(state, limit * 0.8)).toBe('warning');
    expect(statusIn(state, limit * 0.8 - 0.01)).toBe('below');
    expect(statusIn(state, 0, 1_000_000)).toBe('below');
  });

  it.each(['AR', 'DC', 'GA', 'HI', 'MD', 'MI', 'MN', 'NE', 'NJ', 'NV', 'OH', 'RI', 'VT', 'VA', 'WV'])(
    'in %s is also reached by 200 sales of any size',
    (state) => {
      expect(statusIn(state, 1, 200)).toBe('exceeded');
      expect(statusIn(state, 1, 199)).toBe('warning');
      expect(statusIn(state, 1, 160)).toBe('warning');
      expect(statusIn(state, 1, 159)).toBe('below');
      expect(statusIn(state, 100_000, 1)).toBe('exceeded');
    },
  );

  it.each([
    ['NY', 500_000, 100],
    ['CT', 100_000, 200],
  ])('in %s needs both limbs: USD %i and %i sales', (state, amount, transactions) => {
    expect(statusIn(state, amount, transactions)).toBe('exceeded');
    expect(statusIn(state, amount, transactions - 1)).toBe('warning');
    expect(statusIn(state, amount - 1, transactions)).toBe('warning');
    expect(statusIn(state, amount * 10, transactions * 0.8 - 1)).toBe('below');
    expect(statusIn(state, amount * 0.8 - 1, transactions * 10)).toBe('below');
  });

  it.each([
    ['IL', '2026-01-01T06:00Z'],
    ['UT', '2025-07-01T06:00Z'],
    ['AK', '2025-01-01T09:00Z'],
    ['NC', '2024-07-01T04:00Z'],
    ['WY', '2024-07-01T06:00Z'],
    ['IN', '2024-01-01T05:00Z'],
    ['SD', '2023-07-01T05:00Z'],
    ['LA', '2023-08-01T05:00Z'],
    ['KY', '2026-08-01T04:00Z'],
    ['ME', '2022-01-01T05:00Z'],
    ['WI', '2021-02-20T06:00Z'],
  ])('in %s stopped counting sales at %s', (state, midnight) => {
    const minute = (offset: number) => new Date(Date.parse(midnight) + offset * 60_000).toISOString();
    expect(statusIn(state, 1, 200, minute(-1))).toBe('exceeded');
    expect(statusIn(state, 1, 200, minute(1))).toBe('below');
  });

  it.each(['DE', 'MT', 'NH', 'OR'])('is impossible in %s, which has no sales tax', (state) => {
    expect(statusIn(state, 9_000_000, 1_000_000)).toBe('below');
  });

  it.each([
    ['FL', '2021-06-30T12:00:00Z', 'below'],
    ['MO', '2022-12-31T12:00:00Z', 'below'],
    ['KS', '2021-06-30T12:00:00Z', 'exceeded'],
    ['TN', '2020-09-30T12:00:00Z', 'below'],
    ['AZ', '2020-12-31T12:00:00Z', 'warning'],
  ])('in %s was another on %s: %s at USD 120,000', (state, at, status) => {
    expect(statusIn(state, 120_000, 1, at)).toBe(status);
  });

  it('reads the state in any spelling and refuses one that is none', () => {
    expect(nexusThreshold({ state: 'us-tx', at: now }).amount).toBe(50_000_000);
    expect(() => statusIn('ZZ', 1)).toThrow(expect.objectContaining({ code: 'tax.region_required' }));
    expect(() => statusIn('TX', 1, 0, '2019-06-01T00:00:00Z')).toThrow(
      expect.objectContaining({
        code: 'tax.data_missing',
        message: 'No nexus threshold is on file for US-TX on 2019-05-31',
      }),
    );
    expect.assertions(4);
    try {
      statusIn('TX', 0.001);
      nexusStatus({ state: 'TX', at: now, salesTotals: { amount: 0.5, transactions: 0 } });
    } catch (error) {
      expect(isFailure(error, 'money.amount_unsafe')).toBe(true);
    }
  });

  it('never falls when the sales rise', () => {
    const rank = { below: 0, warning: 1, exceeded: 2 } as const;
    const total = fc.integer({ min: 0, max: 100_000_000 });
    const sales = fc.integer({ min: 0, max: 400 });
    fc.assert(
      fc.property(
        fc.constantFrom(...usStates),
        total,
        sales,
        total,
        sales,
        (state, amount, transactions, more, also) => {
          const less = nexusStatus({ state, at: now, salesTotals: { amount, transactions } });
          const rising = { amount: amount + more, transactions: transactions + also };
          expect(rank[nexusStatus({ state, at: now, salesTotals: rising })]).toBeGreaterThanOrEqual(rank[less]);
        },
      ),
      { numRuns: propertyRuns() },
    );
  });
});

describe('the periods that a state counts', () => {
  it.each([
    ['CO', '2026-11-21T12:00:00Z', '2025-01-01–2026-01-01 2026-01-01–2027-01-01'],
    ['FL', '2026-11-21T12:00:00Z', '2025-01-01–2026-01-01 2026-01-01–2027-01-01'],
    ['TX', '2026-11-21T12:00:00Z', '2025-11-22–2026-11-22'],
    ['TX', '2024-02-29T12:00:00Z', '2023-03-01–2024-03-01'],
    ['TX', '2025-02-28T12:00:00Z', '2024-02-29–2025-03-01'],
    ['CT', '2026-09-30T12:00:00Z', '2024-10-01–2025-10-01 2025-10-01–2026-10-01'],
    ['CT', '2026-10-01T12:00:00Z', '2025-10-01–2026-10-01 2026-10-01–2027-10-01'],
    // Still the old year in Los Angeles.
    ['CA', '2026-01-01T07:59:00Z', '2024-01-01–2025-01-01 2025-01-01–2026-01-01'],
  ])('in %s at %s are %s', (state, at, periods) => {
    expect(
      nexusPeriods({ state, at })
        .map(({ from, to }) => `${from}–${to}`)
        .join(' '),
    ).toBe(periods);
  });

  it('give the most urgent of their answers', () => {
    expect(nearestNexus([])).toBe('below');
    expect(nearestNexus(['below', 'below'])).toBe('below');
    expect(nearestNexus(['warning', 'below'])).toBe('warning');
    expect(nearestNexus(['below', 'exceeded', 'warning'])).toBe('exceeded');
  });
});
