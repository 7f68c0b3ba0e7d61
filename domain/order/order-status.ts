import type { TransitionTable } from '../state-machine.ts';

export const orderStatuses = [
  'received',
  'screening',
  'in_review',
  'awaiting_payment',
  'paid',
  'delivering',
  'completed',
  'cancelled',
  'rejected',
  'failed',
  'needs_attention',
] as const;

export type OrderStatus = (typeof orderStatuses)[number];

/**
 * received → screening → (in_review) → awaiting_payment → (in_review: the gateway raised risk signals) → paid →
 * delivering → completed. `needs_attention` is left by an operator's decision.
 */
export const orderTransitions: TransitionTable<OrderStatus> = {
  received: ['screening', 'awaiting_payment', 'rejected', 'cancelled', 'needs_attention'],
  screening: ['in_review', 'awaiting_payment', 'rejected', 'cancelled', 'needs_attention'],
  in_review: ['awaiting_payment', 'paid', 'rejected', 'cancelled', 'needs_attention'],
  awaiting_payment: ['in_review', 'paid', 'failed', 'cancelled', 'needs_attention'],
  paid: ['delivering', 'completed', 'needs_attention'],
  delivering: ['completed', 'needs_attention'],
  completed: [],
  cancelled: [],
  rejected: [],
  failed: [],
  needs_attention: ['paid', 'delivering', 'completed', 'cancelled', 'failed'],
};

/** Ended for the customer: no step will follow by itself. */
export function hasEnded(status: OrderStatus): boolean {
  return orderTransitions[status].length === 0;
}

/** Captured money is given back by a refund, never by a cancel. */
export function isPaid(status: OrderStatus): boolean {
  return status === 'paid' || status === 'delivering' || status === 'completed';
}

/** Came to nothing: no money was taken, and what was set aside for the order is free again. */
export function endsUnpaid(status: OrderStatus): boolean {
  return status === 'cancelled' || status === 'rejected' || status === 'failed';
}

export type RefundStatus = 'none' | 'partial' | 'full';
