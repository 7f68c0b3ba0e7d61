import { parseArgs } from 'node:util';
import { Client, Connection } from '@temporalio/client';
import Table from 'cli-table3';
import { openDependencies } from '../../workers/dependencies.ts';
import { readConfig } from '../../workers/config.ts';
import { bundleEntries, bundleWorkflows } from '../../workers/workflow-bundle.ts';
import { createOrderClient } from '../../clients/order-client.ts';
import { orderRequestSchema } from '../../services/order/order-intake.ts';
import { orderWorkflowId } from '../../workflows/order/order.contract.ts';
import { nodeProcess } from '../system/node-process.ts';
import { startSystem } from '../system/start-system.ts';
import type { System } from '../system/start-system.ts';
import { inWords } from '../system/json-call.ts';
import { createWaybillApi } from '../system/waybill-api.ts';
import { invoiceRun } from './invoice-run.ts';
import type { InvoiceRun } from './invoice-run.ts';
import { noopQueue, noopWorkflowsPath } from './noop-worker.ts';
import { orderHistory } from './order-history.ts';
import { loadCatalog, orderBody, quoteBody } from './order-load.ts';
import { median, perSecond } from './paced.ts';
import { printWave, renewalWave } from './renewal-wave.ts';
import { usageRun } from './usage-run.ts';
import type { UsageRun } from './usage-run.ts';

/**
 * `npm run bench [-- --json] [--orders N] [--parallel N] [--invoices N] [--usage N]`: figures as ratios to a no-op workflow
 * of the same run. `--subscriptions N [--limit N]`: a wave of N renewals instead, held to so many charges per second.
 */
const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    orders: { type: 'string', default: '600' },
    parallel: { type: 'string', default: '60' },
    invoices: { type: 'string', default: '10000' },
    usage: { type: 'string', default: '100000' },
    subscriptions: { type: 'string' },
    limit: { type: 'string', default: '10' },
  },
});
const orders = Number(values.orders);
const parallel = Number(values.parallel);

async function main(): Promise<void> {
  if (values.subscriptions !== undefined) {
    const wave = await renewalWave({ subscriptions: Number(values.subscriptions), limit: Number(values.limit) });
    if (values.json) console.log(JSON.stringify(wave));
    else printWave(wave);
    return;
  }
  const system = await startSystem({ log: (line) => console.error(line) });
  const connection = await Connection.connect({ address: system.stack.temporal.address });
  const client = new Client({ connection });
  try {
    await loadCatalog(system);
    const figures = {
      ...(await throughput(system, client)),
      quote: await quoteLatency(system),
      bundle: await bundles(),
      invoices: await invoiceRun({ uri: system.stack.mongodb.uri, count: Number(values.invoices) }),
      usage: await usageRun({ uri: system.stack.mongodb.uri, count: Number(values.usage) }),
    };
    if (values.json) console.log(JSON.stringify(figures));
    else print(figures);
  } finally {
    await connection.close();
    await system.stop();
  }
}

/** No-ops and orders alternate in the same run, so that a busy machine slows both; each figure is a median of rounds. */
async function throughput(system: System, client: Client) {
  const noopWorker = nodeProcess({
    name: 'no-op worker',
    script: 'dev/bench/noop-worker.ts',
    env: { TEMPORAL_ADDRESS: system.stack.temporal.address },
    isReady: (line) => line === 'noop: ready',
  });
  await noopWorker.start();
  const dependencies = await openDependencies(readConfig(system.env));
  const orderClient = createOrderClient({ temporal: client, ...dependencies });
  const placed: string[] = [];
  const noop = (round: number) => (index: number) =>
    client.workflow.execute('noopWorkflow', { taskQueue: noopQueue, workflowId: `noop/${round}/${index}` });
  const order = (round: number) => async (index: number) => {
    const orderId = `ord_BENCH${round}X${index}`;
    await orderClient.place(orderRequestSchema.parse(orderBody(round, index)), {
      orderId,
      at: new Date().toISOString(),
    });
    await client.workflow.getHandle(orderWorkflowId(orderId)).result();
    placed.push(orderId);
  };
  try {
    // The first round warms caches, connections and the JIT of every process, and is not counted.
    await perSecond(parallel * 2, parallel, noop(0));
    await perSecond(parallel * 2, parallel, order(0));
    const rounds = [1, 2, 3];
    const noops: number[] = [];
    const sales: number[] = [];
    for (const round of rounds) {
      noops.push(await perSecond(orders, parallel, noop(round)));
      sales.push(await perSecond(orders / rounds.length, parallel, order(round)));
    }
    const ratios = sales.map((sale, index) => sale / (noops[index] ?? Number.NaN));
    const history = await orderHistory(client, placed.at(-1) ?? '');
    return {
      noopPerSecond: round1(median(noops)),
      ordersPerSecond: round1(median(sales)),
      ratio: Math.round(median(ratios) * 1000) / 1000,
      order: history,
    };
  } finally {
    await noopWorker.stop();
    await dependencies.close();
  }
}

/** POST /v1/quotes over HTTP, 20 lines, one after the other. Milliseconds. */
async function quoteLatency(system: System) {
  const api = createWaybillApi(system);
  const times: number[] = [];
  for (let call = 0; call < 220; call += 1) {
    const started = performance.now();
    const answer = await api.post('/quotes', quoteBody(20));
    const took = performance.now() - started;
    if (answer.status !== 200) throw new Error(`POST /v1/quotes answered ${inWords(answer)}`);
    if (call >= 20) times.push(took);
  }
  return { lines: 20, medianMs: round1(median(times)) };
}

async function bundles() {
  const [product, noop] = [await bundleWorkflows(bundleEntries.orders), await bundleWorkflows(noopWorkflowsPath)];
  return {
    bytes: product.code.length,
    noopBytes: noop.code.length,
    ratio: Math.round((product.code.length / noop.code.length) * 1000) / 1000,
  };
}

const round1 = (value: number): number => Math.round(value * 10) / 10;

type Figures = Awaited<ReturnType<typeof throughput>> & {
  readonly quote: Awaited<ReturnType<typeof quoteLatency>>;
  readonly bundle: Awaited<ReturnType<typeof bundles>>;
  readonly invoices: InvoiceRun;
  readonly usage: UsageRun;
};

function print({ order, quote, bundle, invoices, usage, ...rates }: Figures): void {
  const table = new Table({ head: ['figure', 'value', 'limit'] });
  table.push(
    ['no-op workflows/s', rates.noopPerSecond, ''],
    ['orders/s', rates.ordersPerSecond, ''],
    ['orders ÷ no-ops', rates.ratio, '≥ 0.20'],
    ['events per order', order.events, '≤ 30'],
    ['remote activities per order', order.remoteActivities, '≤ 4'],
    ['local activities per order', order.localActivities, ''],
    ['history bytes per order', order.bytes, '≤ 8,192'],
    [`quote of ${quote.lines} lines, median ms`, quote.medianMs, '< 20'],
    ['bundle of orders ÷ no-op bundle', bundle.ratio, '≤ 1.3'],
    [`invoices/s, ${invoices.writers} writers`, invoices.perSecond, ''],
    [`numbers of ${invoices.invoices} invoices`, invoices.gapless ? `1..${invoices.invoices}` : 'BROKEN', '1..N'],
    [`usage events/s, batches of ${usage.batch}, ${usage.writers} writers`, usage.perSecond, ''],
    [`usage events counted of ${usage.events}`, usage.exact ? 'each once' : 'BROKEN', 'each once'],
    ['a period of usage added up, ms', usage.totalMs, ''],
  );
  console.log(table.toString());
}

await main();
