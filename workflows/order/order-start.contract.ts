import type { Client } from '@temporalio/client';
import { TypedSearchAttributes, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import type { OrderId } from '../../domain/ids.ts';
import { searchAttributes } from '../search-attributes.ts';
import { priorities, taskQueues } from '../task-queues.ts';
import { orderWorkflowId, orderWorkflowType } from './order.contract.ts';
import type { OrderInput } from './order.contract.ts';

interface StartableOrder {
  readonly id: OrderId;
  readonly number: string;
  readonly currency: string;
  readonly requestedLines: readonly unknown[];
}

/**
 * Starts the order's workflow, for the client and the sweep alike. One workflow per order, and the platform forbids the
 * second: while it runs and after it closed, starting again changes nothing.
 */
export async function startOrder(temporal: Client, order: StartableOrder): Promise<void> {
  try {
    await temporal.workflow.start(orderWorkflowType, startOrderOptions(order));
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

/** What the start tells Temporal: opaque ids, a currency, a count. */
function startOrderOptions(order: StartableOrder) {
  const input: OrderInput = { orderId: order.id };
  return {
    taskQueue: taskQueues.orders,
    workflowId: orderWorkflowId(order.id),
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    workflowIdConflictPolicy: 'USE_EXISTING',
    args: [input],
    // Somebody is looking at the checkout while this runs.
    priority: { priorityKey: priorities.interactive },
    staticDetails: `The record: \`GET /v1/orders/${order.id}\``,
    staticSummary: `Order ${order.number}: ${order.requestedLines.length} ${order.requestedLines.length === 1 ? 'line' : 'lines'} in ${order.currency}`,
    typedSearchAttributes: new TypedSearchAttributes([
      { key: searchAttributes.status, value: 'received' },
      { key: searchAttributes.currency, value: order.currency },
    ]),
  } as const;
}
