import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { schedules } from '../workers/schedules.ts';
import { bulkRefundWorkflowId } from '../workflows/bulk-refund/bulk-refund.contract.ts';
import { orderWorkflowId } from '../workflows/order/order.contract.ts';
import { historyToJson } from './histories/history-json.ts';
import { order, scenarios, stockShop } from './histories/scenarios.ts';
import { createShop } from './histories/shop.ts';
import type { Shop } from './histories/shop.ts';
import { startSystem } from './system/start-system.ts';
import { waitUntil } from './system/wait-until.ts';

/**
 * `npm run histories:record [-- --month 2026-11] [--scenario NAME] [--only-jobs]`: plays every scenario, or one, or only
 * what runs by schedule and in bulk, on the real system, and writes the histories to test/replay/histories as
 * `<workflow>.<scenario>.<month>.json`. Histories of earlier months stay as they are: they stand for the workflows that
 * are still running. Those of subscriptions and refunds come from simulations (`npm run simulate -- FILE --record NAME`).
 */
const folder = fileURLToPath(new URL('../test/replay/histories/', import.meta.url));
const { values } = parseArgs({
  options: {
    month: { type: 'string' },
    scenario: { type: 'string' },
    'only-jobs': { type: 'boolean', default: false },
  },
});
const month = values.month ?? new Date().toISOString().slice(0, 7);

async function main(): Promise<void> {
  const log = (line: string): void => console.error(line);
  const system = await startSystem({ log });
  const connection = await Connection.connect({ address: system.stack.temporal.address });
  try {
    const client = new Client({ connection });
    await mkdir(folder, { recursive: true });
    const shop = createShop(system);
    await stockShop(shop);
    if (!values['only-jobs']) await recordOrders(client, shop);
    if (values.scenario !== undefined) return;
    await recordBulkRefund(client, shop);
    await recordScheduled(client);
  } finally {
    await connection.close();
    await system.stop();
  }
}

async function recordOrders(client: Client, shop: Shop): Promise<void> {
  const wanted = scenarios.filter(({ name }) => values.scenario === undefined || name === values.scenario);
  for (const { name, play, started } of wanted) {
    const { id, status } = await play(shop, (body) => shop.api.place(body, `history-${name}`));
    const workflowId = orderWorkflowId(id);
    await client.workflow.getHandle(workflowId).result();
    await save(`order.${name}`, client, workflowId);
    if (started !== undefined) {
      await client.workflow.getHandle(started.workflowId(id)).result();
      await save(started.name, client, started.workflowId(id));
    }
    console.log(`order.${name}: ${status}`);
  }
}

/** Two orders that are recalled together. */
async function recordBulkRefund(client: Client, shop: Shop): Promise<void> {
  const orders = await Promise.all(
    ['a', 'b'].map(
      async (name) => (await shop.untilEnded((await shop.api.place(order(), `history-bulk-${name}`)).id)).id,
    ),
  );
  const id = await shop.recall(orders);
  await client.workflow.getHandle(bulkRefundWorkflowId(id)).result();
  await save('bulk-refund.completed', client, bulkRefundWorkflowId(id));
}

/** One run of each schedule, with the orders above to work on. */
async function recordScheduled(client: Client): Promise<void> {
  for (const { scheduleId } of schedules) {
    await client.schedule.getHandle(scheduleId).trigger();
    await save(`${scheduleId}.by-schedule`, client, await lastRun(client, scheduleId));
    console.log(`${scheduleId}: recorded`);
  }
}

/** The newest run of a schedule that has ended well. Visibility lags behind, and so does the schedule. */
function lastRun(client: Client, scheduleId: string): Promise<string> {
  const query = `TemporalScheduledById = "${scheduleId}" AND ExecutionStatus = "Completed"`;
  return waitUntil(`a run of ${scheduleId} has ended`, async () => {
    for await (const { workflowId } of client.workflow.list({ query })) return workflowId;
    return null;
  });
}

async function save(name: string, client: Client, workflowId: string): Promise<void> {
  const history = await client.workflow.getHandle(workflowId).fetchHistory();
  await writeFile(`${folder}${name}.${month}.json`, historyToJson(history));
}

await main();
