import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { planChaos } from '../../dev/chaos/plan.ts';
import { renderReport } from '../../dev/chaos/report.ts';
import { runChaos } from '../../dev/chaos/run-chaos.ts';
import { createPartnerWorld } from '../../dev/system/partner-world.ts';
import { startSystem } from '../../dev/system/start-system.ts';
import type { System } from '../../dev/system/start-system.ts';

const seed = 7;
const log = (line: string): void => void process.stderr.write(`${line}\n`);

let system: System;
beforeAll(async () => {
  // Servers of its own, to be taken down: the ones of the test run (dev/test.ts) serve other tests at the same time.
  delete process.env['MONGODB_URI'];
  delete process.env['TEMPORAL_ADDRESS'];
  system = await startSystem({ log: () => undefined, faultProxy: true });
}, 120_000);
afterAll(() => system.stop(), 30_000);

async function databaseDown(seconds: number): Promise<void> {
  await system.stack.control.stopMongo();
  await sleep(seconds * 1000);
  await system.stack.control.startMongo();
}

async function temporalDown(seconds: number): Promise<void> {
  await system.stack.control.stopTemporal();
  await sleep(seconds * 1000);
  await system.stack.control.startTemporal();
}

async function acquirersDown(seconds: number): Promise<void> {
  const world = createPartnerWorld(system);
  for (const partner of ['acquirer_a', 'acquirer_b', 'deferred_payments'] as const)
    await world.addFault({ partner, kind: 'error' });
  await sleep(seconds * 1000);
  await world.endFaults();
}

describe('orders while servers are away', () => {
  it('waits for the database (30 s), the Temporal server and every acquirer, and goes on where it was', async () => {
    const plan = planChaos({ seed, orders: 16, kills: 0, faulty: false, windowMs: 70_000 });
    const report = await runChaos({
      system,
      plan,
      log: () => undefined,
      patienceMs: 150_000,
      meanwhile: async () => {
        await sleep(4_000);
        await databaseDown(30);
        await sleep(6_000);
        await temporalDown(6);
        await sleep(4_000);
        await acquirersDown(18);
      },
    });
    if (report.violations.length > 0) log(renderReport(report));
    expect(report.violations).toEqual([]);
    expect(report.world.orders).toHaveLength(16);
  }, 280_000);
});
