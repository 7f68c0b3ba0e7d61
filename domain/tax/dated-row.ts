/** `source`: somebody compared the row with the named source. `general_knowledge`: a default that still wants a source. */
export type Confidence = 'source' | 'general_knowledge';

/** Where a row comes from and when a person last looked at it. */
export interface Provenance {
  readonly source: string;
  /** Local date of the last comparison, such as "2026-11-21". */
  readonly checkedOn: string;
  readonly confidence: Confidence;
}

/** What law or markets can change. A row holds for local dates of its jurisdiction: from inclusive, to exclusive. */
export interface DatedRow extends Provenance {
  readonly validFrom: string;
  readonly validTo: string | null;
}

/** True when the row holds on that local date. Dates are ISO, so the order of the strings is the order of the days. */
export function holdsOn(row: DatedRow, date: string): boolean {
  return row.validFrom <= date && (row.validTo === null || date < row.validTo);
}

/** The row that holds on a local date, or null. `npm run tax:check-data` proves that there is at most one. */
export function rowOn<Row extends DatedRow>(rows: readonly Row[], date: string): Row | null {
  return rows.find((row) => holdsOn(row, date)) ?? null;
}
