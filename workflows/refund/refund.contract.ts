import { defineQuery, defineSignal } from '@temporalio/workflow';

export interface RefundInput {
  readonly refundId: string;
  readonly orderId: string;
  /** One of many: its money goes through the queue that is held to the gateways' rate. */
  readonly paced?: true;
}

/** What it is doing now. */
export type RefundStep =
  'judging' | 'awaiting_person' | 'awaiting_appeal' | 'paying_back' | 'awaiting_other_means' | 'watching' | 'ended';

/**
 * How it ends. `not_granted`: refused, and not appealed in time, or cancelled. `given_back`: the money is with the
 * customer. `not_given_back`: nobody chose another way in time. `needs_attention`: a person has to look.
 */
export type RefundEnd = 'not_granted' | 'given_back' | 'not_given_back' | 'needs_attention';

export interface RefundState {
  readonly step: RefundStep;
  readonly outcome: RefundEnd | null;
  /** A failure code; null when there is nothing to explain. */
  readonly reason: string | null;
  /** When the wait that it is in ends by itself, ISO 8601 UTC. */
  readonly until: string | null;
}

export interface RefundOutcome {
  readonly refundId: string;
  readonly outcome: RefundEnd;
  readonly reason: string | null;
}

/**
 * How it stands, for the workflow that asked for the refund. `open`: not settled yet. `stuck`: neither, and a person has
 * to look; it may go back after all.
 */
export interface RefundNews {
  readonly refundId: string;
  readonly kind: 'succeeded' | 'failed' | 'open' | 'stuck';
  /** A failure code; "" with `succeeded`. */
  readonly reason: string;
}

/** A signal: somebody changed the record, or a notice came from the gateway. What is true is read, never believed. */
export const refundMovedSignal = defineSignal<[]>('refundMoved');

/** A signal to the workflow that started the refund. */
export const refundSettledSignal = defineSignal<[RefundNews]>('refundSettled');

export const refundStateQuery = defineQuery<RefundState>('refundState');

/** The workflow type in every history: permanent. */
export const refundWorkflowType = 'refundWorkflow';

export function refundWorkflowId(refundId: string): string {
  return `refund/${refundId}`;
}
