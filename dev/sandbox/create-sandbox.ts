import fastify from 'fastify';
import type { FastifyInstance } from 'fastify';
import { registerAccountHost } from './account-host.ts';
import { acquirerA, acquirerB, registerAcquirer, showAcquirerPayment, showAcquirerRefund } from './acquirer.ts';
import { createRegister, registerBusinessTaxIdControl, registerBusinessTaxIds } from './business-tax-ids.ts';
import { registerCustomerPages } from './customer-pages.ts';
import { registerDeferredPayments, showCollection, showPayout } from './deferred-payments.ts';
import { registerDisputes } from './disputes.ts';
import { registerExchangeRates } from './exchange-rates.ts';
import { createFaults, registerFaultRoutes } from './faults.ts';
import { createIdempotencyKeys } from './idempotency.ts';
import { createInbox } from './inbox.ts';
import { registerInbox } from './inbox-pages.ts';
import { createIssuer } from './issuer.ts';
import { answerErrors, createWire } from './partner-api.ts';
import { createPaymentBook } from './payment-book.ts';
import type { SandboxPayment, SandboxRefund } from './sandbox-payment.ts';
import { sandboxApiKey } from './sandbox-key.ts';
import { createWebhooks, registerWebhookRoutes, sandboxWebhookSecret } from './webhooks.ts';

export interface SandboxOptions {
  /** 0 or absent: a free port. */
  readonly port?: number;
  readonly smtpPort?: number;
  /** Base that signed webhooks go to (`{base}/v1/webhooks/{provider}`); may be set later. */
  readonly webhookUrl?: string;
  readonly webhookSecret?: string;
  readonly webhookRetryDelaysMs?: readonly number[];
  readonly duplicateWebhooks?: boolean;
  readonly apiKey?: string;
}

export interface Sandbox {
  readonly url: string;
  readonly inboxUrl: string;
  readonly smtpUrl: string;
  readonly setWebhookUrl: (url: string | null) => void;
  readonly close: () => Promise<void>;
}

/** Starts all partners in this process, on 127.0.0.1. Their memory ends with them. */
export async function createSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const app = fastify({ forceCloseConnections: true, bodyLimit: 1_048_576, routerOptions: { maxParamLength: 512 } });
  answerErrors(app);
  const wire = createWire(app);
  const faults = createFaults();
  const inbox = createInbox(faults);
  const webhooks = createWebhooks({
    url: options.webhookUrl ?? null,
    secret: options.webhookSecret ?? sandboxWebhookSecret,
    duplicate: options.duplicateWebhooks ?? false,
    ...(options.webhookRetryDelaysMs === undefined ? {} : { retryDelaysMs: options.webhookRetryDelaysMs }),
  });
  let url = '';
  const publicUrl = () => url;

  const book = createPaymentBook((type, payment, refund) => {
    webhooks.send(payment.provider, type, showForWebhook(payment, refund, url));
  });
  const partner = { faults, wire, apiKey: options.apiKey ?? sandboxApiKey, keys: createIdempotencyKeys() };
  const provider = { ...partner, book, issuer: createIssuer(), publicUrl };

  acceptBodies(app);
  mount(app, '/acquirers/acquirer_a', (routes) => registerAcquirer(routes, acquirerA, provider));
  mount(app, '/acquirers/acquirer_b', (routes) => registerAcquirer(routes, acquirerB, provider));
  mount(app, '/deferred-payments', (routes) => registerDeferredPayments(routes, provider));
  const register = createRegister();
  mount(app, '/business-tax-ids', (routes) => registerBusinessTaxIds(routes, { ...partner, register }));
  mount(app, '/account-host', (routes) => registerAccountHost(routes, { ...partner, publicUrl }));
  mount(app, '/exchange-rates', (routes) => registerExchangeRates(routes, partner));
  mount(app, '/inbox', (routes) => registerInbox(routes, inbox));
  registerCustomerPages(app, book);
  registerDisputes(app, book, (type, dispute, payment) => {
    webhooks.send(payment.provider, type, { ...showForWebhook(payment, null, url), dispute });
  });
  registerBusinessTaxIdControl(app, register);
  registerFaultRoutes(app, faults);
  registerWebhookRoutes(app, webhooks);
  app.get('/healthz', () => ({ status: 'ok' }));

  url = await app.listen({ host: '127.0.0.1', port: options.port ?? 0 });
  const smtpUrl = await inbox.listen(options.smtpPort ?? 0);
  return {
    url,
    inboxUrl: `${url}/inbox`,
    smtpUrl,
    setWebhookUrl: (next) => webhooks.setUrl(next),
    close: async () => {
      webhooks.close();
      await Promise.all([app.close(), inbox.close()]);
    },
  };
}

function mount(app: FastifyInstance, prefix: string, register: (routes: FastifyInstance) => void): void {
  app.register(
    (routes, _options, done) => {
      register(routes);
      done();
    },
    { prefix },
  );
}

/** Buttons on the customer's pages post an empty form; a POST without a body is fine whatever its content type says. */
function acceptBodies(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else void parseJson(request, body, done);
  });
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, _body, done) =>
    done(null, {}),
  );
}

/** Each provider speaks of a payment in its webhooks as in its API. */
function showForWebhook(payment: SandboxPayment, refund: SandboxRefund | null, publicUrl: string): object {
  switch (payment.provider) {
    case 'acquirer_a':
    case 'acquirer_b':
      return {
        payment: showAcquirerPayment(payment.provider === 'acquirer_a' ? acquirerA : acquirerB, payment, publicUrl),
        ...(refund === null ? {} : { refund: { ...showAcquirerRefund(refund), idempotencyKey: refund.key } }),
      };
    case 'deferred_payments':
      return {
        collection: showCollection(payment, publicUrl),
        ...(refund === null ? {} : { payout: { ...showPayout(refund), requestKey: refund.key } }),
      };
  }
}
