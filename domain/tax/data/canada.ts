import type { TaxClass } from '../../catalog/catalog.ts';
import type { DatedRow } from '../dated-row.ts';
import { provenance } from './provenance.ts';

/** `GST` and `HST` are federal (one registration); `QST` and `PST` are each a province's own, on the same net base. */
export interface CanadaRateRow extends DatedRow {
  readonly province: string;
  readonly name: 'GST' | 'HST' | 'QST' | 'PST';
  readonly rate: string;
  /** Classes that this tax does not reach. */
  readonly exempt: readonly TaxClass[];
}

const { taxtips, generalKnowledge } = provenance;
const since2020 = { validFrom: '2020-01-01', validTo: null } as const;
const row = (province: string, name: CanadaRateRow['name'], rate: string): CanadaRateRow => ({
  province,
  name,
  rate,
  exempt: [],
  ...since2020,
  ...taxtips,
});

/** What provincial sales taxes leave out: books in any form, lessons and plain services. */
const pstExempt: readonly TaxClass[] = ['ebook', 'course_live', 'service'];

export const canadaRates: readonly CanadaRateRow[] = [
  ...['AB', 'BC', 'MB', 'NT', 'NU', 'QC', 'SK', 'YT'].map((province) => row(province, 'GST', '0.05')),
  row('QC', 'QST', '0.09975'),
  row('ON', 'HST', '0.13'),
  row('NB', 'HST', '0.15'),
  row('NL', 'HST', '0.15'),
  row('PE', 'HST', '0.15'),
  { ...row('NS', 'HST', '0.15'), validTo: '2025-04-01' },
  { ...row('NS', 'HST', '0.14'), validFrom: '2025-04-01' },
  { ...row('BC', 'PST', '0.07'), exempt: pstExempt, ...generalKnowledge },
  { ...row('SK', 'PST', '0.06'), exempt: pstExempt, ...generalKnowledge },
  // Manitoba's retail sales tax reaches cloud software from 2026.
  { ...row('MB', 'PST', '0.07'), exempt: [...pstExempt, 'saas'], validTo: '2026-01-01', ...generalKnowledge },
  { ...row('MB', 'PST', '0.07'), exempt: pstExempt, validFrom: '2026-01-01', ...generalKnowledge },
];

export const canadianProvinces: readonly string[] = [...new Set(canadaRates.map((rate) => rate.province))].sort();
