import { convert } from '../money/exchange-rate.ts';
import type { ExchangeRate } from '../money/exchange-rate.ts';
import { assertAmount, sum } from '../money/money.ts';
import { formatRate } from '../money/rate.ts';
import { isCorrectable, parsePeriod } from './filing-period.ts';
import type { FilingPeriod } from './filing-period.ts';
import type { ReportAmounts, ReportEntry, ReportKey } from './report-entry.ts';
import { fail } from '../failures.ts';

/**
 * `supplies`: of the period itself. `corrections`: to earlier periods. `expired_corrections`: to periods so old that the
 * return may not correct them any more; they go to the jurisdiction directly.
 */
export type ReportSection = 'supplies' | 'corrections' | 'expired_corrections';

/** One row. `amounts` are as documented, one entry per currency; the rest is in the currency of the return. Signed minor units. */
export interface ReportLine extends ReportKey {
  readonly section: ReportSection;
  readonly amounts: readonly ReportAmounts[];
  readonly sales: number;
  /** Sales that are not taxed. */
  readonly exempt: number;
  readonly base: number;
  readonly tax: number;
  /** Invoices; a credit note is not a sale less. */
  readonly transactions: number;
}

/** The rate at which a currency was converted, for a period of supply; its later corrections use the same one. */
export interface AppliedRate {
  readonly suppliedIn: string;
  readonly from: string;
  readonly to: string;
  /** Decimal string. */
  readonly rate: string;
  readonly date: string;
  readonly source: string;
}

export interface ReportTotals {
  readonly sales: number;
  readonly exempt: number;
  readonly base: number;
  readonly tax: number;
  readonly transactions: number;
}

/** What a return says; frozen when its period closes. */
export interface TaxReport {
  readonly scheme: FilingPeriod['scheme'];
  readonly period: string;
  readonly legalEntity: string;
  readonly reference: string;
  readonly dueDate: string;
  /** What the return is in. */
  readonly currency: string;
  /** Nothing to declare: it has to be filed all the same. */
  readonly nil: boolean;
  readonly lines: readonly ReportLine[];
  readonly totals: Readonly<Record<ReportSection, ReportTotals>>;
  readonly rates: readonly AppliedRate[];
}

/** Rows that are being added up; one per key and currency. */
export type Tally = Map<string, { key: ReportKey; amounts: ReportAmounts; transactions: number }>;

/** Adds entries to the tally. @throws money.amount_unsafe */
export function tallyUp(tally: Tally, entries: Iterable<Pick<ReportEntry, 'key' | 'amounts' | 'transactions'>>): Tally {
  for (const { key, amounts, transactions } of entries) {
    const id = `${keyText(key)}|${amounts.currency}`;
    const known = tally.get(id);
    tally.set(id, {
      key,
      amounts: known === undefined ? amounts : addAmounts(known.amounts, amounts),
      transactions: transactions + (known?.transactions ?? 0),
    });
  }
  return tally;
}

/** The amounts that closed returns hold, by row and currency. */
export function tallyOfReports(reports: readonly Pick<TaxReport, 'lines'>[]): Tally {
  const tally: Tally = new Map();
  for (const line of reports.flatMap(({ lines }) => lines)) {
    const entries = line.amounts.map((amounts, index) => ({
      key: line,
      amounts,
      transactions: index === 0 ? line.transactions : 0,
    }));
    tallyUp(tally, entries);
  }
  return tally;
}

export interface ReportInput {
  readonly period: FilingPeriod;
  readonly legalEntity: string;
  readonly reference: string;
  readonly currency: string;
  /** What this return has to hold. */
  readonly tally: Tally;
  /** What the returns that were closed before hold. */
  readonly reported: Tally;
  /** The rate for a currency and a period of supply, from the currency of the return. */
  readonly rateFor: (currency: string, suppliedIn: string) => ExchangeRate;
}

/**
 * A return. Amounts are added up per currency first and converted once. What a return says of a period of which an
 * earlier one has spoken is the difference of two conversions, of all that is reported with and without this return: so
 * the returns of all time add up to one conversion of all that was documented, and a sale that is taken back leaves zero.
 * @throws money.amount_unsafe, money.rate_invalid
 */
