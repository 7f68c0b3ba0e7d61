import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { PriceScheme } from '../../../domain/catalog/catalog.ts';
import { listAmount, schemeProblems } from '../../../domain/pricing/price-scheme.ts';
import { propertyRuns } from '../../support/property-runs.ts';

const tiers = [
  { upTo: 10, unitAmount: 1000, flatAmount: 0 },
  { upTo: 50, unitAmount: 800, flatAmount: 500 },
  { upTo: null, unitAmount: 500, flatAmount: 2500 },
];
const volume: PriceScheme = { type: 'volume', tiers };
const graduated: PriceScheme = { type: 'graduated', tiers };

/** The definition, unit by unit: slow, and written without the arithmetic under test. */
function oracle(scheme: PriceScheme, quantity: number): number {
  let total = 0;
  const reached = new Set<unknown>();
  const tierOf = (unit: number) =>
    'tiers' in scheme ? scheme.tiers.find(({ upTo }) => unit <= (upTo ?? Infinity)) : undefined;
  for (let unit = 1; unit <= quantity; unit += 1) {
    if (scheme.type === 'flat') total = scheme.amount;
    if (scheme.type === 'per_unit') total += scheme.amount;
    if (scheme.type === 'package' && (unit - 1) % scheme.size === 0) total += scheme.amount;
    if (scheme.type === 'volume' || scheme.type === 'graduated') {
      const tier = tierOf(scheme.type === 'volume' ? quantity : unit);
      total += (tier?.unitAmount ?? NaN) + (reached.has(tier) ? 0 : (tier?.flatAmount ?? NaN));
      reached.add(tier);
    }
  }
  return total;
}

const amount = fc.nat({ max: 100_000 });
const tierList = fc
  .tuple(fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), amount, amount), { maxLength: 6 }), amount, amount)
  .map(([closed, unitAmount, flatAmount]) => {
    let upTo = 0;
    const list = closed.map(([width, unit, flat]) => ({ upTo: (upTo += width), unitAmount: unit, flatAmount: flat }));
    return [...list, { upTo: null, unitAmount, flatAmount }];
  });
const scheme: fc.Arbitrary<PriceScheme> = fc.oneof(
  amount.map((value) => ({ type: 'flat' as const, amount: value })),
  amount.map((value) => ({ type: 'per_unit' as const, amount: value })),
  fc.tuple(fc.integer({ min: 1, max: 30 }), amount).map(([size, value]) => ({
    type: 'package' as const,
    size,
    amount: value,
  })),
  tierList.map((list) => ({ type: 'volume' as const, tiers: list })),
  tierList.map((list) => ({ type: 'graduated' as const, tiers: list })),
);

