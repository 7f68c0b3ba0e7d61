import type { Client } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import type { Subscription } from '../../domain/subscription/subscription.ts';
import { searchAttributes } from '../search-attributes.ts';
import { priorities, taskQueues } from '../task-queues.ts';
import { commandRecordedSignal, subscriptionWorkflowId, subscriptionWorkflowType } from './subscription.contract.ts';
import type { SubscriptionInput } from './subscription.contract.ts';

export type StartableSubscription = Pick<Subscription, 'id' | 'status' | 'currency' | 'nextActionAt'>;

/**
 * Starts the workflow of a subscription, or leaves the one that runs as it is. One that was lost (terminated, or ended by
 * mistake) may be started again: everything it does is unique by its record.
 */
export async function startSubscription(temporal: Client, subscription: StartableSubscription): Promise<void> {
  await temporal.workflow.start(subscriptionWorkflowType, subscriptionStart(subscription));
}

/** Has a recorded command run, also where the workflow was lost. */
export async function tellCommand(
  temporal: Client,
  subscription: StartableSubscription,
  commandId: string,
): Promise<void> {
  const start = subscriptionStart(subscription);
  await temporal.workflow.signalWithStart(subscriptionWorkflowType, {
    ...start,
    signal: commandRecordedSignal,
    signalArgs: [{ commandId }],
  });
}

/** What the start tells Temporal: opaque ids, a status, a currency, a time. */
export function subscriptionStart({ id, status, currency, nextActionAt }: StartableSubscription) {
  const input: SubscriptionInput = { subscriptionId: id, agenda: null };
  return {
    taskQueue: taskQueues.subscriptions,
    workflowId: subscriptionWorkflowId(id),
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    workflowIdConflictPolicy: 'USE_EXISTING',
    args: [input],
    priority: { priorityKey: priorities.renewals },
    staticSummary: `Subscription in ${currency}`,
    staticDetails: `The record: \`GET /v1/subscriptions/${id}\``,
    typedSearchAttributes: new TypedSearchAttributes([
      { key: searchAttributes.status, value: status },
      { key: searchAttributes.currency, value: currency },
      ...(nextActionAt === null ? [] : [{ key: searchAttributes.dueAt, value: new Date(nextActionAt) }]),
    ]),
  } as const;
}
