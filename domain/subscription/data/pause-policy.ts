import type { DatedRow } from '../../tax/dated-row.ts';
import { provenance } from '../../tax/data/provenance.ts';

/** For how many days a pause without an end lasts at most. Rows hold by the UTC day on which it is asked for or begins. */
export interface OpenPauseLimitRow extends DatedRow {
  readonly days: number;
}

/**
 * After a year the price, the product and often the card are others than those that the customer agreed to: who wants it
 * back then buys it anew. When the customer is told is a notice (domain/notice/data/notice-rules.ts, `own.pause_end`).
 */
export const openPauseLimits: readonly OpenPauseLimitRow[] = [
  { days: 365, validFrom: '2020-01-01', validTo: null, ...provenance.ourPolicy },
];
