import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { startStack, type Stack } from '../../dev/stack/stack.ts';

// A cold cache means a build of minutes; a warm one, seconds.
const COLD_MS = 15 * 60_000;
const ours = (process.env['TEMPORAL_ADDRESS'] ?? process.env['MONGODB_URI'] ?? '') === '';

describe('the stack', () => {
  let stack: Stack;
  let mongo: MongoClient;
  const lines: string[] = [];

  beforeAll(async () => {
    stack = await startStack({
      log: (line) => lines.push(line),
      searchAttributes: { StackTestStatus: 'Keyword', StackTestDue: 'Datetime' },
      faultProxy: true,
    });
    mongo = new MongoClient(stack.mongodb.uri, { serverSelectionTimeoutMS: 500 });
  }, COLD_MS);

  afterAll(async () => {
    await mongo.close();
    await stack.stop();
  });

  it('says on one line per part what was taken', () => {
    expect(lines.filter((line) => /^(temporal|mongodb): .*(127\.0\.0\.1|TEMPORAL|MONGODB)/.test(line))).toHaveLength(2);
  });

  it('knows the search attributes when it says that it is ready', async () => {
    await withClient(stack, async (client) => {
      const handle = await client.workflow.start('nobody', {
        taskQueue: 'stack-test',
        workflowId: `stack-test-${Date.now()}`,
        searchAttributes: { StackTestStatus: ['new'], StackTestDue: [new Date(0)] },
      });
      expect((await handle.describe()).searchAttributes['StackTestStatus']).toEqual(['new']);
      await handle.terminate();
    });
  });

  (ours ? it : it.skip)('takes MongoDB down and back with its data', async () => {
    const records = mongo.db('stack-test').collection<{ _id: string }>('records');
    await records.insertOne({ _id: 'kept' });
    await stack.control.stopMongo();
    await expect(records.findOne({ _id: 'kept' })).rejects.toThrow(/connect|closed|ECONN|timed out/i);
    await stack.control.startMongo();
    expect(await records.findOne({ _id: 'kept' })).toEqual({ _id: 'kept' });
  });

  (ours ? it : it.skip)('kills Temporal and starts it again with its workflows', async () => {
    await withClient(stack, (client) => client.workflow.start('nobody', { taskQueue: 'q', workflowId: 'survivor' }));
    await stack.control.stopTemporal();
    await expect(withClient(stack, () => Promise.resolve())).rejects.toThrow();
    await stack.control.startTemporal();
    await withClient(stack, async (client) => {
      expect((await client.workflow.getHandle('survivor').describe()).status.name).toBe('RUNNING');
    });
  });
});

(ours ? describe : describe.skip)('a data folder', () => {
  it('keeps the data of both servers', async () => {
    const dataFolder = await mkdtemp(join(tmpdir(), 'waybill-data-'));
    try {
      const first = await startStack({ log: () => undefined, dataFolder, searchAttributes: { Kept: 'Keyword' } });
      await using(first, async (mongo, client) => {
        await mongo.db('shop').collection<{ _id: string }>('orders').insertOne({ _id: 'o-1' });
        await client.workflow.start('nobody', { taskQueue: 'q', workflowId: 'kept' });
      });
      const second = await startStack({ log: () => undefined, dataFolder, searchAttributes: { Kept: 'Keyword' } });
      await using(second, async (mongo, client) => {
        expect(await mongo.db('shop').collection('orders').countDocuments()).toBe(1);
        expect((await client.workflow.getHandle('kept').describe()).status.name).toBe('RUNNING');
      });
    } finally {
      await rm(dataFolder, { recursive: true, force: true });
    }
  });

  it('without one and without a proxy, parts that would lose their data are not stopped', async () => {
    const stack = await startStack({ log: () => undefined });
    try {
      await expect(stack.control.stopMongo()).rejects.toThrow('use faultProxy or dataFolder');
      await expect(stack.control.stopTemporal()).rejects.toThrow('use faultProxy or dataFolder');
    } finally {
      await stack.stop();
    }
  });
});

async function using(stack: Stack, use: (mongo: MongoClient, client: Client) => Promise<void>): Promise<void> {
  const mongo = new MongoClient(stack.mongodb.uri);
  try {
    await withClient(stack, (client) => use(mongo, client));
  } finally {
    await mongo.close();
    await stack.stop();
  }
}

async function withClient<T>(stack: Stack, use: (client: Client) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address: stack.temporal.address, connectTimeout: '2s' });
  try {
    return await use(new Client({ connection }));
  } finally {
    await connection.close();
  }
}
