import type { Client } from '@temporalio/client';
import { perSecond } from './paced.ts';

/** What renewals leave in Temporal, each in the run that it ended, and when their charges were begun. */
export interface RenewalCost {
  readonly events: number;
  readonly bytes: number;
  readonly billableActions: number;
  /** Of the activities that move money, milliseconds since the epoch. */
  readonly collectedAt: readonly number[];
}

/** Means over the runs (workflow id → run id). */
export async function renewalCost(temporal: Client, runs: ReadonlyMap<string, string>): Promise<RenewalCost> {
  const ids = [...runs];
  const sums = { events: 0, bytes: 0, actions: 0 };
  const collectedAt: number[] = [];
  await perSecond(ids.length, 20, async (index) => {
    const [workflowId, runId] = ids[index] ?? ['', ''];
    const handle = temporal.workflow.getHandle(workflowId, runId);
    const [{ historyLength, historySize }, { events = [] }] = await Promise.all([
      handle.describe(),
      handle.fetchHistory(),
    ]);
    sums.events += historyLength;
    sums.bytes += historySize ?? 0;
    let collecting: number | null = null;
    for (const [place, event] of (events ?? []).entries()) {
      const scheduled = event.activityTaskScheduledEventAttributes;
      if (scheduled?.activityType?.name === 'collectSubscription') collecting = place + 1;
      const started = event.activityTaskStartedEventAttributes;
      if (started != null && Number(started.scheduledEventId) === collecting) collectedAt.push(msOf(event.eventTime));
      // The price list of docs/adr/0017: starts and continuations, timers, remote activities, messages, upserts.
      if (
        event.workflowExecutionStartedEventAttributes != null ||
        event.timerStartedEventAttributes != null ||
        scheduled != null ||
        event.workflowExecutionSignaledEventAttributes != null ||
        event.upsertWorkflowSearchAttributesEventAttributes != null ||
        event.markerRecordedEventAttributes != null
      )
        sums.actions += 1;
    }
  });
  const mean = (sum: number): number => Math.round((sum / Math.max(1, ids.length)) * 100) / 100;
  return { events: mean(sums.events), bytes: mean(sums.bytes), billableActions: mean(sums.actions), collectedAt };
}

function msOf(time: { readonly seconds?: unknown; readonly nanos?: number | null } | null | undefined): number {
  return Number(time?.seconds ?? 0) * 1_000 + (time?.nanos ?? 0) / 1_000_000;
}
