import { ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import {
  orderSweepEveryMs,
  orderSweepScheduleId,
  orderSweepWorkflowType,
} from '../workflows/order-sweep/order-sweep.contract.ts';
import { taskQueue } from '../workflows/task-queues.ts';

/** Makes the schedules that the product needs; one that exists is left as operators have set it. */
export async function ensureSchedules(client: Client): Promise<void> {
  try {
    await client.schedule.create({
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
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
}
