import { Writable } from 'node:stream';
import { afterAll } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import type { Db } from 'mongodb';
import { pino } from 'pino';
import { createApi } from '../../../clients/http/create-api.ts';
import type { ApiDeps } from '../../../clients/http/api-deps.ts';
import { fail } from '../../../domain/failures.ts';
import { hasEnded, isPaid } from '../../../domain/order/order-status.ts';
import { usageTermsOf } from '../../../domain/usage/usage-terms.ts';
import { createCatalogService } from '../../../services/catalog/catalog-service.ts';
import { createFileStore } from '../../../services/catalog/file-store.ts';
import { createDeliveryService } from '../../../services/delivery/delivery-service.ts';
import { newLicenseKey } from '../../../services/delivery/new-license-key.ts';
import { createIdempotencyService } from '../../../services/idempotency/idempotency-service.ts';
import { createIdempotencyStore } from '../../../services/idempotency/idempotency-store.ts';
import { createInvoiceLinks } from '../../../services/invoice/invoice-link.ts';
import { createExchangeRateImport } from '../../../services/exchange-rates/exchange-rate-import.ts';
import { createRetryGovernor } from '../../../services/dunning/retry-governor.ts';
import { createExchangeRates } from '../../../services/exchange-rates/exchange-rates.ts';
import { createInvoicePdfRenderer } from '../../../services/invoice/invoice-pdf.ts';
import { createInvoiceService } from '../../../services/invoice/invoice-service.ts';
import { createLedgerService } from '../../../services/ledger/ledger-service.ts';
import { createOrderIntake } from '../../../services/order/order-intake.ts';
import { createOrderStore } from '../../../services/order/order-store.ts';
import type { OrderListQuery, OrderStore } from '../../../services/order/order-store.ts';
import { createChargePace } from '../../../services/payment/charge-pace.ts';
import { gatewayProfiles } from '../../../services/payment/gateway-registry.ts';
import { createPaymentService } from '../../../services/payment/payment-service.ts';
import { createPaymentStore } from '../../../services/payment/payment-store.ts';
import { createCouponRedemptions } from '../../../services/pricing/coupon-redemptions.ts';
import { createIssuedQuotes } from '../../../services/pricing/issued-quotes.ts';
import { createQuoteService } from '../../../services/pricing/quote-service.ts';
import { createSellerService } from '../../../services/seller/seller-service.ts';
import { createStatementService } from '../../../services/seller/statement-service.ts';
import { createRecognitionScheduleStore } from '../../../services/revenue/recognition-schedule-store.ts';
import { createRefundStore } from '../../../services/refund/refund-store.ts';
import { createRevenueReport } from '../../../services/revenue/revenue-report.ts';
import { createRevenueService } from '../../../services/revenue/revenue-service.ts';
import { ensureIndexes } from '../../../services/store/collections.ts';
import { createTaxReportService } from '../../../services/tax-report/tax-report-service.ts';
import type { TaxReportService } from '../../../services/tax-report/tax-report-service.ts';
import { createExemptionCertificateService } from '../../../services/tax/exemption-certificate-service.ts';
import { tableTaxEngine } from '../../../services/tax/adapters/tables/table-tax-engine.ts';
import { createRenewalRunStore } from '../../../services/renewal-run/renewal-run-store.ts';
import { createStoreCreditService } from '../../../services/store-credit/store-credit-service.ts';
import { createStoreCreditStore } from '../../../services/store-credit/store-credit-store.ts';
import { createSubscriptionStore } from '../../../services/subscription/subscription-store.ts';
import type { SubscriptionStore } from '../../../services/subscription/subscription-store.ts';
import { createUsageService } from '../../../services/usage/usage-service.ts';
import { createWebhookService } from '../../../services/webhook/webhook-service.ts';
import { createWebhookStore } from '../../../services/webhook/webhook-store.ts';
import { databaseOfThisFile } from '../../support/mongo.ts';

export const apiKey = 'test_key_1';
export const otherApiKey = 'test_key_2';
export const auth = { authorization: `Bearer ${apiKey}` };
export const webhookSecret = `whsec_${Buffer.from('the current signing secret').toString('base64')}`;
export const oldWebhookSecret = `whsec_${Buffer.from('the one being rotated out').toString('base64')}`;
export const largestFileBytes = 1_000_000;

const signingKey = new TextEncoder().encode('a signing key of thirty-two bytes, at least');
const publicUrl = 'https://shop.test';

