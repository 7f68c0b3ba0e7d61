import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Price, Product, Recurrence } from '../../../domain/catalog/catalog.ts';
import { sum } from '../../../domain/money/money.ts';
import { componentQuantity, isBundle, splitBundle, standAloneValue } from '../../../domain/pricing/bundle.ts';
import { currenciesOf, termsIn } from '../../../domain/pricing/price-in-currency.ts';
import { propertyRuns } from '../../support/property-runs.ts';

const price = (part: Partial<Price> = {}): Price => ({
  ...{ id: 'p', product: 'book', currency: 'EUR', taxBehavior: 'inclusive', recurring: null },
  scheme: { type: 'per_unit', amount: 1000 },
  currencyOptions: {},
  ...part,
});
const monthly: Recurrence = { interval: 'month', count: 1, usage: 'licensed', meter: null };
const once = { currency: 'EUR', taxBehavior: 'inclusive', recurring: null } as const;

describe('the stand-alone value of a component', () => {
  it('is the list amount of its own price at the quantity', () => {
    expect(standAloneValue([price()], 3, once)).toBe(3000);
    const packs = price({ scheme: { type: 'package', size: 2, amount: 1500 } });
    expect(standAloneValue([packs], 3, once)).toBe(3000);
  });

  it('is the lowest of several', () => {
    const cheap = price({ id: 'cheap', scheme: { type: 'flat', amount: 2500 } });
    expect(standAloneValue([price(), cheap], 3, once)).toBe(2500);
    expect(standAloneValue([price(), cheap], 2, once)).toBe(2000);
  });

  it('may be in a further currency of a price, with the tax behaviour of that currency', () => {
    const both = price({
      currencyOptions: { USD: { taxBehavior: 'exclusive', scheme: { type: 'flat', amount: 700 } } },
    });
    expect(standAloneValue([both], 1, { ...once, currency: 'USD', taxBehavior: 'exclusive' })).toBe(700);
    expect(standAloneValue([both], 1, { ...once, currency: 'USD' })).toBeNull();
  });

  it.each<[string, Price]>([
    ['another currency', price({ currency: 'USD' })],
    ['another tax behaviour', price({ taxBehavior: 'exclusive' })],
    ['a subscription', price({ recurring: monthly })],
    ['amounts beyond the safe integers', price({ scheme: { type: 'per_unit', amount: 2 ** 52 } })],
    [
      'no tier for the quantity',
      price({ scheme: { type: 'volume', tiers: [{ upTo: 1, unitAmount: 1, flatAmount: 0 }] } }),
    ],
  ])('is not known from a price with %s', (_, other) => {
    expect(standAloneValue([other], 4, once)).toBeNull();
    expect(standAloneValue([other, price()], 4, once)).toBe(4000);
  });

  it('of a bundle sold by the month is what the component costs by the month', () => {
    const sale = { ...once, recurring: monthly };
    const yearly = { ...monthly, interval: 'year' } as const;
    const quarterly = { ...monthly, count: 3 };
    const metered: Recurrence = { ...monthly, usage: 'metered', meter: 'calls' };
    expect(standAloneValue([price({ recurring: monthly })], 2, sale)).toBe(2000);
    for (const recurring of [null, yearly, quarterly, metered])
      expect(standAloneValue([price({ recurring })], 2, sale)).toBeNull();
  });

  it('is unknown without prices', () => {
    expect(standAloneValue([], 1, once)).toBeNull();
  });
});

describe('splitBundle', () => {
  it('splits by stand-alone value, the odd cents to the largest remainders', () => {
    expect(splitBundle({ list: 10_000, discount: 1000 }, [3000, 1500, 4500])).toEqual([
      { list: 3333, discount: 333 },
      { list: 1667, discount: 167 },
      { list: 5000, discount: 500 },
    ]);
  });

  it('gives nothing to what costs nothing alone, and does not split by nothing', () => {
    expect(splitBundle({ list: 999, discount: 0 }, [0, 5])).toEqual([
      { list: 0, discount: 0 },
      { list: 999, discount: 0 },
    ]);
    expect(splitBundle({ list: 1, discount: 0 }, [0, 0])).toBeNull();
    expect(splitBundle({ list: 0, discount: 0 }, [0, 0])).toEqual([
      { list: 0, discount: 0 },
      { list: 0, discount: 0 },
    ]);
  });

  it('conserves both amounts, and no part is discounted by more than it costs', () => {
    const amount = fc.nat({ max: 1_000_000_000_000 });
    const values = fc.array(fc.nat({ max: 1_000_000_000 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(amount, fc.nat({ max: 1_000_000 }), values, (list, millionths, weights) => {
        const discount = Math.floor((list / 1_000_000) * millionths);
        const parts = splitBundle({ list, discount }, weights);
        if (parts === null) {
          expect(list > 0 && sum(weights) === 0).toBe(true);
          return;
        }
        expect(parts).toHaveLength(weights.length);
        expect(sum(parts.map((part) => part.list))).toBe(list);
        expect(sum(parts.map((part) => part.discount))).toBe(discount);
        for (const part of parts) {
          expect(part.discount).toBeGreaterThanOrEqual(0);
          expect(part.discount).toBeLessThanOrEqual(part.list);
        }
      }),
      { numRuns: propertyRuns() },
    );
  });
});

describe('a bundle', () => {
  const product = (components: Product['components']): Product => ({
    ...{ id: 'x', sellerId: 's', name: 'X', taxClass: 'saas', delivery: [] },
    components,
  });

  it('is a product with components', () => {
    expect(isBundle(product([]))).toBe(false);
    expect(isBundle(product([{ product: 'book', quantity: 1 }]))).toBe(true);
  });

  it('holds each component as often as it is sold', () => {
    expect(componentQuantity(3, 4)).toBe(12);
    expect(() => componentQuantity(2 ** 40, 2 ** 40)).toThrow(expect.objectContaining({ code: 'money.amount_unsafe' }));
  });
});

describe('a price in several currencies', () => {
  const dollars = { taxBehavior: 'exclusive', scheme: { type: 'flat', amount: 700 } } as const;
  const both = price({ currencyOptions: { USD: dollars } });

  it('has the terms of the currency that is asked for, and none of others', () => {
    expect(termsIn(both, 'EUR')).toEqual({ taxBehavior: 'inclusive', scheme: { type: 'per_unit', amount: 1000 } });
    expect(termsIn(both, 'USD')).toEqual(dollars);
    expect(termsIn(both, 'GBP')).toBeNull();
  });

  it('lists its currencies, its own first', () => {
    expect(currenciesOf(both)).toEqual(['EUR', 'USD']);
  });
});
