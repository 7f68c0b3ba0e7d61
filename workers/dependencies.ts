import { MongoClient } from 'mongodb';
import type { Db } from 'mongodb';
import { legalEntityAt } from '../domain/invoice/legal-entity.ts';
import { usageTermsOf } from '../domain/usage/usage-terms.ts';
import { createCatalogService } from '../services/catalog/catalog-service.ts';
import { createFileStore } from '../services/catalog/file-store.ts';
import { createSandboxAccountHost } from '../services/delivery/adapters/sandbox-account-host/sandbox-account-host.host.ts';
import { createDeliveryService } from '../services/delivery/delivery-service.ts';
import { newLicenseKey } from '../services/delivery/new-license-key.ts';
import { createRetryGovernor } from '../services/dunning/retry-governor.ts';
import { createEcbPublisher } from '../services/exchange-rates/adapters/ecb/ecb.publisher.ts';
import { createExchangeRateImport } from '../services/exchange-rates/exchange-rate-import.ts';
import { createExchangeRates } from '../services/exchange-rates/exchange-rates.ts';
import type { PublishedExchangeRates } from '../services/exchange-rates/exchange-rates.ts';
import { createInvoiceLinks } from '../services/invoice/invoice-link.ts';
import { createInvoicePdfRenderer } from '../services/invoice/invoice-pdf.ts';
import { createInvoiceService } from '../services/invoice/invoice-service.ts';
import { createLedgerService } from '../services/ledger/ledger-service.ts';
import type { LedgerService } from '../services/ledger/ledger-service.ts';
import { createSmtpTransport } from '../services/messages/adapters/smtp/smtp-transport.ts';
import { createMessageRenderer } from '../services/messages/message-renderer.ts';
import { createMessageService } from '../services/messages/message-service.ts';
import { createOrderCoupons } from '../services/order/order-coupons.ts';
import { createOrderIntake } from '../services/order/order-intake.ts';
import { createOrderService } from '../services/order/order-service.ts';
import { createOrderStore } from '../services/order/order-store.ts';
import { createTrialGuard } from '../services/order/trial-guard.ts';
import { createChargePace } from '../services/payment/charge-pace.ts';
import { createGateways, gatewayProfiles } from '../services/payment/gateway-registry.ts';
import { gatewayFees } from '../services/payment/gateway-router.ts';
import { createPaymentService } from '../services/payment/payment-service.ts';
import { createPaymentStore } from '../services/payment/payment-store.ts';
import { createCouponRedemptions } from '../services/pricing/coupon-redemptions.ts';
import { createIssuedQuotes } from '../services/pricing/issued-quotes.ts';
import { createQuoteService } from '../services/pricing/quote-service.ts';
import { createRefundStore } from '../services/refund/refund-store.ts';
import { createRecognitionRun } from '../services/revenue/recognition-run.ts';
import { createRecognitionScheduleStore } from '../services/revenue/recognition-schedule-store.ts';
import { createRevenueReport } from '../services/revenue/revenue-report.ts';
import { createRevenueService } from '../services/revenue/revenue-service.ts';
import { createRiskService } from '../services/risk/risk-service.ts';
import { createSellerService } from '../services/seller/seller-service.ts';
import type { SellerService } from '../services/seller/seller-service.ts';
import { createStatementService } from '../services/seller/statement-service.ts';
import { createStoreCreditService } from '../services/store-credit/store-credit-service.ts';
import { createStoreCreditStore } from '../services/store-credit/store-credit-store.ts';
import { ensureIndexes } from '../services/store/collections.ts';
import { createSandboxBusinessTaxIds } from '../services/tax/adapters/sandbox-business-tax-ids/sandbox-business-tax-ids.checker.ts';
import { createBusinessTaxIdRecheck } from '../services/tax/business-tax-id-recheck.ts';
import { createExemptionCertificateService } from '../services/tax/exemption-certificate-service.ts';
import { createTaxEngine } from '../services/tax/tax-engine-registry.ts';
import { createSubscriptions } from '../services/subscription/create-subscriptions.ts';
import type { SubscriptionDeps } from '../services/subscription/create-subscriptions.ts';
import { createSubscriptionMessages } from '../services/subscription/subscription-messages.ts';
import type { SubscriptionMessages } from '../services/subscription/subscription-messages.ts';
import { createSubscriptionStore } from '../services/subscription/subscription-store.ts';
import type { SubscriptionStore } from '../services/subscription/subscription-store.ts';
import { createTaxReportService } from '../services/tax-report/tax-report-service.ts';
import { createTaxService } from '../services/tax/tax-service.ts';
import { createWithdrawalStore } from '../services/withdrawal/withdrawal-store.ts';
import { createUsageAlertTeller } from '../services/usage/tell-usage-alert.ts';
import { createUsageService } from '../services/usage/usage-service.ts';
import { composeRefunds } from './compose-refunds.ts';
import type { Config } from './config.ts';
import { createMessageContextLoader } from './message-context.ts';

