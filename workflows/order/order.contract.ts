import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { OrderStatus } from '../../domain/order/order-status.ts';

/** Everything a caller may know of an order's workflow. The record holds the rest; a payload names it by id. */
export interface OrderInput {
  readonly orderId: string;
}

export interface OrderOutcome {
  readonly orderId: string;
  readonly status: OrderStatus;
  /** A failure or decline code, or a rule's name; null when everything went well. */
  readonly reason: string | null;
  /** Lines whose money went back because they could not be delivered. */
  readonly refundedLines: readonly string[];
}

export interface OrderState {
  readonly status: OrderStatus;
  readonly waitingFor: OrderWait | null;
  readonly refundedLines: readonly string[];
}

/** What the order waits for, each with a deadline and a named outcome (order-deadlines.ts). */
export type OrderWait = 'review' | 'customer_payment' | 'payment_outcome' | 'gateway' | 'delivery';

export interface CancelRequest {
  readonly requestedBy: 'customer' | 'merchant' | 'system';
}

export interface ReviewDecision {
  readonly decision: 'approve' | 'reject';
  /** The reviewer's opaque id. The note stays in the record; it may name people. */
  readonly by: string;
}

/** An update: the sender needs to know whether it came in time. @throws order.already_paid, order.already_ended */
export const cancelOrderUpdate = defineUpdate<{ readonly status: OrderStatus }, [CancelRequest]>('cancelOrder');

/** An update: refused when nobody is waiting for a review. @throws order.not_in_review */
export const reviewOrderUpdate = defineUpdate<{ readonly status: OrderStatus }, [ReviewDecision]>('reviewOrder');

/** A signal: a notice that something moved at the gateway. What moved is looked up, never believed. */
export const paymentChangedSignal = defineSignal<[]>('paymentChanged');

export const orderStateQuery = defineQuery<OrderState>('orderState');

/** The workflow type in every history: permanent. */
export const orderWorkflowType = 'orderWorkflow';

const prefix = 'order/';

export function orderWorkflowId(orderId: string): string {
  return `${prefix}${orderId}`;
}

export function parseOrderWorkflowId(workflowId: string): string | null {
  return workflowId.startsWith(prefix) ? workflowId.slice(prefix.length) : null;
}
