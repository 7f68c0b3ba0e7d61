import type { DatedRow, Provenance } from '../../tax/dated-row.ts';
import { provenance } from '../../tax/data/provenance.ts';

/** What a provider takes in one go, in minor units, both ends included. Dates are UTC days. */
export interface ChargeLimitRow extends DatedRow {
  readonly currency: string;
  /** null: every method of the provider. */
  readonly method: string | null;
  readonly minimum: number;
  readonly maximum: number;
}

const minimums: Provenance = {
  source: 'docs.stripe.com/currencies, minimum charge amounts',
  checkedOn: '2026-11-21',
  confidence: 'source',
};
const { generalKnowledge } = provenance;

/** Card providers take amounts of eight digits at most, whatever the currency. */
const largestCardCharge = 99_999_999;

const cardMinimums: Readonly<Record<string, number>> = {
  ...{ USD: 50, EUR: 50, CHF: 50, AUD: 50, CAD: 50, NZD: 50, SGD: 50, BRL: 50, INR: 50, GBP: 30, SEK: 300, NOK: 300 },
  ...{ DKK: 250, PLN: 200, RON: 200, CZK: 1500, HUF: 17_500, JPY: 50, KRW: 50, MXN: 1000, THB: 1000, HKD: 400 },
  ...{ AED: 200, MYR: 200 },
};

/** Card acquirers. Replace them by the figures of your contract. */
export const cardChargeLimits: readonly ChargeLimitRow[] = Object.entries(cardMinimums).map(([currency, minimum]) => ({
  ...{ currency, method: null, minimum, maximum: largestCardCharge },
  ...{ validFrom: '2020-01-01', validTo: null, ...minimums },
}));

/** Vouchers that are paid in cash at a counter; transfers have no limits of their own. */
export const voucherChargeLimits: readonly ChargeLimitRow[] = [
  {
    ...{ currency: 'JPY', method: 'voucher', minimum: 120, maximum: 300_000 },
    ...{ validFrom: '2020-01-01', validTo: null, ...generalKnowledge },
  },
];
