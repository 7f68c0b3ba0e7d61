/** `source`: the value stands in the named source. `general_knowledge`: a default that nobody has compared with one. */
export type Confidence = 'source' | 'general_knowledge';

/** Where a row comes from and how old that knowledge is. */
export interface Provenance {
  readonly source: string;
  /** Local date: of the comparison for `source`, of writing the row down for `general_knowledge`. */
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
