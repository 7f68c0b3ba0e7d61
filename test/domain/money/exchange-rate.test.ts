import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { convert, publishedRate, unusualJumps } from '../../../domain/money/exchange-rate.ts';
import type { ExchangeRate, RatePublication } from '../../../domain/money/exchange-rate.ts';
import { money } from '../../../domain/money/money.ts';
import { formatRate, parseRate } from '../../../domain/money/rate.ts';
import { propertyRuns } from '../../support/property-runs.ts';

const publication = (rates: Record<string, string>): RatePublication => ({
  source: 'test publication',
  date: '2026-11-20',
  base: 'EUR',
  rates,
});
const day = publication({ USD: '1.0800', JPY: '162.50', GBP: '0.83333', KWD: '0.33', IDR: '17123.45' });

const rateOf = (from: string, to: string, rate: string): ExchangeRate => ({
  from,
  to,
  rate: parseRate(rate),
  date: '2026-11-20',
  source: 'test',
});

describe('a published rate', () => {
  it.each([
    ['EUR', 'USD', '1.08', 'as published'],
    ['EUR', 'JPY', '162.5', 'as published'],
    ['USD', 'EUR', '0.9259259259', 'ten decimals, rounded down'],
    ['GBP', 'EUR', '1.2000048', 'a division that ends'],
    ['USD', 'GBP', '0.7716018519', 'rounded up: …85185…'],
    ['JPY', 'USD', '0.0066461538', 'small'],
    ['IDR', 'GBP', '0.0000486660', 'at least six digits that mean something'],
    ['EUR', 'EUR', '1', 'itself'],
    ['USD', 'USD', '1', 'itself'],
  ])('%s to %s is %s (%s)', (from, to, expected) => {
    const rate = publishedRate(day, from, to);
    expect(rate).toMatchObject({ from, to, rate: parseRate(expected), date: '2026-11-20' });
  });

  it('names the two figures that it was derived from, and only those of its own day', () => {
    expect(publishedRate(day, 'USD', 'GBP')?.source).toBe('test publication, GBP per EUR / USD per EUR');
    expect(publishedRate(day, 'EUR', 'GBP')?.source).toBe('test publication');
  });

  it('is absent when one of the two is not published', () => {
    expect(publishedRate(day, 'EUR', 'AED')).toBeNull();
    expect(publishedRate(day, 'AED', 'USD')).toBeNull();
    expect(publishedRate(day, 'AED', 'AED')).toBeNull();
  });

  it('is absent rather than zero when ten decimals do not hold it', () => {
    expect(publishedRate(publication({ AAA: '99999999999', BBB: '0.1' }), 'AAA', 'BBB')).toBeNull();
  });

  it('refuses a publication that says zero', () => {
    expect(() => publishedRate(publication({ USD: '0.00' }), 'USD', 'EUR')).toThrow(
      expect.objectContaining({ code: 'money.rate_invalid' }),
    );
  });

  it('has fewer decimals where ten would leave the safe integers', () => {
    const rate = publishedRate(publication({ AAA: '11', BBB: '99121078' }), 'AAA', 'BBB');
    expect(rate?.rate).toEqual({ amount: 901_100_709_090_909, scale: 8 });
  });

  it('is off by at most half of its last decimal, for every pair', () => {
    const quote = fc.tuple(fc.integer({ min: 1, max: 99_999 }), fc.nat({ max: 2 }));
    const text = ([amount, scale]: readonly [number, number]) => formatRate({ amount, scale });
    fc.assert(
      fc.property(quote, quote, (a, b) => {
        const rate = publishedRate(publication({ AAA: text(a), BBB: text(b) }), 'AAA', 'BBB');
        if (rate === null) return;
        const [x, y] = [parseRate(text(a)), parseRate(text(b))];
        const ofOne = (BigInt(y.amount) * 10n ** BigInt(x.scale)) / (BigInt(x.amount) * 10n ** BigInt(y.scale));
        // Ten decimals, or as many as leave a safe integer of the size of the rate.
        const decimals = BigInt(Math.min(10, 15 - `${ofOne}`.length));
        // |rate − y/x| ≤ half a unit of the last of them, without a division
        const [p, q] = [BigInt(rate.rate.amount), 10n ** BigInt(rate.rate.scale)];
        const left = p * BigInt(x.amount) * 10n ** BigInt(y.scale);
        const right = BigInt(y.amount) * 10n ** BigInt(x.scale) * q;
        const difference = left > right ? left - right : right - left;
        expect(difference * 2n * 10n ** decimals <= q * BigInt(x.amount) * 10n ** BigInt(y.scale)).toBe(true);
      }),
      { numRuns: propertyRuns() },
    );
  });
});

