import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Db } from 'mongodb';
import type { Refund } from '../../../domain/refund/refund.ts';
import { inLanes } from '../../../services/concurrency/in-lanes.ts';
import { auditBook } from '../../../services/ledger/book-audit.ts';
import { openTestDatabase } from '../../support/mongo.ts';
import { propertyRuns } from '../../support/property-runs.ts';
import { play, soldQuotes, waves } from './refund-moves.ts';
import { expectAccountedFor, expectNeverTooMuch } from './refund-truth.ts';
import { openRefundWorld } from './refund-world.ts';
import type { OrderInPlay, RefundWorld } from './refund-world.ts';

// Goal: whatever people, banks, partners and our own workers do at the same time, never more goes back than was paid, and
// in the end every cent is accounted for. Method: random orders and random waves of moves on the real services and
// database; the acquirer is the sandbox's, without the wire. What is true is read from the acquirer's own book, the
// documents and the journal, not from what the services answered.

/** Sequences that run side by side: the database is waited for, not the sequence before. */
const lanes = 8;
/** Each on orders of its own in a database of its own, which stays small. */
const runsInOneDatabase = 125;
/** Each costs hundreds of calls of the database: `npm run test:properties:deep` tries some more, not a hundred times as many. */
const mostRuns = 5_000;

/** Of the customer's store credit, in thousandths of what the order costs: mostly none, now and then all of it. */
const credits = fc.constantFrom(0, 0, 0, 1, 400, 1_000);

/** What workers and people do once everything answers again: every refund comes to its end. */
async function calmDown(order: OrderInPlay): Promise<void> {
  order.acquirer.disturb([]);
  order.acquirer.holdRefunds(0);
  if ((await order.order()).status !== 'completed') expect(await order.capture()).toBe('captured');
  for (let rounds = 0; rounds < 10; rounds += 1) {
    const open = (await order.records()).filter((refund) => !isOver(order, refund));
    if (open.length === 0) return;
    await Promise.all(open.map((refund) => bringOn(order, refund)));
  }
  throw new Error(`a refund of ${order.orderId} does not come to its end`);
}

/** Ended, and the bank has not sent it back unheard. */
function isOver(order: OrderInPlay, { id, status, otherwise }: Refund): boolean {
  if (status === 'succeeded') return otherwise !== null || !order.isSentBack(id);
  return status === 'refused' || status === 'cancelled' || status === 'failed';
}

async function bringOn(order: OrderInPlay, { id, status, otherwise }: Refund): Promise<void> {
  const index = order.asked.indexOf(id);
  if (status === 'awaiting_approval') for (const by of ['first', 'second']) await order.vote(index, by, true);
  if (status === 'awaiting_other_means' && otherwise === null)
    await order.otherwise(index, index % 2 === 0 ? 'store_credit' : 'bank_transfer');
  await order.bankSettles(index);
  await (status === 'succeeded' ? order.hear(index) : order.work(index));
}

function property(db: Db, world: RefundWorld) {
  return fc.asyncProperty(soldQuotes, credits, waves, async (quote, thousandths, sequence) => {
    const order = await world.place(quote, Math.ceil((quote.gross * thousandths) / 1_000));
    for (const wave of sequence) {
      await Promise.all(wave.map((move) => play(order, move)));
      await expectNeverTooMuch(world, order);
    }
    await calmDown(order);
    await order.ask({ requestedBy: 'system', cause: 'cancellation' });
    await calmDown(order);
    await expectAccountedFor(db, world, order);
  });
}

/** The whole book at once, but for the store credit that the test gave away without an entry. */
async function expectSoundBook(db: Db, world: RefundWorld): Promise<void> {
  const { problems } = await auditBook({ db }, { settledBefore: '2026-11-22T10:00:00.000Z' });
  const isGift = ({ subject }: { readonly subject: string }) =>
    subject.startsWith('gift/') || subject === 'customer_credit';
  expect(problems.filter((problem) => !isGift(problem))).toEqual([]);
  expect((await world.ledger.sums()).filter(({ sum }) => sum !== 0)).toEqual([]);
}

async function tryInOneDatabase(seed: number, numRuns: number): Promise<void> {
  const database = await openTestDatabase();
  const { db } = database;
  const world = await openRefundWorld(db);
  try {
    await fc.assert(property(db, world), { numRuns, seed });
    await expectSoundBook(db, world);
  } finally {
    await world.close();
    await database.close();
  }
}

describe('for every order and all that happens to its refunds at the same time', () => {
  it('never too much goes back, one credit note stands for each movement, and after everything all amounts are zero', async () => {
    const runs = Math.min(propertyRuns(), mostRuns);
    const databases = Math.max(lanes, Math.ceil(runs / runsInOneDatabase));
    const first = Date.now() % 2 ** 31;
    process.stderr.write(`refund model: seeds ${first} to ${first + databases - 1}, ${runs} sequences\n`);
    const seeds = Array.from({ length: databases }, (_, index) => first + index);
    await inLanes(seeds, (seed) => tryInOneDatabase(seed, Math.ceil(runs / databases)), lanes);
  }, 1_200_000);
});
