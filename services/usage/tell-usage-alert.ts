import { isFailure } from '../../domain/failures.ts';
import type { SubscriptionMessages } from '../subscription/subscription-messages.ts';
import type { SubscriptionStore } from '../subscription/subscription-store.ts';
import type { UsageAlert } from './usage-alert-store.ts';

/** A step of the workflow may write at the same moment; one that never lets us in is a fault. */
const attempts = 10;

/**
 * Writes the mail down and notes on the subscription that there is something to be sent, which its workflow does as soon
 * as it looks. Repeatable: the fact of the mail is the level in the period.
 */
export function createUsageAlertTeller({
  subscriptions,
  messages,
}: {
  readonly subscriptions: Pick<SubscriptionStore, 'require' | 'update'>;
  readonly messages: Pick<SubscriptionMessages, 'queue'>;
}) {
  async function tellOnce({ subscription: id, meter, period, level, quantity, at }: UsageAlert): Promise<void> {
    const subscription = await subscriptions.require(id);
    const order = subscription.tell ?? subscription.latestOrder;
    await messages.queue(subscription, {
      template: 'usage_alert',
      about: `usage/${meter}/${period.start}/${level}`,
      order,
      says: { meter, used: quantity, limit: level, from: period.start, until: period.end },
      at,
    });
    if (subscription.tell === null) await subscriptions.update(subscription, { tell: order });
  }

  return async (alert: UsageAlert): Promise<void> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await tellOnce(alert);
      } catch (error) {
        if (!isFailure(error, 'subscription.busy') || attempt === attempts) throw error;
      }
    }
  };
}
