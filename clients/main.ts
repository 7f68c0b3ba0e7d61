import { pino } from 'pino';
import { createIdempotencyService } from '../services/idempotency/idempotency-service.ts';
import { createIdempotencyStore } from '../services/idempotency/idempotency-store.ts';
import { createWebhookService } from '../services/webhook/webhook-service.ts';
import { createWebhookStore } from '../services/webhook/webhook-store.ts';
import { ConfigError, readConfig } from '../workers/config.ts';
import { openDependencies } from '../workers/dependencies.ts';
import { openClient } from '../workers/temporal-connection.ts';
import { createApi } from './http/create-api.ts';
import { createOrderClient } from './order-client.ts';
import { createTaxFilingClient } from './tax-filing-client.ts';

/** `npm run api`: the HTTP API, until it is told to stop. Composed like a worker (docs/adr/0001). */
async function main(): Promise<void> {
  const config = readConfig();
  const dependencies = await openDependencies(config);
  const { client, close: closeTemporal } = openClient(config.temporal);
  const { db, orders, intake } = dependencies;
  const orderClient = createOrderClient({ temporal: client, orders, intake });
  const app = await createApi({
    ...dependencies,
    orderClient,
    taxFilings: createTaxFilingClient({ temporal: client, taxReports: dependencies.taxReports }),
    webhooks: createWebhookService({
      store: createWebhookStore(db),
      secrets: config.webhookSecrets,
      payments: dependencies.payments,
      orders,
      paymentChanged: (orderId) => orderClient.paymentChanged(orderId),
    }),
    idempotency: createIdempotencyService({ store: createIdempotencyStore(db) }),
    apiKeys: config.apiKeys,
    now: () => new Date().toISOString(),
    health: {
      mongo: () => answers(db.command({ ping: 1 })),
      temporal: () => answers(client.connection.workflowService.getSystemInfo({})),
    },
    log: pino({ level: config.logLevel }),
  });
  const stop = async (): Promise<void> => {
    await app.close();
    await closeTemporal();
    await dependencies.close();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
  console.log(`api: ready at ${await app.listen(config.http)}`);
}

async function answers(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch {
    return false;
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof ConfigError ? error.message : error);
  process.exit(1);
});
