import type { Db } from 'mongodb';
import { z } from 'zod';
import type { UsageToBill } from '../../domain/usage/usage-charge.ts';
import { schemeSchema } from '../catalog/catalog-schemas.ts';
import { collectionOf, isDuplicateKey } from '../store/collection.ts';
import type { CollectionSpec } from '../store/collection.ts';

/** A line as it is kept: statements from before item and scheme were written down have null there. */
export type StatedUsage = Omit<UsageToBill, 'item' | 'scheme'> & {
  readonly item: UsageToBill['item'] | null;
  readonly scheme: UsageToBill['scheme'] | null;
};

/** What the invoice at the end of a period bills of its usage, fixed when it is first asked for. */
export interface UsageStatementDocument {
  /** "<subscription>/<start of the period>" */
  readonly _id: string;
  readonly subscription: string;
  readonly period: { readonly start: string; readonly end: string };
  readonly lines: readonly StatedUsage[];
  readonly statedAt: string;
}

const periodSchema = z.object({ start: z.iso.datetime(), end: z.iso.datetime() });

export const usageStatementsCollection: CollectionSpec<UsageStatementDocument> = {
  name: 'usage_statements',
  owner: 'usage',
  retention: 'books',
  schema: z.object({
    _id: z.string().min(3),
    subscription: z.string().min(1),
    period: periodSchema,
    lines: z.array(
      z.object({
        item: z.string().min(1).nullable().default(null),
        meter: z.string().min(1),
        price: z.string().min(1),
        scheme: schemeSchema.nullable().default(null),
        period: periodSchema,
        quantity: z.int().min(0),
        billedBefore: z.int().min(0),
      }),
    ),
    statedAt: z.iso.datetime(),
  }),
  indexes: [{ key: { subscription: 1, 'period.end': 1 }, name: 'by_end' }],
};

export type UsageStatementStore = ReturnType<typeof createUsageStatementStore>;

export function createUsageStatementStore(db: Db) {
  const collection = collectionOf(db, usageStatementsCollection);

  async function find(id: string): Promise<UsageStatementDocument | null> {
    const document = await collection.findOne({ _id: id });
    return document === null ? null : usageStatementsCollection.schema.parse(document);
  }

  return {
    find,

    /** The statement of the period that ended when another began. */
    async endingAt(subscription: string, end: string): Promise<UsageStatementDocument | null> {
      const document = await collection.findOne({ subscription, 'period.end': end });
      return document === null ? null : usageStatementsCollection.schema.parse(document);
    },

    /** The first one to be written stays; everybody gets that one. */
    async writeOnce(statement: UsageStatementDocument): Promise<UsageStatementDocument> {
      try {
        await collection.insertOne(statement);
        return statement;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        return (await find(statement._id)) ?? statement;
      }
    },
  };
}
