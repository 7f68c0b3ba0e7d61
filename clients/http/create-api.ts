import { randomUUID } from 'node:crypto';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import fastify, { LogController } from 'fastify';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { Failure, fail } from '../../domain/failures.ts';
import type { Api, ApiDeps, RateLimits } from './api-deps.ts';
import { createApiKeys } from './api-keys.ts';
import { refuseCardNumbers } from './card-number-guard.ts';
import { sendProblem } from './errors.ts';
import { answerPostsOnce } from './idempotent-posts.ts';
import { registerOpenApi } from './openapi.ts';
import { callerOf } from './request-context.ts';
import { observeRequests, redactedPaths } from './request-log.ts';
import { serializerCompiler, validatorCompiler } from './request-validation.ts';
import { registerBulkRefunds } from './routes/bulk-refunds.routes.ts';
import { registerCoupons } from './routes/coupons.routes.ts';
import { registerCustomerPages } from './routes/customers.routes.ts';
import { registerDownloads } from './routes/downloads.routes.ts';
import { registerExemptionCertificates } from './routes/exemption-certificates.routes.ts';
import { registerExchangeRates } from './routes/exchange-rates.routes.ts';
import { registerFiles } from './routes/files.routes.ts';
import { registerHealth } from './routes/health.routes.ts';
import { registerInvoices } from './routes/invoices.routes.ts';
import { registerLedger } from './routes/ledger.routes.ts';
import { registerOrders } from './routes/orders.routes.ts';
import { registerPrices } from './routes/prices.routes.ts';
import { registerProducts } from './routes/products.routes.ts';
import { registerQuotes } from './routes/quotes.routes.ts';
import { registerRenewalRuns } from './routes/renewal-runs.routes.ts';
import { registerSubscriptions } from './routes/subscriptions.routes.ts';
import { registerRefunds } from './routes/refunds.routes.ts';
import { registerStoreCredit } from './routes/store-credit.routes.ts';
import { registerSellers } from './routes/sellers.routes.ts';
import { registerTaxReports } from './routes/tax-reports.routes.ts';
import { registerTaxConfirmations } from './routes/tax-confirmations.routes.ts';
import { registerRevenue } from './routes/revenue.routes.ts';
import { registerUsage } from './routes/usage.routes.ts';
import { registerWebhooks } from './routes/webhooks.routes.ts';
import { registerWithdrawalList } from './routes/withdrawals.routes.ts';
import { registerWithdrawals } from '../withdrawal/withdrawal.routes.ts';

const defaultLimits: RateLimits = { perKey: 30_000, perAddress: 600, downloads: 120, withdrawals: 30, webhooks: 6_000 };

/** JSON bodies; files and webhooks have limits of their own. A licence pool of 100,000 keys fits. */
const bodyLimitBytes = 8 * 1024 * 1024;

/** The HTTP API of docs/api.md, ready to listen or to be injected into. */
export async function createApi(deps: ApiDeps): Promise<FastifyInstance> {
  const app = newServer(deps);
  const limits = { ...defaultLimits, ...deps.limits };
  identifyCallers(app, deps.apiKeys);
  const metrics = observeRequests(app, deps.metrics);
  app.setErrorHandler(sendProblem);
  await app.register(helmet, {
    // Nothing that is answered here is a page; /docs brings its own policy.
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
    },
  });
  await limitRates(app, limits);
  app.setNotFoundHandler((request, reply) =>
    sendProblem(new Failure('request.not_found', 'There is no such call'), request, reply),
  );
  await registerOpenApi(app);
  await app.register(scope(registerProtected(deps)), { prefix: '/v1' });
  await app.register(
    scope((v1) => registerPublic(v1, deps, limits)),
    { prefix: '/v1' },
  );
  await app.register(scope((short) => registerDownloads(short, { ...deps, limits, documented: false })));
  await app.register(scope((pages) => registerCustomerPages(pages, { ...deps, limits })));
  const { withdrawalPage, now } = deps;
  if (withdrawalPage !== undefined)
    await app.register(scope((pages) => registerWithdrawals(pages, { ...withdrawalPage, now, limits })));
  registerHealth(app, { health: deps.health, metrics, documented: true });
  await app.register(
    scope((v1) => registerHealth(v1, { health: deps.health, metrics, documented: false })),
    {
      prefix: '/v1',
    },
  );
  await app.ready();
  return app;
}

