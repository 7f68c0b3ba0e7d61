import type { Refund } from '../../domain/refund/refund.ts';
import { searchAttributes } from '../search-attributes.ts';
import { priorities } from '../task-queues.ts';
import { refundWorkflowId } from './refund.contract.ts';
import type { RefundInput } from './refund.contract.ts';

export type StartableRefund = Pick<Refund, 'id' | 'orderId' | 'currency' | 'cause'>;

/** What the start tells Temporal: opaque ids, a currency, the cause. */
export function refundStartOptions({ id, orderId, cause }: StartableRefund) {
  const input: RefundInput = { refundId: id, orderId, ...(cause === 'bulk' ? { paced: true } : {}) };
  return {
    workflowId: refundWorkflowId(id),
    workflowIdReusePolicy: 'REJECT_DUPLICATE',
    args: [input] satisfies [RefundInput],
    priority: { priorityKey: cause === 'bulk' ? priorities.bulk : priorities.refundsAndDelivery },
    staticSummary: `Refund of order ${orderId} (${cause})`,
    staticDetails: `The record: \`GET /v1/refunds/${id}\``,
  } as const;
}

export function attributesOf({ currency }: Pick<StartableRefund, 'currency'>) {
  return [
    { key: searchAttributes.status, value: 'requested' },
    { key: searchAttributes.currency, value: currency },
  ];
}
