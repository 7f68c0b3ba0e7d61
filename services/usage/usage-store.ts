import { MongoBulkWriteError } from 'mongodb';
import type { Db, WriteError } from 'mongodb';
import { z } from 'zod';
import type { UsageAggregation } from '../../domain/usage/meter.ts';
import { assertNever } from '../../domain/state-machine.ts';
import { collectionOf } from '../store/collection.ts';
import type { CollectionSpec } from '../store/collection.ts';

/** One event as it counts now; every quantity that it had before stays on file. */
export interface UsageEventDocument {
  /** "<subscription>/<id of the sender>" */
  readonly _id: string;
  readonly subscription: string;
  readonly meter: string;
  readonly quantity: number;
  /** SHA-256 of what a meter of different values counts. */
  readonly valueHash: string | null;
  /** When it was used, ISO 8601 UTC with milliseconds: compared as text. */
  readonly at: string;
  readonly recordedAt: string;
  /** False when a correction took it back. */
  readonly counted: boolean;
  /** As it was first sent: what a repeat of the call is compared with. */
  readonly sentQuantity: number;
  readonly corrections: readonly { readonly id: string; readonly quantity: number | null; readonly at: string }[];
}

export const usageEventsCollection: CollectionSpec<UsageEventDocument> = {
  name: 'usage_events',
  owner: 'usage',
  // What an invoice of metered usage is proved by.
  retention: 'dispute',
  schema: z.object({
    _id: z.string().min(3),
    subscription: z.string().min(1),
    meter: z.string().min(1),
    quantity: z.int().min(0),
    valueHash: z.string().length(64).nullable(),
    at: z.iso.datetime(),
    recordedAt: z.iso.datetime(),
    counted: z.boolean(),
    sentQuantity: z.int().min(0),
    corrections: z.array(
      z.object({ id: z.string().min(1), quantity: z.int().min(0).nullable(), at: z.iso.datetime() }),
    ),
  }),
  indexes: [{ key: { subscription: 1, meter: 1, at: 1 }, name: 'by_meter_and_time' }],
};

export interface UsageQuery {
  readonly subscription: string;
  readonly meter: string;
  readonly aggregation: UsageAggregation;
  /** Half-open, ISO 8601 UTC with milliseconds. */
  readonly period: { readonly start: string; readonly end: string };
}

export interface UsageTotal {
  readonly quantity: number;
  readonly events: number;
}

export type UsageEventStore = ReturnType<typeof createUsageEventStore>;

export function createUsageEventStore(db: Db) {
  const collection = collectionOf(db, usageEventsCollection);

  /** What counts in a period. The date comes last in the index, so a period is one range of it. */
  function counted({ subscription, meter, period }: UsageQuery) {
    return { subscription, meter, at: { $gte: period.start, $lt: period.end }, counted: true };
  }

  async function summed(
    query: UsageQuery,
  ): Promise<{ readonly sum: number; readonly max: number; readonly events: number }> {
    const [row] = await collection
      .aggregate<{ sum: number; max: number; events: number }>([
        { $match: counted(query) },
        { $group: { _id: null, sum: { $sum: '$quantity' }, max: { $max: '$quantity' }, events: { $sum: 1 } } },
      ])
      .toArray();
    return row ?? { sum: 0, max: 0, events: 0 };
  }

  async function latest(query: UsageQuery): Promise<number> {
    const last = await collection.findOne(counted(query), { sort: { at: -1, recordedAt: -1, _id: -1 } });
    return last?.quantity ?? 0;
  }

  async function differentValues(query: UsageQuery): Promise<number> {
    const [row] = await collection
      .aggregate<{ values: number }>([
        { $match: counted(query) },
        { $group: { _id: '$valueHash' } },
        { $group: { _id: null, values: { $sum: 1 } } },
      ])
      .toArray();
    return row?.values ?? 0;
  }

  return {
    /** Inserts what is new, in one call; answers the positions of those that are on file already. */
    async insertNew(documents: readonly UsageEventDocument[]): Promise<ReadonlySet<number>> {
      if (documents.length === 0) return new Set();
      try {
        await collection.insertMany([...documents], { ordered: false });
        return new Set();
      } catch (error) {
        if (!(error instanceof MongoBulkWriteError)) throw error;
        const errors: readonly WriteError[] = [error.writeErrors].flat();
        if (errors.some(({ code }) => code !== 11000)) throw error;
        return new Set(errors.map(({ index }) => index));
      }
    },

    async byIds(ids: readonly string[]): Promise<ReadonlyMap<string, UsageEventDocument>> {
      if (ids.length === 0) return new Map();
      const found = await collection.find({ _id: { $in: [...ids] } }).toArray();
      return new Map(found.map((document) => [document._id, usageEventsCollection.schema.parse(document)]));
    },

    /** One document, one update: a correction counts once, however often it is sent. False when it was there already. */
    async correct(
      eventId: string,
      correction: { readonly id: string; readonly quantity: number | null; readonly at: string },
    ): Promise<boolean> {
      const { quantity } = correction;
      const { modifiedCount } = await collection.updateOne(
        { _id: eventId, 'corrections.id': { $ne: correction.id } },
        {
          $set: quantity === null ? { counted: false } : { counted: true, quantity },
          $push: { corrections: correction },
        },
      );
      return modifiedCount === 1;
    },

    async total(query: UsageQuery): Promise<UsageTotal> {
      const { sum, max, events } = await summed(query);
      switch (query.aggregation) {
        case 'sum':
          return { quantity: sum, events };
        case 'max':
          return { quantity: max, events };
        case 'last':
          return { quantity: await latest(query), events };
        case 'unique':
          return { quantity: await differentValues(query), events };
        default:
          return assertNever(query.aggregation);
      }
    },
  };
}
