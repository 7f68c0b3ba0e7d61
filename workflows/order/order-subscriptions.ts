import { log } from '@temporalio/workflow';
import { partner, store } from '../activity-profiles.ts';
import { failureCodeOf, isActivityFailure, isStoreFailure } from '../failures.ts';
import { tellCustomer } from '../run-story.ts';
import { now } from './order-run.ts';
import type { OrderRun } from './order-run.ts';

/** What was bought is renewed by workflows of its own, which outlive the order. */
export async function startSubscriptions(run: OrderRun): Promise<void> {
  const { orderId } = run;
  try {
    const subscriptionIds = await store.openSubscriptions({ orderId, at: now() });
    if (subscriptionIds.length === 0) return;
    tellCustomer(run);
    const summary = subscriptionIds.join(', ');
    await partner.startSubscriptions.executeWithOptions({ summary }, [{ subscriptionIds }]);
  } catch (error) {
    // They are on record: the renewal run starts those that have no workflow.
    if (isActivityFailure(error)) return log.warn('the subscriptions were not started', { orderId });
    if (!isStoreFailure(error)) throw error;
    // The order itself is done: what it promised for later is for a person to look at.
    run.attention = failureCodeOf(error);
    log.warn('the subscriptions were not opened', { orderId, reason: run.attention });
  }
}
