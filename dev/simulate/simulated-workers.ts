import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type { NativeConnection } from '@temporalio/worker';
import type { Activities } from '../../activities/index.ts';
import { composeActivities } from '../../workers/compose-activities.ts';
import type { Config } from '../../workers/config.ts';
import { createWorkers } from '../../workers/create-worker.ts';
import type { Dependencies } from '../../workers/dependencies.ts';
import type { bundleEveryQueue } from '../../workers/workflow-bundle.ts';
import type { SimulatedClock } from './simulated-clock.ts';

export type WorkflowBundles = Awaited<ReturnType<typeof bundleEveryQueue>>;

interface Parts {
  readonly config: Config;
  readonly dependencies: Dependencies;
  readonly client: Client;
  readonly connection: NativeConnection;
  readonly clock: SimulatedClock;
  readonly workflowBundles: WorkflowBundles;
}

/** The workers of production on the simulation's server. */
export async function startWorkers({
  config,
  dependencies,
  client,
  connection,
  clock,
  workflowBundles,
}: Parts): Promise<{ stop(): Promise<void> }> {
  await dependencies.warmUpMail();
  const now = (): string => new Date(clock.now()).toISOString();
  const workers = await createWorkers({
    connection,
    namespace: config.temporal.namespace,
    activities: onTime(composeActivities({ dependencies, client, now }), clock),
    workflowBundles,
    buildId: null,
    renewalChargesPerSecond: config.renewalChargesPerSecond,
  });
  const running = Promise.all(workers.map((worker) => worker.run()));
  return {
    async stop() {
      for (const worker of workers) worker.shutdown();
      await running;
    },
  };
}

/** Before an activity acts, the services' clock has reached the moment at which the server asked for it. */
function onTime(activities: Activities, clock: SimulatedClock): Activities {
  const entries = Object.entries(activities).map(([name, activity]: [string, (...input: never[]) => unknown]) => [
    name,
    (...input: never[]) => {
      clock.reach(Context.current().info.currentAttemptScheduledTimestampMs);
      return activity(...input);
    },
  ]);
  // The same names with the same inputs and answers.
  return Object.fromEntries(entries) as Activities;
}
