import { randomUUID } from 'node:crypto';
import { afterAll } from '@jest/globals';
import { MongoClient } from 'mongodb';
import type { Db } from 'mongodb';

/** A database of its own on the server that the test run started (dev/test.ts), dropped at the end. */
export async function openTestDatabase(): Promise<{ db: Db; uri: string; close(): Promise<void> }> {
  const uri = process.env['MONGODB_URI'];
  if (uri === undefined) throw new Error('MONGODB_URI is not set: run the tests with `npm test` (or `npm run stack`)');
  const client = await MongoClient.connect(uri);
  const db = client.db(`test_${randomUUID().slice(0, 8)}`);
  return {
    db,
    uri,
    close: async () => {
      await db.dropDatabase();
      await client.close();
    },
  };
}

/** The same for a whole test file, awaited at its top: dropped after its last test. */
export async function databaseOfThisFile(): Promise<Db> {
  const database = await openTestDatabase();
  afterAll(() => database.close());
  return database.db;
}
