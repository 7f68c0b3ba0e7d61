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

/** When a register that did not answer at the sale is asked again, in hours after the sale was settled; then no more. */
export interface ConfirmationScheduleRow extends DatedRow {
  readonly askAgainAfterHours: readonly number[];
}

/**
 * Outages of a member state's register last hours, at worst days. Two weeks stay inside the return period, so that tax
 * that goes back is rarely a correction of a return that was filed.
 */
export const confirmationSchedule: readonly ConfirmationScheduleRow[] = [
  {
    askAgainAfterHours: [1, 6, 24, 48, 96, 168, 336],
    validFrom: '2020-01-01',
    validTo: null,
    ...provenance.generalKnowledge,
  },
];
