import type { Db, Filter } from 'mongodb';
import { z } from 'zod';
import { fail } from '../../domain/failures.ts';
import { canTransition } from '../../domain/state-machine.ts';
import { nextAction } from '../../domain/subscription/next-action.ts';
import { subscriptionStatuses, subscriptionTransitions } from '../../domain/subscription/subscription-status.ts';
import type { SubscriptionStatus } from '../../domain/subscription/subscription-status.ts';
import type { Subscription, SubscriptionId } from '../../domain/subscription/subscription.ts';
import { collectionOf, isDuplicateKey } from '../store/collection.ts';
import type { CollectionSpec } from '../store/collection.ts';

export type SubscriptionDocument = Subscription & { readonly _id: SubscriptionId };

export const subscriptionsCollection: CollectionSpec<SubscriptionDocument> = {
  name: 'subscriptions',
  owner: 'subscription',
  retention: 'books',
  schema: z.custom<SubscriptionDocument>(
    (value) =>
      z
        .looseObject({
          _id: z.string(),
          status: z.enum(subscriptionStatuses),
          revision: z.int(),
          items: z.array(z.unknown()),
        })
        .safeParse(value).success,
  ),
  indexes: [
    // Ended ones have no next action: the renewal run reads the others in the order in which they fall due.
    { key: { nextActionAt: 1, status: 1 }, name: 'due' },
    { key: { sourceOrder: 1 }, name: 'by_source_order' },
    { key: { customerKey: 1, createdAt: -1 }, name: 'by_customer' },
    { key: { createdAt: -1, _id: -1 }, name: 'newest_first' },
  ],
};

/** What a step makes of the record; status and next action follow their own rules. */
export type SubscriptionChanges = Partial<
  Omit<Subscription, 'id' | 'revision' | 'nextActionAt' | 'createdAt' | 'sourceOrder' | 'customerKey'>
>;

export interface SubscriptionListQuery {
  readonly customer: string | null;
  readonly status: SubscriptionStatus | null;
  readonly limit: number;
  readonly before: { readonly createdAt: string; readonly id: string } | null;
}

export type SubscriptionStore = ReturnType<typeof createSubscriptionStore>;

export function createSubscriptionStore(db: Db) {
  const subscriptions = collectionOf(db, subscriptionsCollection);

  async function require(id: SubscriptionId): Promise<SubscriptionDocument> {
    return (
      (await subscriptions.findOne({ _id: id })) ?? fail('subscription.not_found', `There is no subscription ${id}`)
    );
  }

  return {
    require,

    /** Inserts, or returns the one that is already there under this id. */
    async insert(subscription: Subscription): Promise<SubscriptionDocument> {
      const fresh = withNextAction({ ...subscription, _id: subscription.id });
      try {
        await subscriptions.insertOne(fresh);
        return fresh;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        return require(subscription.id);
      }
    },

    /**
     * Writes what a step made of the record as it was read, and when it has to be looked at next.
     * @throws subscription.busy when somebody changed it meanwhile (do the step again), subscription.state_conflict for
     * a status that does not follow
     */
    async update(known: SubscriptionDocument, changes: SubscriptionChanges): Promise<SubscriptionDocument> {
      const { status = known.status } = changes;
      if (status !== known.status && !canTransition(subscriptionTransitions, known.status, status))
        fail('subscription.state_conflict', `subscription ${known.id} is ${known.status} and cannot become ${status}`);
      const next = withNextAction({ ...known, ...changes, revision: known.revision + 1 });
      const { nextActionAt, revision } = next;
      const updated = await subscriptions.findOneAndUpdate(
        { _id: known._id, revision: known.revision },
        { $set: { ...changes, nextActionAt, revision } },
        { returnDocument: 'after' },
      );
      return updated ?? fail('subscription.busy', `subscription ${known.id} was changed meanwhile`);
    },

    async markStarted(id: SubscriptionId, at: string): Promise<void> {
      await subscriptions.updateOne({ _id: id, startedAt: null }, { $set: { startedAt: at } });
    },

    /** Those of the ids that there are. */
    byIds: (ids: readonly SubscriptionId[]): Promise<SubscriptionDocument[]> =>
      subscriptions.find({ _id: { $in: [...ids] } }).toArray(),

    ofOrder: (orderId: string): Promise<SubscriptionDocument[]> =>
      subscriptions.find({ sourceOrder: orderId }).sort({ _id: 1 }).toArray(),

    /** Those that had to act before `until`, the longest overdue first. */
    due({ until, after, limit }: { readonly until: string; readonly after: DuePlace | null; readonly limit: number }) {
      const passed: Filter<SubscriptionDocument> =
        after === null
          ? {}
          : {
              $or: [
                { nextActionAt: { $gt: after.nextActionAt } },
                { nextActionAt: after.nextActionAt, _id: { $gt: after.id } },
              ],
            };
      return subscriptions
        .find({ $and: [{ nextActionAt: { $ne: null, $lt: until } }, passed] })
        .sort({ nextActionAt: 1, _id: 1 })
        .limit(limit)
        .toArray();
    },

    list({ customer, status, limit, before }: SubscriptionListQuery): Promise<SubscriptionDocument[]> {
      const filter: Filter<SubscriptionDocument> = {
        ...(customer === null ? {} : { customerKey: customer }),
        ...(status === null ? {} : { status }),
        ...(before === null ? {} : olderThan(before)),
      };
      return subscriptions.find(filter).sort({ createdAt: -1, _id: -1 }).limit(limit).toArray();
    },
  };
}

/** Where a page of due subscriptions ended. */
export interface DuePlace {
  readonly nextActionAt: string;
  readonly id: SubscriptionId;
}

function withNextAction(subscription: SubscriptionDocument): SubscriptionDocument {
  return { ...subscription, nextActionAt: nextAction(subscription)?.at ?? null };
}

function olderThan({ createdAt, id }: { createdAt: string; id: string }): Filter<SubscriptionDocument> {
  return { $or: [{ createdAt: { $lt: createdAt } }, { createdAt, _id: { $lt: id } }] };
}
