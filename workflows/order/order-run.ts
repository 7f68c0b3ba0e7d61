import { upsertSearchAttributes } from '@temporalio/workflow';
import { orderEvent } from '../../domain/order/order-events.ts';
import type { OrderEvent } from '../../domain/order/order-events.ts';
import type { OrderStatus } from '../../domain/order/order-status.ts';
import { store } from '../activity-profiles.ts';
import { hearOfRefunds } from '../refund/refund-child.ts';
import type { HeardRefunds } from '../refund/refund-child.ts';
import { tellCustomer, tellStory } from '../run-story.ts';
import { searchAttributes } from '../search-attributes.ts';
import type { OrderWait, ReviewDecision } from './order.contract.ts';

/** The state of one order's run. Handlers write what they were told; the story reads it at its own points. */
export interface OrderRun {
  readonly orderId: string;
  status: OrderStatus;
  waitingFor: OrderWait | null;
  reason: string | null;
  /** null: nobody asked. `too_late`: the money was captured first. */
  cancel: 'requested' | 'done' | 'too_late' | null;
  review: ReviewDecision | null;
  paymentChanged: boolean;
  captured: boolean;
  /** The register of business tax ids did not answer: the tax was charged and may have to go back. */
  registerAway: boolean;
  /** Why a person has to look although the order went through; null when nobody has to. */
  attention: string | null;
  readonly refundedLines: string[];
  /** What the refunds that it asked for have told it. */
  readonly refunds: HeardRefunds;
  /** What is to be paid, for people ("49.00 EUR"); null until it is known. */
  total: string | null;
  /** What happened so far, newest first: the workflow's current details. */
  readonly story: string[];
  /** Refunds that a gateway has not settled yet; awaited before the run ends. */
  readonly settling: Promise<void>[];
  /** Mails on their way; awaited before the run ends. */
  readonly telling: Promise<void>[];
}

export function beginOrder(orderId: string): OrderRun {
  return {
    orderId,
    status: 'received',
    waitingFor: null,
    reason: null,
    cancel: null,
    review: null,
    paymentChanged: false,
    captured: false,
    registerAway: false,
    attention: null,
    refundedLines: [],
    refunds: hearOfRefunds(),
    total: null,
    story: [],
    settling: [],
    telling: [],
  };
}

/** Workflow time: deterministic, and the business time of everything below. */
export function now(): string {
  return new Date().toISOString();
}

/** Records what happened (status, timeline, the customer's message) and shows it to whoever looks at the workflow. */
export async function happened(
  run: OrderRun,
  event: OrderEvent,
  details: { note?: string; line?: string } = {},
): Promise<void> {
  const { orderId } = run;
  await store.recordOrderEvent.executeWithOptions({ summary: event }, [{ orderId, event, at: now(), ...details }]);
  show(run, event, details.note);
  if (orderEvent(event).message !== null) tellCustomer(run);
}

/** The same for a fact that an activity has recorded already. */
export function show(run: OrderRun, event: OrderEvent, note?: string): void {
  const { status, text } = orderEvent(event);
  if (status !== null) run.status = status;
  tellStory(run.story, note === undefined ? text : `${text}: ${note}`);
}

/** Makes a wait visible and findable: what for, and when it ends by itself. */
export function showWait(run: OrderRun, waitingFor: OrderWait | null, dueAt: Date | null): void {
  run.waitingFor = waitingFor;
  upsertSearchAttributes([
    { key: searchAttributes.status, value: run.status },
    { key: searchAttributes.dueAt, value: dueAt },
  ]);
}

export function showEnd(run: OrderRun): void {
  run.waitingFor = null;
  upsertSearchAttributes([{ key: searchAttributes.status, value: run.status }]);
}

/** The order stays what it is; operators find its workflow among those that need them. */
export function showAttention(run: OrderRun): void {
  if (run.attention === null || run.status === 'needs_attention') return;
  upsertSearchAttributes([{ key: searchAttributes.status, value: 'needs_attention' }]);
}