const largestFileBytes = 200 * 1024 * 1024;
const mailConnections = 4;
/** A database that is away is reported within seconds, so that callers wait by their own policy. */
const databaseTimeoutMs = 5_000;

export type Dependencies = Awaited<ReturnType<typeof openDependencies>>;

/**
 * The composition root: every service with its stores and adapters, from one config. Opens the database.
 * @param clock milliseconds since the epoch; a simulation has its own
 */
export async function openDependencies(config: Config, clock: () => number = Date.now) {
  const mongo = new MongoClient(config.mongodb.uri, {
    serverSelectionTimeoutMS: databaseTimeoutMs,
    connectTimeoutMS: databaseTimeoutMs,
    maxPoolSize: 50,
  });
  try {
    return await openServices(config, { mongo, clock });
  } catch (error) {
    // An open pool would keep the process alive that has nothing to do.
    await mongo.close();
    throw error;
  }
}

async function openServices(
  config: Config,
  { mongo, clock }: { readonly mongo: MongoClient; readonly clock: () => number },
) {
  const db = mongo.db(config.mongodb.database);
  await ensureIndexes(db);
  const services = composeServices(config, db, clock);
  await services.sellers.ensureOwnSeller(legalEntityAt(new Date(clock()).toISOString()).name);
  return {
    ...services,
    db,
    close: async () => {
      await services.transport.close();
      await mongo.close();
    },
  };
}

function composeServices(config: Config, db: Db, clock: () => number) {
  const { signingKey, publicUrl } = config;
  const now = (): string => new Date(clock()).toISOString();
  const exchangeRates = createExchangeRates({ db });
  const shop = composeShop(config, db, { exchangeRates, clock });
  const books = composeBooks(config, db, { exchangeRates, sellers: shop.sellers });
  const store = createOrderStore(db);
  const trials = createTrialGuard({ db, orderExists: async (id) => (await store.find(id)) !== null });
  const refundStore = createRefundStore(db);
  const statements = createWithdrawalStore(db);
  const invoiceLinks = createInvoiceLinks({ signingKey, publicUrl });
  const payments = composePayments(config, db);
  const mail = composeMessages(config, {
    ...{ db, clock },
    loadContext: createMessageContextLoader({
      ...{ store, payments, now, portalUrl: config.portalUrl },
      withdrawals: statements,
      refunds: refundStore,
      ...{ deliveries: shop.deliveries, invoices: books.invoices, files: shop.files },
      invoiceLink: (id) => invoiceLinks.link(id, now()),
      withdrawalUrl: (number, locale) => `${publicUrl}/withdraw?order=${encodeURIComponent(number)}&lang=${locale}`,
    }),
  });
  const orders = createOrderService({
    ...shop,
    ...books,
    ...{ store, payments, messages: mail.messages },
    coupons: createOrderCoupons(shop),
    trials,
    risk: createRiskService({ recentOrders: ({ emailHash, since }) => store.recordedSince(emailHash, since) }),
    gatewayFee: gatewayFees(gatewayProfiles),
  });
  const back = composeRefunds({
    ...{ ...shop, ...books, db, payments, messages: mail.messages, orders, orderStore: store, refundStore },
    ...{ withdrawalStore: statements, inFlight: config.bulkRefundsInFlight },
  });
  const { quotes, issuedQuotes } = shop;
  const { messages } = mail;
  return {
    ...shop,
    ...books,
    ...mail,
    orders,
    ...composeSubscriptions({
      ...{ ...shop, ...books, db, payments, messages, refunds: back.refunds },
      ...{ orders: store, fulfilment: orders },
    }),
    ...back,
    intake: createOrderIntake({ store, quotes, issuedQuotes, gateways: gatewayProfiles, trials }),
    payments,
    invoiceLinks,
    exchangeRates,
  };
}

