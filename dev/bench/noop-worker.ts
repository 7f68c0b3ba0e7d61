import { fileURLToPath } from 'node:url';
import { NativeConnection, Worker } from '@temporalio/worker';
import { bundleWorkflows } from '../../workers/workflow-bundle.ts';

/** A worker like the product's, with nothing to do: same process, same options, another queue. */
export const noopQueue = 'bench-noop';
export const noopWorkflowsPath = fileURLToPath(new URL('./noop.workflow.ts', import.meta.url));

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const connection = await NativeConnection.connect({ address: process.env['TEMPORAL_ADDRESS'] ?? '' });
  const worker = await Worker.create({
    connection,
    taskQueue: noopQueue,
    workflowBundle: await bundleWorkflows(noopWorkflowsPath),
    maxCachedWorkflows: 1_500,
  });
  console.log('noop: ready');
  await worker.run();
}
