import type { Db } from 'mongodb';
import { z } from 'zod';
import { taxSchemes } from '../../domain/tax-report/data/filing-rules.ts';
import type { TaxScheme } from '../../domain/tax-report/data/filing-rules.ts';
import type { DocumentMarks } from '../../domain/tax-report/closings.ts';
import { filingReminderKinds } from '../../domain/tax-report/filing-period.ts';
import type { FilingReminder } from '../../domain/tax-report/filing-period.ts';
import type { StateNexus } from '../../domain/tax-report/nexus-summary.ts';
import type { TaxReport } from '../../domain/tax-report/tax-report.ts';
import { collectionOf, isDuplicateKey } from '../store/collection.ts';
import type { CollectionSpec } from '../store/collection.ts';

/** A return with what belongs to it in some countries. */
export interface FiledReport extends TaxReport {
  /** Of the United States only; null elsewhere. */
  readonly nexus: readonly StateNexus[] | null;
}

/** What closing writes, once. */
export interface ClosedReturn {
  /** ISO 8601 UTC. */
  readonly closedAt: string;
  /** Every document of the legal entity up to these numbers was looked at. */
  readonly upTo: DocumentMarks;
  /** Below these numbers nothing is left for later returns of the scheme. */
  readonly settledUpTo: DocumentMarks;
  readonly report: FiledReport;
  /** SHA-256 of the report as canonical JSON. */
  readonly sha256: string;
}

export type FilingStatus = 'open' | 'closed' | 'filed';

export interface FilingPeriodDocument {
  /** "oss/waybill_ie/2026-Q4". */
  readonly _id: string;
  readonly scheme: TaxScheme;
  readonly legalEntity: string;
  readonly period: string;
  readonly start: string;
  readonly end: string;
  readonly dueDate: string;
  readonly reference: string;
  readonly status: FilingStatus;
  readonly openedAt: string;
  /** Place in the order of closings, "oss/waybill_ie/000004"; unique, so that two closings cannot pass each other. */
  readonly order: string;
  readonly closed: ClosedReturn | null;
  /** The authority's or the operator's note of the filing. */
  readonly filing: { readonly reference: string; readonly by: string; readonly filedAt: string } | null;
  /** What operators were told, oldest first. */
  readonly reminders: readonly { readonly kind: FilingReminder; readonly at: string }[];
}

const marks = z.record(z.string(), z.int().nonnegative());
const amount = z.int();
const totals = z.strictObject({ sales: amount, exempt: amount, base: amount, tax: amount, transactions: amount });

const report = z.strictObject({
  scheme: z.enum(taxSchemes),
  period: z.string(),
  legalEntity: z.string(),
  reference: z.string(),
  dueDate: z.iso.date(),
  currency: z.string().length(3),
  nil: z.boolean(),
  lines: z
    .array(
      z.strictObject({
        section: z.enum(['supplies', 'corrections', 'expired_corrections']),
        suppliedIn: z.string(),
        jurisdiction: z.string(),
        name: z.string(),
        rateType: z.enum(['standard', 'reduced']).nullable(),
        rate: z.string().nullable(),
        amounts: z
          .array(z.strictObject({ currency: z.string().length(3), sales: amount, base: amount, tax: amount }))
          .readonly(),
        ...totals.shape,
      }),
    )
    .readonly(),
  totals: z.strictObject({ supplies: totals, corrections: totals, expired_corrections: totals }),
  rates: z
    .array(
      z.strictObject({
        suppliedIn: z.string(),
        from: z.string(),
        to: z.string(),
        rate: z.string(),
        date: z.iso.date(),
        source: z.string(),
      }),
    )
    .readonly(),
  nexus: z
    .array(
      z.strictObject({
        jurisdiction: z.string(),
        status: z.enum(['below', 'warning', 'exceeded']),
        from: z.iso.date(),
        to: z.iso.date(),
        sales: amount,
        transactions: amount,
        thresholdSales: amount.nullable(),
        thresholdTransactions: amount.nullable(),
      }),
    )
    .readonly()
    .nullable(),
});

export const filingPeriodsCollection: CollectionSpec<FilingPeriodDocument> = {
  name: 'filing_periods',
  owner: 'tax-report',
  retention: 'books',
  schema: z.strictObject({
    _id: z.string().min(1),
    scheme: z.enum(taxSchemes),
    legalEntity: z.string(),
    period: z.string(),
    start: z.iso.date(),
    end: z.iso.date(),
    dueDate: z.iso.date(),
    reference: z.string(),
    status: z.enum(['open', 'closed', 'filed']),
    openedAt: z.iso.datetime(),
    order: z.string(),
    closed: z
      .strictObject({
        closedAt: z.iso.datetime(),
        upTo: marks,
        settledUpTo: marks,
        report,
        sha256: z.string().length(64),
      })
      .nullable(),
    filing: z.strictObject({ reference: z.string(), by: z.string(), filedAt: z.iso.datetime() }).nullable(),
    reminders: z.array(z.strictObject({ kind: z.enum(filingReminderKinds), at: z.iso.datetime() })).readonly(),
  }),
  indexes: [{ key: { order: 1 }, name: 'order', unique: true }],
};

export function filingPeriodId(key: Pick<FilingPeriodDocument, 'scheme' | 'legalEntity' | 'period'>): string {
  return `${key.scheme}/${key.legalEntity}/${key.period}`;
}

export type NewFilingPeriod = Pick<
  FilingPeriodDocument,
  'scheme' | 'legalEntity' | 'period' | 'start' | 'end' | 'dueDate' | 'reference' | 'openedAt'
>;

export function createFilingPeriodStore({ db }: { readonly db: Db }) {
  const collection = collectionOf(db, filingPeriodsCollection);

  return {
    /** Opening it again changes nothing. */
    async open(period: NewFilingPeriod): Promise<void> {
      const _id = filingPeriodId(period);
      const fresh = { status: 'open', order: `open/${_id}`, closed: null, filing: null, reminders: [] } as const;
      try {
        await collection.insertOne({ _id, ...period, ...fresh });
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
    },

    find: (id: string): Promise<FilingPeriodDocument | null> => collection.findOne({ _id: id }),

    /** A few dozen documents: every period of a scheme, or of all, the oldest first. */
    async list(query: { readonly legalEntity: string; readonly scheme?: TaxScheme }) {
      const found = await collection.find(query).toArray();
      return found.sort((a, b) => (a.start === b.start ? compare(a._id, b._id) : compare(a.start, b.start)));
    },

    /** From `open`; false when it is not open any more, or when another return took that place in the order. */
    async close(id: string, closing: { readonly order: string; readonly closed: ClosedReturn }): Promise<boolean> {
      try {
        const { modifiedCount } = await collection.updateOne(
          { _id: id, status: 'open' },
          { $set: { status: 'closed', order: closing.order, closed: closing.closed } },
        );
        return modifiedCount === 1;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },

    /** From `closed`; false when it is not closed, or filed already. */
    async file(id: string, filing: NonNullable<FilingPeriodDocument['filing']>): Promise<boolean> {
      const { modifiedCount } = await collection.updateOne(
        { _id: id, status: 'closed' },
        { $set: { status: 'filed', filing } },
      );
      return modifiedCount === 1;
    },

    /** Once per kind. */
    async remind(id: string, reminder: FilingPeriodDocument['reminders'][number]): Promise<void> {
      await collection.updateOne(
        { _id: id, 'reminders.kind': { $ne: reminder.kind } },
        { $push: { reminders: reminder } },
      );
    },
  };
}

export type FilingPeriodStore = ReturnType<typeof createFilingPeriodStore>;

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
