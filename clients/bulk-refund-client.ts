import type { Client } from '@temporalio/client';
import type { BulkRefundItem } from '../domain/bulk-refund/bulk-refund.ts';
import type { ItemPage } from '../services/bulk-refund/bulk-refund-item-store.ts';
import type { BulkRefundRequest } from '../services/bulk-refund/bulk-refund-request.ts';
import type { BulkRefundService } from '../services/bulk-refund/bulk-refund-service.ts';
import type { BulkRefundView } from '../services/bulk-refund/bulk-refund-view.ts';
import { wakeBulkRefund } from '../workflows/bulk-refund/bulk-refund-start.contract.ts';
import { isTemporalAway } from './order-client.ts';

export interface BulkRefundClientDeps {
  readonly temporal: Client;
  readonly bulkRefunds: BulkRefundService;
}

export type BulkRefundClient = ReturnType<typeof createBulkRefundClient>;

/** Who says something to a bulk refund, and when (ISO 8601 UTC). */
interface Said {
  /** Opaque id of the person. */
  readonly by: string;
  readonly at: string;
}

/**
 * The typed client of bulk refunds. What people say is in the record before the workflow is told to read it; when Temporal
 * cannot be reached it stands, and a repeat of the call, or the sweep, tells it.
 */
export function createBulkRefundClient({ temporal, bulkRefunds }: BulkRefundClientDeps) {
  async function wake(id: string): Promise<boolean> {
    try {
      await wakeBulkRefund(temporal, id);
      return true;
    } catch (error) {
      if (!isTemporalAway(error)) throw error;
      return false;
    }
  }

  async function say(id: string, change: () => Promise<BulkRefundView>): Promise<BulkRefundView> {
    const view = await change();
    await wake(id);
    return view;
  }

  return {
    /** Writes the job down and starts its dry run. @throws request.invalid, idempotency.conflict */
    async request(
      request: BulkRefundRequest,
      moment: { readonly id: string; readonly at: string },
    ): Promise<BulkRefundView> {
      const { _id: id, startedAt } = await bulkRefunds.request(request, moment);
      if (startedAt === null && (await wake(id))) await bulkRefunds.markStarted(id, moment.at);
      return bulkRefunds.view(id);
    },

    /** From here money moves. @throws bulk_refund.not_waiting, bulk_refund.same_person, bulk_refund.not_found */
    confirm: (id: string, { by, at }: Said): Promise<BulkRefundView> => say(id, () => bulkRefunds.confirm(id, by, at)),

    /** @throws bulk_refund.not_waiting, bulk_refund.not_found */
    pause: (id: string, { by, at }: Said): Promise<BulkRefundView> => say(id, () => bulkRefunds.pause(id, by, at)),

    /** @throws bulk_refund.not_waiting, bulk_refund.not_found */
    resume: (id: string, { by, at }: Said): Promise<BulkRefundView> => say(id, () => bulkRefunds.resume(id, by, at)),

    /** @throws bulk_refund.not_waiting, bulk_refund.not_found */
    cancel: (id: string, { by, at }: Said): Promise<BulkRefundView> => say(id, () => bulkRefunds.cancel(id, by, at)),

    /** @throws bulk_refund.not_found */
    get: (id: string): Promise<BulkRefundView> => bulkRefunds.view(id),

    /** @throws bulk_refund.not_found */
    itemsOf: (id: string, page: ItemPage): Promise<readonly BulkRefundItem[]> => bulkRefunds.itemsOf(id, page),
  };
}
