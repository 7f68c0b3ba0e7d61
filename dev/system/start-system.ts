import { randomBytes } from 'node:crypto';
import { MongoClient } from 'mongodb';
import { z } from 'zod';
import { searchAttributeTypes } from '../../workflows/search-attributes.ts';
import { freePort } from '../stack/free-port.ts';
import { startStack } from '../stack/stack.ts';
import type { Stack, StackOptions } from '../stack/stack.ts';
import { awaitRates } from './await-rates.ts';
import { bundleFolder } from './bundle-folder.ts';
import { laptopSettings } from './laptop-settings.ts';
import { nodeProcess } from './node-process.ts';
import type { NodeProcess } from './node-process.ts';
import { registerNamespace, removeNamespace } from './temporal-namespace.ts';

export interface SystemOptions extends Pick<StackOptions, 'log' | 'ui' | 'dataFolder' | 'faultProxy'> {
  /** Port of the HTTP API; a free one by default. */
  readonly port?: number;
  readonly duplicateWebhooks?: boolean;
  /** Gets every line that worker and API print. */
  readonly onLine?: (line: string) => void;
  /**
   * A database of its own and, on a Temporal server that others use too (TEMPORAL_ADDRESS), a namespace of its own:
   * several systems may then run at once. Both are removed at the end.
   */
  readonly isolated?: boolean;
  /** Settings of worker and API beside or instead of those of a laptop. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Everything that runs on a laptop: servers, partners, a worker and the API, each in a process of its own. */
export interface System {
  readonly api: string;
  readonly apiKey: string;
  readonly stack: Stack;
  /** Temporal namespace and MongoDB database of this system. */
  readonly home: Home;
  readonly sandbox: string;
  readonly inbox: string;
  readonly worker: NodeProcess;
  readonly http: NodeProcess;
  /** What worker and API were started with. */
  readonly env: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

const sandboxReady = z.object({ sandbox: z.string(), inbox: z.string(), smtp: z.string() });

/** Starts it all and resolves when an order could be placed. Ends with this process, whatever happens to it. */
export async function startSystem(options: SystemOptions): Promise<System> {
  const port = options.port ?? (await freePort());
  const api = `http://127.0.0.1:${port}`;
  const webhookSecret = `whsec_${randomBytes(24).toString('base64')}`;
  const apiKey = `dev_${randomBytes(18).toString('hex')}`;

  const partners = nodeProcess({
    name: 'sandbox',
    script: 'dev/sandbox/main.ts',
    args: ['--json', '--webhook-url', api, ...(options.duplicateWebhooks === true ? ['--duplicate-webhooks'] : [])],
    env: { SANDBOX_WEBHOOK_SECRET: webhookSecret },
    isReady: (line) => line.startsWith('{'),
  });
  const [stack, sandboxLine] = await Promise.all([
    startStack({ ...options, searchAttributes: searchAttributeTypes }),
    partners.start(),
  ]);
  const sandbox = sandboxReady.parse(JSON.parse(sandboxLine));
  options.log(`sandbox: partners ${sandbox.sandbox}, inbox ${sandbox.inbox}`);

  const home = await openHome(stack, options.isolated ?? false).catch(async (error: unknown) => {
    await Promise.all([partners.stop(), stack.stop()]);
    throw error;
  });
  const laptop = laptopSettings({
    temporal: { address: stack.temporal.address, namespace: home.namespace },
    mongodb: { uri: stack.mongodb.uri, database: home.database },
    ...{ sandbox, port, apiKey, webhookSecret, publicUrl: api },
  });
  const env = { ...laptop, ...options.settings };
  const onLine = options.onLine === undefined ? {} : { onLine: options.onLine };
  const worker = nodeProcess({
    name: 'worker',
    script: 'dev/system/main.ts',
    args: [bundleFolder()],
    env,
    isReady: (line) => line === 'worker: ready',
    ...onLine,
  });
  const http = nodeProcess({
    name: 'api',
    script: 'clients/main.ts',
    env,
    isReady: (line) => line.startsWith('api: ready'),
    ...onLine,
  });
  const stop = async (): Promise<void> => {
    await Promise.all([worker.stop(), http.stop()]);
    await closeHome(stack, home);
    await Promise.all([partners.stop(), stack.stop()]);
  };
  try {
    await Promise.all([worker.start(), http.start()]);
    await awaitRates({
      mongodb: { uri: stack.mongodb.uri, database: home.database },
      temporal: { address: stack.temporal.address, namespace: home.namespace },
    });
  } catch (error) {
    await stop();
    throw error;
  }
  options.log(`worker and API: ready, ${api}`);
  return { api, apiKey, stack, home, sandbox: sandbox.sandbox, inbox: sandbox.inbox, worker, http, env, stop };
}

interface Home {
  readonly namespace: string;
  readonly database: string;
}

const sharedHome: Home = { namespace: 'default', database: 'waybill' };

async function openHome(stack: Stack, isolated: boolean): Promise<Home> {
  if (!isolated) return sharedHome;
  const own = `waybill-${randomBytes(6).toString('hex')}`;
  if (!isShared('TEMPORAL_ADDRESS')) return { ...sharedHome, database: own };
  const { address } = stack.temporal;
  await registerNamespace({ address, namespace: own, searchAttributes: searchAttributeTypes });
  return { namespace: own, database: own };
}

async function closeHome({ temporal, mongodb }: Stack, { namespace, database }: Home): Promise<void> {
  if (namespace !== sharedHome.namespace) await removeNamespace(temporal.address, namespace);
  if (database === sharedHome.database || !isShared('MONGODB_URI')) return;
  const client = new MongoClient(mongodb.uri, { serverSelectionTimeoutMS: 2_000 });
  await client
    .db(database)
    .dropDatabase()
    .catch(() => undefined); // the server is gone, and the database with it
  await client.close();
}

/** A server that the environment names outlives this system. */
function isShared(variable: 'TEMPORAL_ADDRESS' | 'MONGODB_URI'): boolean {
  return (process.env[variable] ?? '').trim() !== '';
}
