import type { Db } from 'mongodb';
import { facts } from '../../domain/idempotency.ts';
import {
  entryProblems,
  refundProblems,
  refundSettlementProblems,
  reversalProblems,
  saleProblems,
  storeCreditProblems,
} from '../../domain/ledger/book-checks.ts';
import type { JournalEntry } from '../../domain/ledger/journal-entry.ts';
import { sum } from '../../domain/money/money.ts';
import { assertNever } from '../../domain/state-machine.ts';
import { billingDocuments } from '../invoice/invoice-store.ts';
import { storeCreditAccounts } from '../store-credit/store-credit-store.ts';
import { paymentsCollection } from '../payment/payment-store.ts';
import { collectionOf } from '../store/collection.ts';
import { checkAccounts } from './account-checks.ts';
import { loadSources, orderOf, originOf } from './book-sources.ts';
import type { BookSources } from './book-sources.ts';
import { createLedgerService, toEntry } from './ledger-service.ts';
import { journalEntries } from './ledger-store.ts';

export interface BookProblem {
  /** The fact, the account or the currency that it is about. */
  readonly subject: string;
  readonly problem: string;
}

export interface BookReport {
  readonly entries: number;
  readonly documents: number;
  readonly payments: number;
  readonly storeCreditAccounts: number;
  readonly accounts: number;
  /** The first ones; the book is right when there is none. */
  readonly problems: readonly BookProblem[];
  /** How many more there are. */
  readonly unlisted: number;
}

const batchSize = 200;
const listed = 1_000;

/**
 * Walks the whole book and everything that it is made from, some records at a time. Read only, and repeatable while
 * orders go on: what is younger than `settledBefore` (ISO 8601 UTC) may still be on its way into the book.
 */
export async function auditBook(
  { db }: { readonly db: Db },
  { settledBefore }: { readonly settledBefore: string },
): Promise<BookReport> {
  const problems: BookProblem[] = [];
  let found = 0;
  const complain = (subject: string, texts: readonly string[]): void => {
    found += texts.length;
    problems.push(...texts.slice(0, Math.max(0, listed - problems.length)).map((problem) => ({ subject, problem })));
  };
  const { entries, malformed } = await checkEntries(db, settledBefore, complain);
  const counted = {
    entries,
    documents: await checkDocuments(db, settledBefore, complain),
    payments: await checkPayments(db, settledBefore, complain),
    storeCreditAccounts: await checkStoreCredit(db, settledBefore, complain),
    // What has not the shape of an entry cannot be added up.
    accounts: malformed > 0 ? 0 : await checkAccounts(createLedgerService({ db }), complain),
  };
  return { ...counted, problems, unlisted: found - problems.length };
}

type Complain = (subject: string, texts: readonly string[]) => void;

async function checkEntries(db: Db, settledBefore: string, complain: Complain) {
  let entries = 0;
  let malformed = 0;
  for await (const batch of batches(collectionOf(db, journalEntries).find())) {
    entries += batch.length;
    const sound = batch.filter((document) => {
      const issues = journalEntries.schema.safeParse(document).error?.issues ?? [];
      complain(
        document._id,
        issues.map(({ path, message }) => `${path.join('.')}: ${message}`),
      );
      return issues.length === 0;
    });
    malformed += batch.length - sound.length;
    const read = sound.map(toEntry);
    const sources = await loadSources(db, read);
    for (const entry of read) {
      complain(entry.fact, [...entryProblems(entry), ...sourceProblems(entry, sources)]);
      // Credit is granted after its entry is written.
      if (entry.at < settledBefore) complain(entry.fact, storeCreditProblems(entry, sources.storeCredit(entry.fact)));
    }
  }
  return { entries, malformed };
}

