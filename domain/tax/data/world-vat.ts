import type { DatedRow, Provenance } from '../dated-row.ts';
import { provenance } from './provenance.ts';

/** What a business customer with a confirmed tax id pays. `self_assess`: no tax, the customer accounts for it. */
export type BusinessRule = 'self_assess' | 'charged';

/** What we do about a country's tax on sales to people there. Countries that we do not sell to are rows, too. */
export type WorldRow = DatedRow & { readonly country: string } & (
    | { readonly kind: 'taxed'; readonly name: string; readonly rate: string; readonly business: BusinessRule }
    | { readonly kind: 'untaxed'; readonly reason: string }
    | { readonly kind: 'not_sold'; readonly reason: string }
  );

const { tedb, avalara, generalKnowledge } = provenance;

type Step = readonly [from: string, rate: string, provenance?: Provenance];

/**
 * One country's history: each step holds until the next begins. Dates before the first step have no data. The source is
 * for the rate in force; the first date is where we are sure that it held, not always the day it was introduced.
 */
const taxed = (
  country: string,
  name: string,
  business: BusinessRule,
  from: Provenance,
  steps: readonly Step[],
): WorldRow[] =>
  steps.map(([validFrom, rate, own], index) => ({
    kind: 'taxed',
    country,
    name,
    rate,
    business,
    validFrom,
    validTo: steps[index + 1]?.[0] ?? null,
    ...(own ?? from),
  }));

const since2020 = { validFrom: '2020-01-01', validTo: null } as const;
const untaxed = (country: string, reason = 'no value added tax on these sales'): WorldRow => ({
  kind: 'untaxed',
  country,
  reason,
  ...since2020,
  ...generalKnowledge,
});
const notSold = (country: string, reason: string): WorldRow => ({
  kind: 'not_sold',
  country,
  reason,
  ...since2020,
  ...generalKnowledge,
});

const older = generalKnowledge;

const europe: readonly WorldRow[] = [
  ...taxed('GB', 'VAT', 'self_assess', tedb, [['2020-01-01', '0.20']]),
  ...taxed('NO', 'MVA', 'self_assess', tedb, [['2020-01-01', '0.25']]),
  ...['CH', 'LI'].flatMap((country) =>
    taxed(country, 'VAT', 'self_assess', tedb, [
      ['2020-01-01', '0.077'],
      ['2024-01-01', '0.081'],
    ]),
  ),
  ...taxed('IS', 'VAT', 'self_assess', tedb, [['2020-01-01', '0.24']]),
  ...taxed('TR', 'KDV', 'self_assess', tedb, [
    ['2020-01-01', '0.18', older],
    ['2023-07-10', '0.20'],
  ]),
  ...taxed('UA', 'VAT', 'charged', tedb, [['2022-01-01', '0.20']]),
  ...taxed('RS', 'VAT', 'charged', tedb, [['2020-01-01', '0.20']]),
  ...taxed('ME', 'VAT', 'charged', tedb, [['2020-01-01', '0.21']]),
  ...taxed('MK', 'VAT', 'charged', tedb, [['2020-01-01', '0.18']]),
  ...taxed('AL', 'VAT', 'charged', tedb, [['2020-01-01', '0.20']]),
  ...taxed('BA', 'VAT', 'charged', tedb, [['2020-01-01', '0.17']]),
  ...taxed('MD', 'VAT', 'charged', tedb, [['2020-04-01', '0.20']]),
  ...taxed('GE', 'VAT', 'charged', tedb, [['2021-10-01', '0.18']]),
  ...taxed('AD', 'IGI', 'charged', tedb, [['2020-01-01', '0.045']]),
  ...taxed('XK', 'VAT', 'charged', tedb, [['2020-01-01', '0.18']]),
];

const asiaPacific: readonly WorldRow[] = [
  ...taxed('JP', 'Consumption tax', 'self_assess', avalara, [['2020-01-01', '0.10']]),
  ...taxed('KR', 'VAT', 'self_assess', avalara, [['2020-01-01', '0.10']]),
  ...taxed('AU', 'GST', 'self_assess', avalara, [['2020-01-01', '0.10']]),
  ...taxed('NZ', 'GST', 'self_assess', avalara, [['2020-01-01', '0.15']]),
  ...taxed('SG', 'GST', 'self_assess', avalara, [
    ['2020-01-01', '0.07', older],
    ['2023-01-01', '0.08', older],
    ['2024-01-01', '0.09'],
  ]),
  ...taxed('IN', 'IGST', 'self_assess', avalara, [['2020-01-01', '0.18']]),
  ...taxed('ID', 'PPN', 'charged', avalara, [['2022-04-01', '0.11']]),
  ...taxed('MY', 'Service tax', 'charged', avalara, [
    ['2020-01-01', '0.06', older],
    ['2024-03-01', '0.08'],
  ]),
  ...taxed('PH', 'VAT', 'charged', avalara, [['2025-06-02', '0.12']]),
  ...taxed('TW', 'VAT', 'charged', avalara, [['2020-01-01', '0.05']]),
  ...taxed('TH', 'VAT', 'charged', generalKnowledge, [['2021-09-01', '0.07']]),
  ...taxed('VN', 'VAT', 'charged', generalKnowledge, [['2020-01-01', '0.10']]),
  ...taxed('CN', 'VAT', 'charged', avalara, [['2020-01-01', '0.13']]),
  ...taxed('KZ', 'VAT', 'charged', avalara, [
    ['2022-01-01', '0.12'],
    ['2026-01-01', '0.16', older],
  ]),
];

