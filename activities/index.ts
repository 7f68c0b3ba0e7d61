import { createDeliveryActivities } from './delivery.activities.ts';
import { createExchangeRateActivities } from './exchange-rate.activities.ts';
import type { ExchangeRateDeps } from './exchange-rate.activities.ts';
import { createIntakeActivities } from './intake.activities.ts';
import type { IntakeDeps } from './intake.activities.ts';
import { createMessageActivities } from './message.activities.ts';
import { createOrderActivities } from './order.activities.ts';
import { createPaymentActivities } from './payment.activities.ts';
import { createRevenueActivities } from './revenue.activities.ts';
import type { RevenueDeps } from './revenue.activities.ts';
import { createTaxFilingActivities } from './tax-filing.activities.ts';
import type { TaxFilingDeps } from './tax-filing.activities.ts';
import { createTaxActivities } from './tax.activities.ts';
import { createTaxConfirmationActivities } from './tax-confirmation.activities.ts';

type Dependencies = Parameters<typeof createOrderActivities>[0] &
  Parameters<typeof createPaymentActivities>[0] &
  Parameters<typeof createMessageActivities>[0] &
  ExchangeRateDeps &
  TaxFilingDeps &
  RevenueDeps &
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
    ...createRevenueActivities(deps),
  };
}
