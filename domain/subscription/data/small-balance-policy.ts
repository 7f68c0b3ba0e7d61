import type { DatedRow } from '../../tax/dated-row.ts';
import { provenance } from '../../tax/data/provenance.ts';

/** For how many days after a waived change no other one is waived. Rows hold by the UTC day of the later change. */
export interface WaivedChangeRow extends DatedRow {
  readonly days: number;
}

/**
 * The downgrade after a waived upgrade gives its unused time back as credit: who went up and down all day would be paid
 * for it, some 0.49 EUR a pair.
 */
export const waivedChanges: readonly WaivedChangeRow[] = [
  { days: 30, validFrom: '2020-01-01', validTo: null, ...provenance.ourPolicy },
];
