import { ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import type { Client, ScheduleOptions } from '@temporalio/client';
import {
  exchangeRateImportScheduleId,
  exchangeRateImportTime,
  exchangeRateImportWorkflowType,
} from '../workflows/exchange-rate-import/exchange-rate-import.contract.ts';
import {
  orderSweepEveryMs,
  orderSweepScheduleId,
  orderSweepWorkflowType,
} from '../workflows/order-sweep/order-sweep.contract.ts';
import {
  renewalRunEveryMs,
  renewalRunScheduleId,
  renewalRunWorkflowType,
} from '../workflows/renewal-run/renewal-run.contract.ts';
import {
  revenueRecognitionScheduleId,
  revenueRecognitionTime,
  revenueRecognitionWorkflowType,
} from '../workflows/revenue-recognition/revenue-recognition.contract.ts';
import {
  taxFilingScheduleId,
  taxFilingTime,
  taxFilingWorkflowType,
} from '../workflows/tax-filing/tax-filing.contract.ts';
import { taskQueues } from '../workflows/task-queues.ts';

/** Makes the schedules that the product needs; one that exists is left as operators have set it, but for its queue. */
export async function ensureSchedules(client: Client): Promise<void> {
  await Promise.all(schedules.map((schedule) => ensureSchedule(client, schedule)));
}

async function ensureSchedule(client: Client, schedule: ScheduleOptions): Promise<void> {
  try {
    await client.schedule.create(schedule);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await moveToQueue(client, schedule);
  }
}

/** A schedule of an earlier version may start its workflow where no worker knows it any more (docs/adr/0017). */
async function moveToQueue(client: Client, { scheduleId, action: { taskQueue } }: ScheduleOptions): Promise<void> {
  const handle = client.schedule.getHandle(scheduleId);
  if ((await handle.describe()).action.taskQueue === taskQueue) return;
  await handle.update((schedule) => ({ ...schedule, action: { ...schedule.action, taskQueue } }));
}

/** Daily at a local time, one run at a time; a time that was missed is made up for within a day. */
function daily(run: {
  readonly scheduleId: string;
  readonly workflowType: string;
  readonly time: { readonly hour: number; readonly minute: number; readonly timezone: string };
  readonly workflowExecutionTimeout: '20 hours' | '1 day';
  readonly summary: string;
  /** Also when the schedule is made. */
  readonly atOnce: boolean;
}): ScheduleOptions {
  const { scheduleId, workflowType, workflowExecutionTimeout } = run;
  const { hour, minute, timezone } = run.time;
  return {
    scheduleId,
    spec: { calendars: [{ hour, minute }], timezone },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 day' },
    ...(run.atOnce ? { state: { triggerImmediately: true } } : {}),
    action: {
      type: 'startWorkflow',
      ...{ workflowType, workflowId: scheduleId, taskQueue: taskQueues.books, args: [], workflowExecutionTimeout },
      staticSummary: run.summary,
    },
  };
}

/** Each starts one workflow of its own type, whose id is that of the schedule and the time of the run. */
export const schedules: readonly ScheduleOptions[] = [
  {
    scheduleId: orderSweepScheduleId,
    spec: { intervals: [{ every: orderSweepEveryMs }] },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' },
    action: {
      type: 'startWorkflow',
      workflowType: orderSweepWorkflowType,
      workflowId: orderSweepScheduleId,
      taskQueue: taskQueues.orders,
      args: [],
      workflowExecutionTimeout: '10 minutes',
      staticSummary: 'Starts orders that were recorded and not started',
    },
  },
  {
    scheduleId: renewalRunScheduleId,
    spec: { intervals: [{ every: renewalRunEveryMs }] },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 hour' },
    action: {
      type: 'startWorkflow',
      workflowType: renewalRunWorkflowType,
      workflowId: renewalRunScheduleId,
      taskQueue: taskQueues.subscriptions,
      args: [],
      workflowExecutionTimeout: '12 hours',
      staticSummary: 'Proves that every subscription that is due has a workflow on time',
    },
  },
  daily({
    scheduleId: exchangeRateImportScheduleId,
    workflowType: exchangeRateImportWorkflowType,
    time: exchangeRateImportTime,
    workflowExecutionTimeout: '1 day',
    summary: 'Puts the published exchange rates on file',
    // A new installation has rates from its first minute.
    atOnce: true,
  }),
  daily({
    scheduleId: taxFilingScheduleId,
    workflowType: taxFilingWorkflowType,
    time: taxFilingTime,
    workflowExecutionTimeout: '20 hours',
    summary: 'Opens and closes the filing periods of taxes',
    // The current periods are on file from the first minute.
    atOnce: true,
  }),
  daily({
    scheduleId: revenueRecognitionScheduleId,
    workflowType: revenueRecognitionWorkflowType,
    time: revenueRecognitionTime,
    workflowExecutionTimeout: '1 day',
    summary: 'Posts what deferred sales have earned',
    atOnce: false,
  }),
];
