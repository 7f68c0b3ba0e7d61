import { collectionOf } from '../../services/store/collection.ts';
import { subscriptionCommandsCollection } from '../../services/subscription/command-store.ts';
import type { CommandDocument } from '../../services/subscription/command-store.ts';
import { createSubscriptionStore } from '../../services/subscription/subscription-store.ts';
import type { SubscriptionDocument } from '../../services/subscription/subscription-store.ts';
import { subscriptionWorkflowId } from '../../workflows/subscription/subscription.contract.ts';
import type { Harness } from './harness.ts';
import { readWorld } from './snapshot.ts';
import type { World } from './snapshot.ts';
import type { PlayedSubscription } from './subscribers.ts';

export interface SubscriptionTruth {
  readonly played: PlayedSubscription;
  readonly record: SubscriptionDocument;
  /** Recorded for it, whoever asked. */
  readonly commands: readonly CommandDocument[];
  /** Status of its workflow, as Temporal says. */
  readonly workflow: string;
}

export type SubscriptionWorld = World & { readonly subscriptions: readonly SubscriptionTruth[] };

/** Of it, what the checks of subscriptions compare. */
export type SubscriptionRecords = Pick<
  SubscriptionWorld,
  'subscriptions' | 'orderRecords' | 'deliveries' | 'licenses' | 'messages'
>;

/** Everything that the invariants look at, read once: the world of the orders, and the subscriptions in it. */
export async function readSubscriptionWorld(
  { shop, db, client }: Pick<Harness, 'shop' | 'db' | 'client'>,
  played: readonly PlayedSubscription[],
): Promise<SubscriptionWorld> {
  const records = await createSubscriptionStore(db).byIds(played.map(({ id }) => id));
  const commands = await collectionOf(db, subscriptionCommandsCollection).find({}).toArray();
  const subscriptions: SubscriptionTruth[] = [];
  for (const one of played) {
    const record = records.find(({ _id }) => _id === one.id);
    if (record === undefined) throw new Error(`there is no subscription ${one.id}`);
    const { status } = await client.workflow.getHandle(subscriptionWorkflowId(one.id)).describe();
    const own = commands.filter(({ subscription }) => subscription === one.id);
    subscriptions.push({ played: one, record, commands: own, workflow: status.name });
  }
  return { ...(await readWorld({ shop, db, client }, [])), subscriptions };
}
