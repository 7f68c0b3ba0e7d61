import type { Client } from '@temporalio/client';
import { TypedSearchAttributes, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { taskQueues } from '../task-queues.ts';
import { attributesOf, refundStartOptions } from './refund-options.contract.ts';
import type { StartableRefund } from './refund-options.contract.ts';
import { refundWorkflowType } from './refund.contract.ts';

/**
 * Starts the refund's workflow, for the client, the sweep and bulk refunds alike. One workflow per refund, and the
 * platform forbids the second: while it runs and after it closed, starting again changes nothing.
 */
export async function startRefund(temporal: Client, refund: StartableRefund): Promise<void> {
  try {
    await temporal.workflow.start(refundWorkflowType, {
      ...refundStartOptions(refund),
      taskQueue: taskQueues.orders,
      workflowIdConflictPolicy: 'USE_EXISTING',
      typedSearchAttributes: new TypedSearchAttributes(attributesOf(refund)),
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}
