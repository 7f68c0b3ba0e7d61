import type { BillingDocument } from '../../domain/invoice/invoice.ts';
import { belongsInReturn, isReported, markKey } from '../../domain/tax-report/closings.ts';
import type { Closing, DocumentMarks } from '../../domain/tax-report/closings.ts';
import type { FilingPeriod } from '../../domain/tax-report/filing-period.ts';
import { reportEntries, taxDocument } from '../../domain/tax-report/report-entry.ts';
import type { TaxDocument } from '../../domain/tax-report/report-entry.ts';
import { tallyUp } from '../../domain/tax-report/tax-report.ts';
import type { Tally } from '../../domain/tax-report/tax-report.ts';
import type { DocumentJournal } from '../invoice/document-journal.ts';

/** What would be in a return if it were closed now. */
export interface ReturnDraft {
  readonly upTo: DocumentMarks;
  readonly settledUpTo: DocumentMarks;
  readonly tally: Tally;
  /** What is in no return yet and belongs to other periods, by the period that it counts in. */
  readonly elsewhere: ReadonlyMap<string, Tally>;
}

export interface DraftRequest {
  readonly period: FilingPeriod;
  readonly legalEntity: string;
  /** The first period that ever had a return: what is older belongs to it. */
  readonly firstPeriod: string;
  /** Earlier closings, in their order, and how far they settled everything. */
  readonly closings: readonly Closing[];
  readonly settledUpTo: DocumentMarks;
  /** Last year whose numbers may exist. */
  readonly lastYear: number;
}

const batchSize = 500;

/** Reads every document that no return has yet, and puts it where it belongs. */
export async function draftReturn(journal: DocumentJournal, request: DraftRequest): Promise<ReturnDraft> {
  const { period, closings } = request;
  const { legalEntity, settledUpTo: after } = request;
  const upTo = await journal.marks(legalEntity, request.lastYear);
  const tally: Tally = new Map();
  const elsewhere = new Map<string, Tally>();
  const firstLeft = new Map<string, number>();
  for await (const document of readDocuments(journal, { legalEntity, after, upTo })) {
    const entries = reportEntries(period.scheme, document);
    const counted = entries[0]?.period;
    if (counted === undefined) continue;
    const countsIn = counted < request.firstPeriod ? request.firstPeriod : counted;
    if (belongsInReturn(document, countsIn, { period: period.period, upTo }, closings)) {
      tallyUp(tally, entries);
    } else if (!isReported(document, countsIn, closings)) {
      const key = markKey(document);
      firstLeft.set(key, Math.min(firstLeft.get(key) ?? document.sequence, document.sequence));
      const others: Tally = elsewhere.get(countsIn) ?? new Map<never, never>();
      elsewhere.set(countsIn, tallyUp(others, entries));
    }
  }
  const settledUpTo = Object.fromEntries(
    Object.entries(upTo).map(([key, last]) => {
      const left = firstLeft.get(key);
      return [key, left === undefined ? last : left - 1];
    }),
  );
  return { upTo, settledUpTo, tally, elsewhere };
}

/** The documents after some numbers and up to others, credit notes with the day of supply of what they correct. */
export async function* readDocuments(
  journal: DocumentJournal,
  {
    legalEntity,
    after,
    upTo,
  }: { readonly legalEntity: string; readonly after: DocumentMarks; readonly upTo: DocumentMarks },
): AsyncIterable<TaxDocument> {
  let batch: BillingDocument[] = [];
  for (const [key, last] of Object.entries(upTo)) {
    const [series, year] = [key.startsWith('CN') ? 'CN' : 'INV', Number(key.slice(key.indexOf('-') + 1))] as const;
    for await (const document of journal.read({ legalEntity, series, year, after: after[key] ?? 0, upTo: last })) {
      batch.push(document);
      if (batch.length < batchSize) continue;
      yield* await withCorrected(journal, batch);
      batch = [];
    }
  }
  yield* await withCorrected(journal, batch);
}

async function withCorrected(
  journal: DocumentJournal,
  documents: readonly BillingDocument[],
): Promise<readonly TaxDocument[]> {
  const ids = documents.flatMap((one) => (one.kind === 'credit_note' ? [one.corrects.id] : []));
  const invoices = ids.length === 0 ? new Map<string, never>() : await journal.invoices([...new Set(ids)]);
  return documents.map((document) =>
    taxDocument(document, document.kind === 'credit_note' ? (invoices.get(document.corrects.id) ?? null) : null),
  );
}
