import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Db } from 'mongodb';
import { inLanes } from '../../../services/concurrency/in-lanes.ts';
import { auditBook } from '../../../services/ledger/book-audit.ts';
import { openTestDatabase } from '../../support/mongo.ts';
import { propertyRuns } from '../../support/property-runs.ts';
import { begin, beginnings, expectAccountedFor, makeMove, sequences } from './change-moves.ts';
import { openChangeWorld } from './change-world.ts';
import type { ChangeWorld } from './change-world.ts';

// Goal: whatever a customer changes, when and how often, each change costs what its preview said, and all of it what the
// time costs that each plan was held. Method: random sequences on the real services and database; the acquirer is the
// sandbox's, without the wire. What was charged is read from the acquirer's own book and from the documents; what it
// should be is counted anew by change-model.ts.

/** Sequences that run side by side: the database is waited for, not the sequence before. */
const lanes = 8;
/** Each with a customer of its own in a database of its own, which stays small. */
const runsInOneDatabase = 125;
/** Each costs hundreds of calls of the database: `npm run test:properties:deep` tries some more, not a hundred times as many. */
const mostRuns = 5_000;

function property(world: ChangeWorld) {
  return fc.asyncProperty(beginnings, sequences, async (beginning, sequence) => {
    const play = await begin(world, beginning);
    for (const move of sequence) await makeMove(play, move);
    await expectAccountedFor(play);
  });
}

async function expectSoundBook(db: Db, world: ChangeWorld): Promise<void> {
  const { problems } = await auditBook({ db }, { settledBefore: '2100-01-01T00:00:00.000Z' });
  expect(problems).toEqual([]);
  expect((await world.ledger.sums()).filter(({ sum }) => sum !== 0)).toEqual([]);
}

async function tryInOneDatabase(seed: number, numRuns: number): Promise<void> {
  const database = await openTestDatabase();
  const { db } = database;
  const world = await openChangeWorld(db);
  try {
    await fc.assert(property(world), { numRuns, seed });
    await expectSoundBook(db, world);
  } finally {
    await world.close();
    await database.close();
  }
}

describe('for every sequence of changes of a plan', () => {
  it('each costs what its preview said, and all of them the time that each plan was held', async () => {
    const runs = Math.min(propertyRuns(), mostRuns);
    const databases = Math.max(lanes, Math.ceil(runs / runsInOneDatabase));
    const first = Date.now() % 2 ** 31;
    process.stderr.write(`change sequences: seeds ${first} to ${first + databases - 1}, ${runs} sequences\n`);
    const seeds = Array.from({ length: databases }, (_, index) => first + index);
    await inLanes(seeds, (seed) => tryInOneDatabase(seed, Math.ceil(runs / databases)), lanes);
  }, 1_200_000);
});
