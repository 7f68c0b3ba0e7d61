import type { Client } from '@temporalio/client';
import { perSecond } from './paced.ts';

/** What renewals leave in Temporal, each in the run that it ended. */
export interface RenewalCost {
  readonly events: number;
  readonly bytes: number;
  readonly billableActions: number;
}

/** Means over the runs (workflow id → run id). */
export async function renewalCost(temporal: Client, runs: ReadonlyMap<string, string>): Promise<RenewalCost> {
  const ids = [...runs];
  const sums = { events: 0, bytes: 0, actions: 0 };
  await perSecond(ids.length, 20, async (index) => {
    const [workflowId, runId] = ids[index] ?? ['', ''];
    const handle = temporal.workflow.getHandle(workflowId, runId);
    const [{ historyLength, historySize }, { events = [] }] = await Promise.all([
      handle.describe(),
      handle.fetchHistory(),
    ]);
    sums.events += historyLength;
    sums.bytes += historySize ?? 0;
    for (const event of events ?? []) {
      // The price list of docs/adr/0017: starts and continuations, timers, remote activities, messages, upserts.
      if (
        event.workflowExecutionStartedEventAttributes != null ||
        event.timerStartedEventAttributes != null ||
        event.activityTaskScheduledEventAttributes != null ||
        event.workflowExecutionSignaledEventAttributes != null ||
        event.upsertWorkflowSearchAttributesEventAttributes != null ||
        event.markerRecordedEventAttributes != null
      )
        sums.actions += 1;
    }
  });
  const mean = (sum: number): number => Math.round((sum / Math.max(1, ids.length)) * 100) / 100;
  return { events: mean(sums.events), bytes: mean(sums.bytes), billableActions: mean(sums.actions) };
}
