import { describe, expect, it } from '@jest/globals';
import type { PriceScheme } from '../../../domain/catalog/catalog.ts';
import { billableQuantity, plainMeter, reachedLevels } from '../../../domain/usage/meter.ts';
import { billedTooMuch, chargedUsage, usageAmount } from '../../../domain/usage/usage-charge.ts';

const tiers = [
  { upTo: 100, unitAmount: 10, flatAmount: 0 },
  { upTo: 1_000, unitAmount: 8, flatAmount: 500 },
  { upTo: null, unitAmount: 5, flatAmount: 0 },
];
const graduated: PriceScheme = { type: 'graduated', tiers };

describe('what usage costs', () => {
  it.each([
    [0, 0],
    [1, 10],
    [99, 990],
    [100, 1_000],
    [101, 1_000 + 500 + 8],
    [1_000, 1_000 + 500 + 7_200],
    [1_001, 1_000 + 500 + 7_200 + 5],
  ])('is rated tier by tier: %i units', (quantity, amount) => {
    expect(usageAmount(graduated, { quantity, billedBefore: 0 })).toBe(amount);
  });

  it.each([
    ['flat', { type: 'flat', amount: 900 }],
    ['volume', { type: 'volume', tiers }],
    ['package', { type: 'package', size: 10, amount: 50 }],
    ['per unit', { type: 'per_unit', amount: 3 }],
  ] as const)('is nothing where nothing was used, at a %s price too', (_name, scheme) => {
    expect(usageAmount(scheme, { quantity: 0, billedBefore: 0 })).toBe(0);
  });

  it('is rated in the tiers of its own period when it comes late', () => {
    expect(usageAmount(graduated, { quantity: 120, billedBefore: 90 })).toBe(1_000 + 500 + 160 - 900);
  });

  it('is given back when a correction took away what was billed', () => {
    expect(usageAmount(graduated, { quantity: 90, billedBefore: 120 })).toBe(-760);
  });
});

describe('what the next bill charges of usage', () => {
  const perUnit = { type: 'per_unit', amount: 3 } as const;
  const own = { scheme: perUnit, quantity: 10, billedBefore: 0 };

  it('is its own period in full, whatever a correction took back of the one before', () => {
    const corrected = { scheme: perUnit, quantity: 20, billedBefore: 100 };
    expect(chargedUsage([corrected, own])).toEqual({ quantity: 10, amount: 30 });
    expect(chargedUsage([corrected])).toBeNull();
    expect(billedTooMuch(corrected)).toBe(240);
    expect(billedTooMuch(own)).toBe(0);
  });

  it('is what came late besides, at the terms of its period', () => {
    const late = { scheme: { type: 'per_unit', amount: 2 }, quantity: 104, billedBefore: 100 } as const;
    expect(chargedUsage([late, own])).toEqual({ quantity: 14, amount: 38 });
  });

  it('is usage that costs nothing, as a line of nothing', () => {
    const free = { scheme: { type: 'per_unit', amount: 0 }, quantity: 5, billedBefore: 0 } as const;
    expect(chargedUsage([free])).toEqual({ quantity: 5, amount: 0 });
    expect(chargedUsage([{ ...free, quantity: 4, billedBefore: 5 }])).toBeNull();
  });

  it('follows a volume price both ways: fewer units may cost more, and more units less', () => {
    const volume = {
      type: 'volume',
      tiers: [
        { upTo: 100, unitAmount: 10, flatAmount: 0 },
        { upTo: null, unitAmount: 5, flatAmount: 0 },
      ],
    } as const;
    expect(chargedUsage([{ scheme: volume, quantity: 100, billedBefore: 101 }])).toEqual({ quantity: 1, amount: 495 });
    const more = { scheme: volume, quantity: 101, billedBefore: 100 };
    expect(chargedUsage([more])).toBeNull();
    expect(billedTooMuch(more)).toBe(495);
  });
});

describe('a meter', () => {
  it('bills up to its cap and never below zero', () => {
    expect(billableQuantity({ cap: 100 }, 120)).toBe(100);
    expect(billableQuantity({ cap: 100 }, 80)).toBe(80);
    expect(billableQuantity({ cap: null }, 120)).toBe(120);
    expect(billableQuantity({ cap: null }, -3)).toBe(0);
  });

  it('tells of the thresholds and the cap that were reached, each once, in order', () => {
    const meter = { ...plainMeter('calls'), thresholds: [80, 100], cap: 100 };
    expect(reachedLevels(meter, 79)).toEqual([]);
    expect(reachedLevels(meter, 80)).toEqual([80]);
    expect(reachedLevels({ ...meter, cap: 90 }, 100)).toEqual([80, 90, 100]);
    expect(reachedLevels(meter, 500)).toEqual([80, 100]);
  });
});
