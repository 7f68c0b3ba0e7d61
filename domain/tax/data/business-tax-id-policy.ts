import type { DatedRow } from '../dated-row.ts';
import { provenance } from './provenance.ts';

/** For how many days after a register's confirmation an id is taken as confirmed without asking again. */
export interface RevalidationRow extends DatedRow {
  readonly days: number;
}

/**
 * The registers ask for a check at the supply or a recent one. Thirty days lets a monthly subscription ask once per
 * invoice and spares a customer who buys twice in an afternoon.
 */
export const revalidation: readonly RevalidationRow[] = [
  { days: 30, validFrom: '2020-01-01', validTo: null, ...provenance.generalKnowledge },
];
