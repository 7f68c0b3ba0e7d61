import { MongoBulkWriteError } from 'mongodb';
import type { Db } from 'mongodb';
import { z } from 'zod';
import { collectionOf } from '../store/collection.ts';
import type { CollectionSpec } from '../store/collection.ts';

/** Usage of a period reached a threshold or the cap: told once. */
export interface UsageAlert {
  readonly subscription: string;
  readonly meter: string;
  readonly period: { readonly start: string; readonly end: string };
  /** The threshold or the cap. */
  readonly level: number;
  /** What had been used when it was noticed. */
  readonly quantity: number;
  /** ISO 8601 UTC. */
  readonly at: string;
}

interface UsageAlertDocument extends UsageAlert {
  /** "<subscription>/<meter>/<start of the period>/<level>" */
  readonly _id: string;
  readonly told: boolean;
}

export const usageAlertsCollection: CollectionSpec<UsageAlertDocument> = {
  name: 'usage_alerts',
  owner: 'usage',
  retention: 'dispute',
  schema: z.object({
    _id: z.string().min(5),
    subscription: z.string().min(1),
    meter: z.string().min(1),
    period: z.object({ start: z.iso.datetime(), end: z.iso.datetime() }),
    level: z.int().min(1),
    quantity: z.int().min(0),
    at: z.iso.datetime(),
    told: z.boolean(),
  }),
  indexes: [{ key: { subscription: 1, 'period.start': 1 }, name: 'by_period' }],
};

export type UsageAlertStore = ReturnType<typeof createUsageAlertStore>;

export function createUsageAlertStore(db: Db) {
  const collection = collectionOf(db, usageAlertsCollection);

  async function ofPeriod(subscription: string, periodStart: string): Promise<readonly UsageAlertDocument[]> {
    const found = await collection
      .find({ subscription, 'period.start': periodStart })
      .sort({ meter: 1, level: 1 })
      .toArray();
    return found.map((document) => usageAlertsCollection.schema.parse(document));
  }

  return {
    ofPeriod,

    /** Writes down what is new; answers what has not been told yet, also of earlier calls that ended before they could. */
    async raise(alerts: readonly UsageAlert[]): Promise<readonly UsageAlert[]> {
      const [first] = alerts;
      if (first === undefined) return [];
      const documents = alerts.map((alert) => ({ _id: alertId(alert), ...alert, told: false }));
      try {
        await collection.insertMany(documents, { ordered: false });
      } catch (error) {
        if (!(error instanceof MongoBulkWriteError) || error.code !== 11000) throw error;
      }
      const all = await ofPeriod(first.subscription, first.period.start);
      return all.filter(({ told, meter }) => !told && meter === first.meter);
    },

    async markTold(alert: UsageAlert): Promise<void> {
      await collection.updateOne({ _id: alertId(alert) }, { $set: { told: true } });
    },
  };
}

function alertId({ subscription, meter, period, level }: UsageAlert): string {
  return `${subscription}/${meter}/${period.start}/${level}`;
}
