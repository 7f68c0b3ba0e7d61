import { z } from 'zod';
import { gatewayIds } from '../services/payment/gateway-registry.ts';
import type { GatewayId } from '../services/payment/gateway-registry.ts';
import { taxEngineIds } from '../services/tax/tax-engine-registry.ts';

const partnerSettings = (name: string) => ({
  [`${name}_URL`]: z.url(),
  [`${name}_API_KEY`]: z.string().min(1),
});

const list = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  )
  .pipe(z.array(z.string().min(16)).min(1));

/** Every setting there is. `.env.example` lists the same keys (test/architecture). */
export const settingsSchema = z.object({
  TEMPORAL_ADDRESS: z.string().min(1),
  TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  /** For a server that wants one; implies TLS. */
  TEMPORAL_API_KEY: z.string().min(1).optional(),
  MONGODB_URI: z.url({ protocol: /^mongodb(\+srv)?$/ }),
  MONGODB_DATABASE: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,60}$/)
    .default('waybill'),
  SMTP_URL: z.url({ protocol: /^smtps?$/ }),
  MAIL_FROM: z.email().default('orders@waybill.example'),
  /** Where customers reach the API, in links. */
  PUBLIC_URL: z.url().transform((url) => url.replace(/\/$/, '')),
  /** Pages of the merchant where customers look after their subscriptions; none: they answer the mail. */
  PORTAL_URL: z
    .url()
    .transform((url) => url.replace(/\/$/, ''))
    .optional(),
  /** Secret of download links. */
  SIGNING_KEY: z.string().min(32),
  /** Comma-separated keys that the HTTP API accepts. */
  API_KEYS: list,
  ...partnerSettings('ACQUIRER_A'),
  ...partnerSettings('ACQUIRER_B'),
  ...partnerSettings('DEFERRED_PAYMENTS'),
  /** Two while a secret is being rotated. */
  ACQUIRER_A_WEBHOOK_SECRETS: list,
  ACQUIRER_B_WEBHOOK_SECRETS: list,
  DEFERRED_PAYMENTS_WEBHOOK_SECRETS: list,
  ...partnerSettings('BUSINESS_TAX_IDS'),
  /** `tables` is ours; `remote` asks TAX_ENGINE_URL. */
  TAX_ENGINE: z.enum(taxEngineIds).default('tables'),
  TAX_ENGINE_URL: z.url().optional(),
  TAX_ENGINE_API_KEY: z.string().min(1).optional(),
  ...partnerSettings('ACCOUNT_HOST'),
  /** Folder of the published reference rates; public, so without a key. */
  EXCHANGE_RATES_URL: z.url(),
  /** Of all workers together; below what the gateways allow. */
  RENEWAL_CHARGES_PER_SECOND: z.coerce.number().min(0.1).max(1_000).default(20),
  /** Refunds of one bulk refund that may be on their way at a time. */
  BULK_REFUNDS_IN_FLIGHT: z.coerce.number().int().min(1).max(1_000).default(100),
  PARTNER_TIMEOUT_MS: z.coerce.number().int().min(100).max(30_000).default(10_000),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(8080),
  LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
  /** The deployed version. With it the worker takes part in worker versioning. */
  BUILD_ID: z.string().min(1).optional(),
});

interface PartnerConfig {
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly timeoutMs: number;
}

export type Config = ReturnType<typeof readConfig>;
type Environment = Readonly<Record<string, string | undefined>>;

/** All missing or wrong settings at once, so that a deployment is mended in one go. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** What a tool needs that only looks at the records. @throws ConfigError naming every missing or wrong setting */
export function readDatabaseConfig(env: Environment = process.env) {
  const settings = parseSettings(settingsSchema.pick({ MONGODB_URI: true, MONGODB_DATABASE: true }), env);
  return { uri: settings.MONGODB_URI, database: settings.MONGODB_DATABASE };
}

/** The only reader of the environment. @throws ConfigError naming every missing or wrong setting */
export function readConfig(env: Environment = process.env) {
  const parsed = parseSettings(settingsSchema.superRefine(requireRemoteEngine), env);
  const settings: Readonly<Record<string, unknown>> & typeof parsed = parsed;
  const text = (key: string): string => String(settings[key]);
  const partner = (name: string): PartnerConfig => ({
    baseUrl: text(`${name}_URL`),
    apiKey: text(`${name}_API_KEY`),
    timeoutMs: parsed.PARTNER_TIMEOUT_MS,
  });
  return {
    temporal: {
      address: settings.TEMPORAL_ADDRESS,
      namespace: settings.TEMPORAL_NAMESPACE,
      apiKey: settings.TEMPORAL_API_KEY ?? null,
    },
    mongodb: { uri: settings.MONGODB_URI, database: settings.MONGODB_DATABASE },
    mail: { smtpUrl: settings.SMTP_URL, from: settings.MAIL_FROM },
    publicUrl: settings.PUBLIC_URL,
    portalUrl: settings.PORTAL_URL ?? null,
    signingKey: new TextEncoder().encode(settings.SIGNING_KEY),
    apiKeys: settings.API_KEYS,
    gateways: perGateway((id) => partner(id.toUpperCase())),
    webhookSecrets: {
      acquirer_a: settings.ACQUIRER_A_WEBHOOK_SECRETS,
      acquirer_b: settings.ACQUIRER_B_WEBHOOK_SECRETS,
      deferred_payments: settings.DEFERRED_PAYMENTS_WEBHOOK_SECRETS,
    } satisfies Record<GatewayId, readonly string[]>,
    businessTaxIds: partner('BUSINESS_TAX_IDS'),
    taxEngine: {
      id: settings.TAX_ENGINE,
      baseUrl: settings.TAX_ENGINE_URL ?? null,
      apiKey: settings.TAX_ENGINE_API_KEY ?? null,
      timeoutMs: settings.PARTNER_TIMEOUT_MS,
    },
    accountHost: partner('ACCOUNT_HOST'),
    exchangeRates: { baseUrl: settings.EXCHANGE_RATES_URL.replace(/\/$/, ''), timeoutMs: settings.PARTNER_TIMEOUT_MS },
    renewalChargesPerSecond: settings.RENEWAL_CHARGES_PER_SECOND,
    bulkRefundsInFlight: settings.BULK_REFUNDS_IN_FLIGHT,
    http: { host: settings.HOST, port: settings.PORT },
    logLevel: settings.LOG_LEVEL,
    buildId: settings.BUILD_ID ?? null,
  } as const;
}

/** An engine that is not ours needs an address and a key. */
function requireRemoteEngine(settings: z.output<typeof settingsSchema>, context: z.RefinementCtx): void {
  if (settings.TAX_ENGINE !== 'remote') return;
  for (const key of ['TAX_ENGINE_URL', 'TAX_ENGINE_API_KEY'] as const)
    if (settings[key] === undefined)
      context.addIssue({ code: 'custom', path: [key], message: 'needed by TAX_ENGINE=remote' });
}

function perGateway<Value>(make: (id: GatewayId) => Value): Readonly<Record<GatewayId, Value>> {
  return Object.fromEntries(gatewayIds.map((id) => [id, make(id)])) as Record<GatewayId, Value>;
}

function parseSettings<Settings>(schema: z.ZodType<Settings>, env: Environment): Settings {
  const parsed = schema.safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value !== '')));
  if (parsed.success) return parsed.data;
  const lines = parsed.error.issues.map(({ path, message }) => `  ${path.join('.')}: ${message}`);
  throw new ConfigError(`These settings are missing or wrong:\n${[...new Set(lines)].sort().join('\n')}`);
}
