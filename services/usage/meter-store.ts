import type { Db } from 'mongodb';
import { z } from 'zod';
import { plainMeter, usageAggregations } from '../../domain/usage/meter.ts';
import type { Meter } from '../../domain/usage/meter.ts';
import { collectionOf, isDuplicateKey } from '../store/collection.ts';
import type { CollectionSpec } from '../store/collection.ts';

interface MeterDocument extends Omit<Meter, 'id'> {
  readonly _id: string;
}

export const metersCollection: CollectionSpec<MeterDocument> = {
  name: 'meters',
  owner: 'usage',
  // What quantities on invoices were made of.
  retention: 'books',
  schema: z.object({
    _id: z.string().min(1),
    aggregation: z.enum(usageAggregations),
    unit: z.string().nullable(),
    thresholds: z.array(z.int().min(1)),
    cap: z.int().min(1).nullable(),
  }),
  indexes: [],
};

export type MeterStore = ReturnType<typeof createMeterStore>;

export function createMeterStore(db: Db) {
  const collection = collectionOf(db, metersCollection);

  async function insertOnce({ id, ...rest }: Meter): Promise<boolean> {
    try {
      await collection.insertOne({ _id: id, ...rest });
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) return false;
      throw error;
    }
  }

  async function find(ids: readonly string[]): Promise<ReadonlyMap<string, Meter>> {
    const found = await collection.find({ _id: { $in: [...ids] } }).toArray();
    return new Map(
      found.map((document) => {
        const { _id, ...rest } = metersCollection.schema.parse(document);
        return [_id, { id: _id, ...rest }];
      }),
    );
  }

  return {
    find,

    /** Like `find`; a meter that nobody described is written down as a plain sum, which it then stays. */
    async findOrWriteDown(ids: readonly string[]): Promise<ReadonlyMap<string, Meter>> {
      const known = await find(ids);
      const missing = ids.filter((id) => !known.has(id));
      if (missing.length === 0) return known;
      for (const id of missing) await insertOnce(plainMeter(id));
      return find(ids);
    },

    /** Creates, or changes all but the aggregation. False when that would change. */
    async put(meter: Meter): Promise<boolean> {
      if (await insertOnce(meter)) return true;
      const { unit, thresholds, cap } = meter;
      const { matchedCount } = await collection.updateOne(
        { _id: meter.id, aggregation: meter.aggregation },
        { $set: { unit, thresholds, cap } },
      );
      return matchedCount === 1;
    },
  };
}