/** In memory: what needs Temporal. Everything else is the real thing on a real database. */
function standInClient(store: OrderStore, intake: ReturnType<typeof createOrderIntake>) {
  const notices: string[] = [];
  const mood = { away: false, failPlacing: false };
  const awake = () => (mood.away ? fail('workflow.unavailable') : undefined);
  const orderClient: ApiDeps['orderClient'] = {
    async place(request, options) {
      if (mood.failPlacing) throw new TypeError('reading 4242 4242 4242 4242 of undefined at /srv/secret/path.ts');
      return intake.record(request, options);
    },
    async cancel(orderId) {
      awake();
      const { status } = await store.require(orderId);
      if (isPaid(status)) fail('order.already_paid', 'the order is paid; ask for a refund with POST /v1/refunds');
      if (hasEnded(status)) fail('order.already_ended');
      return (await store.record({ orderId, event: 'cancelled', at: new Date().toISOString() })).status;
    },
    async review(orderId) {
      awake();
      const { status } = await store.require(orderId);
      return status === 'in_review' ? 'awaiting_payment' : fail('order.not_in_review');
    },
    // No tax waits for a register where no workflow runs.
    async askRegister(orderId) {
      awake();
      return fail('tax.confirmation_not_waiting', (await store.require(orderId)).id);
    },
    async taxConfirmation(orderId) {
      return fail('tax.confirmation_not_waiting', (await store.require(orderId)).id);
    },
  };
  const paymentChanged = (orderId: string): Promise<void> =>
    Promise.resolve().then(() => {
      awake();
      notices.push(orderId);
    });
  /** As the workflow's handler does it. */
  const taxFilings = (taxReports: TaxReportService): ApiDeps['taxFilings'] => ({
    async markFiled(key, filing, at) {
      awake();
      await taxReports.markFiled({ ...key, ...filing, at });
    },
  });
  return { taxFilings, orderClient, paymentChanged, notices, mood };
}

/** Commands need Temporal; tests that are about them bring their own. */
function subscriptionDeps(db: Db, subscriptionRecords: SubscriptionStore) {
  return {
    subscriptionRecords,
    subscriptionClient: { command: async () => fail('workflow.unavailable'), nudge: () => Promise.resolve() },
    subscriptions: { preview: async () => fail('workflow.unavailable') },
    storeCredit: createStoreCreditService({ store: createStoreCreditStore(db) }),
    renewalRuns: createRenewalRunStore(db),
  };
}

/** What was recorded can be read; the rest is test/clients/http/refunds.test.ts. */
function refundRecords(db: Db): ApiDeps['refundClient'] {
  const store = createRefundStore(db);
  const away = async () => fail('workflow.unavailable');
  const deciding = { requestRefund: away, approve: away, reject: away, cancel: away, appeal: away, payOtherwise: away };
  return { ...deciding, get: store.require, ofOrder: store.ofOrder };
}

/** The calls are the subject of test/clients/http/bulk-refunds.test.ts. */
function bulkRefunds(): ApiDeps['bulkRefundClient'] {
  const away = async () => fail('workflow.unavailable');
  return { request: away, confirm: away, pause: away, resume: away, cancel: away, get: away, itemsOf: away };
}

/** Nothing is imported while the API is tested. */
const noPublisher = { read: () => Promise.resolve([]) };

export interface Call {
  readonly method?: string;
  readonly url: string;
  /** Beside the API key; null takes one away. */
  readonly headers?: Readonly<Record<string, string | null>>;
  /** An object goes as JSON, text and bytes as they are. */
  readonly payload?: object | string | Uint8Array<ArrayBuffer>;
}

