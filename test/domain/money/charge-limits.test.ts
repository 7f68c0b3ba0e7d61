import { describe, expect, it } from '@jest/globals';
import { leastCharge, withinChargeLimits } from '../../../domain/money/charge-limits.ts';
import { cardChargeLimits, voucherChargeLimits } from '../../../domain/money/data/charge-limits.ts';
import type { ChargeLimitRow } from '../../../domain/money/data/charge-limits.ts';
import { isCurrency } from '../../../domain/money/money.ts';

const row = (part: Partial<ChargeLimitRow> = {}): ChargeLimitRow => ({
  ...{ currency: 'EUR', method: null, minimum: 50, maximum: 1000, validFrom: '2026-01-01', validTo: null },
  ...{ source: 's', checkedOn: '2026-11-21', confidence: 'source' },
  ...part,
});
const takes = (rows: readonly ChargeLimitRow[], amount: number, part: object = {}) =>
  withinChargeLimits(rows, { method: 'card', currency: 'EUR', amount, at: '2026-06-01T00:00:00.000Z', ...part });

describe('charge limits', () => {
  it.each([
    [49, false],
    [50, true],
    [51, true],
    [999, true],
    [1000, true],
    [1001, false],
  ])('of 50 to 1000 take %d: %s', (amount, expected) => {
    expect(takes([row()], amount)).toBe(expected);
  });

  it('are of their currency and method', () => {
    expect(takes([row({ currency: 'USD' })], 1)).toBe(true);
    expect(takes([row({ method: 'voucher' })], 1)).toBe(true);
    expect(takes([row({ method: 'voucher' })], 1, { method: 'voucher' })).toBe(false);
    expect(takes([], 1)).toBe(true);
  });

  it('say what the smallest charge is, 1 where no limit is on file', () => {
    const least = (rows: readonly ChargeLimitRow[], change: object = {}) =>
      leastCharge(rows, { method: 'card', currency: 'EUR', at: '2026-06-01T00:00:00.000Z', ...change });
    expect(least([row(), row({ minimum: 70, method: 'card' }), row({ minimum: 90, method: 'voucher' })])).toBe(70);
    expect(least([row()], { currency: 'USD' })).toBe(1);
    expect(least([row()], { at: '2025-06-01T00:00:00.000Z' })).toBe(1);
    expect(least([row({ minimum: 0 })])).toBe(1);
  });

  it('hold from their first day to the day before their last', () => {
    const first = row({ validTo: '2026-07-01' });
    expect(takes([first], 1, { at: '2025-12-31T23:59:00.000Z' })).toBe(true);
    expect(takes([first], 1, { at: '2026-01-01T00:00:00.000Z' })).toBe(false);
    expect(takes([first], 1, { at: '2026-06-30T23:59:00.000Z' })).toBe(false);
    expect(takes([first], 1, { at: '2026-07-01T00:00:00.000Z' })).toBe(true);
  });

  it('all have to be kept', () => {
    expect(takes([row(), row({ maximum: 500 })], 600)).toBe(false);
  });

  it.each([...cardChargeLimits, ...voucherChargeLimits].map((one) => [one.currency, one.method, one] as const))(
    'on file for %s (%s) make sense',
    (currency, _method, { minimum, maximum }) => {
      expect(isCurrency(currency)).toBe(true);
      expect(minimum).toBeGreaterThan(0);
      expect(maximum).toBeGreaterThan(minimum);
    },
  );
});
