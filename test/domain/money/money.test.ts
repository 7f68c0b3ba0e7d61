import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isFailure } from '../../../domain/failures.ts';
import {
  allocate,
  applyFraction,
  applyRate,
  assertAmount,
  formatMoney,
  isCurrency,
  minorUnitDigits,
  money,
  sum,
} from '../../../domain/money/money.ts';
import { parseRate } from '../../../domain/money/rate.ts';
import { propertyRuns } from '../../support/property-runs.ts';

const amount = fc.integer({ min: -1_000_000_000_000, max: 1_000_000_000_000 });
/** Times any `rate` below, still a safe integer. */
const ratedAmount = fc.integer({ min: -9_000_000_000, max: 9_000_000_000 });
const weights = fc.array(fc.nat({ max: 1_000_000_000 }), { minLength: 1, maxLength: 30 });
const rate = fc.record({ amount: fc.nat({ max: 1_000_000 }), scale: fc.nat({ max: 6 }) });

function failureCode(act: () => unknown): string | null {
  try {
    act();
    return null;
  } catch (error) {
    return isFailure(error) ? error.code : 'not a Failure';
  }
}

describe('allocate', () => {
  it('conserves the total for every split', () => {
    fc.assert(
      fc.property(amount, weights, (total, shares) => sum(allocate(total, shares)) === total),
      { numRuns: propertyRuns() },
    );
  });

  it('keeps every part within one unit of its exact share', () => {
    fc.assert(
      fc.property(amount, weights, (total, shares) => {
        const whole = shares.reduce((a, b) => a + b, 0);
        fc.pre(whole > 0);
        return allocate(total, shares).every((part, index) => {
          const distance = BigInt(part) * BigInt(whole) - BigInt(total) * BigInt(shares[index] ?? 0);
          return (distance < 0n ? -distance : distance) < BigInt(whole);
        });
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('mirrors negative totals, so that a credit splits as its invoice did', () => {
    fc.assert(
      fc.property(amount, weights, (total, shares) => {
        expect(allocate(-total, shares)).toEqual(allocate(total, shares).map((part) => (part === 0 ? 0 : -part)));
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('gives nothing to a weight of zero when another weight is positive', () => {
    fc.assert(
      fc.property(amount, weights, (total, shares) => {
        expect(allocate(total, [0, ...shares, 1, 0]).at(0)).toBe(0);
        expect(allocate(total, [0, ...shares, 1, 0]).at(-1)).toBe(0);
      }),
      { numRuns: propertyRuns() },
    );
  });

  it.each([
    [100, [1, 1, 1], [34, 33, 33]],
    [-100, [1, 1, 1], [-34, -33, -33]],
    [1, [1, 1], [1, 0]],
    [5, [0, 0], [3, 2]],
    [0, [], []],
    [0, [3, 4], [0, 0]],
    [10, [1, 8, 1], [1, 8, 1]],
    [99, [50, 30, 20], [49, 30, 20]],
    [Number.MAX_SAFE_INTEGER, [1, 1], [4503599627370496, 4503599627370495]],
  ])('splits %d by %j into %j', (total, shares, parts) => {
    expect(allocate(total, shares)).toEqual(parts);
  });

  it('refuses negative or unsafe weights and an amount over nothing', () => {
    expect(failureCode(() => allocate(10, [1, -1]))).toBe('money.amount_unsafe');
    expect(failureCode(() => allocate(10, [0.5, 1]))).toBe('money.amount_unsafe');
    expect(failureCode(() => allocate(10, []))).toBe('money.amount_unsafe');
    expect(failureCode(() => allocate(0.5, [1]))).toBe('money.amount_unsafe');
  });
});

describe('applyRate', () => {
  it('mirrors negatives: the credit note of an amount is minus its invoice', () => {
    fc.assert(
      fc.property(ratedAmount, rate, (value, r) => {
        expect(applyRate(-value, r)).toBe(0 - applyRate(value, r));
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('is the exact product rounded half away from zero', () => {
    fc.assert(
      fc.property(ratedAmount, rate, (value, r) => {
        const scale = 10n ** BigInt(r.scale);
        const product = BigInt(Math.abs(value)) * BigInt(r.amount);
        const rounded = product / scale + ((product % scale) * 2n >= scale ? 1n : 0n);
        expect(BigInt(applyRate(value, r))).toBe(value < 0 ? -rounded : rounded);
      }),
      { numRuns: propertyRuns() },
    );
  });

  it.each([
    [250, '0.01', 3],
    [-250, '0.01', -3],
    [249, '0.01', 2],
    [1000, '0.19', 190],
    [1000, '0.09975', 100],
    [1999, '0.255', 510],
    [0, '0.19', 0],
    [12345, '0', 0],
    [12345, '1', 12345],
  ])('takes %d at %s to %d', (value, text, expected) => {
    expect(applyRate(value, parseRate(text))).toBe(expected);
  });

  it('refuses results and inputs outside the safe integers', () => {
    expect(failureCode(() => applyRate(Number.MAX_SAFE_INTEGER, { amount: 3, scale: 0 }))).toBe('money.amount_unsafe');
    expect(failureCode(() => applyRate(0.1, { amount: 1, scale: 0 }))).toBe('money.amount_unsafe');
    expect(failureCode(() => applyRate(1, { amount: 0.5, scale: 0 }))).toBe('money.rate_invalid');
    expect(failureCode(() => applyRate(1, { amount: 1, scale: -1 }))).toBe('money.rate_invalid');
  });
});

describe('applyFraction', () => {
  it('is exact beyond 2^53 in between and rounds half away from zero', () => {
    fc.assert(
      fc.property(amount, fc.maxSafeInteger(), fc.maxSafeInteger(), (value, numerator, denominator) => {
        fc.pre(denominator !== 0);
        const [n, d] = [BigInt(value) * BigInt(numerator), BigInt(denominator)];
        const expected = (2n * abs(n) + abs(d)) / (2n * abs(d));
        fc.pre(expected <= BigInt(Number.MAX_SAFE_INTEGER));
        const signed = n < 0n !== d < 0n ? -expected : expected;
        expect(BigInt(applyFraction(value, numerator, denominator))).toBe(signed);
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('returns a whole multiple unchanged', () => {
    fc.assert(
      fc.property(amount, fc.integer({ min: 1, max: 1_000_000_000 }), (value, part) => {
        expect(applyFraction(value, part, part)).toBe(value);
      }),
      { numRuns: propertyRuns() },
    );
  });

  it('takes the tax out of an inclusive price', () => {
    expect(applyFraction(11_900, 19, 119)).toBe(1900);
    expect(applyFraction(-11_900, 19, 119)).toBe(-1900);
    expect(applyFraction(1, 1, 2)).toBe(1);
    expect(applyFraction(-1, 1, 2)).toBe(-1);
  });

  it('refuses a denominator of zero', () => {
    expect(failureCode(() => applyFraction(1, 1, 0))).toBe('money.amount_unsafe');
  });
});

describe('currencies', () => {
  const zero = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ');
  const three = 'BHD IQD JOD KWD LYD OMR TND'.split(' ');
  const two = 'EUR USD GBP CHF HUF IDR LAK TWD INR BRL PLN MGA MRU XCG SLE'.split(' ');

  it.each(zero)('%s has no minor unit', (code) => {
    expect(minorUnitDigits(code)).toBe(0);
    expect(formatMoney(money(-1234, code))).toBe(`-1234 ${code}`);
  });

  it.each(three)('%s has three digits', (code) => {
    expect(minorUnitDigits(code)).toBe(3);
    expect(formatMoney(money(1234, code))).toBe(`1.234 ${code}`);
    expect(formatMoney(money(-7, code))).toBe(`-0.007 ${code}`);
  });

  it.each(two)('%s has two digits', (code) => {
    expect(minorUnitDigits(code)).toBe(2);
    expect(formatMoney(money(5, code))).toBe(`0.05 ${code}`);
  });

  it('knows only upper-case ISO 4217 codes', () => {
    for (const code of ['eur', 'XYZ', 'EURO', '', '__proto__', 'default']) {
      expect(isCurrency(code)).toBe(false);
      expect(failureCode(() => money(1, code))).toBe('money.currency_unknown');
    }
    expect(isCurrency('EUR')).toBe(true);
  });

  it('writes amounts that read back as the same integer', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.constantFrom('JPY', 'EUR', 'KWD', 'CLF'), (value, code) => {
        const text = formatMoney({ amount: value, currency: code });
        expect(Number(text.replace(` ${code}`, '').replace('.', ''))).toBe(value);
      }),
      { numRuns: propertyRuns() },
    );
  });
});

describe('sum', () => {
  it('refuses to leave the safe integers', () => {
    expect(failureCode(() => sum([Number.MAX_SAFE_INTEGER, 1]))).toBe('money.amount_unsafe');
    expect(failureCode(() => sum([1, 0.5]))).toBe('money.amount_unsafe');
    expect(failureCode(() => assertAmount(Number.NaN))).toBe('money.amount_unsafe');
    expect(sum([])).toBe(0);
  });
});

describe('what is wrong with an amount', () => {
  it.each<[() => unknown, string]>([
    [() => money(1, 'EURO'), '"EURO" is not an ISO 4217 currency'],
    [() => assertAmount(0.5), 'amount is not a safe integer: 0.5'],
    [() => assertAmount(0.5, 'weight'), 'weight is not a safe integer: 0.5'],
    [() => allocate(10, []), 'cannot split an amount over nothing'],
    [() => allocate(10, [1, -1]), 'a weight is negative: -1'],
    [() => allocate(10, [1, 0.5]), 'weight is not a safe integer: 0.5'],
    [() => applyFraction(1, 1, 0), 'a fraction with denominator 0'],
  ])('is said: %s', (act, message) => {
    expect(act).toThrow(expect.objectContaining({ message }));
  });

  it('is nothing where nothing is split over nothing', () => {
    expect(allocate(0, [])).toEqual([]);
  });
});

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}
