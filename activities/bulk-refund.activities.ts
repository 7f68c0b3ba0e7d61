import type { BulkRefundService, BulkRefundStep } from '../services/bulk-refund/bulk-refund-service.ts';
import { atTheBorder } from './activity-failure.ts';
import type { StartRefund } from './intake.activities.ts';

export interface BulkRefundDeps {
  readonly bulkRefunds: BulkRefundService;
  readonly startRefund: StartRefund;
}

export function createBulkRefundActivities({ bulkRefunds, startRefund }: BulkRefundDeps) {
  return atTheBorder({
    /** The next step of many refunds: looks at orders, or starts refunds, as many as may be on their way. Repeatable. */
    advanceBulkRefund: ({
      bulkRefundId,
      at,
    }: {
      readonly bulkRefundId: string;
      readonly at: string;
    }): Promise<BulkRefundStep> => bulkRefunds.advance(bulkRefundId, startRefund, at),
  });
}
