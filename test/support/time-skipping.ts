import { TestWorkflowEnvironment } from '@temporalio/testing';
import { DefaultLogger, makeTelemetryFilterString, Runtime, Worker } from '@temporalio/worker';
import type { WorkflowBundleWithSourceMap } from '@temporalio/worker';
import { temporal } from '@temporalio/proto';
import type { Activities } from '../../activities/index.ts';
import { bundleWorkflows } from '../../workers/workflow-bundle.ts';
import { searchAttributeTypes } from '../../workflows/search-attributes.ts';

/** One time-skipping server and one bundle per test file; a task queue and worker per test. */
export interface TimeSkipping {
  readonly env: TestWorkflowEnvironment;
  /** Runs the body with a worker that has these activities, on a queue of its own. */
  run<Result>(activities: Partial<Activities>, body: (taskQueue: string) => Promise<Result>): Promise<Result>;
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
  const [env, workflowBundle] = await Promise.all([
    TestWorkflowEnvironment.createTimeSkipping({ server: { executable: { type: 'existing-path', path } } }),
    bundleWorkflows(),
  ]);
  await addSearchAttributes(env);
  return {
    env,
    run: (activities, body) => runWorker(env, workflowBundle, activities, body),
    close: () => env.teardown(),
  };
}

async function runWorker<Result>(
  env: TestWorkflowEnvironment,
  workflowBundle: WorkflowBundleWithSourceMap,
  activities: Partial<Activities>,
  body: (taskQueue: string) => Promise<Result>,
): Promise<Result> {
  queues += 1;
  const taskQueue = `test-${queues}`;
  const worker = await Worker.create({ connection: env.nativeConnection, taskQueue, workflowBundle, activities });
  return worker.runUntil(body(taskQueue));
}

/** The test server has no visibility; without this an upsert fails the workflow task. */
async function addSearchAttributes(env: TestWorkflowEnvironment): Promise<void> {
  const types = { Keyword: 'INDEXED_VALUE_TYPE_KEYWORD', Datetime: 'INDEXED_VALUE_TYPE_DATETIME' } as const;
  await env.connection.operatorService.addSearchAttributes({
    namespace: 'default',
    searchAttributes: Object.fromEntries(
      Object.entries(searchAttributeTypes).map(([name, type]) => [
        name,
        temporal.api.enums.v1.IndexedValueType[types[type]],
      ]),
    ),
  });
}
