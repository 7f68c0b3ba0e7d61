import type { Client, WorkflowHandle } from '@temporalio/client';
import { Worker } from '@temporalio/worker';
import { bundleEveryQueue } from '../../workers/workflow-bundle.ts';
import { subscriptionWorkflowId } from '../../workflows/subscription/subscription.contract.ts';

export interface ReplayedRuns {
  /** One per billing period and more. */
  readonly runs: number;
  readonly events: number;
  /** Runs that today's code would not have lived like that. */
  readonly problems: readonly string[];
}

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;

/** Every run of a subscription, from the first period to the last, against the workflow code as it is now. */
export async function replaySubscription(client: Client, subscriptionId: string): Promise<ReplayedRuns> {
  const workflowId = subscriptionWorkflowId(subscriptionId);
  const histories = await historiesOf(client, workflowId);
  const { subscriptions: workflowBundle } = await bundleEveryQueue();
  const problems: string[] = [];
  const named = histories.map((history) => ({ workflowId, history }));
  for await (const { runId, error } of Worker.runReplayHistories({ workflowBundle }, named))
    if (error !== undefined) problems.push(`${workflowId}, run ${runId}: ${error.message}`);
  const events = histories.reduce((sum, { events: own }) => sum + (own?.length ?? 0), 0);
  return { runs: histories.length, events, problems };
}

/** Of every run, the oldest first: each names the one that it continues. */
export async function historiesOf(client: Client, workflowId: string): Promise<readonly History[]> {
  const histories: History[] = [];
  let runId: string | undefined;
  do {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    histories.unshift(history);
    const started = history.events?.[0]?.workflowExecutionStartedEventAttributes;
    runId = started?.continuedExecutionRunId || undefined;
  } while (runId !== undefined);
  return histories;
}
