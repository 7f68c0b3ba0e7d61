import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';
import { goBuild } from './build.ts';
import { findPart, type Recipe } from './find-part.ts';
import { freePort, untilListening } from './free-port.ts';
import { setting, type Machine } from './machine.ts';
import { addSearchAttributes, type SearchAttributes } from './search-attributes.ts';
import { startServer, type ServerProcess } from './server-process.ts';

/** A Temporal server that answers and knows the search attributes. */
export interface TemporalServer {
  /** `host:port` of the gRPC frontend. */
  readonly address: string;
  readonly uiUrl: string | null;
  /** Null when the server is not ours (`TEMPORAL_ADDRESS`). */
  readonly process: ServerProcess | null;
}

/** What may be said about the server. */
export interface TemporalOptions {
  readonly searchAttributes: SearchAttributes;
  readonly ui: boolean;
  /** SQLite file that keeps everything; memory only without it. */
  readonly file?: string;
}

/** How the Temporal CLI, which contains the server and its Web UI, is found. */
export const TEMPORAL_RECIPE: Recipe = {
  part: 'temporal',
  programOnPath: 'temporal',
  built: {
    label: '1.29.1',
    folder: 'temporal-cli-1.5.1',
    program: 'temporal',
    usually: '3 min on 2 cores and 4 GB of disk meanwhile',
    // Newer tags of the CLI cannot be installed this way.
    build: goBuild('github.com/temporalio/cli/cmd/temporal@v1.5.1'),
  },
  ways: [
    'install the Temporal CLI, so that `temporal` is on PATH',
    'set TEMPORAL_ADDRESS=host:port to a running Temporal server (namespace "default")',
    'install Go 1.24 or newer, so that `go` is on PATH and can fetch modules',
  ],
};

const DYNAMIC_CONFIG = {
  // A third less latency: the first activity comes back with the workflow task.
  'system.enableActivityEagerExecution': true,
  // Priorities work with the new matcher only.
  'matching.useNewMatcher': true,
  'system.enableDeploymentVersions': true,
  'frontend.workerVersioningWorkflowAPIs': true,
  'frontend.workerVersioningRuleAPIs': true,
  'frontend.workerVersioningDataAPIs': true,
  // Limits that protect a shared cluster only get in the way of a benchmark.
  'frontend.rps': 100_000,
  'frontend.namespaceRPS': 100_000,
  'frontend.namespaceRPS.visibility': 10_000,
  'frontend.namespaceCount': 100_000,
  'frontend.persistenceMaxQPS': 100_000,
  'history.rps': 100_000,
  'history.persistenceMaxQPS': 100_000,
  'matching.rps': 100_000,
  'matching.persistenceMaxQPS': 100_000,
  'worker.persistenceMaxQPS': 100_000,
};

/** Starts Temporal's development server, or connects to the one of `TEMPORAL_ADDRESS`. Throws when there is no way to do it. */
export async function startTemporal(options: TemporalOptions, machine: Machine): Promise<TemporalServer> {
  const address = setting('TEMPORAL_ADDRESS', machine.env);
  if (address !== null) return useExisting(address, options, machine);
  const [found, port, uiPort] = await Promise.all([findPart(TEMPORAL_RECIPE, machine), freePort(), freePort()]);
  const own = `127.0.0.1:${port}`;
  const process = await startServer(
    {
      part: 'temporal',
      program: found.path,
      args: serverArgs(port, uiPort, options),
      ready: async (signal) => {
        await untilListening(port, signal);
        await untilComplete(own, options.searchAttributes, signal);
        if (options.ui) await untilListening(uiPort, signal);
      },
    },
    machine,
  );
  const uiUrl = options.ui ? `http://127.0.0.1:${uiPort}` : null;
  machine.log(`temporal: ${found.origin}, ${own}${uiUrl === null ? '' : `, UI ${uiUrl}`}`);
  return { address: own, uiUrl, process };
}

function serverArgs(port: number, uiPort: number, options: TemporalOptions): string[] {
  return [
    ...['server', 'start-dev', '--ip', '127.0.0.1', '--port', String(port), '--log-level', 'error'],
    ...(options.ui ? ['--ui-port', String(uiPort)] : ['--headless']),
    ...(options.file === undefined ? [] : ['--db-filename', options.file]),
    ...Object.entries(DYNAMIC_CONFIG).flatMap(([key, value]) => ['--dynamic-config-value', `${key}=${value}`]),
    ...Object.entries(options.searchAttributes).flatMap(([name, kind]) => ['--search-attribute', `${name}=${kind}`]),
  ];
}

async function useExisting(address: string, options: TemporalOptions, machine: Machine): Promise<TemporalServer> {
  const connection = await connect(address, machine.answerMs).catch((error: unknown) => {
    throw new Error(`temporal: TEMPORAL_ADDRESS=${address} does not answer`, { cause: error });
  });
  try {
    const added = await addSearchAttributes(connection, options.searchAttributes);
    const note = added.length === 0 ? '' : `, added search attributes ${added.join(', ')}`;
    machine.log(`temporal: TEMPORAL_ADDRESS, ${address}${note}`);
  } finally {
    await connection.close();
  }
  return { address, uiUrl: null, process: null };
}

/** The frontend answers before the namespace and the search attributes are there. */
async function untilComplete(address: string, wanted: SearchAttributes, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    try {
      const connection = await connect(address, 5_000);
      try {
        await connection.workflowService.describeNamespace({ namespace: 'default' });
        const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: 'default' });
        if (Object.keys(wanted).every((name) => customAttributes?.[name] !== undefined)) return;
      } finally {
        await connection.close();
      }
    } catch {
      // Not yet: the caller has the time limit.
    }
    await sleep(50);
  }
}

/** Imported late, because it takes a third of a second in which the server can start. */
async function connect(address: string, timeoutMs: number): Promise<Connection> {
  const client = await import('@temporalio/client');
  return client.Connection.connect({ address, connectTimeout: timeoutMs });
}
