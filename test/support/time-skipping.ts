import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, makeTelemetryFilterString, Runtime, Worker } from '@temporalio/worker';
import type { WorkflowBundleWithSourceMap } from '@temporalio/worker';
import type { Activities } from '../../activities/index.ts';
import { addSearchAttributes } from '../../dev/stack/search-attributes.ts';
import { bundleFolder } from '../../dev/system/bundle-folder.ts';
import { bundleWorkflows, keepBundlesIn } from '../../workers/workflow-bundle.ts';
import { taskQueues } from '../../workflows/task-queues.ts';
import { searchAttributeTypes } from '../../workflows/search-attributes.ts';

/** One time-skipping server and one bundle per test file; a task queue and worker per test. */
export interface TimeSkipping {
  readonly env: TestWorkflowEnvironment;
  /** Runs the body with a worker that has these activities, on a queue of its own. */
  run<Result>(activities: Partial<Activities>, body: (taskQueue: string) => Promise<Result>): Promise<Result>;
  /**
   * A new server for what comes next. The test server stops skipping time once a child workflow has ended after its
   * parent; the real one has no such trouble.
   */
  renew(): Promise<void>;
  close(): Promise<void>;
}

let queues = 0;

export async function openTimeSkipping(): Promise<TimeSkipping> {
  const path = process.env['TEMPORAL_TEST_SERVER'];
  if (path === undefined) throw new Error('TEMPORAL_TEST_SERVER is not set: run the tests with `npm test`');
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) } },
  });
  keepBundlesIn(bundleFolder());
  const [first, workflowBundle] = await Promise.all([startServer(path), bundleWorkflows()]);
  let env = first;
  return {
    get env() {
      return env;
    },
    run: (activities, body) => runWorker(env, workflowBundle, activities, body),
    renew: async () => {
      await env.teardown();
      env = await startServer(path);
    },
    close: () => env.teardown(),
  };
}

/** On a busy machine a server may miss the five seconds that the SDK gives it. */
async function startServer(path: string, tries = 4): Promise<TestWorkflowEnvironment> {
  try {
    const server = { executable: { type: 'existing-path', path } } as const;
    const env = await TestWorkflowEnvironment.createTimeSkipping({ server });
    // The test server has no visibility; without this an upsert fails the workflow task.
    await addSearchAttributes(env.connection, searchAttributeTypes);
    return env;
  } catch (error) {
    if (tries === 1) throw error;
    return startServer(path, tries - 1);
  }
}

async function runWorker<Result>(
  env: TestWorkflowEnvironment,
  workflowBundle: WorkflowBundleWithSourceMap,
  activities: Partial<Activities>,
  body: (taskQueue: string) => Promise<Result>,
): Promise<Result> {
  queues += 1;
  const taskQueue = `test-${queues}`;
  const { nativeConnection: connection } = env;
  const worker = await Worker.create({ connection, taskQueue, workflowBundle, activities });
  if (activities.collectSubscription === undefined) return worker.runUntil(body(taskQueue));
  // Renewals are charged by way of a queue of their own, whatever queue the workflow is on.
  const money = await Worker.create({ connection, taskQueue: taskQueues.renewalMoney, activities });
  return money.runUntil(worker.runUntil(body(taskQueue)));
}
