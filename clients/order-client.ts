import { isGrpcServiceError, WorkflowNotFoundError, WorkflowUpdateFailedError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { Failure, failureCatalogue, fail } from '../domain/failures.ts';
import type { FailureCode } from '../domain/failures.ts';
import type { OrderId } from '../domain/ids.ts';
import { hasEnded, isPaid } from '../domain/order/order-status.ts';
import type { OrderStatus } from '../domain/order/order-status.ts';
import type { OrderIntake, OrderRequest } from '../services/order/order-intake.ts';
import type { OrderService } from '../services/order/order-service.ts';
import type { OrderDocument } from '../services/order/order-store.ts';
import {
  cancelOrderUpdate,
  orderStateQuery,
  orderWorkflowId,
  paymentChangedSignal,
  reviewOrderUpdate,
} from '../workflows/order/order.contract.ts';
import type { CancelRequest, OrderState, ReviewDecision } from '../workflows/order/order.contract.ts';
import { startOrder } from '../workflows/order/order-start.contract.ts';
import {
  askRegisterUpdate,
  taxConfirmationStateQuery,
  taxConfirmationWorkflowId,
} from '../workflows/tax-confirmation/tax-confirmation.contract.ts';
import type { TaxConfirmationState } from '../workflows/tax-confirmation/tax-confirmation.contract.ts';

export interface OrderClientDeps {
  readonly temporal: Client;
  readonly orders: OrderService;
  readonly intake: OrderIntake;
}

export type OrderClient = ReturnType<typeof createOrderClient>;

/** The typed client that backend services use; the HTTP API stands on it. Throws `Failure` with a catalogue code. */
export function createOrderClient({ temporal, orders, intake }: OrderClientDeps) {
  const handleOf = (orderId: OrderId) => temporal.workflow.getHandle(orderWorkflowId(orderId));
  const taxConfirmationOf = (orderId: OrderId) => temporal.workflow.getHandle(taxConfirmationWorkflowId(orderId));

  return {
    /**
     * Records the order and starts its workflow. The same id and request again is the same order; when Temporal cannot
     * be reached the record stays and the sweep starts it, so the order is accepted all the same.
     * @throws request.invalid, catalog.*, price.*, tax.*, idempotency.conflict
     */
    async place(request: OrderRequest, { orderId, at }: { orderId: OrderId; at: string }): Promise<OrderDocument> {
      const order = await intake.record(request, { orderId, at });
      if (order.startedAt !== null) return order;
      try {
        await startOrder(temporal, order);
      } catch (error) {
        if (!isTemporalAway(error)) throw error;
      }
      return order;
    },

    /** Before capture: voids and ends `cancelled`. @throws order.already_paid, order.already_ended, order.not_found */
    async cancel(orderId: OrderId, request: CancelRequest): Promise<OrderStatus> {
      const { status } = await orders.get(orderId);
      if (status === 'cancelled') return status;
      refuseEnded(orderId, status);
      return asFailures(
        async () => (await handleOf(orderId).executeUpdate(cancelOrderUpdate, { args: [request] })).status,
        async () => {
          const now = (await orders.get(orderId)).status;
          if (now !== 'cancelled') refuseEnded(orderId, now);
          return now;
        },
      );
    },

    /** The decision of a person; its note is kept in the record. @throws order.not_in_review, order.not_found */
    async review(
      orderId: OrderId,
      { decision, by, note }: ReviewDecision & { readonly note: string },
      at: string,
    ): Promise<OrderStatus> {
      await orders.get(orderId);
      await orders.noteReview(orderId, { decision, by, note, at });
      return asFailures(
        async () => (await handleOf(orderId).executeUpdate(reviewOrderUpdate, { args: [{ decision, by }] })).status,
        () => fail('order.not_in_review', `order ${orderId} is not waiting for a review`),
      );
    },

    /** A notice that something moved at the gateway; the workflow looks it up. Ended orders ignore it. */
    async paymentChanged(orderId: OrderId): Promise<void> {
      await asFailures(
        () => handleOf(orderId).signal(paymentChangedSignal),
        () => Promise.resolve(),
      );
    },

    /** The live state of the workflow, for operators; the record is what customers see. */
    state: (orderId: OrderId): Promise<OrderState> =>
      asFailures(
        () => handleOf(orderId).query(orderStateQuery),
        () => fail('order.not_found', `order ${orderId} has no workflow`),
      ),

    /**
     * Has the register asked about the business tax id now and not by schedule; answers when it was asked.
     * @throws tax.confirmation_not_waiting, order.not_found, request.rate_limited
     */
    async askRegister(orderId: OrderId): Promise<TaxConfirmationState> {
      await orders.get(orderId);
      return asFailures(
        () => taxConfirmationOf(orderId).executeUpdate(askRegisterUpdate),
        () => notWaiting(orderId),
      );
    },

    /**
     * How it stands with the tax that hangs on a business tax id.
     * @throws tax.confirmation_not_waiting when none does, order.not_found
     */
    async taxConfirmation(orderId: OrderId): Promise<TaxConfirmationState> {
      await orders.get(orderId);
      return asFailures(
        () => taxConfirmationOf(orderId).query(taxConfirmationStateQuery),
        () => notWaiting(orderId),
      );
    },
  };
}

function notWaiting(orderId: OrderId): never {
  return fail('tax.confirmation_not_waiting', `no tax of order ${orderId} waits for a register`);
}

function refuseEnded(orderId: OrderId, status: OrderStatus): void {
  if (isPaid(status)) fail('order.already_paid', `order ${orderId} is paid; ask for a refund with POST /v1/refunds`);
  if (hasEnded(status)) fail('order.already_ended', `order ${orderId} is ${status}`);
}

/** Unavailable, deadline exceeded, cancelled by a broken connection: the server may be back in a moment. */
const awayStatusCodes = [1, 4, 14];

/** The server cannot be reached now; it may be in a moment. */
export function isTemporalAway(error: unknown): boolean {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return isGrpcServiceError(cause) && awayStatusCodes.includes(cause.code);
}

/** Runs a call to a workflow; `ended` answers when the workflow has already closed. */
export async function asFailures<Answer>(call: () => Promise<Answer>, ended: () => Promise<Answer>): Promise<Answer> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return ended();
    if (error instanceof WorkflowUpdateFailedError) {
      if (error.cause instanceof ApplicationFailure && isCode(error.cause.type))
        fail(error.cause.type, error.cause.message);
      return ended();
    }
    if (isTemporalAway(error)) throw new Failure('workflow.unavailable', undefined, { cause: error });
    throw error;
  }
}

function isCode(type: string | null | undefined): type is FailureCode {
  return type != null && Object.hasOwn(failureCatalogue, type);
}
