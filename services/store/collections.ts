import type { Db } from 'mongodb';
import { bulkRefundItemsCollection } from '../bulk-refund/bulk-refund-item-store.ts';
import { bulkRefundsCollection } from '../bulk-refund/bulk-refund-store.ts';
import { couponsCollection, pricesCollection, productsCollection } from '../catalog/catalog-store.ts';
import { filesCollection } from '../catalog/file-store.ts';
import { deliveryCollections } from '../delivery/delivery-service.ts';
import { cardAttemptsCollection } from '../dunning/card-attempt-store.ts';
import { exchangeRatesCollection } from '../exchange-rates/exchange-rate-store.ts';
import { apiRequestsCollection } from '../idempotency/idempotency-store.ts';
import { billingDocuments } from '../invoice/invoice-store.ts';
import { journalEntries } from '../ledger/ledger-store.ts';
import { messages } from '../messages/message-store.ts';
import { ordersCollection } from '../order/order-store.ts';
import { trialClaimsCollection } from '../order/trial-guard.ts';
import { chargePacesCollection } from '../payment/charge-pace.ts';
import { paymentsCollection } from '../payment/payment-store.ts';
import { storeCreditAccounts } from '../store-credit/store-credit-store.ts';
import { sellersCollection } from '../seller/seller-store.ts';
import { couponRedemptionsCollection } from '../pricing/coupon-redemptions.ts';
import { issuedQuotesCollection } from '../pricing/issued-quote-store.ts';
import { filingPeriodsCollection } from '../tax-report/filing-period-store.ts';
import { refundsCollection } from '../refund/refund-store.ts';
import { businessTaxIdsCollection } from '../tax/business-tax-id-store.ts';
import { exemptionCertificatesCollection } from '../tax/exemption-certificate-store.ts';
import { renewalRunsCollection } from '../renewal-run/renewal-run-store.ts';
import { recognitionSchedules } from '../revenue/recognition-schedule-store.ts';
import { withdrawalsCollection } from '../withdrawal/withdrawal-store.ts';
import { usageCollections } from '../usage/usage-service.ts';
import { subscriptionCommandsCollection, subscriptionPreviewsCollection } from '../subscription/command-store.ts';
import { subscriptionsCollection } from '../subscription/subscription-store.ts';
import { webhookEventsCollection } from '../webhook/webhook-store.ts';

/** Every collection there is. An index is code: what is not here does not exist (test/architecture). */
export const collections = [
  sellersCollection,
  productsCollection,
  pricesCollection,
  couponsCollection,
  filesCollection,
  ...deliveryCollections,
  couponRedemptionsCollection,
  issuedQuotesCollection,
  ordersCollection,
  trialClaimsCollection,
  paymentsCollection,
  chargePacesCollection,
  subscriptionsCollection,
  subscriptionCommandsCollection,
  subscriptionPreviewsCollection,
  cardAttemptsCollection,
  refundsCollection,
  bulkRefundsCollection,
  bulkRefundItemsCollection,
  withdrawalsCollection,
  storeCreditAccounts,
  billingDocuments,
  journalEntries,
  recognitionSchedules,
  messages,
  businessTaxIdsCollection,
  exemptionCertificatesCollection,
  exchangeRatesCollection,
  filingPeriodsCollection,
  renewalRunsCollection,
  ...usageCollections,
  apiRequestsCollection,
  webhookEventsCollection,
] as const;

/** Creates what is missing; safe to run by every process at its start. */
export async function ensureIndexes(db: Db): Promise<void> {
  await Promise.all(
    collections.map(async ({ name, indexes }) => {
      if (indexes.length > 0) await db.collection(name).createIndexes([...indexes]);
    }),
  );
}