function newServer({ log, trustProxy }: ApiDeps): Api {
  const loggerInstance: FastifyBaseLogger = log.child({}, { redact: redactedPaths });
  const app = fastify({
    loggerInstance,
    // One line per request of our own: fastify's holds the URL with its query.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    bodyLimit: bodyLimitBytes,
    trustProxy: trustProxy ?? false,
    // Tokens of downloads are longer than the 100 characters of the default.
    routerOptions: { maxParamLength: 2048 },
    forceCloseConnections: 'idle',
    frameworkErrors: (error, request, reply) => void sendProblem(error, request, reply),
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.removeContentTypeParser('text/plain');
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    // Clients that always name the media type call "cancel" with it and no body.
    if (body === '') done(null, undefined);
    else void parseJson(request, typeof body === 'string' ? body : body.toString(), done);
  });
  return app;
}

function identifyCallers(app: Api, apiKeys: readonly string[]): void {
  const keys = createApiKeys(apiKeys);
  app.decorateRequest('callerId', null);
  app.decorateRequest('idempotencyKey', null);
  app.decorateRequest('problemCode', null);
  app.addHook('onRequest', (request, _reply, done) => {
    request.callerId = keys.identify(request.headers.authorization);
    done();
  });
}

async function limitRates(app: Api, limits: RateLimits): Promise<void> {
  await app.register(rateLimit, {
    global: true,
    timeWindow: 60_000,
    max: (request) => (request.callerId === null ? limits.perAddress : limits.perKey),
    keyGenerator: (request) => request.callerId ?? `ip:${request.ip}`,
    errorResponseBuilder: () => new Failure('request.rate_limited'),
  });
}

/** Everything that needs an API key. The key is asked for after the limiter has counted, before the body is read. */
function registerProtected(deps: ApiDeps): (app: Api) => void {
  return (app) => {
    app.addHook('preParsing', (request, _reply, payload, done) => {
      if (request.callerId === null) fail('request.unauthenticated');
      done(null, payload);
    });
    app.addHook('preValidation', (request, _reply, done) => {
      callerOf(request);
      refuseCardNumbers(request);
      done();
    });
    answerPostsOnce(app, deps);
    registerProducts(app, deps);
    registerPrices(app, deps);
    registerCoupons(app, deps);
    registerExemptionCertificates(app, deps);
    registerQuotes(app, deps);
    registerOrders(app, deps);
    registerRefunds(app, deps);
    if (deps.withdrawalPage !== undefined) registerWithdrawalList(app, deps.withdrawalPage.statements);
    registerBulkRefunds(app, deps);
    registerTaxConfirmations(app, deps);
    registerTaxReports(app, deps);
    registerExchangeRates(app, deps);
    registerInvoices(app, deps);
    registerLedger(app, deps);
    registerStoreCredit(app, deps);
    registerRevenue(app, deps);
    registerSellers(app, deps);
    registerSubscriptions(app, deps);
    registerRenewalRuns(app, deps);
    registerUsage(app, deps);
    void app.register(scope((files) => registerFiles(files, deps)));
  };
}

function registerPublic(app: Api, deps: ApiDeps, limits: RateLimits): void {
  registerDownloads(app, { ...deps, limits, documented: true });
  void app.register(scope((webhooks) => registerWebhooks(webhooks, { ...deps, limits })));
}

/** Hooks and parsers of a scope hold for its own routes only. */
function scope(register: (app: Api) => void) {
  return (app: FastifyInstance, _options: object, done: () => void): void => {
    register(app.withTypeProvider<ZodTypeProvider>());
    done();
  };
}
