import { fail, isFailure } from '../../domain/failures.ts';
import { assertNever } from '../../domain/state-machine.ts';
import { hasEnded } from '../../domain/subscription/subscription-status.ts';
import type { OrderStore } from '../order/order-store.ts';
import type { ChangeCommands } from './change-commands.ts';
import { answerBefore, carriedOut } from './command-answer.ts';
import type { Commanded, CommandMoment } from './command-answer.ts';
import type { CommandDocument, CommandStore } from './command-store.ts';
import type { LifecycleCommands } from './lifecycle-commands.ts';
import type { PaymentCommands } from './payment-commands.ts';
import { updateOrderId } from './subscription-ids.ts';
import type { CommandAnswer, CommandRequest, SubscriptionSteps } from './subscription-steps.ts';
import type { SubscriptionDocument, SubscriptionStore } from './subscription-store.ts';

export interface CommandDeps {
  readonly store: SubscriptionStore;
  readonly orders: Pick<OrderStore, 'find'>;
  readonly commands: CommandStore;
  readonly changes: ChangeCommands;
  readonly lifecycle: LifecycleCommands;
  readonly payment: PaymentCommands;
}

export type SubscriptionCommands = ReturnType<typeof createSubscriptionCommands>;

/** Commands, written down before they are sent and run once: whoever asks again gets the first answer. */
export function createSubscriptionCommands({ store, orders, commands, changes, lifecycle, payment }: CommandDeps) {
  function perform(known: SubscriptionDocument, request: CommandRequest, command: CommandMoment): Promise<Commanded> {
    refuseConflicts(known, request, command.commandId);
    switch (request.kind) {
      case 'change':
        return changes.change(known, request, command);
      case 'withdraw_change':
        return withdraw(known, command);
      case 'cancel':
        return lifecycle.cancel(known, request, command);
      case 'reactivate':
        return lifecycle.reactivate(known, command);
      case 'pause':
        return lifecycle.pause(known, request, command);
      case 'resume':
        return lifecycle.resume(known, command);
      case 'payment_method':
        return payment.paymentMethod(known, request, command);
      case 'retry_payment':
        return payment.retryPayment(known, command);
      case 'extend_trial':
        return payment.extendTrial(known, request, command);
      case 'convert_trial':
        return payment.convertTrial(known, command);
      case 'add_items':
        return payment.addItems(known, request, command);
      default:
        return assertNever(request);
    }
  }

  async function withdraw(known: SubscriptionDocument, { commandId }: CommandMoment): Promise<Commanded> {
    if (known.pendingChange === null) fail('subscription.no_pending_change');
    return carriedOut(store, known, { commandId, changes: { pendingChange: null }, at: null });
  }

  /** What a run before a crash came to: of a charge its order says so. */
  async function answeredBefore(known: SubscriptionDocument, commandId: string): Promise<CommandAnswer | null> {
    if (known.openBill?.command === commandId) return null;
    const noted = answerBefore(known, commandId);
    if (noted !== null) return noted;
    const order = await orders.find(updateOrderId(known.id, commandId));
    if (order === null) return null;
    if (order.status === 'completed') return { kind: 'done', order: order.id };
    return { kind: 'declined', order: order.id, declineClass: 'vague', declineCode: '' };
  }

  /** What cannot be done as things are is an answer; what may be done later is tried again. */
  async function attempt(
    { _id: commandId, request, subscription }: CommandDocument,
    known: SubscriptionDocument,
    at: string,
  ): Promise<Commanded> {
    try {
      return await perform(known, request, { commandId, at });
    } catch (error) {
      if (!isFailure(error) || error.definition.retryable || error.definition.status >= 500) throw error;
      const answer = { kind: 'refused', code: error.code, message: error.message } as const;
      return { answer, subscription: await store.require(subscription) };
    }
  }

  return {
    async record(command: Parameters<SubscriptionSteps['recordCommand']>[0], at: string) {
      const { commandId, subscriptionId, request } = command;
      const known = await commands.find(commandId);
      if (known === null && hasEnded((await store.require(subscriptionId)).status)) fail('subscription.ended');
      await commands.record({ _id: commandId, subscription: subscriptionId, request, recordedAt: at });
      return { commandId, subscriptionId };
    },

    /** @throws subscription.command_unknown, and what goes away by itself */
    async run(commandId: string, at: string): Promise<Commanded> {
      const command = (await commands.find(commandId)) ?? fail('subscription.command_unknown');
      const known = await store.require(command.subscription);
      if (command.answer !== null) return { answer: command.answer, subscription: known };
      const before = await answeredBefore(known, commandId);
      const commanded = before === null ? await attempt(command, known, at) : { answer: before, subscription: known };
      await commands.answer(commandId, commanded.answer, at);
      return commanded;
    },

    async preview(
      subscriptionId: string,
      request: Parameters<SubscriptionSteps['preview']>[1],
      at: string,
    ): ReturnType<SubscriptionSteps['preview']> {
      const known = await store.require(subscriptionId);
      refuseConflicts(known, { kind: 'change', change: request.change, preview: null }, '');
      return changes.preview(known, request, at);
    },
  };
}

/** What must not happen to a subscription that has ended, is leaving, or has a charge under way. */
function refuseConflicts(
  { status, openBill, cancelAt }: SubscriptionDocument,
  { kind }: CommandRequest,
  id: string,
): void {
  if (hasEnded(status)) fail('subscription.ended');
  if (kind !== 'change') return;
  if (openBill !== null && openBill.command !== id) fail('subscription.bill_open');
  if (cancelAt !== null) fail('subscription.cancelling', 'it is going to end; take the cancellation back first');
}
