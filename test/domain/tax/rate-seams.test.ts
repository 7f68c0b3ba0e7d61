import { describe, expect, it } from '@jest/globals';
import { Temporal } from 'temporal-polyfill';
import { canadaRates } from '../../../domain/tax/data/canada.ts';
import { euTerritories, goodsTerritories } from '../../../domain/tax/data/eu-territories.ts';
import { euEbookRates, euStandardRates } from '../../../domain/tax/data/eu-vat.ts';
import { timeZones } from '../../../domain/tax/data/time-zones.ts';
import { nexusThresholds } from '../../../domain/tax/data/us-nexus.ts';
import { usStateRates } from '../../../domain/tax/data/us-states.ts';
import { usTaxability } from '../../../domain/tax/data/us-taxability.ts';
import { worldEbookRates, worldRates } from '../../../domain/tax/data/world-vat.ts';
import type { DatedRow } from '../../../domain/tax/dated-row.ts';
import { isFailure } from '../../../domain/failures.ts';
import { nexusThreshold } from '../../../domain/tax/nexus.ts';
import { taxesFor } from '../../../domain/tax/taxes-for.ts';
import type { TaxQuestion } from '../../../domain/tax/tax-law.ts';
import { place } from './place.ts';

type Sale = Omit<TaxQuestion, 'at'>;

const consumer = (where: Sale['place'], taxClass: Sale['taxClass'] = 'saas'): Sale => ({
  place: where,
  taxClass,
  customerType: 'consumer',
});
interface Asked {
  readonly what: string;
  readonly zone: string;
  readonly row: DatedRow & { readonly rate?: string | null };
  readonly sale: Sale;
}

const asked = (what: string, zone: string, row: Asked['row'], sale: Sale): Asked => ({
  what: `${what} from ${row.validFrom}`,
  zone: timeZones[zone] ?? 'no zone',
  row,
  sale,
});

/** Every row that begins after its table does, with a sale that it decides. */
const seams: readonly Asked[] = [
  ...euStandardRates.map((row) => asked(row.country, row.country, row, consumer(place(row.country)))),
  ...euEbookRates.map((row) =>
    asked(`${row.country} e-books`, row.country, row, consumer(place(row.country), 'ebook')),
  ),
  ...euTerritories.map((row) =>
    asked(
      row.territory,
      timeZones[row.territory] === undefined ? row.country : row.territory,
      { ...row, rate: row.treatment.kind === 'rate' ? row.treatment.rate : null },
      consumer(place(row.country, null, row.postalPrefixes[0] ?? '')),
    ),
  ),
  ...worldRates.flatMap((row) =>
    row.kind === 'taxed' ? [asked(row.country, row.country, row, consumer(place(row.country)))] : [],
  ),
  ...worldEbookRates.map((row) =>
    asked(`${row.country} e-books`, row.country, row, consumer(place(row.country), 'ebook')),
  ),
  ...canadaRates.map((row) =>
    asked(`${row.province} ${row.name}`, `CA-${row.province}`, row, consumer(place('CA', row.province))),
  ),
  ...usStateRates.map((row) =>
    asked(`US-${row.state}`, `US-${row.state}`, row, consumer(place('US', row.state), 'physical')),
  ),
  ...usTaxability.map((row) =>
    asked(`US-${row.state} ${row.taxClass} ${row.customer}`, `US-${row.state}`, row, {
      place: place('US', row.state),
      taxClass: row.taxClass,
      customerType: row.customer,
    }),
  ),
].filter(({ row }) => row.validFrom > '2020-01-01');

const midnight = (date: string, zone: string) =>
  Temporal.PlainDate.from(date).toZonedDateTime({ timeZone: zone }).toInstant().epochMilliseconds;
const atMinute = (date: string, zone: string, minutes: number) =>
  new Date(midnight(date, zone) + minutes * 60_000).toISOString();

/** "no data" where the tables begin only on that day. */
function ratesAt(sale: Sale, at: string): string {
  try {
    const taxes = taxesFor({ ...sale, at });
    return taxes.map(({ jurisdiction, rate, baseShare }) => `${jurisdiction} ${rate}×${baseShare}`).join(' + ');
  } catch (error) {
    if (isFailure(error, 'tax.data_missing')) return 'no data';
    throw error;
  }
}

describe('every row of the tables', () => {
  it('that begins later than its table is among the seams', () => {
    expect(seams.length).toBeGreaterThan(400);
  });

  it('takes effect in the minute after local midnight, and not in the minute before', () => {
    const wrong = seams.filter(({ row, zone, sale }) => {
      const [before, after] = [
        ratesAt(sale, atMinute(row.validFrom, zone, -1)),
        ratesAt(sale, atMinute(row.validFrom, zone, 1)),
      ];
      const dayBefore = ratesAt(sale, atMinute(row.validFrom, zone, -12 * 60));
      const sameDay = ratesAt(sale, atMinute(row.validFrom, zone, 12 * 60));
      const said = typeof row.rate !== 'string' || after.includes(` ${row.rate}×`);
      return before !== dayBefore || after !== sameDay || after === 'no data' || !said;
    });
    expect(wrong.map(({ what }) => what)).toEqual([]);
  });

  it('of the nexus thresholds changes in the same way', () => {
    const later = nexusThresholds.filter((row) => row.validFrom > '2020-01-01');
    expect(later.length).toBeGreaterThan(12);
    for (const row of later) {
      const zone = timeZones[`US-${row.state}`] ?? 'no zone';
      const at = (minutes: number) => nexusThreshold({ state: row.state, at: atMinute(row.validFrom, zone, minutes) });
      expect(at(-1).validTo).toBe(row.validFrom);
      expect(at(0)).toBe(row);
      expect(at(1)).toBe(row);
    }
  });

  it('of goods to Northern Ireland begins at midnight in London', () => {
    const sale = consumer(place('GB', null, 'BT1 1AA'), 'physical');
    for (const { validFrom } of goodsTerritories) {
      expect(ratesAt(sale, atMinute(validFrom, 'Europe/London', -1))).toBe('GB 0.20×1');
      expect(ratesAt(sale, atMinute(validFrom, 'Europe/London', 1))).toBe('XI 0.20×1');
    }
  });
});
