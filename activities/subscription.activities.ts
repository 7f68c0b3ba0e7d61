import type {
  CommandAnswer,
  SubscriptionAgenda,
  SubscriptionSteps,
} from '../services/subscription/subscription-steps.ts';
import { atTheBorder } from './activity-failure.ts';

export interface SubscriptionDeps {
  readonly subscriptions: Pick<SubscriptionSteps, 'agenda' | 'act' | 'collect' | 'command' | 'openFromOrder'>;
  /** Idempotent while the subscription's workflow runs. */
  readonly startSubscription: (subscriptionId: string) => Promise<void>;
}

interface SubscriptionStep {
  readonly subscriptionId: string;
  /** Business time, ISO 8601 UTC: the workflow's. */
  readonly at: string;
}

/** Ids and times only: who pays what, and with which card, stays in the records. */
export function createSubscriptionActivities({ subscriptions, startSubscription }: SubscriptionDeps) {
  return atTheBorder({
    /** Records what the order's recurring lines sold; the same order again is the same subscriptions. */
    openSubscriptions: ({
      orderId,
      at,
    }: {
      readonly orderId: string;
      readonly at: string;
    }): Promise<readonly string[]> => subscriptions.openFromOrder(orderId, at),

    startSubscriptions: async ({ subscriptionIds }: { readonly subscriptionIds: readonly string[] }): Promise<void> => {
      for (const subscriptionId of subscriptionIds) await startSubscription(subscriptionId);
    },

    readSubscriptionAgenda: ({ subscriptionId, at }: SubscriptionStep): Promise<SubscriptionAgenda> =>
      subscriptions.agenda(subscriptionId, at),

    actOnSubscription: ({ subscriptionId, at }: SubscriptionStep): Promise<SubscriptionAgenda> =>
      subscriptions.act(subscriptionId, at),

    /** Opens a period or tries an open one again, collects, settles: each part repeatable after a crash. */
    collectSubscription: ({ subscriptionId, at }: SubscriptionStep): Promise<SubscriptionAgenda> =>
      subscriptions.collect(subscriptionId, at),

    runSubscriptionCommand: ({
      commandId,
      at,
    }: {
      readonly commandId: string;
      readonly at: string;
    }): Promise<{ readonly answer: CommandAnswer; readonly agenda: SubscriptionAgenda }> =>
      subscriptions.command(commandId, at),
  });
}
