import { MongoClient } from 'mongodb';
import type { UsageTerms } from '../../domain/usage/usage-window.ts';
import { createUsageService, usageCollections } from '../../services/usage/usage-service.ts';
import { perSecond } from './paced.ts';

export interface UsageRun {
  readonly events: number;
  readonly batch: number;
  readonly writers: number;
  /** Events that the store had taken, per second. */
  readonly perSecond: number;
  /** Milliseconds to add up the period of a subscription: a twentieth of the events. */
  readonly totalMs: number;
  /** Every event is counted once, although every tenth batch was sent twice. */
  readonly exact: boolean;
}

const batch = 1_000;
const writers = 4;
const subscriptions = 20;
const month = { start: '2026-11-01T00:00:00.000Z', end: '2026-12-01T00:00:00.000Z' };
const now = '2026-11-21T10:00:00.000Z';

/**
 * Records this many events, in batches of 1,000 with 4 writers, for 20 subscriptions, then every tenth batch once more; in a
 * database of its own that is dropped afterwards. The terms of the subscriptions come from memory: what is measured is
 * the store.
 */
export async function usageRun({ uri, count }: { readonly uri: string; readonly count: number }): Promise<UsageRun> {
  const client = await MongoClient.connect(uri);
  const db = client.db(`bench_usage_${process.pid}`);
  try {
    for (const { name, indexes } of usageCollections)
      if (indexes.length > 0) await db.collection(name).createIndexes([...indexes]);
    const terms = { usageTerms: (ids: readonly string[]) => Promise.resolve(ids.map(termsOf)) };
    const usage = createUsageService({ db, subscriptions: terms, tell: () => Promise.resolve() });
    const batches = Math.ceil(count / batch);
    const rate = await perSecond(batches, writers, (index) => usage.record(batchOf(index), now));
    for (let index = 0; index < batches; index += 10) await usage.record(batchOf(index), now);
    const started = performance.now();
    const totals = await usage.usageAt(subscriptionOf(0), now);
    const totalMs = performance.now() - started;
    let counted = totals.meters[0]?.events ?? 0;
    for (let one = 1; one < subscriptions; one += 1)
      counted += (await usage.usageAt(subscriptionOf(one), now)).meters[0]?.events ?? 0;
    return {
      ...{ events: batches * batch, batch, writers },
      perSecond: Math.round(rate * batch),
      totalMs: Math.round(totalMs * 10) / 10,
      exact: counted === batches * batch,
    };
  } finally {
    await db.dropDatabase();
    await client.close();
  }
}

function subscriptionOf(index: number): string {
  return `sub_BENCH${index % subscriptions}`;
}

function termsOf(subscription: string): UsageTerms {
  return {
    subscription,
    anchor: { at: month.start, timeZone: 'UTC', alignment: 'anniversary' },
    interval: { interval: 'month', count: 1 },
    meters: ['calls'],
    countedFrom: month.start,
    pause: null,
    endedAt: null,
  };
}

function batchOf(index: number) {
  return Array.from({ length: batch }, (_, place) => ({
    id: `evt_${index}_${place}`,
    subscription: subscriptionOf(place),
    meter: 'calls',
    quantity: 1,
    at: new Date(Date.parse(month.start) + (index * batch + place) * 100).toISOString(),
    value: null,
  }));
}
