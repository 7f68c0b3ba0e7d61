import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Invoice } from '../../../domain/invoice/invoice.ts';
import { legalEntityAt } from '../../../domain/invoice/legal-entity.ts';
import { convert } from '../../../domain/money/exchange-rate.ts';
import type { ExchangeRate } from '../../../domain/money/exchange-rate.ts';
import { parseRate } from '../../../domain/money/rate.ts';
import { taxSchemes } from '../../../domain/tax-report/data/filing-rules.ts';
import type { TaxScheme } from '../../../domain/tax-report/data/filing-rules.ts';
import { filingRule, parsePeriod, periodOfDate } from '../../../domain/tax-report/filing-period.ts';
import { tallyOfReports, tallyUp } from '../../../domain/tax-report/tax-report.ts';
import type { Tally } from '../../../domain/tax-report/tax-report.ts';
import { addDays } from '../../../domain/time/calendar-date.ts';
import type { PublishedExchangeRates, RateQuery } from '../../../services/exchange-rates/exchange-rates.ts';
import type { FiledReport, FilingPeriodDocument } from '../../../services/tax-report/filing-period-store.ts';
import { filingPeriodId } from '../../../services/tax-report/filing-period-store.ts';
import { readDocuments } from '../../../services/tax-report/return-draft.ts';
import { createReturnWriter } from '../../../services/tax-report/return-writer.ts';
import { reportEntries } from '../../../domain/tax-report/report-entry.ts';
import { propertyRuns } from '../../support/property-runs.ts';
import {
  createPaperwork,
  french,
  frenchBook,
  german,
  irish,
  ontarian,
  oregonian,
  quebecois,
  texan,
} from './documents.ts';
import type { SampleSale } from './documents.ts';

// Goal: whatever is sold, given back and closed, in whatever order, every document is in exactly one return.

const entity = legalEntityAt('2026-01-01T00:00:00Z');

/** A rate for every day and pair, of its own per month. */
const exchangeRates: PublishedExchangeRates = {
  rateOn: (query) => Promise.resolve(rateOf(query)),
  rateFrom: (query) => Promise.resolve(rateOf(query)),
};
function rateOf({ from, to, date }: RateQuery): ExchangeRate {
  return { from, to, rate: parseRate(`1.${date.slice(5, 7)}37`), date, source: 'test' };
}

const sales: readonly SampleSale[] = [german, french, frenchBook, irish, texan, oregonian, quebecois, ontarian];

type Step =
  | { readonly do: 'wait'; readonly days: number }
  | { readonly do: 'sell'; readonly sale: number; readonly net: number; readonly lateDays: number }
  | { readonly do: 'credit'; readonly which: number; readonly gross: number }
  | { readonly do: 'close'; readonly scheme: number; readonly which: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), days: fc.nat({ max: 150 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('sell' as const),
      sale: fc.nat({ max: sales.length - 1 }),
      net: fc.integer({ min: 1, max: 99_999 }),
      lateDays: fc.oneof(fc.constant(0), fc.nat({ max: 120 })),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('credit' as const),
      which: fc.nat(),
      gross: fc.integer({ min: 1, max: 99_999 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('close' as const), scheme: fc.nat({ max: 2 }), which: fc.nat() }),
  },
);

/** The sale with other amounts: the tax follows the net, rounded down. */
function scaled(sale: SampleSale, net: number): SampleSale {
  return {
    ...sale,
    net,
    taxes: sale.taxes.map(([where, name, rate, amount]) => [where, name, rate, Math.floor((amount * net) / sale.net)]),
  };
}

/** A merchant's life with invoices, credit notes and returns, on a calendar of its own. */
function createLife() {
  const paper = createPaperwork();
  const sold: { readonly invoice: Invoice; readonly sale: SampleSale }[] = [];
  const periods = new Map<string, FilingPeriodDocument>();
  const list = ({ scheme }: { readonly scheme?: TaxScheme }) =>
    Promise.resolve(
      [...periods.values()].filter((one) => one.scheme === scheme).sort((a, b) => (a.start < b.start ? -1 : 1)),
    );
  const writer = createReturnWriter({ store: { list }, journal: paper.journal, exchangeRates });
  let today = '2026-02-10';
  const now = (): string => `${today}T12:00:00.000Z`;

  function openPeriods(): void {
    for (const scheme of taxSchemes) {
      const period = periodOfDate(scheme, today);
      const key = { scheme, legalEntity: entity.id, period: period.period };
      const _id = filingPeriodId(key);
      const fresh = { reference: '', status: 'open', openedAt: now(), order: '', closed: null, filing: null } as const;
      if (!periods.has(_id)) periods.set(_id, { _id, ...period, ...key, ...fresh, reminders: [] });
    }
  }
  openPeriods();

  const life = {
    paper,
    wait(days: number): void {
      for (let day = 0; day < days; day += 1) {
        today = addDays(today, 1);
        if (today.endsWith('-01')) openPeriods();
      }
    },
    sell(sale: SampleSale, lateDays: number): void {
      const invoice = paper.sell(sale, `${addDays(today, -lateDays)}T12:00:00.000Z`, now());
      sold.push({ sale, invoice });
    },
    credit(which: number, gross: number): void {
      const chosen = sold[which % Math.max(1, sold.length)];
      if (chosen !== undefined) paper.credit(chosen.invoice, chosen.sale, gross, now());
    },
    ended: (scheme?: TaxScheme): readonly FilingPeriodDocument[] =>
      [...periods.values()].filter(
        (one) => (scheme === undefined || one.scheme === scheme) && one.closed === null && one.end <= today,
      ),
    async close(period: FilingPeriodDocument | undefined): Promise<void> {
      if (period === undefined) return;
      const written = await writer.write(period, { entity, at: now(), rates: 'final' });
      if (written.kind === 'rates_missing') throw new Error('there is a rate for everything');
      const { report, upTo, settledUpTo, order } = written;
      const closed = { closedAt: now(), upTo, settledUpTo, report, sha256: '' };
      periods.set(period._id, { ...period, status: 'closed', order, closed });
    },
    reports: (scheme: TaxScheme): readonly FiledReport[] =>
      [...periods.values()].flatMap((one) => (one.scheme === scheme && one.closed !== null ? [one.closed.report] : [])),
  };
  return life;
}

