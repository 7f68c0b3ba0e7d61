import type { Db } from 'mongodb';
import { z } from 'zod';
import type { BusinessTaxIdStatus, Quote } from '../../domain/order/order.ts';
import { collectionOf } from '../store/collection.ts';
import type { CollectionSpec } from '../store/collection.ts';
import type { QuoteRequest } from './quote-schemas.ts';

/** A total in another currency, for information: by which rate, whose and of which day. Never charged. */
export interface DisplayAmount {
  readonly currency: string;
  readonly gross: number;
  /** Decimal string: one unit of the quote's currency costs that much of this one. */
  readonly rate: string;
  readonly source: string;
  /** YYYY-MM-DD. */
  readonly date: string;
}

/** A quote that was given to somebody: a promise until it expires. */
export interface IssuedQuote {
  /** `quo_…` */
  readonly id: string;
  /** `quoteHash` of `quote`. */
  readonly hash: string;
  readonly basket: QuoteRequest;
  readonly businessTaxIdStatus: BusinessTaxIdStatus;
  readonly quote: Quote;
  /** null when none was asked for, or no rate is on file. */
  readonly display: DisplayAmount | null;
  /** ISO 8601 UTC, as are the others. */
  readonly issuedAt: string;
  /** The moment it was priced as of: `issuedAt`, unless another one was asked for. */
  readonly pricedAt: string;
  readonly expiresAt: string;
}

type IssuedQuoteDocument = IssuedQuote & {
  readonly _id: string;
  /** A Date: the TTL index counts from it. */
  readonly createdAt: Date;
};

/** Long enough to say what became of it, and no longer: it holds where somebody lives. Orders keep what they charge. */
const keptForSeconds = 30 * 24 * 3600;

export const issuedQuotesCollection: CollectionSpec<IssuedQuoteDocument> = {
  name: 'quotes',
  owner: 'pricing',
  retention: 'transient',
  schema: z.custom<IssuedQuoteDocument>(
    (value) =>
      z.looseObject({ _id: z.string(), hash: z.string(), expiresAt: z.string(), createdAt: z.date() }).safeParse(value)
        .success,
  ),
  indexes: [{ key: { createdAt: 1 }, name: 'expires', expireAfterSeconds: keptForSeconds }],
};

export function createIssuedQuoteStore(db: Db) {
  const quotes = collectionOf(db, issuedQuotesCollection);
  return {
    async insert(issued: IssuedQuote): Promise<void> {
      await quotes.insertOne({ _id: issued.id, ...issued, createdAt: new Date(issued.issuedAt) });
    },

    find: (id: string): Promise<IssuedQuote | null> =>
      quotes.findOne({ _id: id }, { projection: { _id: 0, createdAt: 0 } }),
  };
}
