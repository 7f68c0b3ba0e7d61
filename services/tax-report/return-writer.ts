import type { ExchangeRate } from '../../domain/money/exchange-rate.ts';
import { parseRate } from '../../domain/money/rate.ts';
import type { LegalEntity } from '../../domain/invoice/legal-entity.ts';
import { fail } from '../../domain/failures.ts';
import { filingRule, parsePeriod, returnReference } from '../../domain/tax-report/filing-period.ts';
import type { FilingPeriod } from '../../domain/tax-report/filing-period.ts';
import { nexusSummary } from '../../domain/tax-report/nexus-summary.ts';
import type { StateSales } from '../../domain/tax-report/nexus-summary.ts';
import { tallyOfReports, taxReport } from '../../domain/tax-report/tax-report.ts';
import type { ReportInput, Tally } from '../../domain/tax-report/tax-report.ts';
import { addDays } from '../../domain/time/calendar-date.ts';
import { localDate } from '../../domain/time/local-date.ts';
import type { PublishedExchangeRates } from '../exchange-rates/exchange-rates.ts';
import type { DocumentJournal } from '../invoice/document-journal.ts';
import type { ClosedReturn, FiledReport, FilingPeriodStore } from './filing-period-store.ts';
import { draftReturn } from './return-draft.ts';

type WrittenReturn =
  | ({
      readonly kind: 'written';
      /** The place that this closing would take. */
      readonly order: string;
      readonly report: FiledReport;
    } & Pick<ClosedReturn, 'upTo' | 'settledUpTo'>)
  | { readonly kind: 'rates_missing'; readonly currencies: readonly string[] };

interface WriterDeps {
  readonly store: Pick<FilingPeriodStore, 'list'>;
  readonly journal: DocumentJournal;
  readonly exchangeRates: PublishedExchangeRates;
}

interface WriteOptions {
  readonly entity: LegalEntity;
  readonly at: string;
  /** `final`: only the rates by which the return is filed; `newest`: until they are published, the newest there are. */
  readonly rates: 'final' | 'newest';
}

/** Writes the return of a period as it is at a moment, from the documents that no closed return has. */
export function createReturnWriter({ store, journal, exchangeRates }: WriterDeps) {
  async function write(period: FilingPeriod, options: WriteOptions): Promise<WrittenReturn> {
    const { entity, at } = options;
    const { scheme } = period;
    const onFile = await store.list({ legalEntity: entity.id, scheme });
    const closed = onFile
      .flatMap((one) => (one.closed === null ? [] : [{ ...one.closed, period: one.period, order: one.order }]))
      .sort((a, b) => (a.order < b.order ? -1 : 1));
    const draft = await draftReturn(journal, {
      period,
      legalEntity: entity.id,
      firstPeriod: onFile[0]?.period ?? period.period,
      closings: closed,
      settledUpTo: closed.at(-1)?.settledUpTo ?? {},
      // A document of the last hours of a year may be issued where the next one has begun.
      lastYear: Number(at.slice(0, 4)) + 1,
    });
    const reports = closed.map(({ report }) => report);
    const { currency } = filingRule(scheme, period.start);
    const waiting = scheme === 'us' ? [...draft.elsewhere].filter(([month]) => month < period.period) : [];
    const tallies = [draft.tally, ...waiting.map(([, tally]) => tally)];
    const rates = await ratesFor(tallies, { currency, period, reports, ...options });
    if (rates.missing.length > 0) return { kind: 'rates_missing', currencies: rates.missing };
    const shared = { legalEntity: entity.id, reference: returnReference(period, entity), currency };
    const inputs = { ...shared, reported: tallyOfReports(reports), rateFor: rates.rateFor };
    const report = taxReport({ ...inputs, period, tally: draft.tally });
    const months = [...reports.filter((one) => one.period < period.period), ...unclosed(inputs, waiting), report];
    const place = (closed.length + 1).toString().padStart(6, '0');
    return {
      kind: 'written',
      order: `${scheme}/${entity.id}/${place}`,
      report: { ...report, nexus: scheme === 'us' ? nexusSummary(period, months.flatMap(salesOf)) : null },
      upTo: draft.upTo,
      settledUpTo: draft.settledUpTo,
    };
  }

  /** A rate per currency and period of supply: as an earlier return used it, else of the last day of that period. */
  async function ratesFor(tallies: readonly Tally[], context: WriteOptions & RateContext): Promise<FoundRates> {
    const { currency, period, reports, at, entity, rates } = context;
    const found = new Map<string, ExchangeRate>();
    for (const { suppliedIn, from, to, rate, date, source } of reports.flatMap((report) => report.rates))
      found.set(`${to} ${suppliedIn}`, { from, to, rate: parseRate(rate), date, source });
    const missing = new Set<string>();
    for (const { key, amounts } of tallies.flatMap((tally) => [...tally.values()])) {
      const name = `${amounts.currency} ${key.suppliedIn}`;
      if (amounts.currency === currency || found.has(name)) continue;
      const lastDay = addDays(parsePeriod(period.scheme, key.suppliedIn).end, -1);
      const today = localDate(at, entity.timeZone);
      const pair = { from: currency, to: amounts.currency };
      const rate =
        (await exchangeRates.rateFrom({ ...pair, date: lastDay })) ??
        (rates === 'newest' ? await exchangeRates.rateOn({ ...pair, date: lastDay < today ? lastDay : today }) : null);
      if (rate === null) missing.add(amounts.currency);
      else found.set(name, rate);
    }
    const rateFor = (of: string, suppliedIn: string): ExchangeRate =>
      found.get(`${of} ${suppliedIn}`) ?? fail('tax_report.rate_missing', `${of} in ${suppliedIn}`);
    return { missing: [...missing].sort(), rateFor };
  }

  return { write };
}

interface RateContext {
  readonly currency: string;
  readonly period: FilingPeriod;
  readonly reports: readonly FiledReport[];
}

interface FoundRates {
  readonly missing: readonly string[];
  readonly rateFor: ReportInput['rateFor'];
}

/** What waits for the returns of earlier months that are not closed yet. */
function unclosed(inputs: Omit<ReportInput, 'period' | 'tally'>, waiting: readonly (readonly [string, Tally])[]) {
  return waiting.map(([month, tally]) => taxReport({ ...inputs, period: parsePeriod('us', month), tally }));
}

function salesOf({ lines }: Pick<FiledReport, 'lines'>): readonly StateSales[] {
  return lines.map(({ suppliedIn, jurisdiction, sales, transactions }) => {
    return { jurisdiction, month: `${suppliedIn}-01`, sales, transactions };
  });
}
