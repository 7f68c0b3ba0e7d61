import { taxClasses } from '../catalog/catalog.ts';
import { isFailure } from '../failures.ts';
import { parseRate } from '../money/rate.ts';
import { confirmationSchedule, revalidation } from './data/business-tax-id-policy.ts';
import { canadaRates, canadianProvinces } from './data/canada.ts';
import { euTerritories, goodsTerritories, taxAreas } from './data/eu-territories.ts';
import { euEbookRates, euMemberStates, euStandardRates } from './data/eu-vat.ts';
import { evidenceThresholds, simplifiedEvidence } from './data/evidence-policy.ts';
import { registrations } from './data/registrations.ts';
import type { RegistrationRow } from './data/registrations.ts';
import { taxClassRules } from './data/tax-class-rules.ts';
import { timeZones } from './data/time-zones.ts';
import { nexusThresholds, nexusWarning } from './data/us-nexus.ts';
import { usStateRates, usStates } from './data/us-states.ts';
import { usTaxability } from './data/us-taxability.ts';
import type { UsTaxabilityRow } from './data/us-taxability.ts';
import { worldEbookRates, worldRates } from './data/world-vat.ts';
import type { DatedRow } from './dated-row.ts';

export interface TaxDataProblem {
  readonly table: string;
  /** The series the row belongs to: "RO", "US-TX saas business". */
  readonly series: string;
  readonly text: string;
}

/** Rows that answer one question over time: at most one of them may hold on any day. */
export interface TaxDataSeries {
  readonly table: string;
  readonly series: string;
  readonly rows: readonly DatedRow[];
}

/** A row of any table with the columns that only some tables have. */
interface AnyRow extends DatedRow {
  readonly rate?: string | null;
  readonly baseShare?: string;
}

/** Days after which a row should be compared with its source again. */
export const staleAfterDays = 90;

/** Every dated table of domain/tax/data, cut into series. */
export function taxDataSeries(): readonly TaxDataSeries[] {
  return [
    ...cut('eu-vat standard', euStandardRates, (row) => row.country),
    ...cut('eu-vat ebook', euEbookRates, (row) => row.country),
    ...cut('eu-territories', euTerritories, (row) => row.territory),
    ...cut('goods-territories', goodsTerritories, (row) => row.territory),
    ...cut('tax-areas', taxAreas, (row) => row.code),
    ...cut('world-vat', worldRates, (row) => row.country),
    ...cut('world-vat ebook', worldEbookRates, (row) => row.country),
    ...cut('canada', canadaRates, (row) => `CA-${row.province} ${row.name === 'HST' ? 'GST' : row.name}`),
    ...cut('us-states', usStateRates, (row) => `US-${row.state}`),
    ...cut('us-taxability', usTaxability, (row) => `US-${row.state} ${row.taxClass} ${row.customer}`),
    ...cut('tax-class-rules', taxClassRules, (row) => row.taxClass),
    ...cut('us-nexus', nexusThresholds, (row) => `US-${row.state}`),
    ...cut('us-nexus-warning', nexusWarning, () => 'percent'),
    ...cut('evidence-thresholds', evidenceThresholds, (row) => row.currency),
    ...cut('simplified-evidence', simplifiedEvidence, (row) => row.legalEntity),
    ...cut('registrations', registrations, (row) => `${row.legalEntity} ${row.key}`),
    ...cut('business-tax-id-policy', revalidation, () => 'days'),
    ...cut('business-tax-id-policy', confirmationSchedule, () => 'askAgainAfterHours'),
  ];
}

/** The tables that have to answer for each other. */
export interface TaxTables {
  readonly countries: readonly string[];
  readonly provinces: readonly string[];
  readonly states: readonly string[];
  readonly timeZones: Readonly<Record<string, string>>;
  readonly usTaxability: readonly Pick<UsTaxabilityRow, 'state' | 'taxClass' | 'customer'>[];
  readonly nexusStates: readonly string[];
  readonly classesWithRule: readonly string[];
  readonly registrations: readonly Pick<RegistrationRow, 'legalEntity' | 'key'>[];
}

export const taxTables: TaxTables = {
  countries: [...euMemberStates, ...new Set(worldRates.map((row) => row.country))],
  provinces: canadianProvinces,
  states: usStates,
  timeZones,
  usTaxability,
  nexusStates: nexusThresholds.map((row) => row.state),
  classesWithRule: taxClassRules.map((row) => row.taxClass),
  registrations,
};

/**
 * What must never be wrong in the tables: dates that overlap, leave a hole or end, a missing source, a rate that is no
 * rate, a country without a time zone, a state without an answer, a registration that no tax would find. `today` is a
 * local date such as "2026-11-21".
 */
export function checkTaxData(today: string, tables = taxTables): readonly TaxDataProblem[] {
  return [
    ...taxDataSeries().flatMap((series) => checkSeries(series, today)),
    ...missingZones(tables),
    ...missingAnswers(tables),
    ...unknownRegistrations(tables),
  ];
}

