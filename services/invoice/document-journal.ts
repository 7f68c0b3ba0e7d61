import type { Db } from 'mongodb';
import type { BillingDocument, DocumentSeries, Invoice } from '../../domain/invoice/invoice.ts';
import { collectionOf } from '../store/collection.ts';
import { billingDocuments } from './invoice-store.ts';

/** A stretch of one series: numbers after `after`, up to and including `upTo`. */
export interface NumberRange {
  readonly legalEntity: string;
  readonly series: DocumentSeries;
  readonly year: number;
  readonly after: number;
  readonly upTo: number;
}

/** The billing documents in the order of their numbers, for whoever has to account for each of them exactly once. */
export interface DocumentJournal {
  /**
   * The last number of every series, under "INV-2026", up to a year. Credit notes are looked at first: so every credit
   * note within the marks has its invoice within them.
   */
  marks(legalEntity: string, lastYear: number): Promise<Readonly<Record<string, number>>>;
  /** The first invoice that the legal entity ever issued; null when it never did. */
  first(legalEntity: string): Promise<BillingDocument | null>;
  read(range: NumberRange): AsyncIterable<BillingDocument>;
  /** The invoices among these documents, by id. */
  invoices(ids: readonly string[]): Promise<ReadonlyMap<string, Invoice>>;
}

export function createDocumentJournal({ db }: { readonly db: Db }): DocumentJournal {
  const records = collectionOf(db, billingDocuments);

  async function first(legalEntity: string): Promise<BillingDocument | null> {
    const found = await records.findOne({ legalEntity, series: 'INV' }, { sort: { year: 1, sequence: 1 } });
    return found?.document ?? null;
  }

  return {
    async marks(legalEntity, lastYear) {
      const marks: Record<string, number> = {};
      const begin = (await first(legalEntity))?.year ?? lastYear;
      for (const series of ['CN', 'INV'] as const) {
        for (let year = begin; year <= lastYear; year += 1) {
          const query = { legalEntity, series, year };
          const last = await records.findOne(query, { sort: { sequence: -1 }, projection: { sequence: 1 } });
          if (last !== null) marks[`${series}-${year}`] = last.sequence;
        }
      }
      return marks;
    },

    first,

    async *read({ legalEntity, series, year, after, upTo }) {
      if (after >= upTo) return;
      const range = { legalEntity, series, year, sequence: { $gt: after, $lte: upTo } };
      for await (const { document } of records.find(range, { sort: { sequence: 1 } })) yield document;
    },

    async invoices(ids) {
      const found = await records.find({ _id: { $in: [...ids] } }).toArray();
      const documents = found.map(({ document }) => document);
      return new Map(documents.flatMap((one): [string, Invoice][] => (one.kind === 'invoice' ? [[one.id, one]] : [])));
    },
  };
}
