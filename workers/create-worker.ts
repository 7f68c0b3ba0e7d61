import { Worker } from '@temporalio/worker';
import type { NativeConnection, WorkflowBundleOption, WorkerOptions } from '@temporalio/worker';
import type { Activities } from '../activities/index.ts';
import { taskQueue } from '../workflows/task-queues.ts';

export interface WorkerSettings {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly activities: Activities;
  readonly workflowBundle: WorkflowBundleOption;
  /** null: not versioned, as on a laptop. */
  readonly buildId: string | null;
  readonly taskQueue?: string;
}

/** Measured per cached order workflow: about 0.3 MB (see `npm run bench`); 1,500 fit a 1 GB heap with room to work. */
const maxCachedWorkflows = 1_500;

/** One worker per process: workflows and every retry class of activities. */
export function createWorker({
  connection,
  namespace,
  activities,
  workflowBundle,
  buildId,
  ...rest
}: WorkerSettings): Promise<Worker> {
  return Worker.create({
    connection,
    namespace,
    taskQueue: rest.taskQueue ?? taskQueue,
    workflowBundle,
    activities,
    maxCachedWorkflows,
    maxConcurrentActivityTaskExecutions: 100,
    maxConcurrentLocalActivityExecutions: 200,
    // A kill loses no step, so a stop need not wait for a slow partner.
    shutdownGraceTime: '10s',
    shutdownForceTime: '30s',
    ...versioning(buildId),
  });
}

/**
 * PINNED: orders live for days and a sweep for seconds, so each ends on the code it began with (docs/adr/0006). Stated
 * here and not in the workflows, because a server refuses a behaviour from a worker that is not versioned.
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
