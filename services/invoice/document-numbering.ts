import type { Collection } from 'mongodb';
import { documentNumber, sameContent, seriesOf } from '../../domain/invoice/invoice.ts';
import type { BillingDocument, BillingDocumentContent, DocumentNumber } from '../../domain/invoice/invoice.ts';
import { Failure, fail } from '../../domain/failures.ts';
import { isDuplicateKey } from '../store/collection.ts';
import type { BillingDocumentRecord } from './invoice-store.ts';

interface Queue {
  /** Settles when the last writer of the series has finished; never rejects. */
  tail: Promise<unknown>;
  /** The last number that this process saw taken. Documents are never deleted, so the next one leaves no gap. */
  lastSeen: number | null;
}

/** Losing this often in a row means that something else is wrong: every loss is another process's win. */
const maximumCollisions = 500;
const triesBeforeLooking = 8;

/**
 * Gapless numbers per (legal entity, series, year), without a counter: the next number is one more than that of the last
 * document, and the unique index lets one of several writers have it. A crash before the insert takes no number; after
 * it, the repeat of the fact finds the document. Within this process the writers of a series queue up, so that the
 * index only has to arbitrate between processes.
 */
export function createDocumentIssuer({ records }: { readonly records: Collection<BillingDocumentRecord> }) {
  const queues = new Map<string, Queue>();

  const lastSequence = async (legalEntity: string, { series, year }: Omit<DocumentNumber, 'number' | 'sequence'>) => {
    const last = await records.findOne(
      { legalEntity, series, year },
      { sort: { sequence: -1 }, projection: { sequence: 1 } },
    );
    return last?.sequence ?? 0;
  };

  const insert = async (content: BillingDocumentContent, queue: Queue): Promise<BillingDocument> => {
    const series = seriesOf(content);
    const year = Number(content.issueDate.slice(0, 4));
    for (let collision = 0; collision < maximumCollisions; collision += 1) {
      const last = queue.lastSeen ?? (await lastSequence(content.legalEntity, { series, year }));
      // A network error in the insert leaves the outcome open: forget the number and look again next time.
      queue.lastSeen = null;
      const document = { ...content, ...documentNumber(series, year, last + 1) };
      if (await tryInsert(records, document)) {
        queue.lastSeen = last + 1;
        return document;
      }
      const earlier = await findByFact(records, content);
      if (earlier !== null) return earlier;
      // Another process has that number, so the one after it leaves no gap. Looking costs more than trying, at first.
      if ((collision + 1) % triesBeforeLooking !== 0) queue.lastSeen = last + 1;
    }
    throw new Failure('store.unavailable', `No number could be taken in series ${series}-${year}`);
  };

  return {
    /** @throws invoice.conflict when the fact is documented with other content */
    async issue(content: BillingDocumentContent): Promise<BillingDocument> {
      const key = JSON.stringify([content.legalEntity, seriesOf(content), content.issueDate.slice(0, 4)]);
      const queue = queues.get(key) ?? { tail: Promise.resolve(), lastSeen: null };
      queues.set(key, queue);
      const mine = queue.tail.then(() => insert(content, queue));
      queue.tail = mine.catch(() => undefined);
      return mine;
    },
  };
}

/** false: the number or the fact is taken. */
async function tryInsert(records: Collection<BillingDocumentRecord>, document: BillingDocument): Promise<boolean> {
  const { id, legalEntity, series, year, sequence, fact, orderId } = document;
  try {
    await records.insertOne({ _id: id, legalEntity, series, year, sequence, fact, orderId, document, pdf: null });
    return true;
  } catch (error) {
    if (isDuplicateKey(error)) return false;
    throw error;
  }
}

async function findByFact(
  records: Collection<BillingDocumentRecord>,
  content: BillingDocumentContent,
): Promise<BillingDocument | null> {
  const found = await records.findOne({ fact: content.fact });
  if (found === null) return null;
  const { document } = found;
  if (!sameContent(document, content)) {
    fail('invoice.conflict', `${content.fact} is documented by ${document.number} with other content`);
  }
  return document;
}
