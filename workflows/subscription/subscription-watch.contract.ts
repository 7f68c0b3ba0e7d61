import type { Client, WorkflowHandle } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { WorkflowHealth } from '../../services/renewal-run/remedy.ts';
import { searchAttributes } from '../search-attributes.ts';
import { startSubscription, subscriptionStart } from './subscription-start.contract.ts';
import type { StartableSubscription } from './subscription-start.contract.ts';
import { nudgeSignal, subscriptionWorkflowId, subscriptionWorkflowType } from './subscription.contract.ts';

/** So many attempts at one workflow task are no passing trouble of a worker. */
const failingAttempts = 3;

/** The workflows of subscriptions as the renewal run sees and mends them. */
export function watchSubscriptions(temporal: Client) {
  const handleOf = (id: string): WorkflowHandle => temporal.workflow.getHandle(subscriptionWorkflowId(id));

  return {
    async health(subscriptionId: string): Promise<WorkflowHealth> {
      try {
        const { status, raw, typedSearchAttributes } = await handleOf(subscriptionId).describe();
        const task = raw.pendingWorkflowTask ?? null;
        return {
          running: status.name === 'RUNNING',
          wakesAt: typedSearchAttributes.get(searchAttributes.dueAt)?.toISOString() ?? null,
          busy: task !== null || (raw.pendingActivities ?? []).length > 0,
          failing: (task?.attempt ?? 0) >= failingAttempts,
        };
      } catch (error) {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
        return { running: false, wakesAt: null, busy: false, failing: false };
      }
    },

    start: (subscription: StartableSubscription): Promise<void> => startSubscription(temporal, subscription),

    async nudge(subscription: StartableSubscription): Promise<void> {
      const start = subscriptionStart(subscription);
      await temporal.workflow.signalWithStart(subscriptionWorkflowType, {
        ...start,
        signal: nudgeSignal,
        signalArgs: [],
      });
    },

    async replace(subscription: StartableSubscription): Promise<void> {
      await handleOf(subscription.id)
        .terminate('replaced by the renewal run')
        .catch((error: unknown) => {
          if (!(error instanceof WorkflowNotFoundError)) throw error;
        });
      await startSubscription(temporal, subscription);
    },
  };
}
