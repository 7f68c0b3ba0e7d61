import type { AccessReason } from '../../domain/entitlement/entitlement.ts';
import { facts } from '../../domain/idempotency.ts';
import type { Entitlement, Subscription } from '../../domain/subscription/subscription.ts';
import type { DeliveryService } from '../delivery/delivery-service.ts';

export type SubscriptionAccess = ReturnType<typeof createSubscriptionAccess>;

type Entitled = Pick<Subscription, 'id' | 'entitlements'>;

/** What was handed over follows the subscription: it rests while it is unpaid or paused, and ends with it. */
export function createSubscriptionAccess(deliveries: Pick<DeliveryService, 'suspend' | 'restore' | 'revoke'>) {
  /** @param cause what it rests for, unique for the subscription; it is lifted under the same name */
  async function suspend(subscription: Entitled, cause: string, reason: AccessReason, at: string): Promise<void> {
    const fact = facts.subscription(subscription.id, cause);
    for (const { order: orderId, line } of subscription.entitlements)
      await deliveries.suspend({ orderId, line, fact, reason, at });
  }

  async function restore(subscription: Entitled, cause: string, at: string): Promise<void> {
    const fact = facts.subscription(subscription.id, cause);
    for (const { order: orderId, line } of subscription.entitlements)
      await deliveries.restore({ orderId, line, fact, at });
  }

  /** For good. @param what of the entitlements; all of them when the subscription has ended */
  async function revoke(
    { id }: Pick<Subscription, 'id'>,
    what: readonly Entitlement[],
    cause: string,
    at: string,
  ): Promise<void> {
    const fact = facts.subscription(id, cause);
    for (const { order: orderId, line } of what)
      await deliveries.revoke({ orderId, line, fact, quantity: null, reason: 'subscription_ended', at });
  }

  return { suspend, restore, revoke };
}
