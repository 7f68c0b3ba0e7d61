import type { Db } from 'mongodb';
import type { Order } from '../../../domain/order/order.ts';
import { createCatalogService } from '../../../services/catalog/catalog-service.ts';
import { createFileStore } from '../../../services/catalog/file-store.ts';
import { createDeliveryService } from '../../../services/delivery/delivery-service.ts';
import { newLicenseKey } from '../../../services/delivery/new-license-key.ts';
import { createExchangeRates } from '../../../services/exchange-rates/exchange-rates.ts';
import { createInvoicePdfRenderer } from '../../../services/invoice/invoice-pdf.ts';
import { createInvoiceService } from '../../../services/invoice/invoice-service.ts';
import { createLedgerService } from '../../../services/ledger/ledger-service.ts';
import { createMessageRenderer } from '../../../services/messages/message-renderer.ts';
import { createMessageService } from '../../../services/messages/message-service.ts';
import { createOrderCoupons } from '../../../services/order/order-coupons.ts';
import { createOrderIntake, orderRequestSchema } from '../../../services/order/order-intake.ts';
import { createOrderService } from '../../../services/order/order-service.ts';
import { createOrderStore } from '../../../services/order/order-store.ts';
import { createTrialGuard } from '../../../services/order/trial-guard.ts';
import { gatewayProfiles } from '../../../services/payment/gateway-registry.ts';
import { gatewayFees } from '../../../services/payment/gateway-router.ts';
import type { PaymentService } from '../../../services/payment/payment-service.ts';
import { createCouponRedemptions } from '../../../services/pricing/coupon-redemptions.ts';
import { createIssuedQuotes } from '../../../services/pricing/issued-quotes.ts';
import { createQuoteService } from '../../../services/pricing/quote-service.ts';
import { createRecognitionScheduleStore } from '../../../services/revenue/recognition-schedule-store.ts';
import { createRevenueService } from '../../../services/revenue/revenue-service.ts';
import { createRiskService } from '../../../services/risk/risk-service.ts';
import { createSellerService } from '../../../services/seller/seller-service.ts';
import { createStoreCreditService } from '../../../services/store-credit/store-credit-service.ts';
import { createStoreCreditStore } from '../../../services/store-credit/store-credit-store.ts';
import { ensureIndexes } from '../../../services/store/collections.ts';
import type { BusinessTaxIdChecker } from '../../../services/tax/business-tax-id-checker.ts';
import { createTaxService } from '../../../services/tax/tax-service.ts';
import { openPayments } from '../payment/payment-fixture.ts';

export const at = '2026-11-21T10:00:00.000Z';
const later = (): never => {
  throw new Error('nothing is sent here: messages are only written down');
};

export type OrdersUnderTest = Awaited<ReturnType<typeof openOrders>>;

/** What a test brings itself; a register of business tax ids confirms everything otherwise. */
export interface GivenParts {
  readonly payments?: PaymentService;
  readonly checker?: BusinessTaxIdChecker;
}

const confirmsAll: BusinessTaxIdChecker = {
  check: () => Promise.resolve({ status: 'confirmed', consultationNumber: 'WAPI1' }),
};

/**
 * The order service with every service that it stands on, on a real database; money moves at the sandbox over HTTP,
 * unless the test brings a payment service of its own.
 */
export async function openOrders(db: Db, given: GivenParts = {}) {
  await ensureIndexes(db);
  const world = await openPayments(db);
  const files = createFileStore({ db, maxBytes: 1_000 });
  const signingKey = new TextEncoder().encode('a signing key of thirty-two bytes, at least');
  const deliveries = createDeliveryService({
    ...{ db, files, signingKey, newLicenseKey },
    accountHosts: {},
    publicUrl: 'https://shop.test',
  });
  const sellers = createSellerService({ db, clock: Date.now });
  const catalog = createCatalogService({ db, files, licensePools: { replace: deliveries.replacePool }, sellers });
  const taxes = createTaxService({ db, checker: given.checker ?? confirmsAll });
  const redemptions = createCouponRedemptions({ db });
  const quotes = createQuoteService({ catalog, redemptions, sellers, taxEngine: taxes });
  const exchangeRates = createExchangeRates({ db });
  const issuedQuotes = createIssuedQuotes({ db, quotes, exchangeRates });
  const store = createOrderStore(db);
  const payments = given.payments ?? world.service();
  const invoices = createInvoiceService({ db, pdf: createInvoicePdfRenderer(), exchangeRates });
  const ledger = createLedgerService({ db });
  const revenue = createRevenueService({ store: createRecognitionScheduleStore(db), ledger });
  const messages = createMessageService({
    db,
    transport: { send: later, close: () => Promise.resolve() },
    renderer: createMessageRenderer({ brand: 'Waybill', imprint: [] }),
    loadContext: later,
    messageIdDomain: 'waybill.example',
    clock: () => new Date(at),
  });
  const trials = createTrialGuard({ db, orderExists: async (id) => (await store.find(id)) !== null });
  const risk = createRiskService({ recentOrders: () => Promise.resolve([]) });
  const storeCredit = createStoreCreditService({ store: createStoreCreditStore(db) });
  const orders = createOrderService({
    ...{ store, quotes, taxes, risk, payments, deliveries, invoices, ledger, revenue, messages, storeCredit },
    coupons: createOrderCoupons({ catalog, redemptions }),
    trials,
    gatewayFee: gatewayFees(gatewayProfiles),
  });
  const intake = createOrderIntake({ store, quotes, issuedQuotes, gateways: gatewayProfiles, trials });
  let placed = 0;

  return {
    world,
    ...{
      orders,
      store,
      payments,
      deliveries,
      invoices,
      ledger,
      revenue,
      messages,
      storeCredit,
      catalog,
      taxes,
      quotes,
      sellers,
      redemptions,
      issuedQuotes,
      intake,
    },
    /** Records an order of these prices. */
    async place(prices: readonly string[], change: object = {}): Promise<Order> {
      placed += 1;
      const request = orderRequestSchema.parse({
        currency: 'EUR',
        customer: {
          ...{ email: `buyer${placed}@example.com`, name: 'Ada Example', country: 'DE' },
          ...{ ipCountry: 'DE', cardCountry: 'DE' },
        },
        lines: prices.map((price) => ({ price, quantity: 1 })),
        payment: { method: 'card', token: 'tok_ok' },
        ...change,
      });
      return intake.record(request, { orderId: `ord_service_${placed}`, at });
    },
    close: () => world.close(),
  };
}
