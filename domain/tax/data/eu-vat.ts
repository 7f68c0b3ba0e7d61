import type { DatedRow, Provenance } from '../dated-row.ts';
import { provenance } from './provenance.ts';

export interface EuRateRow extends DatedRow {
  readonly country: string;
  readonly category: 'standard' | 'ebook';
  /** Decimal string: "0.19" is 19 %. */
  readonly rate: string;
}

const {
  tedb,
  ebooks,
  ebooks2020,
  ebooks2021,
  ebooksLatvia,
  ebooksLithuania,
  ebooksRomania,
  ebooksSlovakia,
  generalKnowledge,
} = provenance;

/** Rates that have not moved since 2020, which is as far back as the tables go. */
const since2020 = { validFrom: '2020-01-01', validTo: null } as const;

const standard = (country: string, rate: string): EuRateRow => ({
  country,
  category: 'standard',
  rate,
  ...since2020,
  ...tedb,
});

/** One country's history: each entry holds until the next begins. */
const history = (country: string, steps: readonly (readonly [from: string, rate: string])[]): EuRateRow[] =>
  steps.map(([validFrom, rate], index) => ({
    country,
    category: 'standard',
    rate,
    validFrom,
    validTo: steps[index + 1]?.[0] ?? null,
    ...tedb,
  }));

/** Standard rates of the 27 member states, every change since 2020. */
export const euStandardRates: readonly EuRateRow[] = [
  standard('AT', '0.20'),
  standard('BE', '0.21'),
  standard('BG', '0.20'),
  standard('CY', '0.19'),
  standard('CZ', '0.21'),
  ...history('DE', [
    ['2020-01-01', '0.19'],
    ['2020-07-01', '0.16'],
    ['2021-01-01', '0.19'],
  ]),
  standard('DK', '0.25'),
  ...history('EE', [
    ['2020-01-01', '0.20'],
    ['2024-01-01', '0.22'],
    ['2025-07-01', '0.24'],
  ]),
  standard('ES', '0.21'),
  ...history('FI', [
    ['2020-01-01', '0.24'],
    ['2024-09-01', '0.255'],
  ]),
  standard('FR', '0.20'),
  standard('GR', '0.24'),
  standard('HR', '0.25'),
  standard('HU', '0.27'),
  ...history('IE', [
    ['2020-01-01', '0.23'],
    ['2020-09-01', '0.21'],
    ['2021-03-01', '0.23'],
  ]),
  standard('IT', '0.22'),
  standard('LT', '0.21'),
  ...history('LU', [
    ['2020-01-01', '0.17'],
    ['2023-01-01', '0.16'],
    ['2024-01-01', '0.17'],
  ]),
  standard('LV', '0.21'),
  standard('MT', '0.18'),
  standard('NL', '0.21'),
  standard('PL', '0.23'),
  standard('PT', '0.23'),
  ...history('RO', [
    ['2020-01-01', '0.19'],
    ['2025-08-01', '0.21'],
  ]),
  standard('SE', '0.25'),
  standard('SI', '0.22'),
  ...history('SK', [
    ['2020-01-01', '0.20'],
    ['2025-01-01', '0.23'],
  ]),
];

const ebook = (
  country: string,
  rate: string,
  validFrom: string,
  validTo: string | null,
  from: Provenance,
): EuRateRow => ({ country, category: 'ebook', rate, validFrom, validTo, ...from });

/**
 * E-book rates. A member state (or a time) without a row has no reduced rate on file: the standard rate is charged,
 * which can be too much but never too little. Denmark and Hungary tax e-books like everything else.
 */
export const euEbookRates: readonly EuRateRow[] = [
  ebook('AT', '0.10', '2020-01-01', null, ebooks),
  ebook('BE', '0.06', '2020-01-01', null, ebooks),
  ebook('BG', '0.09', '2020-07-01', '2023-01-01', ebooks2021),
  ebook('BG', '0.09', '2023-01-01', null, generalKnowledge),
  ebook('CY', '0.03', '2023-07-21', null, generalKnowledge),
  ebook('CZ', '0.10', '2020-05-01', '2024-01-01', ebooks),
  ebook('CZ', '0', '2024-01-01', null, generalKnowledge),
  ebook('DE', '0.07', '2020-01-01', '2020-07-01', ebooks),
  ebook('DE', '0.05', '2020-07-01', '2021-01-01', generalKnowledge),
  ebook('DE', '0.07', '2021-01-01', null, ebooks),
  ebook('EE', '0.09', '2020-05-01', null, ebooks2020),
  ebook('ES', '0.04', '2020-04-23', null, ebooks2020),
  ebook('FI', '0.10', '2020-01-01', '2025-01-01', ebooks),
  ebook('FI', '0.14', '2025-01-01', '2026-01-01', generalKnowledge),
  ebook('FI', '0.135', '2026-01-01', null, generalKnowledge),
  ebook('FR', '0.055', '2020-01-01', null, ebooks2021),
  ebook('GR', '0.06', '2021-07-01', null, ebooks2021),
  ebook('HR', '0.05', '2020-01-01', null, ebooks),
  ebook('IE', '0.09', '2020-01-01', '2024-01-01', ebooks),
  ebook('IE', '0', '2024-01-01', null, generalKnowledge),
  ebook('IT', '0.04', '2020-01-01', null, ebooks2021),
  ebook('LT', '0.09', '2023-01-01', '2026-01-01', ebooksLithuania),
  ebook('LT', '0.05', '2026-01-01', null, generalKnowledge),
  ebook('LU', '0.03', '2020-01-01', null, ebooks),
  ebook('LV', '0.05', '2022-01-01', null, ebooksLatvia),
  ebook('MT', '0.05', '2020-01-01', null, ebooks),
  ebook('NL', '0.09', '2020-01-01', null, ebooks),
  ebook('PL', '0.05', '2020-01-01', null, ebooks),
  ebook('PT', '0.06', '2020-01-01', null, ebooks),
  ebook('RO', '0.05', '2022-01-01', '2025-08-01', ebooksRomania),
  ebook('RO', '0.11', '2025-08-01', null, generalKnowledge),
  ebook('SE', '0.06', '2020-01-01', null, ebooks),
  ebook('SI', '0.05', '2020-01-01', null, ebooks),
  ebook('SK', '0.05', '2025-01-01', null, ebooksSlovakia),
];

/** The 27, by ISO 3166-1 code (Greece is GR here and EL in its VAT ids). */
export const euMemberStates: readonly string[] = [...new Set(euStandardRates.map((row) => row.country))];
