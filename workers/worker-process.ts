import { Runtime, DefaultLogger } from '@temporalio/worker';
import type { Worker } from '@temporalio/worker';
import { createActivities } from '../activities/index.ts';
import { orderSweepMinimumAgeMs } from '../workflows/order-sweep/order-sweep.contract.ts';
import { startOrder } from '../workflows/order/order-start.contract.ts';
import { startTaxReturn } from '../workflows/tax-filing/tax-return-start.contract.ts';
import type { Config } from './config.ts';
import { createWorker } from './create-worker.ts';
import { openDependencies } from './dependencies.ts';
import { ensureSchedules } from './schedules.ts';
import { connectWorker, openClient } from './temporal-connection.ts';
import { bundleWorkflows } from './workflow-bundle.ts';

/** Everything of a worker process that has to be closed, in the order in which it may be. */
export interface WorkerProcess {
  readonly worker: Worker;
  readonly close: () => Promise<void>;
}

/** Connects, bundles, wires. The caller runs the worker and closes in a `finally`: worker first, then connections. */
export async function openWorkerProcess(config: Config): Promise<WorkerProcess> {
  const [connection, dependencies, workflowBundle] = await Promise.all([
    connectWorker(config.temporal),
    openDependencies(config),
    bundleWorkflows(),
  ]);
  const { client, close: closeClient } = openClient(config.temporal);
  // A broken mail template stops the start and not a mail.
  await Promise.all([ensureSchedules(client), dependencies.warmUpMail()]);
  const activities = createActivities({
    ...dependencies,
    now: () => new Date().toISOString(),
    startOrder: (order) => startOrder(client, order),
    startTaxReturn: (input) => startTaxReturn(client, input),
    minimumAgeMs: orderSweepMinimumAgeMs,
  });
  const worker = await createWorker({
    connection,
    namespace: config.temporal.namespace,
    activities,
    workflowBundle,
    buildId: config.buildId,
  });
  return {
    worker,
    close: async () => {
      await closeClient();
      await connection.close();
      await dependencies.close();
    },
  };
}

/** Once per process, before any connection. */
export function installRuntime(config: Config): void {
  Runtime.install({
    logger: new DefaultLogger(config.logLevel === 'debug' ? 'DEBUG' : config.logLevel === 'info' ? 'INFO' : 'WARN'),
  });
}
