import { defineQuery, defineSignal } from '@temporalio/workflow';
import type { BulkRefundCounts, BulkRefundStatus } from '../../domain/bulk-refund/bulk-refund.ts';

export interface BulkRefundInput {
  readonly bulkRefundId: string;
}

export interface BulkRefundState {
  /** null until it was read. */
  readonly status: BulkRefundStatus | null;
  /** How many orders are where. */
  readonly counts: BulkRefundCounts | null;
  /** Why the last step failed, a failure code; null when it did not. */
  readonly reason: string | null;
}

/** How it ended; the report is in the record. `needs_attention`: its steps failed for a day. */
export interface BulkRefundOutcome {
  readonly bulkRefundId: string;
  readonly outcome: BulkRefundStatus | 'needs_attention';
}

/** A signal: somebody confirmed, paused, resumed or cancelled it. What is true is read, never believed. */
export const bulkRefundMovedSignal = defineSignal<[]>('bulkRefundMoved');

export const bulkRefundStateQuery = defineQuery<BulkRefundState>('bulkRefundState');

/** The workflow type in every history: permanent. */
export const bulkRefundWorkflowType = 'bulkRefundWorkflow';

export function bulkRefundWorkflowId(bulkRefundId: string): string {
  return `bulk-refund/${bulkRefundId}`;
}
