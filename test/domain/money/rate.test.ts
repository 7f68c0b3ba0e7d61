import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isFailure } from '../../../domain/failures.ts';
import {
  addRates,
  assertRate,
  formatPercent,
  formatRate,
  parsePercent,
  parseRate,
  zeroRate,
} from '../../../domain/money/rate.ts';
import { propertyRuns } from '../../support/property-runs.ts';

const rate = fc.record({ amount: fc.nat({ max: 10_000_000 }), scale: fc.nat({ max: 8 }) });

describe('rates', () => {
  it.each([
    ['0.19', { amount: 19, scale: 2 }, '19 %'],
    ['0.09975', { amount: 9975, scale: 5 }, '9.975 %'],
    ['0.255', { amount: 255, scale: 3 }, '25.5 %'],
    ['0.1', { amount: 1, scale: 1 }, '10 %'],
    ['0', { amount: 0, scale: 0 }, '0 %'],
    ['1', { amount: 1, scale: 0 }, '100 %'],
    ['0.005', { amount: 5, scale: 3 }, '0.5 %'],
  ])('reads %s, writes it back and prints it', (text, parsed, percent) => {
    expect(parseRate(text)).toEqual(parsed);
    expect(formatRate(parsed)).toBe(text);
    expect(formatPercent(parsed)).toBe(percent);
  });

  it('drops trailing zeros', () => {
    expect(parseRate('0.1900')).toEqual({ amount: 19, scale: 2 });
    expect(formatRate({ amount: 1900, scale: 4 })).toBe('0.19');
    expect(formatRate({ amount: 100, scale: 1 })).toBe('10');
    expect(formatRate({ amount: 0, scale: 3 })).toBe('0');
  });

  it.each(['', '.5', '5.', '-0.1', '1e3', '0,19', ' 0.19', '0.12345678901', '9007199254740993', '9007199254740.1234'])(
    'refuses %j',
    (text) => {
      expect(() => parseRate(text)).toThrow(
        expect.objectContaining({
          code: 'money.rate_invalid',
          message: expect.stringMatching(/^("|not a rate: \d)/) as unknown,
        }),
      );
    },
  );

  it('survives writing and reading for every rate', () => {
    fc.assert(
      fc.property(rate, (r) => {
        const again = parseRate(formatRate(r));
        expect(BigInt(again.amount) * 10n ** BigInt(r.scale)).toBe(BigInt(r.amount) * 10n ** BigInt(again.scale));
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('adds exactly, in any order', () => {
    fc.assert(
      fc.property(rate, rate, (a, b) => {
        const total = addRates(a, b);
        expect(total).toEqual(addRates(b, a));
        const scaled = ({ amount, scale }: { amount: number; scale: number }) =>
          BigInt(amount) * 10n ** BigInt(8 - scale);
        expect(scaled(total)).toBe(scaled(a) + scaled(b));
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('refuses a sum that is no safe integer', () => {
    try {
      addRates({ amount: Number.MAX_SAFE_INTEGER, scale: 0 }, { amount: 1, scale: 5 });
      expect('no failure').toBe('a failure');
    } catch (error) {
      expect(isFailure(error, 'money.rate_invalid')).toBe(true);
    }
  });

  it.each([
    [{ amount: -1, scale: 0 }],
    [{ amount: 0.5, scale: 0 }],
    [{ amount: 1, scale: -1 }],
    [{ amount: 1, scale: 0.5 }],
  ])('are non-negative integers over a power of ten, and not %j', (given) => {
    expect(() => assertRate(given)).toThrow(
      expect.objectContaining({ message: `not a rate: ${given.amount} with scale ${given.scale}` }),
    );
  });

  it('are 0 as zeroRate', () => {
    expect(assertRate(zeroRate)).toEqual({ amount: 0, scale: 0 });
    expect(addRates(zeroRate, { amount: 19, scale: 2 })).toEqual({ amount: 19, scale: 2 });
  });

  it('reads percentages', () => {
    expect(parsePercent('12.5')).toEqual({ amount: 125, scale: 3 });
    expect(formatRate(parsePercent('100'))).toBe('1');
    expect(() => parsePercent('ten')).toThrow(expect.objectContaining({ code: 'money.rate_invalid' }));
  });
});
