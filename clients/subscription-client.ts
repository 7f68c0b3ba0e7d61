import { WithStartWorkflowOperation } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { fail } from '../domain/failures.ts';
import type { OrderService } from '../services/order/order-service.ts';
import type { CommandAnswer, CommandRequest, SubscriptionSteps } from '../services/subscription/subscription-steps.ts';
import type { SubscriptionStore } from '../services/subscription/subscription-store.ts';
import {
  commandUpdate,
  nudgeSignal,
  subscriptionPaymentChangedSignal,
  subscriptionWorkflowId,
  subscriptionWorkflowType,
} from '../workflows/subscription/subscription.contract.ts';
import { subscriptionStart } from '../workflows/subscription/subscription-start.contract.ts';
import { asFailures } from './order-client.ts';

export interface SubscriptionClientDeps {
  readonly temporal: Client;
  readonly subscriptions: Pick<SubscriptionSteps, 'recordCommand'>;
  readonly subscriptionRecords: Pick<SubscriptionStore, 'require'>;
  readonly orders: Pick<OrderService, 'find'>;
}

export type SubscriptionClient = ReturnType<typeof createSubscriptionClient>;

/** A run that just hands over to the next cannot answer; the next one can. */
const handovers = 3;

/** What customers and merchants ask of subscriptions. Throws `Failure` with a catalogue code. */
export function createSubscriptionClient({
  temporal,
  subscriptions,
  subscriptionRecords,
  orders,
}: SubscriptionClientDeps) {
  /** Also where the workflow was lost: it is started with the command. */
  async function send(subscriptionId: string, commandId: string, tries = handovers): Promise<CommandAnswer> {
    const start = subscriptionStart(await subscriptionRecords.require(subscriptionId));
    return asFailures(
      () =>
        temporal.workflow.executeUpdateWithStart(commandUpdate, {
          args: [{ commandId }],
          startWorkflowOperation: new WithStartWorkflowOperation(subscriptionWorkflowType, start),
        }),
      () =>
        tries > 1
          ? send(subscriptionId, commandId, tries - 1)
          : fail('workflow.unavailable', `subscription ${subscriptionId} did not take command ${commandId}`),
    );
  }

  return {
    /**
     * Writes the command down and has it run, behind what is under way. The same id and request again is the same
     * command with the same answer.
     * @param at ISO 8601 UTC
     * @throws subscription.not_found, subscription.ended, idempotency.conflict, workflow.unavailable, and the code of a
     * refusal or of the step that gave up
     */
    async command(
      command: { readonly commandId: string; readonly subscriptionId: string; readonly request: CommandRequest },
      at: string,
    ): Promise<Exclude<CommandAnswer, { readonly kind: 'refused' | 'declined' }>> {
      const { subscriptionId, commandId } = await subscriptions.recordCommand(command, at);
      const answer = await send(subscriptionId, commandId);
      if (answer.kind === 'refused') return fail(answer.code, answer.message);
      if (answer.kind === 'declined')
        return fail(
          'subscription.payment_declined',
          `order ${answer.order}: ${answer.declineCode}; nothing was changed`,
        );
      return answer;
    },

    /** A notice that something moved at the gateway for an order; its subscription looks it up. Other orders: nothing. */
    async paymentChanged(orderId: string): Promise<void> {
      const billing = (await orders.find(orderId))?.billing ?? null;
      if (billing === null || billing.reason === 'purchase') return;
      await asFailures(
        () =>
          temporal.workflow
            .getHandle(subscriptionWorkflowId(billing.subscription))
            .signal(subscriptionPaymentChangedSignal),
        () => Promise.resolve(),
      );
    },

    /** Has the workflow look at its record at once: something waits there. One that has ended has nothing to do. */
    async nudge(subscriptionId: string): Promise<void> {
      await asFailures(
        () => temporal.workflow.getHandle(subscriptionWorkflowId(subscriptionId)).signal(nudgeSignal),
        () => Promise.resolve(),
      );
    },
  };
}
