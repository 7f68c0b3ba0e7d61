import { describe, expect, it } from '@jest/globals';
import { isCurrency } from '../../../domain/money/money.ts';
import { roughEuroCents, screeningRates } from '../../../domain/risk/screening-rates.ts';

describe('rough euro amounts', () => {
  it('are exact in euro', () => {
    expect(roughEuroCents({ amount: 40_00, currency: 'EUR' })).toBe(40_00);
  });

  it('mind the minor units of the currency', () => {
    expect(roughEuroCents({ amount: 10_000, currency: 'JPY' })).toBe(55_00);
    expect(roughEuroCents({ amount: 100_000, currency: 'KWD' })).toBe(280_00);
    expect(roughEuroCents({ amount: 100_00, currency: 'USD' })).toBe(85_00);
  });

  it('are unknown for a currency without a rate', () => {
    expect(roughEuroCents({ amount: 100, currency: 'XAU' })).toBeNull();
    expect(roughEuroCents({ amount: 100, currency: 'toString' })).toBeNull();
  });

  it('exist for ISO currencies only, positive', () => {
    for (const [currency, millionths] of Object.entries(screeningRates.millionthsOfEuro)) {
      expect([currency, isCurrency(currency)]).toEqual([currency, true]);
      expect(millionths).toBeGreaterThan(0);
    }
  });
});
