import type { Db } from 'mongodb';
import { z } from 'zod';
import { collectionOf, isDuplicateKey } from '../store/collection.ts';
import type { CollectionSpec } from '../store/collection.ts';

const count = z.int().nonnegative();
const instant = z.iso.datetime();
/** Minor units by currency. */
const amounts = z.record(z.string().length(3), z.int());

/** What one run saw, counted over its pages. */
export const renewalTallySchema = z.strictObject({
  /** Subscriptions that had to act before the run's horizon. */
  due: count,
  late: count,
  started: count,
  nudged: count,
  replaced: count,
  /** Recorded commands without an answer that were told again; reports of before 2026-12 do not say. */
  redelivered: count.default(0),
  /** Subscriptions and commands whose workflow could not be seen, helped or told this time. */
  unreachable: count,
  /** The first of those that were late or mended. */
  examples: z.array(z.strictObject({ subscription: z.string(), dueAt: instant, remedy: z.string() })).readonly(),
});
export type RenewalTally = z.output<typeof renewalTallySchema>;

export const renewalFiguresSchema = z.strictObject({
  renewed: count,
  failed: count,
  /** Billed and collected. */
  amounts,
  /** Billed and not collected. */
  uncollected: amounts,
});
export type RenewalFigures = z.output<typeof renewalFiguresSchema>;

export const renewalForecastSchema = z.strictObject({
  day: z.iso.date(),
  subscriptions: count,
  /** What they were billed last. */
  amounts,
});
export type RenewalForecast = z.output<typeof renewalForecastSchema>;

export const renewalRunSchema = z.strictObject({
  /** The run's business time: each has its own. */
  _id: instant,
  /** Renewals of this time are in `figures`: half-open, ISO 8601 UTC. */
  from: instant,
  to: instant,
  endedAt: instant,
  tally: renewalTallySchema,
  mended: count,
  figures: renewalFiguresSchema,
  forecast: renewalForecastSchema,
});
export type RenewalRun = z.output<typeof renewalRunSchema>;

export const renewalRunsCollection: CollectionSpec<RenewalRun> = {
  name: 'renewal_runs',
  owner: 'renewal-run',
  retention: 'dispute',
  schema: renewalRunSchema,
  // By _id, which is its time.
  indexes: [],
};

export function createRenewalRunStore(db: Db) {
  const runs = collectionOf(db, renewalRunsCollection);
  return {
    /** Inserts, or returns the report that is already there for this run. */
    async insert(run: RenewalRun): Promise<RenewalRun> {
      try {
        await runs.insertOne(renewalRunSchema.parse(run));
        return run;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        return (await runs.findOne({ _id: run._id })) ?? run;
      }
    },

    /** The newest first. @param before ISO 8601 UTC; null: from the newest */
    async list({ before, limit }: { readonly before: string | null; readonly limit: number }): Promise<RenewalRun[]> {
      const filter = before === null ? {} : { _id: { $lt: before } };
      const found = await runs.find(filter).sort({ _id: -1 }).limit(limit).toArray();
      return found.map((run) => renewalRunSchema.parse(run));
    },
  };
}

export type RenewalRunStore = ReturnType<typeof createRenewalRunStore>;
