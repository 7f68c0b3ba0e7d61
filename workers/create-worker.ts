import { Worker } from '@temporalio/worker';
import type { NativeConnection, WorkflowBundleOption, WorkerOptions } from '@temporalio/worker';
import type { Activities } from '../activities/index.ts';
import { taskQueues } from '../workflows/task-queues.ts';
import type { WorkflowQueue } from '../workflows/task-queues.ts';

export interface WorkerSettings {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly activities: Activities;
  readonly workflowBundles: Readonly<Record<WorkflowQueue, WorkflowBundleOption>>;
  /** null: not versioned, as on a laptop. */
  readonly buildId: string | null;
  /** How many renewals may be charged per second, by all workers together. */
  readonly renewalChargesPerSecond: number;
}

/**
 * What each queue may keep and do at a time. Measured per cached workflow: about 0.3 MB (`npm run bench`), so 1,550 fit a
 * 1 GB heap with room to work.
 */
const loads = {
  orders: { maxCachedWorkflows: 1_000, maxConcurrentActivityTaskExecutions: 100 },
  subscriptions: { maxCachedWorkflows: 500, maxConcurrentActivityTaskExecutions: 50 },
  books: { maxCachedWorkflows: 50, maxConcurrentActivityTaskExecutions: 10 },
} as const satisfies Record<WorkflowQueue, WorkerOptions | object>;

/** One worker per task queue, all in one process (docs/adr/0017). */
export async function createWorkers(settings: WorkerSettings): Promise<readonly Worker[]> {
  const { connection, namespace, activities, workflowBundles, buildId } = settings;
  const shared = {
    ...{ connection, namespace, activities },
    maxConcurrentLocalActivityExecutions: 200,
    // A kill loses no step, so a stop need not wait for a slow partner.
    shutdownGraceTime: '10s',
    shutdownForceTime: '30s',
    ...versioning(buildId),
  } as const;
  const onWorkflows = (queue: WorkflowQueue): Promise<Worker> =>
    Worker.create({
      ...shared,
      ...loads[queue],
      taskQueue: taskQueues[queue],
      workflowBundle: workflowBundles[queue],
    });
  return Promise.all([
    onWorkflows('orders'),
    onWorkflows('subscriptions'),
    onWorkflows('books'),
    Worker.create({
      ...shared,
      taskQueue: taskQueues.renewalMoney,
      maxConcurrentActivityTaskExecutions: 50,
      // Only about, each partition has a burst of its own: the turns of services/payment/charge-pace.ts are the limit,
      // and this keeps what waits for one in the queue.
      maxTaskQueueActivitiesPerSecond: settings.renewalChargesPerSecond,
    }),
  ]);
}

/**
 * PINNED: orders live for days and a sweep for seconds, so each ends on the code it began with (docs/adr/0006); a
 * subscription moves to the current code with each period. Stated here and not in the workflows, because a server refuses
 * a behaviour from a worker that is not versioned.
 */
function versioning(buildId: string | null): Pick<WorkerOptions, 'workerDeploymentOptions'> {
  if (buildId === null) return {};
  return {
    workerDeploymentOptions: {
      useWorkerVersioning: true,
      version: { deploymentName: 'waybill', buildId },
      defaultVersioningBehavior: 'PINNED',
    },
  };
}
