import { mkdir, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import { orderSweepWorkflowType } from '../workflows/order-sweep/order-sweep.contract.ts';
import { orderWorkflowId } from '../workflows/order/order.contract.ts';
import { historyToJson } from './histories/history-json.ts';
import { scenarios, stockShop } from './histories/scenarios.ts';
import { createShop } from './histories/shop.ts';
import { startSystem } from './system/start-system.ts';

/**
 * `npm run histories:record [-- --month 2026-11] [--scenario NAME]`: plays every scenario, or one, on the real system and
 * writes its history to test/replay/histories as `<workflow>.<scenario>.<month>.json`. Histories of earlier months stay
 * as they are: they stand for the workflows that are still running.
 */
const folder = fileURLToPath(new URL('../test/replay/histories/', import.meta.url));
const { values } = parseArgs({ options: { month: { type: 'string' }, scenario: { type: 'string' } } });
const month = values.month ?? new Date().toISOString().slice(0, 7);

async function main(): Promise<void> {
  const log = (line: string): void => console.error(line);
  const system = await startSystem({ log });
  const connection = await Connection.connect({ address: system.stack.temporal.address });
  try {
    const client = new Client({ connection });
    await mkdir(folder, { recursive: true });
    await recordOrders(client, system);
    if (values.scenario === undefined) await save('order-sweep.idle', client, await firstSweep(client));
  } finally {
    await connection.close();
    await system.stop();
  }
}

async function recordOrders(client: Client, system: Parameters<typeof createShop>[0]): Promise<void> {
  const shop = createShop(system);
  await stockShop(shop);
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

async function firstSweep(client: Client): Promise<string> {
  const query = `WorkflowType = "${orderSweepWorkflowType}" AND ExecutionStatus = "Completed"`;
  for (;;) {
    for await (const { workflowId } of client.workflow.list({ query })) return workflowId;
    await delay(500);
  }
}

async function save(name: string, client: Client, workflowId: string): Promise<void> {
  const history = await client.workflow.getHandle(workflowId).fetchHistory();
  await writeFile(`${folder}${name}.${month}.json`, historyToJson(history));
}

await main();
