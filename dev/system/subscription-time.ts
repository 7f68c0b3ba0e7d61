import type { Db } from 'mongodb';
import { subscriptionsCollection } from '../../services/subscription/subscription-store.ts';
import type { SubscriptionDocument } from '../../services/subscription/subscription-store.ts';
import { collectionOf } from '../../services/store/collection.ts';

const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** Moves every instant of a value, ISO 8601 UTC, by so many milliseconds. */
export function movedBy<Value>(value: Value, ms: number): Value {
  const move = (part: unknown): unknown => {
    if (typeof part === 'string') return instant.test(part) ? new Date(Date.parse(part) + ms).toISOString() : part;
    if (Array.isArray(part)) return part.map(move);
    if (typeof part !== 'object' || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, move(item)]));
  };
  // The same shape with other instants.
  return move(value) as Value;
}

/**
 * As if the subscription had begun so much earlier that its period ended at `end`: what the record says is moved, and
 * nobody is told. For tests and measurements on a clock that cannot be turned.
 */
export async function endPeriodAt(db: Db, subscriptionId: string, end: string): Promise<SubscriptionDocument> {
  const subscriptions = collectionOf(db, subscriptionsCollection);
  const known = await subscriptions.findOne({ _id: subscriptionId });
  if (known === null) throw new Error(`there is no subscription ${subscriptionId}`);
  const { _id, ...fields } = movedBy(known, Date.parse(end) - Date.parse(known.period.end));
  // What is to be told of a time that has passed is not the point here.
  const moved = { ...fields, notices: [] };
  await subscriptions.updateOne({ _id }, { $set: moved });
  return { _id, ...moved };
}