describe('listAmount', () => {
  it('agrees with counting unit by unit for every scheme and quantity', () => {
    fc.assert(
      fc.property(scheme, fc.integer({ min: 1, max: 300 }), (s, quantity) => {
        expect(listAmount(s, quantity)).toBe(oracle(s, quantity));
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('agrees with counting unit by unit at every tier edge and one beside it', () => {
    fc.assert(
      fc.property(scheme, (s) => {
        const edges = 'tiers' in s ? s.tiers.map(({ upTo }) => upTo ?? 0) : 'size' in s ? [s.size, 2 * s.size] : [2];
        const quantities = edges.flatMap((edge) => [edge - 1, edge, edge + 1]).filter((quantity) => quantity > 0);
        for (const quantity of quantities) expect(listAmount(s, quantity)).toBe(oracle(s, quantity));
      }),
      { numRuns: propertyRuns() },
    );
  });

  it.each([
    [1, 1000],
    [9, 9000],
    [10, 10_000],
    [11, 9300],
    [49, 39_700],
    [50, 40_500],
    [51, 28_000],
  ])('volume: %d units all cost what their tier says: %d', (quantity, expected) => {
    expect(listAmount(volume, quantity)).toBe(expected);
  });

  it.each([
    [1, 1000],
    [9, 9000],
    [10, 10_000],
    [11, 11_300],
    [49, 41_700],
    [50, 42_500],
    [51, 45_500],
  ])('graduated: %d units cost tier by tier, flat amounts as tiers are reached: %d', (quantity, expected) => {
    expect(listAmount(graduated, quantity)).toBe(expected);
  });

  it.each([
    [1, 900],
    [11, 900],
    [12, 900],
    [13, 1800],
    [24, 1800],
    [25, 2700],
  ])('package: %d units are begun dozens: %d', (quantity, expected) => {
    expect(listAmount({ type: 'package', size: 12, amount: 900 }, quantity)).toBe(expected);
  });

  it('asks the flat amount once, whatever the quantity', () => {
    expect(listAmount({ type: 'flat', amount: 4900 }, 1)).toBe(4900);
    expect(listAmount({ type: 'flat', amount: 4900 }, 7)).toBe(4900);
  });

  it.each([0, -1, 1.5, Number.NaN, Infinity, 2 ** 53])('refuses the quantity %d', (quantity) => {
    for (const s of [volume, graduated, { type: 'flat', amount: 1 } as const])
      expect(() => listAmount(s, quantity)).toThrow(
        expect.objectContaining({
          code: 'price.quantity_invalid',
          message: `a quantity is a positive integer, not ${quantity}`,
        }),
      );
  });

  it('refuses a quantity that no tier holds', () => {
    const closed = [{ upTo: 10, unitAmount: 1, flatAmount: 0 }];
    for (const type of ['volume', 'graduated'] as const) {
      expect(listAmount({ type, tiers: closed }, 10)).toBe(10);
      expect(() => listAmount({ type, tiers: closed }, 11)).toThrow(
        expect.objectContaining({
          code: 'price.quantity_invalid',
          message: 'no tier of this price holds the quantity 11',
        }),
      );
    }
  });

  it('refuses amounts beyond the safe integers instead of rounding them', () => {
    expect(() => listAmount({ type: 'per_unit', amount: Number.MAX_SAFE_INTEGER }, 2)).toThrow(
      expect.objectContaining({ code: 'money.amount_unsafe' }),
    );
  });
});

describe('schemeProblems', () => {
  it('finds nothing wrong with any well-formed scheme', () => {
    fc.assert(
      fc.property(scheme, (s) => {
        expect(schemeProblems(s)).toEqual([]);
      }),
      { numRuns: propertyRuns() },
    );
  });

  const tier = (upTo: number | null, unitAmount = 1, flatAmount = 0) => ({ upTo, unitAmount, flatAmount });
  it.each<[string, PriceScheme, string[]]>([
    ['a negative amount', { type: 'flat', amount: -1 }, ['scheme.amount']],
    ['a fraction of a cent', { type: 'per_unit', amount: 0.5 }, ['scheme.amount']],
    ['an empty package', { type: 'package', size: 0, amount: 5 }, ['scheme.size']],
    ['no tiers', { type: 'volume', tiers: [] }, ['scheme.tiers']],
    ['a closed last tier', { type: 'volume', tiers: [tier(10)] }, ['scheme.tiers[0].upTo']],
    ['an open tier before the last', { type: 'graduated', tiers: [tier(null), tier(null)] }, ['scheme.tiers[0].upTo']],
    ['equal bounds', { type: 'volume', tiers: [tier(5), tier(5), tier(null)] }, ['scheme.tiers[1].upTo']],
    ['falling bounds', { type: 'volume', tiers: [tier(5), tier(4), tier(null)] }, ['scheme.tiers[1].upTo']],
    ['a first bound of zero', { type: 'volume', tiers: [tier(0), tier(null)] }, ['scheme.tiers[0].upTo']],
    [
      'bad tier amounts',
      { type: 'volume', tiers: [tier(1, -1), tier(null, 1, 0.1)] },
      ['scheme.tiers[0].unitAmount', 'scheme.tiers[1].flatAmount'],
    ],
  ])('names the path of %s', (_, s, paths) => {
    const problems = schemeProblems(s);
    expect(problems.map(({ path }) => path)).toEqual(paths);
    expect(schemeProblems(s, 'x').map(({ path }) => path)).toEqual(paths.map((path) => path.replace('scheme', 'x')));
    expect(problems.map(({ message }) => message).join()).toMatch(/^(must be|needs|only the last|the last tier)/);
  });

  it('says what would be right', () => {
    const messages = (s: PriceScheme) => schemeProblems(s).map(({ message }) => message);
    const bounds = (...all: (number | null)[]): PriceScheme => ({ type: 'volume', tiers: all.map((to) => tier(to)) });
    expect(messages({ type: 'flat', amount: -1 })).toEqual(['must be a non-negative integer in minor units']);
    expect(messages({ type: 'package', size: 0.5, amount: 1 })).toEqual(['must be a positive integer']);
    expect(messages(bounds())).toEqual(['needs at least one tier']);
    expect(messages(bounds(10))).toEqual(['the last tier is open: upTo must be null']);
    expect(messages(bounds(null, null))).toEqual(['only the last tier may be open']);
    expect(messages(bounds(0.5, null))).toEqual(['must be an integer']);
    expect(messages(bounds(0, null))).toEqual(['must be greater than 0']);
    expect(messages(bounds(5, 5, null))).toEqual(['must be greater than 5']);
  });

  it('takes amounts of 0, packages of one and bounds one apart', () => {
    expect(schemeProblems({ type: 'flat', amount: 0 })).toEqual([]);
    expect(schemeProblems({ type: 'package', size: 1, amount: 0 })).toEqual([]);
    expect(schemeProblems({ type: 'graduated', tiers: [tier(1), tier(2), tier(null, 0, 0)] })).toEqual([]);
  });
});
