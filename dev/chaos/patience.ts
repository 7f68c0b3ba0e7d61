import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from 'mongodb';
import { messages } from '../../services/messages/message-store.ts';
import { collectionOf } from '../../services/store/collection.ts';
import type { Violation } from './violation.ts';

interface Patience {
  readonly patienceMs: number;
  readonly log: (line: string) => void;
}

/** When patience ends the run goes on: what is not as it should be then is found by the checks. */
export async function until(what: string, { patienceMs, log }: Patience, holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + patienceMs;
  while (!(await holds())) {
    if (Date.now() > deadline) return log(`given up after ${patienceMs / 1_000} s: ${what}`);
    await sleep(500);
  }
}

/** Looks again until nothing is wrong, and says what it saw last: what is wrong for longer than patience is wrong. */
export async function untilClean<Look extends { readonly violations: readonly Violation[] }>(
  { patienceMs, log }: Patience,
  look: () => Promise<Look>,
): Promise<Look> {
  const deadline = Date.now() + patienceMs;
  for (let before = 0; ;) {
    const seen = await look();
    const { length } = seen.violations;
    if (length === 0 || Date.now() > deadline) return seen;
    if (length !== before) log(`${length} things are not settled yet, such as: ${seen.violations[0]?.problem}`);
    before = length;
    await sleep(5_000);
  }
}

/** No message waits to be sent. */
export async function isEverythingTold(db: Db): Promise<boolean> {
  return (await collectionOf(db, messages).findOne({ status: { $in: ['queued', 'sending'] } })) === null;
}

/** @param begin ms since the epoch */
export function secondsSince(begin: number): number {
  return Math.round((Date.now() - begin) / 1_000);
}
