import { applyFraction, isCurrency, minorUnitDigits } from '../money/money.ts';
import type { Money } from '../money/money.ts';

interface ScreeningRates {
  readonly validFrom: string;
  readonly source: string;
  readonly millionthsOfEuro: Readonly<Record<string, number>>;
}

/**
 * FOR SCREENING ONLY: rough worth of one major unit in millionths of a euro, so that "a high amount" means about the
 * same in every currency. Never books, prices, taxes or refunds anything.
 */
export const screeningRates: ScreeningRates = {
  validFrom: '2026-01-01',
  source: 'order of magnitude of the ECB euro reference rates at the turn of 2025/26, rounded to two digits by hand',
  millionthsOfEuro: {
    EUR: 1_000_000,
    AED: 230_000,
    ARS: 600,
    AUD: 570_000,
    BGN: 510_000,
    BRL: 160_000,
    CAD: 620_000,
    CHF: 1_100_000,
    CLP: 940,
    CNY: 120_000,
    COP: 220,
    CZK: 41_000,
    DKK: 130_000,
    GBP: 1_100_000,
    HKD: 110_000,
    HUF: 2_600,
    IDR: 51,
    ILS: 270_000,
    INR: 9_500,
    ISK: 6_800,
    JPY: 5_500,
    KRW: 590,
    KWD: 2_800_000,
    MXN: 47_000,
    MYR: 210_000,
    NOK: 84_000,
    NZD: 490_000,
    PHP: 14_000,
    PLN: 240_000,
    RON: 200_000,
    SAR: 230_000,
    SEK: 92_000,
    SGD: 660_000,
    THB: 27_000,
    TRY: 20_000,
    TWD: 27_000,
    UAH: 20_000,
    USD: 850_000,
    VND: 32,
    ZAR: 51_000,
  },
};

/** About how many euro cents this is; null for a currency without a rough rate. For screening only. */
export function roughEuroCents({ amount, currency }: Money): number | null {
  const millionths = screeningRates.millionthsOfEuro[currency];
  if (millionths === undefined || !isCurrency(currency)) return null;
  return applyFraction(amount, millionths, 10 ** (minorUnitDigits(currency) + 4));
}
