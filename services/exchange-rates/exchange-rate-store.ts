import type { Db } from 'mongodb';
import { z } from 'zod';
import type { RatePublication } from '../../domain/money/exchange-rate.ts';
import { collectionOf, isDuplicateKey } from '../store/collection.ts';
import type { CollectionSpec } from '../store/collection.ts';

/** `held`: it moved unusually and waits for a person, who makes it `accepted` or `refused`. Only `accepted` is used. */
export type PublicationStatus = 'accepted' | 'held' | 'refused';

/** What a publisher said of one day; one document per publisher and day. Its rates are never changed. */
export interface ExchangeRatesDocument extends RatePublication {
  /** "ecb/2026-11-20": found by its id, never searched for. */
  readonly _id: string;
  readonly publisher: string;
  readonly status: PublicationStatus;
  /** ISO 8601 UTC. */
  readonly importedAt: string;
  /** Who decided about a held one, an opaque id; null while nobody had to. */
  readonly decidedBy: string | null;
}

export const exchangeRatesCollection: CollectionSpec<ExchangeRatesDocument> = {
  name: 'exchange_rates',
  owner: 'exchange-rates',
  retention: 'books',
  schema: z.strictObject({
    _id: z.string().min(1),
    publisher: z.string().min(1),
    source: z.string().min(1),
    date: z.iso.date(),
    base: z.string().length(3),
    rates: z.record(z.string().length(3), z.string().regex(/^\d+(\.\d{1,10})?$/)),
    status: z.enum(['accepted', 'held', 'refused']),
    importedAt: z.iso.datetime(),
    decidedBy: z.string().nullable(),
  }),
  indexes: [],
};

export function createExchangeRateStore({ db, publisher }: { readonly db: Db; readonly publisher: string }) {
  const collection = collectionOf(db, exchangeRatesCollection);
  const idOf = (date: string): string => `${publisher}/${date}`;

  return {
    async find(date: string): Promise<ExchangeRatesDocument | null> {
      return collection.findOne({ _id: idOf(date) });
    },

    /** The accepted publications among these days, in the order of the days asked for. One look-up by primary keys. */
    async accepted(dates: readonly string[]): Promise<readonly RatePublication[]> {
      const found = await collection.find({ _id: { $in: dates.map(idOf) } }).toArray();
      const byDate = new Map(found.filter(({ status }) => status === 'accepted').map((one) => [one.date, one]));
      return dates.flatMap((date) => byDate.get(date) ?? []);
    },

    /** False when something is on file for that day. */
    async insert(
      publication: RatePublication,
      record: { readonly status: 'accepted' | 'held'; readonly at: string },
    ): Promise<boolean> {
      const { source, date, base, rates } = publication;
      try {
        await collection.insertOne({
          _id: idOf(date),
          publisher,
          ...{ source, date, base, rates },
          status: record.status,
          importedAt: record.at,
          decidedBy: null,
        });
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    },

    /** From `held` only; false when it is not held. */
    async decide(date: string, status: 'accepted' | 'refused', by: string): Promise<boolean> {
      const { modifiedCount } = await collection.updateOne(
        { _id: idOf(date), status: 'held' },
        { $set: { status, decidedBy: by } },
      );
      return modifiedCount === 1;
    },
  };
}
