import { condition, setHandler } from '@temporalio/workflow';
import type { OrderEvent } from '../../domain/order/order-events.ts';
import { store } from '../activity-profiles.ts';
import { failure } from '../failures.ts';
import { hearOfRefunds } from '../refund/refund-child.ts';
import type { HeardRefunds } from '../refund/refund-child.ts';
import { showStatus, tellStory } from '../run-story.ts';
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

/** Changes the state and tells it to whoever looks at the workflow. */
export function moveOn(run: TaxConfirmationRun, change: Partial<TaxConfirmationState>, text: string): void {
  run.state = { ...run.state, ...change };
  tellStory(run.story, text);
}

/** In the end the outcome is what operators search for; what needs a person is found as such. */
export function showTaxEnd(outcome: TaxConfirmationEnd): void {
  showStatus(outcome === 'refund_failed' ? 'needs_attention' : outcome, null);
}

export async function record({ orderId }: TaxConfirmationRun, event: OrderEvent, note?: string): Promise<void> {
  const details = note === undefined ? {} : { note };
  await store.recordOrderEvent.executeWithOptions({ summary: event }, [{ orderId, event, at: now(), ...details }]);
}

export function now(): string {
  return new Date().toISOString();
}
