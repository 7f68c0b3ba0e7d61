import type { Client } from '@temporalio/client';
import { priorities, taskQueues } from '../task-queues.ts';
import { bulkRefundMovedSignal, bulkRefundWorkflowId, bulkRefundWorkflowType } from './bulk-refund.contract.ts';
import type { BulkRefundInput } from './bulk-refund.contract.ts';

/**
 * Has the workflow look at its record: the one that runs, else a new one. A job that has ended ends it at once, so that
 * it does no harm to say it again.
 */
export async function wakeBulkRefund(temporal: Client, bulkRefundId: string): Promise<void> {
  const input: BulkRefundInput = { bulkRefundId };
  await temporal.workflow.signalWithStart(bulkRefundWorkflowType, {
    taskQueue: taskQueues.orders,
    workflowId: bulkRefundWorkflowId(bulkRefundId),
    workflowIdReusePolicy: 'ALLOW_DUPLICATE',
    signal: bulkRefundMovedSignal,
    signalArgs: [],
    args: [input],
    priority: { priorityKey: priorities.bulk },
    staticSummary: 'Many refunds as one job',
    staticDetails: `The record: \`GET /v1/bulk-refunds/${bulkRefundId}\``,
  });
}
