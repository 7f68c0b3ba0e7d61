import type { Db } from 'mongodb';
import { fail } from '../../domain/failures.ts';
import { legalEntityAt } from '../../domain/invoice/legal-entity.ts';
import type { LegalEntity } from '../../domain/invoice/legal-entity.ts';
import { taxSchemes } from '../../domain/tax-report/data/filing-rules.ts';
import type { TaxScheme } from '../../domain/tax-report/data/filing-rules.ts';
import {
  filingGivenUpAt,
  filingReminders,
  nextPeriod,
  parsePeriod,
  periodClosesAt,
  periodEndsAt,
  periodOfDate,
  returnReference,
} from '../../domain/tax-report/filing-period.ts';
import type { FilingPeriod, FilingReminder } from '../../domain/tax-report/filing-period.ts';
import { localDate } from '../../domain/time/local-date.ts';
import type { PublishedExchangeRates } from '../exchange-rates/exchange-rates.ts';
import { createDocumentJournal } from '../invoice/document-journal.ts';
import type { DocumentJournal } from '../invoice/document-journal.ts';
import { canonicalHash } from '../store/canonical-hash.ts';
import { createFilingPeriodStore, filingPeriodId } from './filing-period-store.ts';
import type { FiledReport, FilingPeriodDocument, FilingStatus } from './filing-period-store.ts';
import { createReturnWriter } from './return-writer.ts';

export interface PeriodKey {
  readonly scheme: TaxScheme;
  readonly period: string;
}

/** A return that waits to be filed. Instants are ISO 8601 UTC. */
export interface AwaitedReturn extends PeriodKey {
  readonly reminders: readonly { readonly kind: FilingReminder; readonly at: string }[];
  readonly givenUpAt: string;
}

export interface FilingWork {
  /** Ended and open, the oldest first. */
  readonly toClose: readonly PeriodKey[];
  /** Ended and not filed, unless long overdue. */
  readonly awaited: readonly AwaitedReturn[];
}

export type ClosingOutcome =
  | { readonly kind: 'closed' }
  /** The rates of the last day are not published yet, for these currencies. */
  | { readonly kind: 'rates_missing'; readonly currencies: readonly string[] };

export type PeriodView = Pick<
  FilingPeriodDocument,
  'scheme' | 'period' | 'start' | 'end' | 'dueDate' | 'reference' | 'status' | 'filing' | 'reminders'
>;

export interface TaxReportView {
  readonly status: FilingStatus;
  /** True while the period is open: amounts, rates and even documents may still be added. */
  readonly provisional: boolean;
  /** Null while the period is open. */
  readonly closedAt: string | null;
  readonly sha256: string | null;
  readonly filing: FilingPeriodDocument['filing'];
  readonly report: FiledReport;
}

/** Every method takes "now" as `at` (ISO 8601 UTC); periods are those of the legal entity that sells then. */
export interface TaxReportService {
  /** Opens the periods that have begun, back to the first document, and says what there is to do. Repeatable. */
  openPeriods(request: { readonly at: string }): Promise<FilingWork>;
  /** Freezes the return of a period that has ended; a closed one stays as it is. @throws tax_report.not_found, tax_report.not_ended, tax_report.busy */
  closePeriod(request: PeriodKey & { readonly at: string }): Promise<ClosingOutcome>;
  /**
   * The frozen return, or what it would be now.
   * @throws request.invalid, tax_report.not_found for a period that has not begun, tax_report.rate_missing, tax_report.altered
   */
  report(request: PeriodKey & { readonly at: string }): Promise<TaxReportView>;
  /** @throws tax_report.not_found, tax_report.not_closed, tax_report.conflict when filed under another reference */
  markFiled(
    request: PeriodKey & { readonly reference: string; readonly by: string; readonly at: string },
  ): Promise<void>;
  /** Notes that operators were told. Once per kind. */
  remind(request: PeriodKey & { readonly kind: FilingReminder; readonly at: string }): Promise<void>;
  /** Every period on file, the oldest first. */
  periods(request: { readonly at: string; readonly scheme?: TaxScheme }): Promise<readonly PeriodView[]>;
}

export interface TaxReportDeps {
  readonly db: Db;
  readonly exchangeRates: PublishedExchangeRates;
}

