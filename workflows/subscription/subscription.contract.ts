import { defineQuery, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { SubscriptionStatus } from '../../domain/subscription/subscription-status.ts';
import type { CommandAnswer, SubscriptionAgenda } from '../../services/subscription/subscription-steps.ts';

/** What a run of the workflow begins with; what the run before it had not done yet is carried over, where there is any. */
export interface SubscriptionInput {
  readonly subscriptionId: string;
  /** null: to be read first. */
  readonly agenda: SubscriptionAgenda | null;
  /** Commands that were noted and not run yet, the oldest first. */
  readonly commands?: readonly string[];
  /** Somebody said that something changed: the agenda is read again. */
  readonly look?: true;
  /** Orders whose messages are still to be sent. */
  readonly tell?: readonly string[];
}

export interface SubscriptionOutcome {
  readonly subscriptionId: string;
  readonly status: SubscriptionStatus;
}

export interface SubscriptionState {
  readonly status: SubscriptionStatus | null;
  readonly period: number | null;
  /** When it acts next by itself, and why. */
  readonly wakeAt: string | null;
  readonly reason: string | null;
  /** A failure code when the last step gave up; it is tried again at `wakeAt`. */
  readonly attention: string | null;
  readonly waitingCommands: number;
}

/** A command of the collection `subscription_commands`, by id: what it says stays in the record. */
export interface CommandNotice {
  readonly commandId: string;
}

/** An update: the sender waits for the answer. Commands run one at a time, never beside a renewal. */
export const commandUpdate = defineUpdate<CommandAnswer, [CommandNotice]>('command');

/** A signal: the same for a command whose sender is gone. */
export const commandRecordedSignal = defineSignal<[CommandNotice]>('commandRecorded');

/** A signal: a notice that something moved at the gateway. What moved is looked up, never believed. */
export const subscriptionPaymentChangedSignal = defineSignal<[]>('subscriptionPaymentChanged');

/** A signal: look at the record again, because the agenda may have changed or been missed. */
export const nudgeSignal = defineSignal<[]>('nudge');

export const subscriptionStateQuery = defineQuery<SubscriptionState>('subscriptionState');

/** The workflow type in every history: permanent. */
export const subscriptionWorkflowType = 'subscriptionWorkflow';

const prefix = 'subscription/';

export function subscriptionWorkflowId(subscriptionId: string): string {
  return `${prefix}${subscriptionId}`;
}
