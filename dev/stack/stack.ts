import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { thisMachine } from './machine.ts';
import { startMongo, type MongoServer } from './mongo-server.ts';
import type { SearchAttributes } from './search-attributes.ts';
import { startTemporal, type TemporalServer } from './temporal-server.ts';

/** What may be said about the stack. */
export interface StackOptions {
  /** Gets one line per part; callers send it to stderr. */
  readonly log: (line: string) => void;
  readonly searchAttributes?: SearchAttributes;
  /** Temporal Web UI on a free port. */
  readonly ui?: boolean;
  /** Keep MongoDB's data and Temporal's SQLite file there; memory only without it. */
  readonly dataFolder?: string;
  /**
   * Needed by `control` when there is no `dataFolder`: MongoDB gets a proxy in front and Temporal a temporary
   * file, so that both keep what they know while they are down. Costs throughput.
   */
  readonly faultProxy?: boolean;
}

/** The servers that Waybill needs, ready for work. */
export interface Stack {
  readonly temporal: { readonly address: string; readonly uiUrl: string | null; readonly namespace: 'default' };
  /** Connection string without a database name. */
  readonly mongodb: { readonly uri: string };
  /**
   * Takes a part down and brings it back on the same port with its data, for fault tests. Throws when the
   * part is not ours, or would lose its data (neither `faultProxy` nor `dataFolder`).
   */
  readonly control: {
    stopMongo(): Promise<void>;
    startMongo(): Promise<void>;
    stopTemporal(): Promise<void>;
    startTemporal(): Promise<void>;
  };
  /** Ends the servers that are ours. Call it once; whatever happens, they end with this process. */
  stop(): Promise<void>;
}

/**
 * Finds, fetches or builds the parts of the stack and starts them in parallel.
 * Throws an error that says what to install or which variable to set when a part cannot be had.
 */
export async function startStack(options: StackOptions): Promise<Stack> {
  const machine = thisMachine(options.log);
  const folders = temporaryFolders();
  const file = await temporalFile(options, folders.create);
  const [temporal, mongo] = await Promise.allSettled([
    startTemporal(
      {
        searchAttributes: options.searchAttributes ?? {},
        ui: options.ui ?? false,
        ...(file === undefined ? {} : { file }),
      },
      machine,
    ),
    startMongo(
      {
        temporaryFolder: folders.create,
        faultProxy: options.faultProxy ?? false,
        ...(options.dataFolder === undefined ? {} : { dataFolder: options.dataFolder }),
      },
      machine,
    ),
  ]);
  const stop = async (): Promise<void> => {
    await Promise.all([
      temporal.status === 'fulfilled' ? temporal.value.process?.stop() : undefined,
      mongo.status === 'fulfilled' ? mongo.value.stop() : undefined,
    ]);
    await folders.remove();
  };
  if (temporal.status === 'rejected' || mongo.status === 'rejected') {
    await stop();
    throw startError([temporal, mongo]);
  }
  return {
    temporal: { address: temporal.value.address, uiUrl: temporal.value.uiUrl, namespace: 'default' },
    mongodb: { uri: mongo.value.uri },
    control: controlOf(temporal.value, mongo.value, file !== undefined),
    stop,
  };
}

function controlOf(temporal: TemporalServer, mongo: MongoServer, temporalKeepsData: boolean): Stack['control'] {
  const temporalProcess = temporalKeepsData ? temporal.process : null;
  const need = <T>(control: T | null): T => {
    if (control !== null) return control;
    throw new Error('Only a part that we started and that keeps its data can be stopped: use faultProxy or dataFolder');
  };
  return {
    stopMongo: async () => need(mongo.outage).begin(),
    startMongo: async () => need(mongo.outage).end(),
    stopTemporal: async () => need(temporalProcess).kill(),
    startTemporal: async () => need(temporalProcess).start(),
  };
}

async function temporalFile(options: StackOptions, temporary: () => Promise<string>): Promise<string | undefined> {
  if (options.dataFolder === undefined) {
    return options.faultProxy === true ? join(await temporary(), 'temporal.sqlite') : undefined;
  }
  await mkdir(options.dataFolder, { recursive: true });
  return join(options.dataFolder, 'temporal.sqlite');
}

function temporaryFolders(): { create: () => Promise<string>; remove: () => Promise<void> } {
  const created: string[] = [];
  return {
    create: async () => {
      const folder = await mkdtemp(join(tmpdir(), 'waybill-stack-'));
      created.push(folder);
      return folder;
    },
    remove: async () => {
      await Promise.all(created.map((folder) => rm(folder, { recursive: true, force: true })));
    },
  };
}

function startError(results: readonly PromiseSettledResult<unknown>[]): Error {
  const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  const messages = reasons.map((reason) => (reason instanceof Error ? reason.message : String(reason)));
  return new AggregateError(reasons, messages.join('\n\n'));
}
