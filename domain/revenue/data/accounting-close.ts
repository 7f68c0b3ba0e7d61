import type { DatedRow } from '../../tax/dated-row.ts';

/** After how many days of the next month the books of a month take no more entries. */
export interface AccountingCloseRow extends DatedRow {
  readonly daysAfterMonth: number;
}

/** `validFrom` and `validTo` are dates within the month that is closed. */
export const accountingClose: readonly AccountingCloseRow[] = [
  {
    daysAfterMonth: 10,
    validFrom: '2020-01-01',
    validTo: null,
    source: 'our own choice for the default legal entity (a sample: replace it with your accountant’s)',
    checkedOn: '2026-11-21',
    confidence: 'general_knowledge',
  },
];
