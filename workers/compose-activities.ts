import type { Client } from '@temporalio/client';
import { createActivities } from '../activities/index.ts';
import type { Activities } from '../activities/index.ts';
import { orderSweepMinimumAgeMs } from '../workflows/order-sweep/order-sweep.contract.ts';
import { startOrder } from '../workflows/order/order-start.contract.ts';
import { wakeBulkRefund } from '../workflows/bulk-refund/bulk-refund-start.contract.ts';
import { startRefund } from '../workflows/refund/refund-start.contract.ts';
import { createCommandRedelivery } from '../services/renewal-run/command-redelivery.ts';
import { createRenewalFigures } from '../services/renewal-run/renewal-figures.ts';
import { createRenewalGuard } from '../services/renewal-run/renewal-guard.ts';
import { createRenewalRunStore } from '../services/renewal-run/renewal-run-store.ts';
import { hasEnded } from '../domain/subscription/subscription-status.ts';
import { createCommandStore } from '../services/subscription/command-store.ts';
import { withdrawalCommandId } from '../services/subscription/subscription-ids.ts';
import { startSubscription, tellCommand } from '../workflows/subscription/subscription-start.contract.ts';
import { watchSubscriptions } from '../workflows/subscription/subscription-watch.contract.ts';
import { startTaxReturn } from '../workflows/tax-filing/tax-return-start.contract.ts';
import type { Dependencies } from './dependencies.ts';

export interface ActivityParts {
  readonly dependencies: Dependencies;
  /** Starts and wakes workflows. */
  readonly client: Client;
  /** ISO 8601 UTC. */
  readonly now: () => string;
}

/** Every activity over the services and Temporal. */
export function composeActivities({ dependencies, client, now }: ActivityParts): Activities {
  const { db, subscriptionRecords, subscriptions } = dependencies;
  return createActivities({
    ...dependencies,
    startSubscription: async (id) => {
      await startSubscription(client, await subscriptionRecords.require(id));
      await subscriptionRecords.markStarted(id, now());
    },
    renewalGuard: createRenewalGuard({
      subscriptions: subscriptionRecords,
      workflows: watchSubscriptions(client),
      redeliver: createCommandRedelivery({
        commands: createCommandStore(db),
        subscriptions: subscriptionRecords,
        tell: (subscription, commandId) => tellCommand(client, subscription, commandId),
      }),
      figures: createRenewalFigures(db),
      runs: createRenewalRunStore(db),
    }),
    now,
    startOrder: (order) => startOrder(client, order),
    startRefund: (refund) => startRefund(client, refund),
    endWithdrawnSubscriptions: async (orderId, refundId, at) => {
      for (const subscription of await subscriptionRecords.ofOrder(orderId)) {
        if (hasEnded(subscription.status)) continue;
        const request = { kind: 'cancel', when: 'now', reason: 'withdrawal', comment: null, by: 'customer' } as const;
        const subscriptionId = subscription.id;
        const commandId = withdrawalCommandId(refundId, subscriptionId);
        await subscriptions.recordCommand({ commandId, subscriptionId, request }, at);
        await tellCommand(client, subscription, commandId);
      }
    },
    wakeBulkRefund: (id) => wakeBulkRefund(client, id),
    startTaxReturn: (input) => startTaxReturn(client, input),
    minimumAgeMs: orderSweepMinimumAgeMs,
  });
}