const middleEastAfrica: readonly WorldRow[] = [
  ...taxed('IL', 'VAT', 'charged', avalara, [['2025-01-01', '0.18']]),
  ...taxed('AE', 'VAT', 'charged', generalKnowledge, [['2020-01-01', '0.05']]),
  ...taxed('SA', 'VAT', 'charged', avalara, [
    ['2020-01-01', '0.05', older],
    ['2020-07-01', '0.15'],
  ]),
  ...taxed('BH', 'VAT', 'charged', avalara, [
    ['2020-01-01', '0.05', older],
    ['2022-01-01', '0.10'],
  ]),
  ...taxed('OM', 'VAT', 'charged', avalara, [['2021-04-16', '0.05']]),
  ...taxed('EG', 'VAT', 'charged', avalara, [['2023-07-01', '0.14']]),
  ...taxed('ZA', 'VAT', 'charged', avalara, [['2020-01-01', '0.15']]),
  ...taxed('KE', 'VAT', 'charged', avalara, [['2021-01-01', '0.16']]),
  ...taxed('NG', 'VAT', 'charged', avalara, [['2020-02-01', '0.075']]),
  ...taxed('GH', 'VAT', 'charged', avalara, [['2023-01-01', '0.15']]),
  ...taxed('MA', 'VAT', 'charged', avalara, [['2024-01-01', '0.20']]),
  ...taxed('TZ', 'VAT', 'charged', avalara, [['2022-07-01', '0.18']]),
];

const latinAmerica: readonly WorldRow[] = [
  ...taxed('MX', 'IVA', 'charged', avalara, [['2020-06-01', '0.16']]),
  ...taxed('CL', 'IVA', 'charged', avalara, [['2020-06-01', '0.19']]),
  ...taxed('CO', 'IVA', 'charged', avalara, [['2020-01-01', '0.19']]),
  ...taxed('PE', 'IGV', 'charged', avalara, [['2024-12-01', '0.18']]),
  ...taxed('EC', 'IVA', 'charged', avalara, [
    ['2020-09-16', '0.12', older],
    ['2024-04-01', '0.15'],
  ]),
  ...taxed('CR', 'IVA', 'charged', avalara, [['2020-10-01', '0.13']]),
  ...taxed('UY', 'IVA', 'charged', generalKnowledge, [['2020-01-01', '0.22']]),
  ...taxed('PY', 'IVA', 'charged', avalara, [['2021-01-01', '0.10']]),
  // Argentina's 21 % is withheld by the buyer's card issuer: what we sell there carries no tax of ours.
  { ...untaxed('AR', 'collected by the payment provider (21 %), never by the seller'), ...avalara },
];

const others: readonly WorldRow[] = [
  ...['HK', 'MO', 'QA', 'KW', 'BM', 'KY', 'VG', 'TC', 'GI', 'FO', 'GL', 'AQ'].map((country) => untaxed(country)),
  { ...notSold('BR', 'tax in transition to CBS/IBS until 2033; needs a local partner'), ...avalara },
  { ...notSold('RU', 'sanctions (VAT 22 % since 2026-01-01)'), ...avalara },
  ...['BY', 'CU', 'IR', 'KP', 'SY'].map((country) => notSold(country, 'sanctions')),
];

/** A rate of its own for e-books outside the EU. A country without a row charges its ordinary rate. */
export interface WorldEbookRow extends DatedRow {
  readonly country: string;
  readonly rate: string;
}

export const worldEbookRates: readonly WorldEbookRow[] = [
  { country: 'GB', rate: '0', validFrom: '2020-05-01', validTo: null, ...generalKnowledge },
  { country: 'NO', rate: '0', validFrom: '2020-01-01', validTo: null, ...provenance.ebooks },
  { country: 'IS', rate: '0.11', validFrom: '2020-01-01', validTo: null, ...generalKnowledge },
  ...['CH', 'LI'].flatMap((country): WorldEbookRow[] => [
    { country, rate: '0.025', validFrom: '2020-01-01', validTo: '2024-01-01', ...generalKnowledge },
    { country, rate: '0.026', validFrom: '2024-01-01', validTo: null, ...generalKnowledge },
  ]),
];

/** Everything outside the EU, the US and Canada. A country without a row is not served: see docs/tax-coverage.md. */
export const worldRates: readonly WorldRow[] = [
  ...europe,
  ...asiaPacific,
  ...middleEastAfrica,
  ...latinAmerica,
  ...others,
];
