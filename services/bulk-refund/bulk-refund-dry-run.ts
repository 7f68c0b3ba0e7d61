import type { BulkRefundItem } from '../../domain/bulk-refund/bulk-refund.ts';
import { fail, isFailure } from '../../domain/failures.ts';
import type { OrderDocument, OrderStore } from '../order/order-store.ts';
import { refundIdOf } from '../refund/refund-id.ts';
import type { RefundService } from '../refund/refund-service.ts';
import type { BulkRefundItemStore } from './bulk-refund-item-store.ts';
import type { BulkRefundDocument, BulkRefundStore } from './bulk-refund-store.ts';
import { wantedRefund } from './wanted-refund.ts';

/** Orders that one step looks at: about a second, so that a kill loses little. */
const chunk = 50;
/** Orders that a filter may find: what is more is asked for in parts. */
const mostOrders = 100_000;

export interface BulkRefundDryRunDeps {
  readonly store: BulkRefundStore;
  readonly items: BulkRefundItemStore;
  readonly orders: Pick<OrderStore, 'find' | 'soldBetween'>;
  readonly refunds: Pick<RefundService, 'preview'>;
}

/** Looks at every order that is meant and writes down what its refund would take, or why there is none. */
export function createBulkRefundDryRun({ store, items, orders, refunds }: BulkRefundDryRunDeps) {
  async function next({ request, prepared }: BulkRefundDocument): Promise<readonly Selected[]> {
    if (request.filter !== undefined) {
      const { product = null, price = null } = request.filter;
      // As orders have it, so that times compare as texts.
      const [from, to] = [new Date(request.filter.from).toISOString(), new Date(request.filter.to).toISOString()];
      const found = await orders.soldBetween({ from, to, product, price, after: prepared.last, limit: chunk });
      return found.map((order) => ({ orderId: order._id, order }));
    }
    const ids = request.orders?.slice(prepared.orders, prepared.orders + chunk) ?? [];
    return Promise.all(ids.map(async (orderId) => ({ orderId, order: await orders.find(orderId) })));
  }

  async function lookedAt(job: BulkRefundDocument, { orderId, order }: Selected, position: number, at: string) {
    const refundId = refundIdOf(['bulk', job._id, orderId]);
    const item = { bulkRefund: job._id, orderId, position, refundId };
    const currency = order?.currency ?? null;
    try {
      if (order === null) return fail('order.not_found', `There is no order ${orderId}`);
      const { amount } = await refunds.preview(wantedRefund(order, job.request), { refundId, at });
      return { ...item, currency, amount, state: 'planned', reason: null } satisfies BulkRefundItem;
    } catch (error) {
      const reason = refusalOf(error);
      return { ...item, currency, amount: 0, state: 'refused', reason } satisfies BulkRefundItem;
    }
  }

  return {
    /** The next orders. Answers whether there were any; the record says how far it has come. */
    async lookAtNext(job: BulkRefundDocument, at: string): Promise<'more' | 'all_seen' | 'too_many'> {
      const selected = await next(job);
      if (selected.length === 0) return 'all_seen';
      const { orders: seen } = job.prepared;
      if (seen + selected.length > mostOrders) return 'too_many';
      await items.insert(await Promise.all(selected.map((one, index) => lookedAt(job, one, seen + index, at))));
      const last = selected.at(-1)?.order ?? null;
      const prepared = {
        orders: seen + selected.length,
        last: last === null ? null : { createdAt: last.createdAt, id: last._id },
      };
      // Somebody else who has come further meanwhile stays there.
      await store.change(job, { event: null, at, set: { prepared } });
      return 'more';
    },
  };
}

interface Selected {
  readonly orderId: string;
  readonly order: OrderDocument | null;
}

/** The code of what no repeat would mend. @throws what a repeat may mend, and what nobody expected */
export function refusalOf(error: unknown): string {
  if (!isFailure(error) || error.definition.retryable) throw error;
  return error.code;
}