/** What is sold, at which price and tax, and how it is handed over. */
function composeShop(
  config: Config,
  db: Db,
  { exchangeRates, clock }: { readonly exchangeRates: PublishedExchangeRates; readonly clock: () => number },
) {
  const { signingKey, publicUrl } = config;
  const files = createFileStore({ db, maxBytes: largestFileBytes });
  const deliveries = createDeliveryService({
    ...{ db, files, signingKey, publicUrl, newLicenseKey },
    accountHosts: { default: createSandboxAccountHost(config.accountHost) },
  });
  const sellers = createSellerService({ db, clock });
  const catalog = createCatalogService({ db, files, licensePools: { replace: deliveries.replacePool }, sellers });
  const taxes = createTaxService({
    db,
    checker: createSandboxBusinessTaxIds(config.businessTaxIds),
    engine: createTaxEngine(config.taxEngine),
  });
  const businessTaxIds = createBusinessTaxIdRecheck({ taxes, db });
  const exemptions = createExemptionCertificateService({ db });
  const redemptions = createCouponRedemptions({ db });
  const quotes = createQuoteService({ catalog, redemptions, sellers, taxEngine: taxes, exemptions });
  const issuedQuotes = createIssuedQuotes({ db, quotes, exchangeRates });
  return {
    ...{ files, deliveries, sellers, catalog, taxes, businessTaxIds },
    ...{ exemptions, redemptions, quotes, issuedQuotes },
  };
}

/** What must still be right in ten years: documents, journal, earned revenue, tax returns. */
function composeBooks(
  config: Config,
  db: Db,
  { exchangeRates, sellers }: { readonly exchangeRates: PublishedExchangeRates; readonly sellers: SellerService },
) {
  const ledger = createLedgerService({ db });
  return {
    ledger,
    storeCredit: createStoreCreditService({ store: createStoreCreditStore(db) }),
    invoices: createInvoiceService({ db, pdf: createInvoicePdfRenderer(), exchangeRates }),
    ...composeRevenue(db, ledger),
    statements: createStatementService({ ledger, sellers }),
    taxReports: createTaxReportService({ db, exchangeRates }),
    exchangeRateImport: createExchangeRateImport({ db, publisher: createEcbPublisher(config.exchangeRates) }),
  };
}

function composeRevenue(db: Db, ledger: LedgerService) {
  const store = createRecognitionScheduleStore(db);
  return {
    revenue: createRevenueService({ store, ledger }),
    recognition: createRecognitionRun({ store, ledger }),
    revenueReport: createRevenueReport({ store, ledger }),
  };
}

function composePayments({ gateways, publicUrl, renewalChargesPerSecond }: Config, db: Db) {
  return createPaymentService({
    store: createPaymentStore(db),
    gateways: createGateways(gateways),
    profiles: gatewayProfiles,
    returnUrl: (orderId) => `${publicUrl}/return/${orderId}`,
    chargeGuard: createRetryGovernor(db),
    chargePace: createChargePace(db, renewalChargesPerSecond),
  });
}

/** Subscriptions and the usage that they are billed for, which know each other by the record. */
function composeSubscriptions(parts: Omit<SubscriptionDeps, 'store' | 'usage'>) {
  const { db, messages, orders } = parts;
  const subscriptionRecords = createSubscriptionStore(db);
  const usage = composeUsage(db, subscriptionRecords, createSubscriptionMessages({ messages, orders }));
  return {
    subscriptionRecords,
    usage,
    subscriptions: createSubscriptions({ ...parts, store: subscriptionRecords, usage }),
  };
}

/** Usage knows of subscriptions only what decides whether an event is taken. */
function composeUsage(db: Db, subscriptions: SubscriptionStore, messages: SubscriptionMessages) {
  return createUsageService({
    db,
    subscriptions: { usageTerms: async (ids) => (await subscriptions.byIds(ids)).map(usageTermsOf) },
    tell: createUsageAlertTeller({ subscriptions, messages }),
  });
}

type LoadContext = ReturnType<typeof createMessageContextLoader>;

function composeMessages(
  { mail }: Config,
  { db, clock, loadContext }: { readonly db: Db; readonly clock: () => number; readonly loadContext: LoadContext },
) {
  const seller = legalEntityAt(new Date(clock()).toISOString());
  const transport = createSmtpTransport({
    url: mail.smtpUrl,
    from: { name: seller.name, address: mail.from },
    connections: mailConnections,
    dkim: null,
  });
  const imprint = [seller.name, ...seller.addressLines, seller.registration, seller.taxId];
  const renderer = createMessageRenderer({ brand: seller.name, imprint });
  const messages = createMessageService({
    db,
    transport,
    renderer,
    loadContext,
    messageIdDomain: mail.from.split('@').at(-1) ?? 'waybill.example',
    clock: () => new Date(clock()),
  });
  return { transport, messages, warmUpMail: () => renderer.warmUp() };
}
