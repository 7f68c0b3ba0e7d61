import type { OrderId } from '../ids.ts';
import type { TransitionTable } from '../state-machine.ts';

// Part of the workflow bundle: no libraries here.

export const bulkRefundStatuses = [
  /** The dry run: every order is looked at, nothing is written on any. */
  'preparing',
  /** A person has to say that what the dry run found is what is wanted. */
  'awaiting_confirmation',
  'running',
  'paused',
  /** Every order was dealt with; single refunds may still be with a gateway or a person. */
  'completed',
  /** By a person, or because a pause was never ended. What was started goes on. */
  'cancelled',
  /** Never confirmed. */
  'expired',
] as const;
export type BulkRefundStatus = (typeof bulkRefundStatuses)[number];

export const bulkRefundTransitions: TransitionTable<BulkRefundStatus> = {
  preparing: ['awaiting_confirmation', 'cancelled'],
  awaiting_confirmation: ['running', 'cancelled', 'expired'],
  running: ['paused', 'completed', 'cancelled'],
  paused: ['running', 'cancelled'],
  completed: [],
  cancelled: [],
  expired: [],
};

/** What became of one order of the many. */
export const bulkRefundItemStates = [
  /** The dry run says that it can be refunded. */
  'planned',
  /** Nothing can be given back, and why. */
  'refused',
  /** Its refund is on its way. */
  'started',
  /** The gateway has it and has not settled it yet. */
  'with_gateway',
  /** Somebody has to look at its refund. */
  'needs_person',
  'succeeded',
  /** Its refund ended without money. */
  'failed',
] as const;
export type BulkRefundItemState = (typeof bulkRefundItemStates)[number];

/** One order of a bulk refund: its refund is an ordinary one, whose id is derived from both. */
export interface BulkRefundItem {
  readonly bulkRefund: string;
  readonly orderId: OrderId;
  /** Place in the selection. */
  readonly position: number;
  readonly refundId: string;
  /** null for an order that there is not. */
  readonly currency: string | null;
  /** Minor units: what the dry run found, then what the refund took. */
  readonly amount: number;
  readonly state: BulkRefundItemState;
  /** A failure code; null when there is nothing to explain. */
  readonly reason: string | null;
}

/** How many orders are where. */
export type BulkRefundCounts = Readonly<Record<BulkRefundItemState, number>>;
