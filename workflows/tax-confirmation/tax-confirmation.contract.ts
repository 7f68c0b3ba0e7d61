import { defineQuery, defineUpdate } from '@temporalio/workflow';

/** One per order that was charged tax because the register of business tax ids did not answer. */
export interface TaxConfirmationInput {
  readonly orderId: string;
}

/** What it is doing now. */
export type TaxConfirmationStep = 'awaiting_register' | 'giving_back' | 'refund_pending' | 'ended';

/**
 * How it ends. `confirmed`: the tax went back. `unknown`: the register does not know the id; the tax stays.
 * `still_unavailable`: the register never answered; the tax stays. `refund_failed`: the id is confirmed and the tax could
 * not be given back; a person has to look. `nothing_at_stake`: no tax hangs on the id, or all of it went back meanwhile.
 * `cancelled`: an operator ended the wait.
 */
export type TaxConfirmationEnd =
  'confirmed' | 'unknown' | 'still_unavailable' | 'refund_failed' | 'nothing_at_stake' | 'cancelled';

export interface TaxConfirmationState {
  readonly step: TaxConfirmationStep;
  readonly outcome: TaxConfirmationEnd | null;
  /** A failure code; null when there is nothing to explain. */
  readonly reason: string | null;
  /** What hangs on the answer: "10.78 EUR"; null until it is known. */
  readonly tax: string | null;
  /** How often the register was asked by this workflow. */
  readonly asked: number;
  readonly lastAnswer: 'confirmed' | 'unknown' | 'unavailable' | null;
  /** ISO 8601 UTC; null while the register is not waited for. */
  readonly nextAskAt: string | null;
  /** When the register is asked for the last time. */
  readonly lastAskAt: string | null;
}

export interface TaxConfirmationOutcome {
  readonly orderId: string;
  readonly outcome: TaxConfirmationEnd;
  readonly reason: string | null;
}

/**
 * An update: an operator knows that the register is back. Answers when it was asked.
 * @throws tax.confirmation_not_waiting, request.rate_limited
 */
export const askRegisterUpdate = defineUpdate<TaxConfirmationState, []>('askRegister');

export const taxConfirmationStateQuery = defineQuery<TaxConfirmationState>('taxConfirmationState');

/** The workflow type in every history: permanent. */
export const taxConfirmationWorkflowType = 'taxConfirmationWorkflow';

export function taxConfirmationWorkflowId(orderId: string): string {
  return `tax-confirmation/${orderId}`;
}