/** Over real HTTP: fastify's inject() cannot be loaded by Jest (libraries.md, trap 14). */
function caller(base: string) {
  return async ({ method = 'GET', url, headers = {}, payload }: Call) => {
    const isJson = typeof payload === 'object' && !(payload instanceof Uint8Array);
    const named = { ...auth, ...(isJson ? { 'content-type': 'application/json' } : {}), ...headers };
    const answer = await fetch(`${base}${url}`, {
      method,
      headers: Object.entries(named).flatMap(([name, value]): [string, string][] =>
        value === null ? [] : [[name, value]],
      ),
      ...(payload === undefined ? {} : { body: isJson ? JSON.stringify(payload) : payload }),
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    return {
      statusCode: answer.status,
      headers: Object.fromEntries(answer.headers) as Readonly<Record<string, string | undefined>>,
      bytes,
      body: bytes.toString(),
      // The caller says what it expects; the matchers check it.
      json: <Body>() => JSON.parse(bytes.toString()) as Body,
    };
  };
}

export type ApiUnderTest = Awaited<ReturnType<typeof startApi>>;

export async function startApi(db: Db, overrides: Partial<ApiDeps> = {}) {
  await ensureIndexes(db);
  const lines: string[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lines.push(chunk.toString());
      done();
    },
  });
  const files = createFileStore({ db, maxBytes: largestFileBytes });
  const deliveries = createDeliveryService({ db, files, accountHosts: {}, signingKey, publicUrl, newLicenseKey });
  const sellers = createSellerService({ db, clock: Date.now });
  const catalog = createCatalogService({ db, files, licensePools: { replace: deliveries.replacePool }, sellers });
  const exemptions = createExemptionCertificateService({ db });
  const redemptions = createCouponRedemptions({ db });
  const quotes = createQuoteService({ catalog, redemptions, sellers, taxEngine: tableTaxEngine, exemptions });
  const exchangeRates = createExchangeRates({ db });
  const taxReports = createTaxReportService({ db, exchangeRates });
  const issuedQuotes = createIssuedQuotes({ db, quotes, exchangeRates });
  const store = createOrderStore(db);
  const orders = { get: store.require, list: (query: OrderListQuery) => store.list(query), find: store.find };
  const paymentStore = createPaymentStore(db);
  const payments = createPaymentService({
    store: paymentStore,
    gateways: {},
    profiles: [],
    returnUrl: () => publicUrl,
    chargeGuard: createRetryGovernor(db),
    chargePace: createChargePace(db, 1_000),
  });
  const client = standInClient(store, createOrderIntake({ store, quotes, issuedQuotes, gateways: gatewayProfiles }));
  const invoices = createInvoiceService({ db, pdf: createInvoicePdfRenderer(), exchangeRates });
  const ledger = createLedgerService({ db });
  const schedules = createRecognitionScheduleStore(db);
  const revenue = createRevenueService({ store: schedules, ledger });
  const revenueReport = createRevenueReport({ store: schedules, ledger });
  const statements = createStatementService({ ledger, sellers });
  const invoiceLinks = createInvoiceLinks({ signingKey, publicUrl });
  const subscriptionStore = createSubscriptionStore(db);
  const usage = createUsageService({
    db,
    subscriptions: { usageTerms: async (ids) => (await subscriptionStore.byIds(ids)).map(usageTermsOf) },
    // No mail is written where no order is.
    tell: () => Promise.resolve(),
  });
  const app: FastifyInstance = await createApi({
    orderClient: client.orderClient,
    refundClient: refundRecords(db),
    bulkRefundClient: bulkRefunds(),
    ...subscriptionDeps(db, subscriptionStore),
    ...{
      orders,
      catalog,
      files,
      issuedQuotes,
      exemptions,
      payments,
      deliveries,
      invoices,
      invoiceLinks,
      ledger,
      sellers,
      statements,
      revenue,
      revenueReport,
      taxReports,
      usage,
      taxFilings: client.taxFilings(taxReports),
      exchangeRateImport: createExchangeRateImport({ db, publisher: noPublisher }),
    },
    webhooks: createWebhookService({
      store: createWebhookStore(db),
      secrets: { acquirer_a: [webhookSecret, oldWebhookSecret], deferred_payments: [webhookSecret] },
      payments,
      orders,
      paymentChanged: client.paymentChanged,
    }),
    idempotency: createIdempotencyService({ store: createIdempotencyStore(db) }),
    apiKeys: [apiKey, otherApiKey],
    now: () => new Date().toISOString(),
    health: { mongo: () => Promise.resolve(true), temporal: () => Promise.resolve(true) },
    log: pino({ level: 'trace' }, sink),
    ...overrides,
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    app,
    url,
    call: caller(url),
    ...{
      files,
      deliveries,
      catalog,
      store,
      paymentStore,
      invoices,
      ledger,
      revenue,
      invoiceLinks,
      sellers,
      subscriptionStore,
      notices: client.notices,
    },
    mood: client.mood,
    logged: () => lines.join(''),
  };
}

/**
 * The API of a test file, on a database of its own, with a product on the shelf if wanted. Awaited at the top of the file;
 * ends after its last test.
 */
export async function serveApi({ stocked }: { readonly stocked: boolean }) {
  const db = await databaseOfThisFile();
  const api = await startApi(db);
  // Hooks run last first: the API ends before its database.
  afterAll(() => api.app.close());
  if (stocked) await stockShelf(api);
  return { api, db };
}

export const pixelEditor = { name: 'Pixel Editor', taxClass: 'saas', delivery: [{ method: 'license' }] };
export const pixelPrice = {
  product: 'pixel-editor',
  currency: 'EUR',
  taxBehavior: 'inclusive',
  scheme: { type: 'per_unit', amount: 11_900 },
};
export const basket = {
  currency: 'EUR',
  customer: { country: 'DE', ipCountry: 'DE', cardCountry: 'DE' },
  lines: [{ price: 'pixel-eur', quantity: 1 }],
};
export const orderBody = {
  ...basket,
  customer: { ...basket.customer, id: 'cus_1', email: 'ada@example.com', name: 'Ada Example' },
  payment: { method: 'card', token: 'tok_ok_secret' },
};

/** A product and its price, through the API. */
export async function stockShelf({ call }: ApiUnderTest): Promise<void> {
  const product = await call({ method: 'PUT', url: '/v1/products/pixel-editor', payload: pixelEditor });
  const price = await call({ method: 'PUT', url: '/v1/prices/pixel-eur', payload: pixelPrice });
  if (product.statusCode !== 200 || price.statusCode !== 200) throw new Error(product.body + price.body);
}
