import { orderSweepWorkflowType } from '../../workflows/order-sweep/order-sweep.contract.ts';
import { revenueRecognitionWorkflowType } from '../../workflows/revenue-recognition/revenue-recognition.contract.ts';
import { taskQueues } from '../../workflows/task-queues.ts';
import type { Simulation } from './open-simulation.ts';

// What Temporal Schedules do in production: the test server has none.

/** Nightly runs would be most of ten years; a monthly one posts the same, because it goes by what is not posted yet. */
export async function postRevenue({ client, clock }: Simulation): Promise<void> {
  await client.workflow.execute(revenueRecognitionWorkflowType, {
    taskQueue: taskQueues.books,
    workflowId: `revenue-recognition/${clock.now()}`,
  });
}

/** Starts what was recorded and is left to the sweep, such as the refund of a subscription that was cancelled. */
export async function startRecorded({ client, clock }: Simulation): Promise<void> {
  await client.workflow.execute(orderSweepWorkflowType, {
    taskQueue: taskQueues.orders,
    workflowId: `order-sweep/${clock.now()}`,
  });
}
