import type { BulkRefundItemState } from '../../domain/bulk-refund/bulk-refund.ts';
import { countsOf } from './bulk-refund-item-store.ts';
import type { BulkRefundGroup } from './bulk-refund-item-store.ts';
import type { BulkRefundDocument } from './bulk-refund-store.ts';

/** Minor units of `currency`. */
interface BulkAmount {
  readonly currency: string;
  readonly orders: number;
  readonly amount: number;
}

interface BulkReason {
  readonly reason: string;
  readonly orders: number;
}

export type BulkRefundView = ReturnType<typeof bulkRefundView>;

/** What operators see: what the dry run found, how far it is, and in the end the report. */
export function bulkRefundView(job: BulkRefundDocument, groups: readonly BulkRefundGroup[]) {
  const { _id: id, status, statusReason, request, prepared, confirmedBy, waitUntil, timeline } = job;
  const { filter = null, refund, outcome, reason, by } = request;
  const refundable = groups.filter(({ state }) => state !== 'refused');
  return {
    ...{ id, status, statusReason, confirmedBy, waitUntil, timeline },
    request: { filter, refund, outcome, reason, by },
    requestedAt: job.requestedAt,
    confirmedAt: job.confirmedAt,
    endedAt: job.endedAt,
    /** Of the orders that were looked at. After the confirmation the amounts are those that the refunds took. */
    orders: { selected: prepared.orders, ...countsOf(groups) },
    amounts: byCurrency(refundable),
    refunded: byCurrency(inState(groups, 'succeeded')),
    refused: byReason(inState(groups, 'refused')),
    failed: byReason(inState(groups, 'failed')),
    needsPerson: byReason(inState(groups, 'needs_person')),
  };
}

function inState(groups: readonly BulkRefundGroup[], wanted: BulkRefundItemState): readonly BulkRefundGroup[] {
  return groups.filter(({ state }) => state === wanted);
}

export function byCurrency(groups: readonly BulkRefundGroup[]): readonly BulkAmount[] {
  const currencies = [...new Set(groups.flatMap(({ currency }) => currency ?? []))].sort();
  return currencies.map((currency) => {
    const own = groups.filter((group) => group.currency === currency);
    return { currency, orders: total(own, ({ orders }) => orders), amount: total(own, ({ amount }) => amount) };
  });
}

function byReason(groups: readonly BulkRefundGroup[]): readonly BulkReason[] {
  const reasons = [...new Set(groups.flatMap(({ reason }) => reason ?? []))].sort();
  return reasons.map((reason) => {
    const own = groups.filter((group) => group.reason === reason);
    return { reason, orders: total(own, ({ orders }) => orders) };
  });
}

function total(groups: readonly BulkRefundGroup[], of: (group: BulkRefundGroup) => number): number {
  return groups.reduce((sum, group) => sum + of(group), 0);
}
