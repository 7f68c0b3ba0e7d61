import { setTimeout as delay } from 'node:timers/promises';
import type { Db } from 'mongodb';
import { z } from 'zod';
import { fail } from '../../domain/failures.ts';
import { collectionOf } from '../store/collection.ts';
import type { CollectionSpec } from '../store/collection.ts';
import type { Turn } from './collect-request.ts';

interface ChargePaceDocument {
  readonly _id: string;
  /** The moment of the next turn that nobody has, ms since the epoch by the database's clock. It never goes back. */
  readonly nextAt: number;
  /** By the database's clock, when somebody last asked for a turn. */
  readonly askedAt: Date;
}

export const chargePacesCollection: CollectionSpec<ChargePaceDocument> = {
  name: 'charge_paces',
  owner: 'payment',
  retention: 'operational',
  schema: z.strictObject({ _id: z.string().min(1), nextAt: z.number().nonnegative(), askedAt: z.date() }),
  indexes: [],
};

/** The charges that nobody waits for, at all gateways together. */
const _id = 'off_session';
/** Who would have to wait longer holds up a worker: the queue can wait as well (docs/adr/0017). */
const longestWaitMs = 10_000;
/**
 * How much of the limit is given out. Charges are held up on their way and then arrive together; a limiter at the other
 * end, which was used up by them, needs some time in which less comes than it lets through.
 */
const share = 0.95;
/** How late a charge may leave. A process that stood still for longer would send all that waited in it at once. */
const lapsesAfterMs = 500;

/**
 * Turns a little more than `1 / perSecond` apart, whoever asks: all processes share one document. Time is the database's
 * own, so the clocks of the workers need not agree. A turn that a crash leaves unused is lost, and nothing else.
 */
export function createChargePace(db: Db, perSecond: number) {
  const paces = collectionOf(db, chargePacesCollection);
  const intervalMs = 1_000 / (perSecond * share);

  /** Milliseconds since the epoch, by the clock that all processes share. */
  async function databaseTime(): Promise<number> {
    const asked = await paces.findOneAndUpdate(
      { _id },
      { $currentDate: { askedAt: true }, $setOnInsert: { nextAt: 0 } },
      { upsert: true, returnDocument: 'after' },
    );
    return asked?.askedAt.getTime() ?? fail('store.unavailable');
  }

  async function reserve(): Promise<{ readonly at: number; readonly waitMs: number }> {
    const now = await databaseTime();
    // What nobody used is not saved up.
    await paces.updateOne({ _id }, { $max: { nextAt: now } });
    const before = await paces.findOneAndUpdate(
      { _id, nextAt: { $lte: now + longestWaitMs } },
      { $inc: { nextAt: intervalMs } },
      { returnDocument: 'before' },
    );
    const at = before?.nextAt ?? fail('payment.pace_exceeded');
    return { at, waitMs: at - now };
  }

  /** Takes the next turn and waits for it. Answers when that was, ms by this process's own steady clock. */
  async function next(): Promise<number> {
    const { waitMs } = await reserve();
    const due = performance.now() + waitMs;
    if (waitMs > 0) await delay(Math.ceil(waitMs));
    return due;
  }

  return {
    /**
     * Takes the next turn. `at`: its moment by the database's clock, ms since the epoch.
     * @throws payment.pace_exceeded when it is further away than anybody waits; nothing is taken then
     */
    reserve,

    /** Takes the next turn and waits for it, in real time. @throws payment.pace_exceeded */
    async turn(): Promise<Turn> {
      const due = await next();
      return {
        async confirm() {
          // Once: in a process that is always late nothing would ever leave.
          if (performance.now() - due > lapsesAfterMs) await next();
        },
      };
    },
  };
}
