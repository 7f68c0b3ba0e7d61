import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { legalEntityAt } from '../domain/invoice/legal-entity.ts';
import { createIdempotencyService } from '../services/idempotency/idempotency-service.ts';
import { createIdempotencyStore } from '../services/idempotency/idempotency-store.ts';
import { createWebhookService } from '../services/webhook/webhook-service.ts';
import { createWebhookStore } from '../services/webhook/webhook-store.ts';
import type { Config } from '../workers/config.ts';
import type { Dependencies } from '../workers/dependencies.ts';
import type { Api } from './http/api-deps.ts';
import { createApi } from './http/create-api.ts';
import { createBulkRefundClient } from './bulk-refund-client.ts';
import { createOrderClient } from './order-client.ts';
import { createRefundClient } from './refund-client.ts';
import { createRenewalRunStore } from '../services/renewal-run/renewal-run-store.ts';
import { createSubscriptionClient } from './subscription-client.ts';
import { createTaxFilingClient } from './tax-filing-client.ts';
import { createWithdrawalClient } from './withdrawal-client.ts';

export interface ApiParts {
  readonly config: Pick<Config, 'apiKeys' | 'webhookSecrets' | 'signingKey'>;
  readonly dependencies: Dependencies;
  readonly temporal: Client;
  /** ISO 8601 UTC. */
  readonly now: () => string;
  readonly log: Logger;
}

/** The HTTP API over the services and Temporal; it does not listen yet. */
export function composeApi({ config, dependencies, temporal, now, log }: ApiParts): Promise<Api> {
  const { db, orders, refunds, withdrawals, intake, payments, taxReports } = dependencies;
  const orderClient = createOrderClient({ temporal, orders, intake });
  const refundClient = createRefundClient({ temporal, refunds });
  const subscriptionClient = createSubscriptionClient({ ...dependencies, temporal });
  return createApi({
    ...dependencies,
    subscriptionClient,
    renewalRuns: createRenewalRunStore(db),
    orderClient,
    refundClient,
    bulkRefundClient: createBulkRefundClient({ temporal, bulkRefunds: dependencies.bulkRefunds }),
    withdrawalPage: {
      client: createWithdrawalClient({ temporal, withdrawals, refunds }),
      statements: withdrawals,
      signingKey: config.signingKey,
      brand: legalEntityAt(now()).name,
    },
    taxFilings: createTaxFilingClient({ temporal, taxReports }),
    webhooks: createWebhookService({
      store: createWebhookStore(db),
      secrets: config.webhookSecrets,
      ...{ payments, orders },
      paymentChanged: async (orderId) => {
        await orderClient.paymentChanged(orderId);
        await refundClient.refundsOfOrderChanged(orderId);
        await subscriptionClient.paymentChanged(orderId);
      },
    }),
    idempotency: createIdempotencyService({ store: createIdempotencyStore(db) }),
    apiKeys: config.apiKeys,
    now,
    health: {
      mongo: () => answers(db.command({ ping: 1 })),
      temporal: () => answers(temporal.connection.workflowService.getSystemInfo({})),
    },
    log,
  });
}

async function answers(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return true;
  } catch {
    return false;
  }
}
