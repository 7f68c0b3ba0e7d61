import { condition, log, setCurrentDetails, setHandler, upsertSearchAttributes } from '@temporalio/workflow';
import type { OrderEvent } from '../../domain/order/order-events.ts';
import { messages, store } from '../activity-profiles.ts';
import { failure } from '../failures.ts';
import { hearOfRefunds } from '../refund/refund-child.ts';
import type { HeardRefunds } from '../refund/refund-child.ts';
import { searchAttributes } from '../search-attributes.ts';
import { askRegisterUpdate, taxConfirmationStateQuery } from './tax-confirmation.contract.ts';
import type { TaxConfirmationEnd, TaxConfirmationState } from './tax-confirmation.contract.ts';

/** Its state, as the query shows it, and what a person asked for. */
export interface TaxConfirmationRun {
  readonly orderId: string;
  state: TaxConfirmationState;
  askNow: boolean;
  /** What the refund that it asked for has told it. */
  readonly refunds: HeardRefunds;
  askedByPerson: number;
  /** What happened so far, newest first: the workflow's current details. */
  readonly story: string[];
  /** Mails on their way; awaited before the run ends. */
  readonly telling: Promise<void>[];
}

/** Far more than anybody needs, and far less than a history holds. */
const mostAsksByPeople = 100;

export function beginTaxConfirmation(orderId: string): TaxConfirmationRun {
  return {
    orderId,
    state: {
      step: 'awaiting_register',
      outcome: null,
      reason: null,
      tax: null,
      asked: 0,
      lastAnswer: null,
      nextAskAt: null,
      lastAskAt: null,
    },
    askNow: false,
    refunds: hearOfRefunds(),
    askedByPerson: 0,
    story: [],
    telling: [],
  };
}

/** Binds every message before the first await. */
export function bindTaxConfirmationMessages(run: TaxConfirmationRun): void {
  setHandler(taxConfirmationStateQuery, () => run.state);
  setHandler(
    askRegisterUpdate,
    async () => {
      const { asked } = run.state;
      run.askNow = true;
      run.askedByPerson += 1;
      await condition(() => run.state.asked > asked || run.state.step !== 'awaiting_register');
      return run.state;
    },
    { validator: () => refuseToAsk(run) },
  );
}

function refuseToAsk({ orderId, state, askedByPerson }: TaxConfirmationRun): void {
  if (state.step !== 'awaiting_register')
    throw failure('tax.confirmation_not_waiting', `the business tax id of order ${orderId} is not waited for any more`);
  if (askedByPerson >= mostAsksByPeople)
    throw failure('request.rate_limited', `the register was asked ${askedByPerson} times for order ${orderId}`);
}

/** Changes the state and tells it to whoever looks at the workflow. The details are read by query: they cost no history. */
export function moveOn(run: TaxConfirmationRun, change: Partial<TaxConfirmationState>, text: string): void {
  run.state = { ...run.state, ...change };
  run.story.unshift(`${new Date().toISOString().slice(0, 16).replace('T', ' ')} ${text}`);
  setCurrentDetails(run.story.map((line, index) => (index === 0 ? `- **${line}**` : `- ${line}`)).join('\n'));
}

/** What operators search for: the step, and in the end the outcome; what needs a person is found as such. */
export function showStatus(status: string, dueAt: string | null): void {
  upsertSearchAttributes([
    { key: searchAttributes.status, value: status },
    { key: searchAttributes.dueAt, value: dueAt === null ? null : new Date(dueAt) },
  ]);
}

export function showTaxEnd(outcome: TaxConfirmationEnd): void {
  showStatus(outcome === 'refund_failed' ? 'needs_attention' : outcome, null);
}

/** Sends what the recorded facts have queued. */
export function tellCustomer(run: TaxConfirmationRun): void {
  const { orderId } = run;
  const sending = messages.sendMessages.executeWithOptions({ summary: 'tell the customer' }, [{ orderId }]);
  run.telling.push(
    sending.then(
      () => undefined,
      // The message record stays; the tax itself is not in question.
      (error: unknown) => log.warn('messages were not sent', { orderId, error }),
    ),
  );
}

export async function record({ orderId }: TaxConfirmationRun, event: OrderEvent, note?: string): Promise<void> {
  const details = note === undefined ? {} : { note };
  await store.recordOrderEvent.executeWithOptions({ summary: event }, [{ orderId, event, at: now(), ...details }]);
}

export function now(): string {
  return new Date().toISOString();
}
