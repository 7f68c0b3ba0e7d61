import type { DatedRow } from '../../tax/dated-row.ts';
import { policySources } from './policy-sources.ts';

/** Days that are no working days: every year on the same day, and so many days from Easter Sunday. */
export interface HolidayRow extends DatedRow {
  /** MM-DD */
  readonly fixed: readonly string[];
  readonly fromEaster: readonly number[];
}

/**
 * Holidays of most member states (New Year, Good Friday, Easter Monday, 1 May, Ascension, Whit Monday, Assumption, All
 * Saints, Christmas). Taken for all of them: a period is a day too long where it is none, and too short for nobody. One
 * that only a region has is left to the appeal.
 */
export const europeanHolidays: readonly HolidayRow[] = [
  {
    fixed: ['01-01', '05-01', '08-15', '11-01', '12-25', '12-26'],
    fromEaster: [-2, 1, 39, 50],
    validFrom: '2014-06-13',
    validTo: null,
    ...policySources.generalKnowledge,
  },
];