function sourceProblems(entry: JournalEntry, sources: BookSources): readonly string[] {
  const source = sources.of(entry);
  const refundId = orderOf(entry.fact)?.refundId ?? null;
  switch (entry.kind) {
    case 'sale': {
      if (source === null) return ['belongs to no order'];
      const unbooked = sources.unbookedRefunds(source.orderId);
      return [...saleProblems(entry, source), ...unbooked.map((fact) => `${fact} was given back and is not booked`)];
    }
    case 'refund': {
      if (source === null || refundId === null) return ['belongs to no refund of an order'];
      const sale = sources.entry(facts.sale(source.orderId));
      return refundProblems(entry, { ...source, refundId, sale, earlier: sources.earlier(source) });
    }
    case 'refund_settlement':
      if (source === null || refundId === null) return ['belongs to no refund of an order'];
      return refundSettlementProblems(entry, { ...source, refundId });
    case 'chargeback':
    case 'write_off':
      return source?.quote == null ? ['belongs to no order'] : [];
    case 'reversal':
      return reversalProblems(entry, sources.entry(originOf(entry.fact)));
    case 'recognition':
    case 'fee':
    case 'gateway_payout':
    case 'vendor_payout':
    case 'tax_remittance':
      // Their sources are statements of others, or the revenue schedules, which are checked where they are kept.
      return [];
    default:
      return assertNever(entry.kind);
  }
}

/** What was invoiced or credited is booked. */
async function checkDocuments(db: Db, settledBefore: string, complain: Complain): Promise<number> {
  let count = 0;
  const cursor = collectionOf(db, billingDocuments).find();
  for await (const batch of batches(cursor)) {
    count += batch.length;
    const settled = batch.filter(({ document }) => document.issuedAt < settledBefore);
    const booked = await bookedFacts(
      db,
      settled.map(({ fact }) => fact),
    );
    for (const { fact, document } of settled)
      if (!booked.has(fact)) complain(fact, [`${document.number} was issued and is not booked`]);
  }
  return count;
}

/** What was captured is booked. */
async function checkPayments(db: Db, settledBefore: string, complain: Complain): Promise<number> {
  let count = 0;
  const cursor = collectionOf(db, paymentsCollection).find();
  for await (const batch of batches(cursor)) {
    count += batch.length;
    const settled = batch.filter(
      ({ captured, attempts }) => captured > 0 && attempts.every(({ at }) => at < settledBefore),
    );
    const booked = await bookedFacts(
      db,
      settled.map(({ orderId }) => facts.sale(orderId)),
    );
    for (const { orderId, captured, currency } of settled)
      if (!booked.has(facts.sale(orderId)))
        complain(facts.sale(orderId), [`${captured} ${currency} was captured and is not booked`]);
  }
  return count;
}

/**
 * Every account holds what its movements come to, and what was granted is booked. With `storeCreditProblems` of every
 * entry it follows that all accounts together, and what was spent on orders that are not paid yet, are what the book owes.
 */
async function checkStoreCredit(db: Db, settledBefore: string, complain: Complain): Promise<number> {
  let count = 0;
  const cursor = collectionOf(db, storeCreditAccounts).find();
  for await (const batch of batches(cursor)) {
    count += batch.length;
    const granted = batch.flatMap(({ movements }) =>
      movements.filter(({ kind, at }) => kind === 'grant' && at < settledBefore).map(({ key }) => key),
    );
    const booked = await bookedFacts(db, granted);
    for (const { _id, balance, movements } of batch) {
      const moved = sum(movements.map(({ amount }) => amount));
      if (moved !== balance || balance < 0) complain(_id, [`holds ${balance}, its movements come to ${moved}`]);
    }
    for (const key of granted) if (!booked.has(key)) complain(key, ['became store credit and is not booked']);
  }
  return count;
}

async function bookedFacts(db: Db, wanted: readonly string[]): Promise<ReadonlySet<string>> {
  const found = await collectionOf(db, journalEntries)
    .find({ _id: { $in: [...wanted] } }, { projection: { _id: 1 } })
    .toArray();
  return new Set(found.map(({ _id }) => _id));
}

async function* batches<Document>(documents: AsyncIterable<Document>): AsyncGenerator<readonly Document[]> {
  let batch: Document[] = [];
  for await (const document of documents) {
    batch.push(document);
    if (batch.length < batchSize) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
