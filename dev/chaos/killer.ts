import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from 'mongodb';
import { messages } from '../../services/messages/message-store.ts';
import { slowMs } from '../sandbox/faults.ts';
import type { FaultRequest } from '../sandbox/faults.ts';
import type { Harness } from './harness.ts';
import type { CrashPoint, PlannedKill } from './kill-plan.ts';
import type { Shop } from './shop.ts';

export interface Kill {
  readonly plan: PlannedKill;
  /** Seconds after the start of the run. */
  readonly atSeconds: number;
  /** false: no such request came in time, so the worker was killed wherever it was. */
  readonly reached: boolean;
  /** Mails whose sender died: between taking them up and noting that they were sent. */
  readonly mailsInFlight: readonly string[];
}

/** How long a kill waits for the request that it is meant for. */
const patienceMs = 12_000;
const pollMs = 15;

/** Told the number of the kill when its crash point is set. */
type LieInWait = (kill: number) => void;

/** Kills the worker with SIGKILL and starts it again, as planned, one kill after the other. */
export async function killWorkers(
  { system, shop, db, log, over }: Harness,
  plan: readonly PlannedKill[],
  lieInWait: LieInWait = () => undefined,
): Promise<Kill[]> {
  const begin = Date.now();
  const kills: Kill[] = [];
  for (const one of plan) {
    await sleep(one.uptimeMs, undefined, { signal: over }).catch(() => undefined);
    if (over.aborted) break;
    const reached = one.point === null || (await reach(shop, one.point, { number: one.number, lieInWait }));
    await system.worker.kill();
    const atSeconds = Math.round((Date.now() - begin) / 100) / 10;
    const mailsInFlight = await sendingNow(db);
    kills.push({ plan: one, atSeconds, reached, mailsInFlight });
    log(`kill ${one.number} at ${atSeconds} s: ${describePoint(one.point)}${reached ? '' : ' (not reached)'}`);
    await system.worker.start();
  }
  return kills;
}

export function describePoint(point: CrashPoint | null): string {
  return point === null ? 'anywhere' : `${point.effect}, ${point.moment}`.replaceAll('_', ' ');
}

/**
 * Resolves at the crash point. The partner holds the worker there: `timeout` takes the request and does nothing,
 * `slow` does it and keeps its answer back for three seconds. After the acknowledgement the worker is free again, and
 * dies a few milliseconds into whatever it does with it.
 */
async function reach(
  shop: Shop,
  { partner, request, moment }: CrashPoint,
  { number, lieInWait }: { readonly number: number; readonly lieInWait: LieInWait },
): Promise<boolean> {
  const seed = 9_000_000 + number;
  const fault: FaultRequest = {
    partner,
    request,
    kind: moment === 'before_effect' ? 'timeout' : 'slow',
    seed,
    times: 1,
  };
  await shop.world.addFault(fault);
  lieInWait(number);
  const deadline = Date.now() + patienceMs;
  while (Date.now() < deadline) {
    const fired = (await shop.world.faults()).some((one) => one.seed === seed && one.fired > 0);
    if (fired) {
      if (moment === 'after_ack') await sleep(slowMs + pollMs);
      return true;
    }
    await sleep(pollMs);
  }
  return false;
}

async function sendingNow(db: Db): Promise<string[]> {
  const sending = await db
    .collection<{ _id: string }>(messages.name)
    .find({ status: 'sending' }, { projection: { _id: 1 } })
    .toArray();
  return sending.map(({ _id }) => _id);
}
