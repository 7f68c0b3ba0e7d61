import type { BulkRefundItem } from '../../domain/bulk-refund/bulk-refund.ts';
import type { Refund } from '../../domain/refund/refund.ts';

/** How a refund of the many stands, for the report. */
export function standingOf({ status, statusReason, timeline }: Refund): Pick<BulkRefundItem, 'state' | 'reason'> {
  switch (status) {
    case 'succeeded':
      return { state: 'succeeded', reason: null };
    case 'refused':
    case 'cancelled':
    case 'failed':
      return { state: 'failed', reason: statusReason ?? status };
    case 'awaiting_approval':
    case 'appealed':
    case 'awaiting_other_means':
    case 'needs_attention':
      return { state: 'needs_person', reason: statusReason ?? status };
    case 'paying_back': {
      // Banks take days, and it is theirs; what nobody knows counts as on its way, so that not too many are in doubt.
      const isTheirs = timeline.at(-1)?.event === 'pending_at_gateway';
      return { state: isTheirs ? 'with_gateway' : 'started', reason: null };
    }
    case 'requested':
    case 'approved':
      return { state: 'started', reason: null };
  }
}