describe('conversion', () => {
  it.each([
    [10_000, 'EUR', 'USD', '1.08', 10_800],
    [10_000, 'EUR', 'JPY', '162.5', 16_250],
    [1, 'EUR', 'JPY', '162.5', 2],
    [10_000, 'EUR', 'KWD', '0.33', 33_000],
    [16_250, 'JPY', 'EUR', '0.0061538462', 10_000],
    [50, 'EUR', 'USD', '1.01', 51],
    [-50, 'EUR', 'USD', '1.01', -51],
    [0, 'EUR', 'USD', '1.01', 0],
  ])('of %d %s into %s at %s gives %d', (amount, from, to, rate, expected) => {
    expect(convert(money(amount, from), rateOf(from, to, rate), to)).toEqual(money(expected, to));
  });

  it.each([
    [18, 'USD', '1.44', 13],
    [-18, 'USD', '1.44', -13],
    [10_800, 'USD', '1.08', 10_000],
    [16_251, 'JPY', '162.5', 10_001],
    [1_000, 'KWD', '0.33', 303],
  ])('of %d %s against a rate of %s per euro divides exactly and gives %d cents', (amount, from, rate, expected) => {
    expect(convert(money(amount, from), rateOf('EUR', from, rate), 'EUR')).toEqual(money(expected, 'EUR'));
  });

  it.each([
    ['GBP', 'USD'],
    ['EUR', 'EUR'],
    ['USD', 'USD'],
  ])('of %s into %s by a rate between others is refused', (from, to) => {
    expect(() => convert(money(1, from), rateOf('EUR', 'USD', '1.08'), to)).toThrow(
      expect.objectContaining({ code: 'money.rate_invalid' }),
    );
  });

  it('by a rate of zero is refused', () => {
    expect(() => convert(money(1, 'USD'), rateOf('EUR', 'USD', '0'), 'EUR')).toThrow(
      expect.objectContaining({ code: 'money.rate_invalid' }),
    );
  });

  it('mirrors negative amounts and is never off by more than half a minor unit, for all exponents', () => {
    const currency = fc.constantFrom('USD', 'JPY', 'KWD', 'CLF', 'HUF');
    const factor = fc.record({ amount: fc.integer({ min: 1, max: 9_999_999 }), scale: fc.nat({ max: 6 }) });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), currency, factor, fc.boolean(), (amount, to, rate, along) => {
        const published: ExchangeRate = { ...rateOf('EUR', to, '1'), rate };
        const [from, into] = along ? ['EUR', to] : [to, 'EUR'];
        const there = convert(money(amount, from), published, into).amount;
        expect(convert(money(-amount, from), published, into).amount).toBe(there === 0 ? 0 : -there);
        const digits: Readonly<Record<string, number>> = { JPY: 0, KWD: 3, CLF: 4 };
        const [d, e] = [digits[from] ?? 2, digits[into] ?? 2];
        const value = along ? rate.amount / 10 ** rate.scale : 10 ** rate.scale / rate.amount;
        const exact = amount * value * 10 ** (e - d);
        expect(Math.abs(there - exact)).toBeLessThanOrEqual(0.5 + exact * 1e-9);
      }),
      { numRuns: propertyRuns() },
    );
  });
});

describe('an unusual jump', () => {
  it.each([
    ['1.0', '1.2', false],
    ['1.0', '1.2001', true],
    ['1.0', '0.8', false],
    ['1.0', '0.7999', true],
    ['17123.45', '17000', false],
  ])('from %s to %s: %s', (before, after, jumps) => {
    expect(unusualJumps(publication({ USD: before }), publication({ USD: after }))).toEqual(
      jumps ? [{ currency: 'USD', before, after }] : [],
    );
  });

  it('is not seen in a currency that is new or gone', () => {
    expect(unusualJumps(publication({ HRK: '7.5' }), publication({ USD: '1.1' }))).toEqual([]);
  });
});
