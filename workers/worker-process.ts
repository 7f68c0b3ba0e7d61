import { Runtime, DefaultLogger } from '@temporalio/worker';
import type { Worker } from '@temporalio/worker';
import { composeActivities } from './compose-activities.ts';
import type { Config } from './config.ts';
import { createWorkers } from './create-worker.ts';
import { openDependencies } from './dependencies.ts';
import { ensureSchedules } from './schedules.ts';
import { connectWorker, openClient } from './temporal-connection.ts';
import { bundleEveryQueue } from './workflow-bundle.ts';

/** Everything of a worker process that has to be closed, in the order in which it may be. */
export interface WorkerProcess {
  /** Works on every queue until the process is told to stop. @throws what one of the workers failed with */
  readonly run: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Connects, bundles, wires. The caller runs the workers and closes in a `finally`: workers first, then connections. */
export async function openWorkerProcess(config: Config): Promise<WorkerProcess> {
  const [connection, dependencies, workflowBundles] = await Promise.all([
    connectWorker(config.temporal),
    openDependencies(config),
    bundleEveryQueue(),
  ]);
  const { client, close: closeClient } = openClient(config.temporal);
  // A broken mail template stops the start and not a mail.
  await Promise.all([ensureSchedules(client), dependencies.warmUpMail()]);
  const activities = composeActivities({ dependencies, client, now: () => new Date().toISOString() });
  const workers = await createWorkers({
    connection,
    namespace: config.temporal.namespace,
    activities,
    workflowBundles,
    buildId: config.buildId,
    renewalChargesPerSecond: config.renewalChargesPerSecond,
  });
  return {
    run: () => runTogether(workers),
    close: async () => {
      await closeClient();
      await connection.close();
      await dependencies.close();
    },
  };
}

/** A process with a queue that nobody works on is restarted, not kept. */
async function runTogether(workers: readonly Worker[]): Promise<void> {
  const running = workers.map((worker) => worker.run());
  try {
    await Promise.all(running);
  } catch (error) {
    for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
    await Promise.allSettled(running);
    throw error;
  }
}

/** Once per process, before any connection. */
export function installRuntime(config: Config): void {
  Runtime.install({
    logger: new DefaultLogger(config.logLevel === 'debug' ? 'DEBUG' : config.logLevel === 'info' ? 'INFO' : 'WARN'),
  });
}
