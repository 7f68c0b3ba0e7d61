import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Logger } from 'pino';
import type { Registry } from 'prom-client';
import type { BusinessTaxIdStatus } from '../../domain/order/order.ts';
import type { CatalogService } from '../../services/catalog/catalog-service.ts';
import type { FileStore } from '../../services/catalog/file-store.ts';
import type { DeliveryService } from '../../services/delivery/delivery-service.ts';
import type { IdempotencyService } from '../../services/idempotency/idempotency-service.ts';
import type { InvoiceLinks } from '../../services/invoice/invoice-link.ts';
import type { InvoiceService } from '../../services/invoice/invoice-service.ts';
import type { LedgerService } from '../../services/ledger/ledger-service.ts';
import type { OrderService } from '../../services/order/order-service.ts';
import type { PaymentService } from '../../services/payment/payment-service.ts';
import type { IssuedQuotes } from '../../services/pricing/issued-quotes.ts';
import type { ExemptionCertificateService } from '../../services/tax/exemption-certificate-service.ts';
import type { SellerService } from '../../services/seller/seller-service.ts';
import type { StatementService } from '../../services/seller/statement-service.ts';
import type { RevenueReport } from '../../services/revenue/revenue-report.ts';
import type { RevenueService } from '../../services/revenue/revenue-service.ts';
import type { WebhookService } from '../../services/webhook/webhook-service.ts';
import type { ExchangeRateImport } from '../../services/exchange-rates/exchange-rate-import.ts';
import type { TaxReportService } from '../../services/tax-report/tax-report-service.ts';
import type { BulkRefundClient } from '../bulk-refund-client.ts';
import type { RefundClient } from '../refund-client.ts';
import type { UsageService } from '../../services/usage/usage-service.ts';
import type { OrderClient } from '../order-client.ts';
import type { RenewalRunStore } from '../../services/renewal-run/renewal-run-store.ts';
import type { StoreCreditService } from '../../services/store-credit/store-credit-service.ts';
import type { SubscriptionSteps } from '../../services/subscription/subscription-steps.ts';
import type { SubscriptionStore } from '../../services/subscription/subscription-store.ts';
import type { SubscriptionClient } from '../subscription-client.ts';
import type { TaxFilingClient } from '../tax-filing-client.ts';
import type { WithdrawalPageDeps } from '../withdrawal/withdrawal.routes.ts';

/** A fastify instance whose routes are typed by their zod schemas. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** Requests per minute and caller. */
export interface RateLimits {
  /** Per API key. */
  readonly perKey: number;
  /** Per address, for calls without a valid key. */
  readonly perAddress: number;
  /** Downloads per address. */
  readonly downloads: number;
  /** Pages of the withdrawal function, per address: enough for a person, little for who guesses. */
  readonly withdrawals: number;
  /** Webhooks per address: providers send in bursts. */
  readonly webhooks: number;
}

export interface ApiDeps {
  readonly orderClient: Pick<OrderClient, 'place' | 'cancel' | 'review' | 'askRegister' | 'taxConfirmation'>;
  readonly refundClient: Pick<
    RefundClient,
    'requestRefund' | 'approve' | 'reject' | 'cancel' | 'appeal' | 'payOtherwise' | 'get' | 'ofOrder'
  >;
  readonly bulkRefundClient: BulkRefundClient;
  readonly orders: Pick<OrderService, 'get' | 'list'>;
  readonly catalog: Pick<CatalogService, 'putProduct' | 'putPrice' | 'putCoupon'>;
  readonly files: Pick<FileStore, 'putFile' | 'openFile'>;
  readonly issuedQuotes: Pick<IssuedQuotes, 'issue' | 'get'>;
  /** Without it, a business tax id in a quote counts as unconfirmed. */
  readonly taxes?: {
    checkBusinessTaxId(query: {
      readonly country: string;
      readonly businessTaxId: string;
      readonly at: string;
    }): Promise<BusinessTaxIdStatus>;
  };
  readonly exemptions: Pick<ExemptionCertificateService, 'put' | 'find'>;
  readonly payments: Pick<PaymentService, 'find'>;
  readonly deliveries: Pick<DeliveryService, 'deliveriesOf' | 'deliveryView' | 'redeemDownload'>;
  readonly invoices: Pick<InvoiceService, 'getInvoice' | 'renderPdf' | 'renderEInvoice' | 'listByOrder'>;
  /** Reads the links of mails; without it they lead nowhere. */
  readonly invoiceLinks?: Pick<InvoiceLinks, 'read'>;
  readonly ledger: Pick<LedgerService, 'balances' | 'sums' | 'entries'>;
  readonly sellers: Pick<SellerService, 'put' | 'get'>;
  readonly statements: StatementService;
  readonly revenue: Pick<RevenueService, 'ofOrder'>;
  readonly revenueReport: Pick<RevenueReport, 'summary'>;
  readonly taxReports: Pick<TaxReportService, 'report' | 'periods'>;
  readonly taxFilings: Pick<TaxFilingClient, 'markFiled'>;
  readonly subscriptionClient: Pick<SubscriptionClient, 'command' | 'nudge'>;
  readonly subscriptions: Pick<SubscriptionSteps, 'preview'>;
  readonly subscriptionRecords: Pick<SubscriptionStore, 'require' | 'list' | 'ofOrder'>;
  readonly storeCredit: Pick<StoreCreditService, 'balance'>;
  readonly renewalRuns: Pick<RenewalRunStore, 'list'>;
  readonly usage: Pick<UsageService, 'putMeter' | 'record' | 'usageAt'>;
  readonly exchangeRateImport: Pick<ExchangeRateImport, 'decide'>;
  /** Without it there is no page to withdraw on. */
  readonly withdrawalPage?: WithdrawalPageDeps;
  readonly webhooks: WebhookService;
  readonly idempotency: IdempotencyService;
  /** Plain keys; only their hashes are kept in memory. Two while one is rotated out. */
  readonly apiKeys: readonly string[];
  /** ISO 8601 UTC. */
  readonly now: () => string;
  readonly health: { readonly mongo: () => Promise<boolean>; readonly temporal: () => Promise<boolean> };
  readonly log: Logger;
  /** Where the process counts; a registry of the API's own when absent. */
  readonly metrics?: Registry;
  readonly limits?: Partial<RateLimits>;
  /** Whether a proxy in front may be believed about the caller's address. */
  readonly trustProxy?: boolean;
}
