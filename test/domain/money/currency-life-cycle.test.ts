import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  refundConversion,
  requireSoldCurrency,
  retiredProblem,
  retirementOf,
} from '../../../domain/money/currency-life-cycle.ts';
import { retiredCurrencies } from '../../../domain/money/data/retired-currencies.ts';
import { isCurrency, minorUnitDigits, sum } from '../../../domain/money/money.ts';
import { parseRate } from '../../../domain/money/rate.ts';
import { propertyRuns } from '../../support/property-runs.ts';

/** The first instant in the successor, by the clocks of the country. */
const ends = [
  ['HRK', 'EUR', '2022-12-31T23:00:00.000Z'],
  ['BGN', 'EUR', '2025-12-31T22:00:00.000Z'],
  ['ANG', 'XCG', '2025-03-31T04:00:00.000Z'],
  ['SLL', 'SLE', '2024-01-01T00:00:00.000Z'],
  ['ZWL', 'ZWG', '2024-04-07T22:00:00.000Z'],
] as const;
const minutesAfter = (at: string, minutes: number) => new Date(Date.parse(at) + minutes * 60_000).toISOString();
const refund = (amount: number, currency: string, at: string, refundedBefore = 0) =>
  refundConversion({ amount: { amount, currency }, refundedBefore, at });

describe('a currency that has ended', () => {
  it.each(ends)('%s is sold in until a minute before it is %s, and not from then on', (currency, successor, at) => {
    expect(retirementOf(currency, minutesAfter(at, -1))).toBeNull();
    expect(() => requireSoldCurrency(currency, minutesAfter(at, -1), 'currency')).not.toThrow();
    for (const later of [at, minutesAfter(at, 1), '2030-01-01T00:00:00.000Z']) {
      expect(retirementOf(currency, later)?.successor).toBe(successor);
      expect(() => requireSoldCurrency(currency, later, 'currencyOptions.X')).toThrow(
        expect.objectContaining({
          code: 'price.currency_retired',
          problems: [{ path: 'currencyOptions.X', message: expect.stringContaining(successor) as unknown }],
        }),
      );
      expect(retiredProblem(currency, later, 'x')).toEqual({
        path: 'x',
        message: expect.stringMatching(`${currency} ended on 20..-..-..; sell in ${successor}`) as unknown,
      });
    }
  });

  it('is still one whose digits are known, and so is its successor', () => {
    for (const { currency, successor } of retiredCurrencies) {
      expect(isCurrency(currency)).toBe(true);
      expect(minorUnitDigits(currency)).toBe(2);
      expect(isCurrency(successor)).toBe(true);
      expect(retirementOf(successor, '2030-01-01T00:00:00.000Z')).toBeNull();
    }
  });

  it('has one row each, with a rate above 0', () => {
    expect(new Set(retiredCurrencies.map(({ currency }) => currency)).size).toBe(retiredCurrencies.length);
    for (const { rate } of retiredCurrencies) expect(parseRate(rate).amount).toBeGreaterThan(0);
  });

  it('leaves others alone', () => {
    for (const currency of ['EUR', 'USD', 'JPY'])
      expect(retiredProblem(currency, '2030-01-01T00:00:00Z', 'x')).toBeNull();
  });
});

describe('a refund', () => {
  const at = '2026-11-21T10:00:00.000Z';

  it.each([
    ['BGN', 19_558, 'EUR', 10_000],
    ['BGN', 19_559, 'EUR', 10_000],
    ['BGN', 1, 'EUR', 1],
    ['BGN', 100_000, 'EUR', 51_129],
    ['HRK', 75_345, 'EUR', 10_000],
    ['HRK', 3, 'EUR', 0],
    ['HRK', 4, 'EUR', 1],
    ['ANG', 4999, 'XCG', 4999],
    ['SLL', 499, 'SLE', 0],
    ['SLL', 500, 'SLE', 1],
    ['ZWL', 24_987_242, 'ZWG', 10_000],
  ])('of %s %d is paid in %s as %d', (currency, amount, successor, paid) => {
    const conversion = refund(amount, currency, at);
    expect(conversion.paid).toEqual({ amount: paid, currency: successor });
    expect(conversion.rate).toBe(retiredCurrencies.find((row) => row.currency === currency)?.rate);
    expect(conversion.source).not.toBe('');
  });

  it('is paid in the currency of the charge while there is one', () => {
    expect(refund(4999, 'BGN', '2025-12-31T21:59:59.999Z')).toEqual({
      paid: { amount: 4999, currency: 'BGN' },
      rate: null,
      source: null,
    });
    expect(refund(4999, 'JPY', at, 7)).toEqual({ paid: { amount: 4999, currency: 'JPY' }, rate: null, source: null });
  });

  it('in parts pays what the whole would have, whatever the parts', () => {
    const parts = fc.array(fc.nat({ max: 10_000_000 }), { minLength: 1, maxLength: 12 });
    const currency = fc.constantFrom(...retiredCurrencies.map((row) => row.currency));
    fc.assert(
      fc.property(currency, parts, (from, amounts) => {
        let before = 0;
        const paid = amounts.map((amount) => {
          const part = refund(amount, from, at, before).paid.amount;
          before += amount;
          expect(part).toBeGreaterThanOrEqual(0);
          return part;
        });
        expect(sum(paid)).toBe(refund(sum(amounts), from, at).paid.amount);
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('leaves no range of safe integers', () => {
    expect(() => refund(1, 'BGN', at, Number.MAX_SAFE_INTEGER)).toThrow(
      expect.objectContaining({ code: 'money.amount_unsafe' }),
    );
  });
});
