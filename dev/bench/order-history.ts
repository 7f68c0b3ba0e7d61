import type { Client } from '@temporalio/client';
import { orderWorkflowId } from '../../workflows/order/order.contract.ts';

/** What one order leaves in Temporal. Bytes are the server's own count of the history. */
export interface OrderHistory {
  readonly events: number;
  readonly bytes: number;
  readonly remoteActivities: number;
  readonly localActivities: number;
  readonly transitions: number;
}

export async function orderHistory(client: Client, orderId: string): Promise<OrderHistory> {
  const handle = client.workflow.getHandle(orderWorkflowId(orderId));
  const [description, history] = await Promise.all([handle.describe(), handle.fetchHistory()]);
  const events = history.events ?? [];
  return {
    events: description.historyLength,
    bytes: description.historySize ?? 0,
    remoteActivities: events.filter(({ activityTaskScheduledEventAttributes: scheduled }) => scheduled != null).length,
    localActivities: events.filter(
      ({ markerRecordedEventAttributes: marker }) => marker?.markerName === 'core_local_activity',
    ).length,
    transitions: Number(description.raw.workflowExecutionInfo?.stateTransitionCount ?? 0),
  };
}
