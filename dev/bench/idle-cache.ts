import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { SubscriptionAgenda } from '../../services/subscription/subscription-steps.ts';
import { bundleEntries, bundleWorkflows } from '../../workers/workflow-bundle.ts';
import { subscriptionWorkflowType } from '../../workflows/subscription/subscription.contract.ts';
import { subscriptionStart } from '../../workflows/subscription/subscription-start.contract.ts';
import { nodeProcess } from '../system/node-process.ts';
import { waitUntil } from '../system/wait-until.ts';
import { perSecond } from './paced.ts';

const cached = 400;
const queue = 'bench-idle';
const farAway = new Date(Date.now() + 300 * 24 * 60 * 60_000).toISOString();

/** What a subscription that waits takes of its worker's memory, kB of resident set per cached workflow. */
export async function kilobytesPerIdleWorkflow(address: string): Promise<number> {
  let found: number | null = null;
  const worker = nodeProcess({
    name: 'idle worker',
    script: 'dev/bench/idle-cache.ts',
    env: { TEMPORAL_ADDRESS: address },
    isReady: (line) => line === 'idle: ready',
    onLine: (line) => {
      const measured = /^idle: (\d+) kB/.exec(line)?.[1];
      if (measured !== undefined) found = Number(measured);
    },
  });
  await worker.start();
  try {
    return await waitUntil('the idle workflows are measured', () => Promise.resolve(found), { patience: 600_000 });
  } finally {
    await worker.stop();
  }
}

async function measure(): Promise<void> {
  const address = process.env['TEMPORAL_ADDRESS'] ?? '';
  const [connection, clientConnection] = await Promise.all([
    NativeConnection.connect({ address }),
    Connection.connect({ address }),
  ]);
  const client = new Client({ connection: clientConnection });
  const agenda: SubscriptionAgenda = {
    ...{ status: 'active', wakeAt: farAway, step: 'collect', reason: 'renew', period: 0, tell: null },
  };
  let round = 0;
  let waiting = 0;
  const worker = await Worker.create({
    connection,
    taskQueue: queue,
    workflowBundle: await bundleWorkflows(bundleEntries.subscriptions),
    activities: {
      readSubscriptionAgenda: () => {
        waiting += 1;
        return Promise.resolve(agenda);
      },
    },
    maxCachedWorkflows: cached * 3,
  });
  /** Started, run to their wait, and kept in the cache. */
  const fill = async (): Promise<void> => {
    const enough = waiting + cached;
    round += 1;
    await perSecond(cached, 40, async (index) => {
      const id = `sub_IDLE${process.pid}X${round}X${index}`;
      const options = subscriptionStart({ id, status: 'active', currency: 'EUR', nextActionAt: farAway });
      await client.workflow.start(subscriptionWorkflowType, { ...options, taskQueue: queue });
    });
    while (waiting < enough) await delay(100);
    await delay(2_000);
  };
  const running = worker.run();
  console.log('idle: ready');
  // The first ones warm up the process.
  await fill();
  const before = process.memoryUsage.rss();
  await fill();
  console.log(`idle: ${Math.round((process.memoryUsage.rss() - before) / cached / 1_024)} kB`);
  await running;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await measure();