async function take(life: ReturnType<typeof createLife>, one: Step): Promise<void> {
  switch (one.do) {
    case 'wait':
      return life.wait(one.days);
    case 'sell':
      return life.sell(scaled(sales[one.sale] ?? german, one.net), one.lateDays);
    case 'credit':
      return life.credit(one.which, one.gross);
    case 'close': {
      const ended = life.ended(taxSchemes[one.scheme]);
      return life.close(ended[one.which % Math.max(1, ended.length)]);
    }
  }
}

/** Closes all that is open, in any order, and at last a period after all of it, which takes what came late. */
async function closeAll(life: ReturnType<typeof createLife>, order: readonly number[]): Promise<void> {
  life.wait(100);
  for (const which of order) {
    const ended = life.ended();
    await life.close(ended[which % Math.max(1, ended.length)]);
  }
  life.wait(100);
  for (const period of life.ended()) await life.close(period);
}

async function documentedIn(life: ReturnType<typeof createLife>, scheme: TaxScheme): Promise<Tally> {
  const tally: Tally = new Map();
  const { journal } = life.paper;
  const range = { legalEntity: entity.id, after: {}, upTo: await journal.marks(entity.id, 2100) };
  for await (const document of readDocuments(journal, range)) tallyUp(tally, reportEntries(scheme, document));
  return tally;
}

/** Rows that are not zero, sorted. */
const rowsOf = (tally: Tally) =>
  [...tally]
    .map(([row, { amounts }]): [string, number, number, number] => [row, amounts.sales, amounts.base, amounts.tax])
    .filter(([, ...amounts]) => amounts.some((amount) => amount !== 0))
    .sort(([a], [b]) => (a < b ? -1 : 1));

/** The tax per jurisdiction and period of supply in the currency of the returns, by the reports or by one conversion each. */
function declared(scheme: TaxScheme, reports: readonly FiledReport[]) {
  const sums = new Map<string, number>();
  for (const { suppliedIn, jurisdiction, name, rate, tax } of reports.flatMap(({ lines }) => lines)) {
    const row = [scheme, suppliedIn, jurisdiction, name, rate].join(' ');
    sums.set(row, (sums.get(row) ?? 0) + tax);
  }
  return sorted(sums);
}

function convertedOnce(scheme: TaxScheme, documented: Tally) {
  const sums = new Map<string, number>();
  for (const { key, amounts } of documented.values()) {
    const { suppliedIn, jurisdiction, name, rate } = key;
    const period = parsePeriod(scheme, suppliedIn);
    const { currency } = filingRule(scheme, period.start);
    const date = addDays(period.end, -1);
    const tax = { amount: amounts.tax, currency: amounts.currency };
    const inCurrency =
      amounts.currency === currency
        ? tax
        : convert(tax, rateOf({ from: currency, to: amounts.currency, date }), currency);
    const row = [scheme, suppliedIn, jurisdiction, name, rate].join(' ');
    sums.set(row, (sums.get(row) ?? 0) + inCurrency.amount);
  }
  return sorted(sums);
}

const sorted = (sums: ReadonlyMap<string, number>) =>
  [...sums].filter(([, sum]) => sum !== 0).sort(([a], [b]) => (a < b ? -1 : 1));

describe('the returns of a merchant', () => {
  it('hold every invoice and credit note exactly once, whatever comes late and in whatever order they are closed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 4, maxLength: 24 }),
        fc.array(fc.nat(), { maxLength: 20 }),
        async (steps, order) => {
          const life = createLife();
          for (const one of steps) await take(life, one);
          await closeAll(life, order);
          for (const scheme of taxSchemes) {
            const documented = await documentedIn(life, scheme);
            const reports = life.reports(scheme);
            expect(rowsOf(tallyOfReports(reports))).toEqual(rowsOf(documented));
            expect(declared(scheme, reports)).toEqual(convertedOnce(scheme, documented));
          }
        },
      ),
      { numRuns: propertyRuns() },
    );
  }, 600_000);

  it('carry what came after a closing into the next return, as a correction of its own period', async () => {
    const life = createLife();
    const steps: readonly Step[] = [
      { do: 'sell', sale: 0, net: 100, lateDays: 0 },
      { do: 'wait', days: 60 },
      { do: 'close', scheme: 0, which: 0 },
      { do: 'credit', which: 0, gross: 50 },
      { do: 'sell', sale: 1, net: 700, lateDays: 70 },
      { do: 'wait', days: 100 },
      { do: 'close', scheme: 0, which: 0 },
    ];
    for (const one of steps) await take(life, one);
    const [first, second] = life.reports('oss');
    expect(first?.lines.map(({ section, tax }) => [section, tax])).toEqual([['supplies', 19]]);
    expect(second?.lines.map(({ section, suppliedIn, jurisdiction }) => [section, suppliedIn, jurisdiction])).toEqual([
      ['corrections', '2026-Q1', 'DE'],
      ['corrections', '2026-Q1', 'FR'],
    ]);
  });
});
