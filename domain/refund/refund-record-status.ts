import type { TransitionTable } from '../state-machine.ts';

export const refundRecordStatuses = [
  /** Written down and reserved. */
  'requested',
  /** A person has to agree. */
  'awaiting_approval',
  /** By a rule, a person or a deadline; nothing is reserved any more. It may be appealed until `appealUntil`. */
  'refused',
  /** The customer asked a person to look again; reserved once more. */
  'appealed',
  /** Nothing has moved; it may still be cancelled. */
  'approved',
  /** The gateway was asked: from here it cannot be cancelled. */
  'paying_back',
  /** The gateway cannot do it, or the bank returned it: somebody chooses another way. */
  'awaiting_other_means',
  'succeeded',
  'cancelled',
  /** Surely not done, and nothing is reserved any more. */
  'failed',
  /** A person has to look; the amount stays reserved, because it may have gone back. */
  'needs_attention',
] as const;
export type RefundRecordStatus = (typeof refundRecordStatuses)[number];

/**
 * requested → (awaiting_approval) → approved → paying_back → succeeded. A success is left only when the bank returns the
 * money: then it is owed as before and goes by other means.
 */
export const refundTransitions: TransitionTable<RefundRecordStatus> = {
  requested: ['awaiting_approval', 'approved', 'refused', 'cancelled'],
  awaiting_approval: ['approved', 'refused', 'cancelled'],
  refused: ['appealed'],
  appealed: ['approved', 'refused', 'cancelled'],
  approved: ['paying_back', 'cancelled'],
  paying_back: ['succeeded', 'awaiting_other_means', 'needs_attention', 'failed'],
  awaiting_other_means: ['succeeded', 'failed', 'needs_attention'],
  succeeded: ['awaiting_other_means'],
  cancelled: [],
  failed: [],
  needs_attention: ['succeeded', 'awaiting_other_means', 'failed'],
};

/** Nothing has moved yet: whoever asked may take it back. */
export function isCancellable(status: RefundRecordStatus): boolean {
  return refundTransitions[status].includes('cancelled');
}