/** Rows that nobody has compared with their source for 90 days: still in force, but to be looked at. */
export function staleTaxData(today: string): readonly TaxDataProblem[] {
  return taxDataSeries().flatMap(({ table, series, rows }) =>
    rows
      .filter(
        (row) => (row.validTo === null || row.validTo > today) && daysBetween(row.checkedOn, today) > staleAfterDays,
      )
      .map((row) => ({ table, series, text: `not checked since ${row.checkedOn} (${row.source})` })),
  );
}

function cut<Row extends AnyRow>(table: string, rows: readonly Row[], keyOf: (row: Row) => string): TaxDataSeries[] {
  const bySeries = new Map<string, Row[]>();
  for (const row of rows) bySeries.set(keyOf(row), [...(bySeries.get(keyOf(row)) ?? []), row]);
  return [...bySeries].map(([series, own]) => ({ table, series, rows: own }));
}

/** Exported for the tests, which feed it rows that are wrong on purpose. */
export function checkSeries({ table, series, rows }: TaxDataSeries, today: string): TaxDataProblem[] {
  const problem = (text: string): TaxDataProblem => ({ table, series, text });
  const sorted = [...rows].sort((a, b) => (a.validFrom < b.validFrom ? -1 : 1));
  const perRow = sorted.flatMap((row) => checkRow(row, today).map(problem));
  const seams = sorted.slice(1).flatMap((row, at) => {
    const ends = sorted[at]?.validTo ?? null;
    if (ends === null || ends > row.validFrom) return [problem(`overlap at ${row.validFrom}`)];
    return ends < row.validFrom ? [problem(`hole from ${ends} to ${row.validFrom}`)] : [];
  });
  const last = sorted.at(-1)?.validTo ?? null;
  const end = last !== null ? [problem(`ends on ${last} and nothing follows`)] : [];
  return [...perRow, ...seams, ...end];
}

function checkRow(row: AnyRow, today: string): string[] {
  const dates = [row.validFrom, row.checkedOn, ...(row.validTo === null ? [] : [row.validTo])];
  const rates = [row.rate, row.baseShare].filter((rate) => typeof rate === 'string');
  return [
    ...dates.filter((date) => !isDate(date)).map((date) => `"${date}" is not a date`),
    ...(row.validTo !== null && row.validTo <= row.validFrom ? [`ends before it begins: ${row.validFrom}`] : []),
    ...(row.source.trim() === '' ? [`no source for the row of ${row.validFrom}`] : []),
    ...(row.checkedOn > today ? [`checked in the future: ${row.checkedOn}`] : []),
    ...rates.filter((rate) => !isRate(rate)).map((rate) => `"${rate}" is not a rate between 0 and 1`),
  ];
}

function missingZones({ countries, provinces, states, timeZones: zones }: TaxTables): TaxDataProblem[] {
  const places = [
    ...countries,
    ...provinces.map((province) => `CA-${province}`),
    ...states.map((state) => `US-${state}`),
  ];
  return places
    .filter((place) => zones[place] === undefined)
    .map((place) => ({ table: 'time-zones', series: place, text: 'no time zone' }));
}

/** Every state answers for every class and both kinds of customer, and for its nexus; every class has its rule. */
function missingAnswers({ states, usTaxability: answers, nexusStates, classesWithRule }: TaxTables): TaxDataProblem[] {
  const missing = (table: string, text: string, wanted: readonly string[], there: readonly string[]) => {
    const known = new Set(there);
    return wanted.filter((series) => !known.has(series)).map((series) => ({ table, series, text }));
  };
  const questions = states.flatMap((state) =>
    taxClasses.flatMap((taxClass) => [`${state} ${taxClass} consumer`, `${state} ${taxClass} business`]),
  );
  const answered = answers.map((row) => `${row.state} ${row.taxClass} ${row.customer}`);
  return [
    ...missing('us-nexus', 'no threshold', states, nexusStates),
    ...missing('us-taxability', 'no answer', questions, answered),
    ...missing('tax-class-rules', 'no rule', taxClasses, classesWithRule),
  ];
}

/** A registration under a key that no tax bears would never be found, and the tax never be charged. */
function unknownRegistrations({ countries, provinces, states, registrations: rows }: TaxTables): TaxDataProblem[] {
  const keys = new Set([
    'EU',
    'CA',
    ...countries,
    ...taxAreas.map(({ code }) => code),
    ...provinces.map((province) => `CA-${province}`),
    ...states.map((state) => `US-${state}`),
  ]);
  return rows
    .filter(({ key }) => !keys.has(key))
    .map(({ key, legalEntity }) => ({
      table: 'registrations',
      series: `${legalEntity} ${key}`,
      text: 'no tax is charged under this key',
    }));
}

function isDate(text: string): boolean {
  const parsed = Date.parse(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(parsed) && new Date(parsed).toISOString().startsWith(text);
}

function isRate(text: string): boolean {
  try {
    const { amount, scale } = parseRate(text);
    return amount <= 10 ** scale;
  } catch (error) {
    if (isFailure(error, 'money.rate_invalid')) return false;
    throw error;
  }
}

function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}