export function createTaxReportService({ db, exchangeRates }: TaxReportDeps): TaxReportService {
  const store = createFilingPeriodStore({ db });
  const journal = createDocumentJournal({ db });
  const writer = createReturnWriter({ store, journal, exchangeRates });
  const idOf = ({ scheme, period }: PeriodKey, entity: LegalEntity): string =>
    filingPeriodId({ scheme, period, legalEntity: entity.id });

  async function openScheme(scheme: TaxScheme, entity: LegalEntity, at: string): Promise<void> {
    const known = (await store.list({ legalEntity: entity.id, scheme })).at(-1);
    const current = periodOfDate(scheme, localDate(at, entity.timeZone));
    const begin =
      known === undefined ? await firstPeriod(journal, scheme, entity, current) : parsePeriod(scheme, known.period);
    for (let period = begin; period.period <= current.period; period = nextPeriod(period)) {
      if (period.period === known?.period) continue;
      await store.open({ ...period, legalEntity: entity.id, reference: returnReference(period, entity), openedAt: at });
    }
  }

  return {
    async openPeriods({ at }) {
      const entity = legalEntityAt(at);
      for (const scheme of taxSchemes) await openScheme(scheme, entity, at);
      const unfiled = (await store.list({ legalEntity: entity.id })).filter(({ status }) => status !== 'filed');
      const isPast = (instant: string): boolean => Date.parse(instant) <= Date.parse(at);
      return {
        toClose: unfiled.filter((one) => one.status === 'open' && isPast(periodClosesAt(one, entity))).map(keyOf),
        awaited: unfiled
          .filter((one) => isPast(periodEndsAt(one, entity)) && !isPast(filingGivenUpAt(one, entity)))
          .map((one) => ({
            ...keyOf(one),
            reminders: filingReminders(one, entity),
            givenUpAt: filingGivenUpAt(one, entity),
          })),
      };
    },

    async closePeriod({ scheme, period, at }) {
      const entity = legalEntityAt(at);
      const id = idOf({ scheme, period }, entity);
      const document = (await store.find(id)) ?? fail('tax_report.not_found', `${id} is not on file`);
      if (document.status !== 'open') return { kind: 'closed' };
      if (Date.parse(periodClosesAt(document, entity)) > Date.parse(at))
        fail('tax_report.not_ended', `${id} has not ended`);
      const drafted = await writer.write(document, { entity, at, rates: 'final' });
      if (drafted.kind === 'rates_missing') return drafted;
      const { order, report, upTo, settledUpTo } = drafted;
      const closed = { closedAt: at, upTo, settledUpTo, report, sha256: canonicalHash(report) };
      if (await store.close(id, { order, closed })) return { kind: 'closed' };
      const now = await store.find(id);
      return now !== null && now.status !== 'open'
        ? { kind: 'closed' }
        : fail('tax_report.busy', `${id} was overtaken`);
    },

    async report({ scheme, period: text, at }) {
      const period = parsePeriod(scheme, text);
      const entity = legalEntityAt(at);
      const document = await store.find(idOf({ scheme, period: text }, entity));
      if (document?.closed !== null && document?.closed !== undefined) return frozenView(document, document.closed);
      if (period.start > localDate(at, entity.timeZone))
        fail('tax_report.not_found', `${scheme}/${text} has not begun`);
      const drafted = await writer.write(period, { entity, at, rates: 'newest' });
      if (drafted.kind === 'rates_missing')
        return fail('tax_report.rate_missing', `No rate is on file for ${drafted.currencies.join(', ')}`);
      const { report } = drafted;
      return { status: 'open', provisional: true, closedAt: null, sha256: null, filing: null, report };
    },

    async markFiled({ scheme, period, reference, by, at }) {
      const id = idOf({ scheme, period }, legalEntityAt(at));
      if (await store.file(id, { reference, by, filedAt: at })) return;
      const document = (await store.find(id)) ?? fail('tax_report.not_found', `${id} is not on file`);
      if (document.status === 'open') fail('tax_report.not_closed', `${id} is still open`);
      if (document.filing?.reference !== reference)
        fail('tax_report.conflict', `${id} was filed as ${document.filing?.reference}`);
    },

    remind: ({ scheme, period, kind, at }) => store.remind(idOf({ scheme, period }, legalEntityAt(at)), { kind, at }),

    async periods({ at, scheme }) {
      const legalEntity = legalEntityAt(at).id;
      const found = await store.list(scheme === undefined ? { legalEntity } : { legalEntity, scheme });
      return found.map(({ start, end, dueDate, reference, status, filing, reminders, ...key }) => ({
        ...keyOf(key),
        ...{ start, end, dueDate, reference, status, filing, reminders },
      }));
    },
  };
}

const keyOf = ({ scheme, period }: PeriodKey): PeriodKey => ({ scheme, period });

/** The period of the first document, or the current one before there is any. */
async function firstPeriod(
  journal: DocumentJournal,
  scheme: TaxScheme,
  { id }: LegalEntity,
  current: FilingPeriod,
): Promise<FilingPeriod> {
  const first = await journal.first(id);
  if (first === null) return current;
  const ofFirst = periodOfDate(scheme, first.issueDate);
  return ofFirst.period < current.period ? ofFirst : current;
}

function frozenView(
  document: FilingPeriodDocument,
  closed: NonNullable<FilingPeriodDocument['closed']>,
): TaxReportView {
  const { report, sha256, closedAt } = closed;
  if (canonicalHash(report) !== sha256) fail('tax_report.altered', `${document._id} is not what was closed`);
  return { status: document.status, provisional: false, closedAt, sha256, filing: document.filing, report };
}
