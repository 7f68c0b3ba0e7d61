import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { nodeProcess } from '../../../dev/system/node-process.ts';
import { billingDocuments } from '../../../services/invoice/invoice-store.ts';
import { collectionOf } from '../../../services/store/collection.ts';
import { openTestDatabase } from '../../support/mongo.ts';

const processes = 4;
const writersEach = 16;
const facts = Array.from({ length: 600 }, (_, index) => `sale${index}`);
const killsEach = 2;
const seed = 20261121;

let server: Awaited<ReturnType<typeof openTestDatabase>>;
beforeAll(async () => {
  server = await openTestDatabase();
  await server.db.collection(billingDocuments.name).createIndexes([...billingDocuments.indexes]);
});
afterAll(() => server.close());

/** A process that takes its facts in an order of its own; each fact is also another's, as when Temporal retries. */
function numberingProcess(index: number) {
  let finish: () => void = () => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const own = facts.filter((_, fact) => fact % processes === index || (fact + 1) % processes === index);
  const program = nodeProcess({
    name: `numbering ${index}`,
    script: 'test/services/invoice/numbering-process.ts',
    args: [server.uri, server.db.databaseName, `${writersEach}`, own.join(',')],
    env: {},
    isReady: (line) => line === 'numbering: ready',
    onLine: (line) => {
      if (line === 'numbering: done') finish();
    },
  });
  return { ...program, finished };
}

function seededRandom(from: number): () => number {
  let state = from;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('numbers', () => {
  it('run from 1 to N without gaps or doubles when 64 writers in 4 processes are killed at random moments', async () => {
    const random = seededRandom(seed);
    const records = collectionOf(server.db, billingDocuments);
    const counts: number[] = [];
    const lives = Array.from({ length: processes }, async (_, index) => {
      const lifetimes = Array.from({ length: killsEach }, () => random() * 150);
      const one = numberingProcess(index);
      for (const lifetime of lifetimes) {
        await one.start();
        await sleep(lifetime);
        await one.kill();
        counts.push(await records.countDocuments());
      }
      await one.start();
      await one.finished;
    });
    await Promise.all(lives);
    const documents = await records.find({}).toArray();
    const sequences = documents.map(({ sequence }) => sequence).sort((a, b) => a - b);
    expect({ seed, counts, sequences }).toEqual({ seed, counts, sequences: facts.map((_, index) => index + 1) });
    expect(documents.map(({ fact }) => fact).sort()).toEqual([...facts].sort());
    expect(documents.every(({ document, sequence }) => document.sequence === sequence)).toBe(true);
    // Some were killed in the middle of the work, or this would prove nothing.
    expect(counts.some((count) => count > 0 && count < facts.length)).toBe(true);
  }, 120_000);
});