export function taxReport(input: ReportInput): TaxReport {
  const { period, currency } = input;
  const rows = new Map<
    string,
    { key: ReportKey; parts: { amounts: ReportAmounts; converted: Converted }[]; transactions: number }
  >();
  for (const [id, { key, amounts, transactions }] of input.tally) {
    const row = rows.get(keyText(key)) ?? { key, parts: [], transactions: 0 };
    row.parts.push({ amounts, converted: converted(input, key, amounts, input.reported.get(id)?.amounts) });
    row.transactions += transactions;
    rows.set(keyText(key), row);
  }
  const lines = [...rows.values()]
    .map(({ key, parts, transactions }): ReportLine => {
      const total = (part: keyof Converted) => sum(parts.map((one) => one.converted[part]));
      return {
        section: sectionOf(key, period),
        ...pickKey(key),
        amounts: parts.map(({ amounts }) => amounts).sort((a, b) => compare(a.currency, b.currency)),
        sales: total('sales'),
        exempt: total('sales') - total('base'),
        base: total('base'),
        tax: total('tax'),
        transactions,
      };
    })
    .sort((a, b) => compare(lineOrder(a), lineOrder(b)));
  return {
    ...{ scheme: period.scheme, period: period.period, dueDate: period.dueDate, currency },
    ...{ legalEntity: input.legalEntity, reference: input.reference },
    nil: lines.every(({ sales, base, tax }) => sales === 0 && base === 0 && tax === 0),
    lines,
    totals: {
      supplies: totalsOf(lines, 'supplies'),
      corrections: totalsOf(lines, 'corrections'),
      expired_corrections: totalsOf(lines, 'expired_corrections'),
    },
    rates: appliedRates(input),
  };
}

type Converted = Pick<ReportAmounts, 'sales' | 'base' | 'tax'>;

function converted(
  { currency, rateFor }: ReportInput,
  key: ReportKey,
  amounts: ReportAmounts,
  before: ReportAmounts | undefined,
): Converted {
  const from = amounts.currency;
  if (from === currency) return amounts;
  const rate = rateFor(from, key.suppliedIn);
  const inCurrency = (amount: number): number => convert({ amount, currency: from }, rate, currency).amount;
  const part = (name: keyof Converted): number => {
    const earlier = before?.[name] ?? 0;
    return inCurrency(assertAmount(earlier + amounts[name])) - inCurrency(earlier);
  };
  return { sales: part('sales'), base: part('base'), tax: part('tax') };
}

function appliedRates({ currency, tally, rateFor }: ReportInput): readonly AppliedRate[] {
  const used = new Map<string, AppliedRate>();
  for (const { key, amounts } of tally.values()) {
    if (amounts.currency === currency) continue;
    const rate = rateFor(amounts.currency, key.suppliedIn);
    const { from, to, date, source } = rate;
    const { suppliedIn } = key;
    used.set(`${suppliedIn} ${amounts.currency}`, { suppliedIn, from, to, rate: formatRate(rate.rate), date, source });
  }
  return [...used].sort(([a], [b]) => compare(a, b)).map(([, rate]) => rate);
}

function sectionOf({ suppliedIn }: ReportKey, period: FilingPeriod): ReportSection {
  if (suppliedIn === period.period) return 'supplies';
  if (suppliedIn > period.period) return fail('internal.unexpected', `${period.period} cannot hold ${suppliedIn}`);
  return isCorrectable(parsePeriod(period.scheme, suppliedIn), period) ? 'corrections' : 'expired_corrections';
}

function totalsOf(lines: readonly ReportLine[], section: ReportSection): ReportTotals {
  const those = lines.filter((line) => line.section === section);
  const total = (part: keyof ReportTotals): number => sum(those.map((line) => line[part]));
  return {
    sales: total('sales'),
    exempt: total('exempt'),
    base: total('base'),
    tax: total('tax'),
    transactions: total('transactions'),
  };
}

function addAmounts(a: ReportAmounts, b: ReportAmounts): ReportAmounts {
  return {
    currency: a.currency,
    sales: assertAmount(a.sales + b.sales),
    base: assertAmount(a.base + b.base),
    tax: assertAmount(a.tax + b.tax),
  };
}

const pickKey = ({ suppliedIn, jurisdiction, name, rateType, rate }: ReportKey): ReportKey => {
  return { suppliedIn, jurisdiction, name, rateType, rate };
};

const keyText = (key: ReportKey): string => Object.values(pickKey(key)).join('|');

/** Supplies first, then corrections, the oldest period first; by jurisdiction within. */
const lineOrder = (line: ReportLine): string =>
  `${{ supplies: 0, corrections: 1, expired_corrections: 2 }[line.section]}|${keyText(line)}`;

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
