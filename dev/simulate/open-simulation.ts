import { randomBytes } from 'node:crypto';
import { Client } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { pino } from 'pino';
import { composeApi } from '../../clients/compose-api.ts';
import { readConfig } from '../../workers/config.ts';
import { openDependencies } from '../../workers/dependencies.ts';
import type { Dependencies } from '../../workers/dependencies.ts';
import { searchAttributeTypes } from '../../workflows/search-attributes.ts';
import { createSandbox } from '../sandbox/create-sandbox.ts';
import { addSearchAttributes } from '../stack/search-attributes.ts';
import { laptopSettings } from '../system/laptop-settings.ts';
import { createPartnerWorld } from '../system/partner-world.ts';
import type { PartnerWorld } from '../system/partner-world.ts';
import { createWaybillApi } from '../system/waybill-api.ts';
import type { WaybillApi } from '../system/waybill-api.ts';
import { createClock } from './simulated-clock.ts';
import type { SimulatedClock } from './simulated-clock.ts';
import { startWorkers } from './simulated-workers.ts';
import type { WorkflowBundles } from './simulated-workers.ts';

/** Real workflows, services, API and partners, in a time that is skipped wherever everybody waits. */
export interface Simulation {
  /** Does not let time pass while it waits, as the test environment's own would. */
  readonly client: Client;
  readonly api: WaybillApi;
  readonly world: PartnerWorld;
  readonly dependencies: Dependencies;
  /** The base address of the sandbox, for its controls. */
  readonly sandbox: string;
  readonly clock: SimulatedClock;
  /** Where the records are. */
  readonly records: { readonly uri: string; readonly database: string };
  /** Lets time pass until `at` (ISO 8601); everything that is due before is done before. */
  advanceTo(at: string): Promise<void>;
  close(): Promise<void>;
}

/** What simulations share; each has a server, a database and partners of its own. */
export interface SimulationStack {
  readonly mongodbUri: string;
  /** Path of the time-skipping server. */
  readonly temporalServer: string;
  readonly workflowBundles: WorkflowBundles;
}

/** Starts everything with an empty database. @throws when a part does not start; what has started is closed then */
export async function openSimulation(stack: SimulationStack): Promise<Simulation> {
  const closers: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.toReversed()) await closer();
  };
  try {
    return { ...(await startParts(stack, closers)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startParts(
  { mongodbUri, temporalServer, workflowBundles }: SimulationStack,
  closers: (() => Promise<unknown>)[],
): Promise<Omit<Simulation, 'close'>> {
  const webhookSecret = `whsec_${randomBytes(24).toString('base64')}`;
  const sandbox = await createSandbox({ webhookSecret });
  closers.push(() => sandbox.close());
  const env = await TestWorkflowEnvironment.createTimeSkipping({
    server: { executable: { type: 'existing-path', path: temporalServer } },
  });
  closers.push(() => env.teardown());
  // The test server has no visibility; without this an upsert fails the workflow task.
  await addSearchAttributes(env.connection, searchAttributeTypes);
  const apiKey = `sim_${randomBytes(18).toString('hex')}`;
  const config = readConfig(
    laptopSettings({
      temporal: { address: env.address, namespace: env.namespace ?? 'default' },
      mongodb: { uri: mongodbUri, database: `simulation-${randomBytes(6).toString('hex')}` },
      sandbox: { sandbox: sandbox.url, smtp: sandbox.smtpUrl },
      ...{ port: 0, apiKey, webhookSecret, publicUrl: 'http://127.0.0.1' },
    }),
  );
  const client = new Client({ connection: env.connection, namespace: config.temporal.namespace });
  const clock = createClock(await env.currentTimeMs());
  const dependencies = await openDependencies(config, clock.now);
  closers.push(async () => {
    await dependencies.db.dropDatabase();
    await dependencies.close();
  });
  const api = await composeApi({
    ...{ config, dependencies },
    temporal: client,
    now: () => new Date(clock.now()).toISOString(),
    log: pino({ level: 'silent' }),
  });
  closers.push(() => api.close());
  const address = await api.listen({ host: '127.0.0.1', port: 0 });
  sandbox.setWebhookUrl(address);
  const workers = await startWorkers({
    config,
    dependencies,
    client,
    connection: env.nativeConnection,
    clock,
    workflowBundles,
  });
  closers.push(() => workers.stop());
  return {
    client,
    api: createWaybillApi({ api: address, apiKey }),
    world: createPartnerWorld({ sandbox: sandbox.url, inbox: sandbox.inboxUrl }),
    dependencies,
    sandbox: sandbox.url,
    clock,
    records: config.mongodb,
    async advanceTo(at) {
      const left = Date.parse(at) - (await env.currentTimeMs());
      if (left > 0) await env.sleep(left);
      clock.reach(await env.currentTimeMs());
    },
  };
}
