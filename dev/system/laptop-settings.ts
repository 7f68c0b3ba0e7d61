import { randomBytes } from 'node:crypto';
import { sandboxApiKey } from '../sandbox/sandbox-key.ts';

interface Parts {
  readonly temporal: { readonly address: string; readonly namespace: string };
  readonly mongodb: { readonly uri: string; readonly database: string };
  readonly sandbox: { readonly sandbox: string; readonly smtp: string };
  readonly port: number;
  readonly apiKey: string;
  readonly webhookSecret: string;
  readonly publicUrl: string;
}

/** The settings of .env.example for the laptop: every partner is the sandbox. */
export function laptopSettings({
  temporal,
  mongodb,
  sandbox,
  port,
  apiKey,
  webhookSecret,
  publicUrl,
}: Parts): Readonly<Record<string, string>> {
  const partners = ['ACQUIRER_A', 'ACQUIRER_B', 'DEFERRED_PAYMENTS', 'BUSINESS_TAX_IDS', 'ACCOUNT_HOST'];
  const gateways = ['ACQUIRER_A', 'ACQUIRER_B', 'DEFERRED_PAYMENTS'];
  return {
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    MONGODB_URI: mongodb.uri,
    MONGODB_DATABASE: mongodb.database,
    SMTP_URL: sandbox.smtp,
    PUBLIC_URL: publicUrl,
    SIGNING_KEY: randomBytes(32).toString('hex'),
    API_KEYS: apiKey,
    PORT: String(port),
    EXCHANGE_RATES_URL: `${sandbox.sandbox}/exchange-rates`,
    PARTNER_TIMEOUT_MS: '5000',
    LOG_LEVEL: 'info',
    ...Object.fromEntries(
      partners.flatMap((name) => [
        [`${name}_URL`, sandbox.sandbox],
        [`${name}_API_KEY`, sandboxApiKey],
      ]),
    ),
    ...Object.fromEntries(gateways.map((name) => [`${name}_WEBHOOK_SECRETS`, webhookSecret])),
  };
}
