import { Client, Connection } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import type { Config } from './config.ts';

/** Options that client and worker connections share; an API key implies TLS. */
function connectionOptions({ address, apiKey }: Config['temporal']) {
  return apiKey === null ? { address } : { address, apiKey, tls: true };
}

export function connectWorker(config: Config['temporal']): Promise<NativeConnection> {
  return NativeConnection.connect(connectionOptions(config));
}

/** Lazy: an API whose Temporal is away still records orders, and the sweep starts them. */
export function openClient(config: Config['temporal']): { client: Client; close: () => Promise<void> } {
  const connection = Connection.lazy(connectionOptions(config));
  return { client: new Client({ connection, namespace: config.namespace }), close: () => connection.close() };
}
