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
  revenueRecognitionScheduleId,
  revenueRecognitionTime,
  revenueRecognitionWorkflowType,
} from '../workflows/revenue-recognition/revenue-recognition.contract.ts';
import {
  taxFilingScheduleId,
  taxFilingTime,
  taxFilingWorkflowType,
} from '../workflows/tax-filing/tax-filing.contract.ts';
import { taskQueue } from '../workflows/task-queues.ts';

/** Makes the schedules that the product needs; one that exists is left as operators have set it. */
export async function ensureSchedules(client: Client): Promise<void> {
  await Promise.all(schedules.map((schedule) => ensureSchedule(client, schedule)));
}

async function ensureSchedule(client: Client, schedule: ScheduleOptions): Promise<void> {
  try {
    await client.schedule.create(schedule);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
}

const schedules: readonly ScheduleOptions[] = [
  {
    scheduleId: orderSweepScheduleId,
    spec: { intervals: [{ every: orderSweepEveryMs }] },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 minute' },
    action: {
      type: 'startWorkflow',
      workflowType: orderSweepWorkflowType,
      workflowId: orderSweepScheduleId,
      taskQueue,
      args: [],
      workflowExecutionTimeout: '10 minutes',
      staticSummary: 'Starts orders that were recorded and not started',
    },
  },
  {
    scheduleId: exchangeRateImportScheduleId,
    spec: {
      calendars: [{ hour: exchangeRateImportTime.hour, minute: exchangeRateImportTime.minute }],
      timezone: exchangeRateImportTime.timezone,
    },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 day' },
    // A new installation has rates from its first minute.
    state: { triggerImmediately: true },
    action: {
      type: 'startWorkflow',
      workflowType: exchangeRateImportWorkflowType,
      workflowId: exchangeRateImportScheduleId,
      taskQueue,
      args: [],
      workflowExecutionTimeout: '1 day',
      staticSummary: 'Puts the published exchange rates on file',
    },
  },
  {
    scheduleId: taxFilingScheduleId,
    spec: {
      calendars: [{ hour: taxFilingTime.hour, minute: taxFilingTime.minute }],
      timezone: taxFilingTime.timezone,
    },
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 day' },
    // The current periods are on file from the first minute.
    state: { triggerImmediately: true },
    action: {
      type: 'startWorkflow',
      workflowType: taxFilingWorkflowType,
      workflowId: taxFilingScheduleId,
      taskQueue,
      args: [],
      workflowExecutionTimeout: '20 hours',
      staticSummary: 'Opens and closes the filing periods of taxes',
    },
  },
  {
    scheduleId: revenueRecognitionScheduleId,
    spec: {
      calendars: [{ hour: revenueRecognitionTime.hour, minute: revenueRecognitionTime.minute }],
      timezone: revenueRecognitionTime.timezone,
    },
    // A run that is missed is made up by the next one.
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 day' },
    action: {
      type: 'startWorkflow',
      workflowType: revenueRecognitionWorkflowType,
      workflowId: revenueRecognitionScheduleId,
      taskQueue,
      args: [],
      workflowExecutionTimeout: '1 day',
      staticSummary: 'Posts what deferred sales have earned',
    },
  },
];
