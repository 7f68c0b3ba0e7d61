import { Client, Connection } from '@temporalio/client';
import { MongoClient } from 'mongodb';
import type { Db } from 'mongodb';
import type { System } from '../system/start-system.ts';
import { createShop } from './shop.ts';
import type { Shop } from './shop.ts';

/** What a chaos run plays on, and reads afterwards. */
export interface Harness {
  readonly system: System;
  readonly shop: Shop;
  readonly db: Db;
  readonly client: Client;
  readonly log: (line: string) => void;
  /** Aborted when the run is over, however it ended. */
  readonly over: AbortSignal;
}

/** What every run is asked for beside its plan. */
export interface RunRequest {
  readonly system: System;
  readonly log: (line: string) => void;
  /** How long it may take after the last kill until everything has settled. */
  readonly patienceMs: number;
}

/** Connects to the servers of a running system, as long as the run takes. */
export async function withHarness<Report>(
  { system, log }: Pick<RunRequest, 'system' | 'log'>,
  play: (harness: Harness) => Promise<Report>,
): Promise<Report> {
  const mongo = new MongoClient(system.stack.mongodb.uri);
  const connection = Connection.lazy({ address: system.stack.temporal.address });
  const client = new Client({ connection, namespace: system.home.namespace });
  const run = new AbortController();
  try {
    const db = mongo.db(system.home.database);
    return await play({ system, shop: createShop(system), db, client, log, over: run.signal });
  } finally {
    run.abort();
    await connection.close();
    await mongo.close();
  }
}
