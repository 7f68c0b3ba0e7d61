import type { DatedRow } from '../../tax/dated-row.ts';
import { provenance } from '../../tax/data/provenance.ts';

/** A currency that was replaced: from `validFrom` nothing is sold in it, and what was charged in it is given back at `rate`. */
export interface RetiredCurrencyRow extends DatedRow {
  readonly currency: string;
  readonly successor: string;
  /** Units of the old currency for one unit of the successor, as a decimal string; fixed by law. */
  readonly rate: string;
  /** Digits after the decimal point of the old currency: tables of current ISO 4217 codes drop what has ended. */
  readonly minorUnitDigits: number;
  /** Where the day of the change begins (IANA). */
  readonly timeZone: string;
}

const { generalKnowledge } = provenance;

export const retiredCurrencies: readonly RetiredCurrencyRow[] = [
  {
    ...{ currency: 'HRK', successor: 'EUR', rate: '7.53450', minorUnitDigits: 2, timeZone: 'Europe/Zagreb' },
    ...{ validFrom: '2023-01-01', validTo: null, ...generalKnowledge },
  },
  {
    ...{ currency: 'BGN', successor: 'EUR', rate: '1.95583', minorUnitDigits: 2, timeZone: 'Europe/Sofia' },
    ...{ validFrom: '2026-01-01', validTo: null, ...generalKnowledge },
  },
  {
    ...{ currency: 'ANG', successor: 'XCG', rate: '1', minorUnitDigits: 2, timeZone: 'America/Curacao' },
    ...{ validFrom: '2025-03-31', validTo: null, ...generalKnowledge },
  },
  {
    ...{ currency: 'SLL', successor: 'SLE', rate: '1000', minorUnitDigits: 2, timeZone: 'Africa/Freetown' },
    ...{ validFrom: '2024-01-01', validTo: null, ...generalKnowledge },
  },
  {
    ...{ currency: 'ZWL', successor: 'ZWG', rate: '2498.7242', minorUnitDigits: 2, timeZone: 'Africa/Harare' },
    ...{ validFrom: '2024-04-08', validTo: null, ...generalKnowledge },
  },
];
