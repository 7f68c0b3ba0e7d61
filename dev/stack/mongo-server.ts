import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { javaBuild, sourceVersion } from './build.ts';
import { startFaultProxy } from './fault-proxy.ts';
import { findPart, type FoundPart, type Recipe } from './find-part.ts';
import { freePort, untilListening } from './free-port.ts';
import { setting, type Machine } from './machine.ts';
import { startServer, type ServerProcess } from './server-process.ts';

/** A MongoDB, or a server that speaks its protocol. */
export interface MongoServer {
  /** Connection string without a database name. */
  readonly uri: string;
  /** Ends the server if it is ours. */
  readonly stop: () => Promise<void>;
  /** Takes the database away from its clients and keeps the data; null when that is not possible. */
  readonly outage: { readonly begin: () => Promise<void>; readonly end: () => Promise<void> } | null;
}

/** What may be said about the server. */
export interface MongoOptions {
  /** Folder that keeps the data; without it there is memory only, or `temporaryFolder` for a real mongod. */
  readonly dataFolder?: string;
  /** Where a real mongod, which cannot do without files, may put them. */
  readonly temporaryFolder: () => Promise<string>;
  /** A proxy in front, for outages with data kept in memory. Costs throughput. */
  readonly faultProxy: boolean;
}

const SOURCE = fileURLToPath(new URL('./java/DocumentServer.java', import.meta.url));
const VERSION = '1.47.0';

/** How a MongoDB-compatible server is found. */
export async function mongoRecipe(): Promise<Recipe> {
  return {
    part: 'mongodb',
    programOnPath: 'mongod',
    built: {
      label: `mongo-java-server ${VERSION}`,
      folder: `mongo-java-server-${VERSION}-${await sourceVersion(SOURCE)}`,
      program: 'launch',
      usually: '15 s',
      build: javaBuild({
        source: SOURCE,
        artifacts: [
          `de.bwaldvogel:mongo-java-server:${VERSION}`,
          `de.bwaldvogel:mongo-java-server-h2-backend:${VERSION}`,
        ],
      }),
    },
    ways: [
      'install MongoDB 4.4 or newer, so that `mongod` is on PATH',
      'set MONGODB_URI to a running MongoDB, without a database name',
      'install a JDK 17 or newer and Maven, so that `java`, `javac` and `mvn` are on PATH',
    ],
  };
}

/** Starts a MongoDB-compatible server, or checks the one of `MONGODB_URI`. Throws when there is no way to do it. */
export async function startMongo(options: MongoOptions, machine: Machine): Promise<MongoServer> {
  const uri = setting('MONGODB_URI', machine.env);
  if (uri !== null) return useExisting(uri, machine);
  const [found, port] = await Promise.all([findPart(await mongoRecipe(), machine), freePort()]);
  const serverPort = options.faultProxy ? await freePort() : port;
  const process = await startServer(
    {
      part: 'mongodb',
      program: found.path,
      args: await serverArgs(found, serverPort, options),
      ready: (signal) => untilListening(serverPort, signal),
    },
    machine,
  );
  machine.log(`mongodb: ${found.origin}, 127.0.0.1:${port}`);
  const own = `mongodb://127.0.0.1:${port}`;
  if (options.faultProxy) return { uri: own, ...(await behindProxy(process, port, serverPort)) };
  // SIGTERM and not SIGKILL: the file backend may lose its last second of writes when it is killed.
  const outage = options.dataFolder === undefined ? null : { begin: process.stop, end: process.start };
  return { uri: own, stop: process.stop, outage };
}

async function behindProxy(
  process: ServerProcess,
  port: number,
  serverPort: number,
): Promise<Pick<MongoServer, 'stop' | 'outage'>> {
  const proxy = await startFaultProxy(port, serverPort);
  const stop = async (): Promise<void> => {
    await proxy.cut();
    await process.stop();
  };
  return { stop, outage: { begin: proxy.cut, end: proxy.mend } };
}

async function serverArgs(found: FoundPart, port: number, options: MongoOptions): Promise<string[]> {
  if (found.kind === 'built') {
    if (options.dataFolder === undefined) return [String(port)];
    await mkdir(options.dataFolder, { recursive: true });
    return [String(port), join(options.dataFolder, 'mongodb.h2')];
  }
  const dbPath = join(options.dataFolder ?? (await options.temporaryFolder()), 'mongodb');
  await mkdir(dbPath, { recursive: true });
  return ['--port', String(port), '--bind_ip', '127.0.0.1', '--dbpath', dbPath, '--nounixsocket', '--quiet'];
}

async function useExisting(uri: string, machine: Machine): Promise<MongoServer> {
  const { MongoClient } = await import('mongodb');
  const client = new MongoClient(uri, { serverSelectionTimeoutMS: machine.answerMs });
  try {
    await client.connect();
  } catch (error) {
    throw new Error('mongodb: the server of MONGODB_URI does not answer', { cause: error });
  } finally {
    await client.close();
  }
  machine.log('mongodb: MONGODB_URI');
  return { uri, stop: () => Promise.resolve(), outage: null };
}
