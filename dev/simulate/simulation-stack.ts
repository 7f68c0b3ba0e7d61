import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import { bundleEveryQueue } from '../../workers/workflow-bundle.ts';
import { thisMachine } from '../stack/machine.ts';
import { startMongo } from '../stack/mongo-server.ts';
import { findTimeSkippingServer } from '../stack/time-skipping-server.ts';
import type { SimulationStack } from './open-simulation.ts';

/** Once per process: the SDK's own log lines are noise here. */
export function silenceRuntime(): void {
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) } },
  });
}

/** Finds or builds what simulations need, runs the work and ends it. */
export async function withSimulationStack<Result>(
  log: (line: string) => void,
  work: (stack: SimulationStack) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'waybill-simulation-'));
  const [mongo, server, workflowBundles] = await Promise.all([
    startMongo({ temporaryFolder: () => Promise.resolve(folder), faultProxy: false }, thisMachine(log)),
    findTimeSkippingServer(log),
    bundleEveryQueue(),
  ]);
  try {
    return await work({ mongodbUri: mongo.uri, temporalServer: server.path, workflowBundles });
  } finally {
    await mongo.stop();
    await rm(folder, { recursive: true, force: true });
  }
}
