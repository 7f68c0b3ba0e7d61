import { MongoClient } from 'mongodb';
import type { Db } from 'mongodb';
import { legalEntityAt } from '../domain/invoice/legal-entity.ts';
import { createCatalogService } from '../services/catalog/catalog-service.ts';
import { createFileStore } from '../services/catalog/file-store.ts';
import { createSandboxAccountHost } from '../services/delivery/adapters/sandbox-account-host/sandbox-account-host.host.ts';
import { createDeliveryService } from '../services/delivery/delivery-service.ts';
import { newLicenseKey } from '../services/delivery/new-license-key.ts';
import { createInvoiceLinks } from '../services/invoice/invoice-link.ts';
import { createInvoicePdfRenderer } from '../services/invoice/invoice-pdf.ts';
import { createInvoiceService } from '../services/invoice/invoice-service.ts';
import { createLedgerService } from '../services/ledger/ledger-service.ts';
import { createSmtpTransport } from '../services/messages/adapters/smtp/smtp-transport.ts';
import { createMessageRenderer } from '../services/messages/message-renderer.ts';
import { createMessageService } from '../services/messages/message-service.ts';
import { createOrderIntake } from '../services/order/order-intake.ts';
import { createOrderService } from '../services/order/order-service.ts';
import { createOrderStore } from '../services/order/order-store.ts';
import { createGateways, gatewayProfiles } from '../services/payment/gateway-registry.ts';
import { createPaymentService } from '../services/payment/payment-service.ts';
import { createPaymentStore } from '../services/payment/payment-store.ts';
import { createQuoteService } from '../services/pricing/quote-service.ts';
import { createRiskService } from '../services/risk/risk-service.ts';
import { ensureIndexes } from '../services/store/collections.ts';
import { createSandboxBusinessTaxIds } from '../services/tax/adapters/sandbox-business-tax-ids/sandbox-business-tax-ids.checker.ts';
import { createTaxService } from '../services/tax/tax-service.ts';
import type { Config } from './config.ts';
import { createMessageContextLoader } from './message-context.ts';

const largestFileBytes = 200 * 1024 * 1024;
const mailConnections = 4;
/** A database that is away is reported within seconds, so that callers wait by their own policy. */
const databaseTimeoutMs = 5_000;

/** The composition root: every service with its stores and adapters, from one config. Opens the database. */
export async function openDependencies(config: Config) {
  const mongo = new MongoClient(config.mongodb.uri, {
    serverSelectionTimeoutMS: databaseTimeoutMs,
    connectTimeoutMS: databaseTimeoutMs,
    maxPoolSize: 50,
  });
  const db = mongo.db(config.mongodb.database);
  await ensureIndexes(db);
  const services = composeServices(config, db);
  await services.catalog.ensureDefaultSeller(legalEntityAt(new Date().toISOString()).name);
  return {
    ...services,
    db,
    close: async () => {
      await services.transport.close();
      await mongo.close();
    },
  };
}

function composeServices(config: Config, db: Db) {
  const { signingKey, publicUrl } = config;
  const now = (): string => new Date().toISOString();
  const store = createOrderStore(db);
  const files = createFileStore({ db, maxBytes: largestFileBytes });
  const deliveries = createDeliveryService({
    db,
    files,
    accountHosts: { default: createSandboxAccountHost(config.accountHost) },
    signingKey,
    publicUrl,
    newLicenseKey,
  });
  const catalog = createCatalogService({ db, files, licensePools: { replace: deliveries.replacePool } });
  const taxes = createTaxService({ db, checker: createSandboxBusinessTaxIds(config.businessTaxIds) });
  const quotes = createQuoteService({ catalog, taxEngine: taxes });
  const payments = createPaymentService({
    store: createPaymentStore(db),
    gateways: createGateways(config.gateways),
    profiles: gatewayProfiles,
    returnUrl: (orderId) => `${publicUrl}/return/${orderId}`,
  });
  const invoices = createInvoiceService({ db, pdf: createInvoicePdfRenderer() });
  const invoiceLinks = createInvoiceLinks({ signingKey, publicUrl });
  const ledger = createLedgerService({ db });
  const risk = createRiskService({ countRecentOrders: ({ emailHash, since }) => store.countSince(emailHash, since) });
  const mail = composeMessages(config, {
    db,
    loadContext: createMessageContextLoader({
      store,
      payments,
      deliveries,
      invoices,
      files,
      invoiceLink: (id) => invoiceLinks.link(id, now()),
      now,
    }),
  });
  const orders = createOrderService({
    store,
    quotes,
    taxes,
    risk,
    payments,
    deliveries,
    invoices,
    ledger,
    messages: mail.messages,
  });
  return {
    orders,
    intake: createOrderIntake({ store, quotes }),
    catalog,
    files,
    quotes,
    taxes,
    payments,
    deliveries,
    invoices,
    invoiceLinks,
    ledger,
    ...mail,
  };
}

type LoadContext = ReturnType<typeof createMessageContextLoader>;

function composeMessages(
  { mail }: Config,
  { db, loadContext }: { readonly db: Db; readonly loadContext: LoadContext },
) {
  const seller = legalEntityAt(new Date().toISOString());
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
    clock: () => new Date(),
  });
  return { transport, messages, warmUpMail: () => renderer.warmUp() };
}
