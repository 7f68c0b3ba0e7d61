import { createDeliveryActivities } from './delivery.activities.ts';
import { createIntakeActivities } from './intake.activities.ts';
import type { IntakeDeps } from './intake.activities.ts';
import { createMessageActivities } from './message.activities.ts';
import { createOrderActivities } from './order.activities.ts';
import { createPaymentActivities } from './payment.activities.ts';
import { createTaxActivities } from './tax.activities.ts';

type Dependencies = Parameters<typeof createOrderActivities>[0] &
  Parameters<typeof createPaymentActivities>[0] &
  Parameters<typeof createMessageActivities>[0] &
  IntakeDeps;

export type Activities = ReturnType<typeof createActivities>;

/** Every activity under its permanent name. */
export function createActivities(deps: Dependencies) {
  return {
    ...createOrderActivities(deps),
    ...createPaymentActivities(deps),
    ...createTaxActivities(deps),
    ...createDeliveryActivities(deps),
    ...createMessageActivities(deps),
    ...createIntakeActivities(deps),
  };
}
