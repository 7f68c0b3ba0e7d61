import type { DatedRow, Provenance } from '../../tax/dated-row.ts';
import { provenance } from '../../tax/data/provenance.ts';

/** The currency in which a state wants to see its tax. */
export interface StateCurrencyRow extends DatedRow {
  /** ISO 3166-1 alpha-2, as tax sees it: Monaco is France (domain/tax/country.ts). */
  readonly country: string;
  readonly currency: string;
}

const { generalKnowledge, tedb } = provenance;

type Step = readonly [from: string, currency: string, provenance?: Provenance];
const steps = (country: string, history: readonly Step[]): StateCurrencyRow[] =>
  history.map(([validFrom, currency, own], index) => ({
    country,
    currency,
    validFrom,
    validTo: history[index + 1]?.[0] ?? null,
    ...(own ?? generalKnowledge),
  }));

/** Currencies that have not changed since 2020. */
const steady: Readonly<Record<string, string>> = {
  EUR: 'AD AT BE CY DE EE ES FI FR GR IE IT LT LU LV ME MT NL PT SI SK XK',
  CZK: 'CZ',
  DKK: 'DK',
  HUF: 'HU',
  PLN: 'PL',
  RON: 'RO',
  SEK: 'SE',
  GBP: 'GB',
  NOK: 'NO',
  CHF: 'CH LI',
  ISK: 'IS',
  TRY: 'TR',
  UAH: 'UA',
  RSD: 'RS',
  MKD: 'MK',
  ALL: 'AL',
  BAM: 'BA',
  MDL: 'MD',
  GEL: 'GE',
  USD: 'US EC',
  CAD: 'CA',
  MXN: 'MX',
  CLP: 'CL',
  COP: 'CO',
  PEN: 'PE',
  CRC: 'CR',
  UYU: 'UY',
  PYG: 'PY',
  JPY: 'JP',
  KRW: 'KR',
  AUD: 'AU',
  NZD: 'NZ',
  SGD: 'SG',
  INR: 'IN',
  IDR: 'ID',
  MYR: 'MY',
  PHP: 'PH',
  TWD: 'TW',
  THB: 'TH',
  VND: 'VN',
  CNY: 'CN',
  KZT: 'KZ',
  ILS: 'IL',
  AED: 'AE',
  SAR: 'SA',
  BHD: 'BH',
  OMR: 'OM',
  EGP: 'EG',
  ZAR: 'ZA',
  KES: 'KE',
  NGN: 'NG',
  GHS: 'GH',
  MAD: 'MA',
  TZS: 'TZ',
};

export const stateCurrencies: readonly StateCurrencyRow[] = [
  ...Object.entries(steady).flatMap(([currency, countries]) =>
    countries.split(' ').flatMap((country) => steps(country, [['2020-01-01', currency]])),
  ),
  ...steps('HR', [
    ['2020-01-01', 'HRK'],
    ['2023-01-01', 'EUR'],
  ]),
  ...steps('BG', [
    ['2020-01-01', 'BGN'],
    ['2026-01-01', 'EUR', tedb],
  ]),
];
