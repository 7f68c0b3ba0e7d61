import { createBulkRefundActivities } from './bulk-refund.activities.ts';
import type { BulkRefundDeps } from './bulk-refund.activities.ts';
import { createDeliveryActivities } from './delivery.activities.ts';
import { createExchangeRateActivities } from './exchange-rate.activities.ts';
import type { ExchangeRateDeps } from './exchange-rate.activities.ts';
import { createIntakeActivities } from './intake.activities.ts';
import type { IntakeDeps } from './intake.activities.ts';
import { createMessageActivities } from './message.activities.ts';
import { createOrderActivities } from './order.activities.ts';
import { createPaymentActivities } from './payment.activities.ts';
import { createRefundActivities } from './refund.activities.ts';
import type { RefundActivityDeps } from './refund.activities.ts';
import { createRenewalRunActivities } from './renewal-run.activities.ts';
import type { RenewalRunDeps } from './renewal-run.activities.ts';
import { createRevenueActivities } from './revenue.activities.ts';
import type { RevenueDeps } from './revenue.activities.ts';
import { createSubscriptionActivities } from './subscription.activities.ts';
import type { SubscriptionDeps } from './subscription.activities.ts';
import { createTaxFilingActivities } from './tax-filing.activities.ts';
import type { TaxFilingDeps } from './tax-filing.activities.ts';
import { createTaxActivities } from './tax.activities.ts';
import { createTaxConfirmationActivities } from './tax-confirmation.activities.ts';

type Dependencies = Parameters<typeof createOrderActivities>[0] &
  Parameters<typeof createPaymentActivities>[0] &
  Parameters<typeof createMessageActivities>[0] &
  ExchangeRateDeps &
  TaxFilingDeps &
  RefundActivityDeps &
  BulkRefundDeps &
  RevenueDeps &
  SubscriptionDeps &
  RenewalRunDeps &
  IntakeDeps;

export type Activities = ReturnType<typeof createActivities>;

/** Every activity under its permanent name. */
export function createActivities(deps: Dependencies) {
  return {
    ...createOrderActivities(deps),
    ...createPaymentActivities(deps),
    ...createTaxActivities(deps),
    ...createTaxConfirmationActivities(deps),
    ...createDeliveryActivities(deps),
    ...createMessageActivities(deps),
    ...createIntakeActivities(deps),
    ...createExchangeRateActivities(deps),
    ...createTaxFilingActivities(deps),
    ...createRefundActivities(deps),
    ...createBulkRefundActivities(deps),
    ...createRevenueActivities(deps),
    ...createSubscriptionActivities(deps),
    ...createRenewalRunActivities(deps),
  };
}
