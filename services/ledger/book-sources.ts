import type { Db } from 'mongodb';
import { facts } from '../../domain/idempotency.ts';
import { creditedBefore } from '../../domain/invoice/credited-before.ts';
import type { BillingDocument } from '../../domain/invoice/invoice.ts';
import type { OrderSources } from '../../domain/ledger/book-checks.ts';
import type { JournalEntry } from '../../domain/ledger/journal-entry.ts';
import type { Order } from '../../domain/order/order.ts';
import type { Payment } from '../../domain/payment/payment.ts';
import { billingDocuments } from '../invoice/invoice-store.ts';
import { ordersCollection } from '../order/order-store.ts';
import { paymentsCollection } from '../payment/payment-store.ts';
import { storeCreditMoved } from '../store-credit/store-credit-store.ts';
import { collectionOf } from '../store/collection.ts';
import { toEntry } from './ledger-service.ts';
import { journalEntries } from './ledger-store.ts';
import type { JournalEntryDocument } from './ledger-store.ts';

/** Where an entry comes from, by its fact; null: from elsewhere. */
export function orderOf(fact: string): { readonly orderId: string; readonly refundId: string | null } | null {
  const [, orderId, refundId] = /^order\/([^/]+)\/(?:refund(?:-returned|-otherwise)?\/(.+)|.+)$/.exec(fact) ?? [];
  return orderId === undefined ? null : { orderId, refundId: refundId ?? null };
}

/** The fact that a reversal undoes. */
export function originOf(fact: string): string {
  return fact.slice(0, -facts.reversal('').length);
}

export interface BookSources {
  of(entry: JournalEntry): OrderSources | null;
  /** Another entry that this one stands in relation to: the sale of a refund, the origin of a reversal. */
  entry(fact: string): JournalEntry | null;
  /** What store credit moved under this fact, signed minor units. */
  storeCredit(fact: string): number;
  /** What earlier credit notes of the order gave back. */
  earlier(refund: Pick<OrderSources, 'orderId' | 'document'>): ReturnType<typeof creditedBefore>;
  /** Refunds that the order holds for done and that are not in the book. */
  unbookedRefunds(orderId: string): readonly string[];
}

/**
 * The records behind some entries, in a handful of queries by their keys. Reads the collections of other services
 * itself: an audit that asked them would believe what it is to check.
 */
export async function loadSources(db: Db, entries: readonly JournalEntry[]): Promise<BookSources> {
  const ids = [...new Set(entries.flatMap(({ fact }) => orderOf(fact)?.orderId ?? []))];
  const [orders, payments, credit] = await Promise.all([
    collectionOf(db, ordersCollection)
      .find({ _id: { $in: ids } })
      .toArray(),
    collectionOf(db, paymentsCollection)
      .find({ _id: { $in: ids } })
      .toArray(),
    storeCreditMoved(
      db,
      entries.map(({ fact }) => fact),
    ),
  ]);
  const refundFacts = orders.flatMap(({ _id, refunds }) => refunds.map(({ id }) => facts.refund(_id, id)));
  const wanted = [...ids.map(facts.sale), ...refundFacts];
  const origins = entries.filter(({ kind }) => kind === 'reversal').map(({ fact }) => originOf(fact));
  const [documents, related] = await Promise.all([
    collectionOf(db, billingDocuments)
      .find({ fact: { $in: wanted } })
      .toArray(),
    collectionOf(db, journalEntries)
      .find({ _id: { $in: [...wanted, ...origins] } })
      .toArray(),
  ]);
  return sourcesFrom({
    orders: new Map(orders.map((order) => [order._id, order])),
    payments: new Map(payments.map((payment) => [payment._id, payment])),
    documents: new Map(documents.map(({ fact, document }) => [fact, document])),
    related: new Map(related.filter(isEntry).map((document) => [document._id, toEntry(document)])),
    credit,
  });
}

const isEntry = (document: JournalEntryDocument) => journalEntries.schema.safeParse(document).success;

function sourcesFrom(records: {
  readonly orders: ReadonlyMap<string, Order>;
  readonly payments: ReadonlyMap<string, Payment>;
  readonly documents: ReadonlyMap<string, BillingDocument>;
  readonly related: ReadonlyMap<string, JournalEntry>;
  readonly credit: ReadonlyMap<string, number>;
}): BookSources {
  const { orders, payments, documents, related, credit } = records;
  const refundsOf = (orderId: string) => orders.get(orderId)?.refunds ?? [];
  return {
    of({ fact }) {
      const from = orderOf(fact);
      if (from === null) return null;
      const { orderId } = from;
      return {
        orderId,
        quote: orders.get(orderId)?.quote ?? null,
        payment: payments.get(orderId) ?? null,
        document: documents.get(fact) ?? null,
        storeCredit: credit.get(fact) ?? 0,
      };
    },
    storeCredit: (fact) => credit.get(fact) ?? 0,
    entry: (fact) => related.get(fact) ?? null,
    earlier({ orderId, document }) {
      const notes = refundsOf(orderId).flatMap(({ id }) => documents.get(facts.refund(orderId, id)) ?? []);
      return document?.kind === 'credit_note' ? creditedBefore(notes, document) : [];
    },
    unbookedRefunds: (orderId) =>
      refundsOf(orderId)
        .filter(({ status, amount }) => status === 'succeeded' && amount > 0)
        .map(({ id }) => facts.refund(orderId, id))
        .filter((fact) => !related.has(fact)),
  };
}
