import type { Client } from '@temporalio/client';
import type { OtherMeans, Refund } from '../domain/refund/refund.ts';
import type { RefundRequest } from '../services/refund/refund-request.ts';
import type { RefundService } from '../services/refund/refund-service.ts';
import type { RefundMoment } from '../services/refund/refund-steps.ts';
import { refundMovedSignal, refundStateQuery, refundWorkflowId } from '../workflows/refund/refund.contract.ts';
import type { RefundState } from '../workflows/refund/refund.contract.ts';
import { startRefund } from '../workflows/refund/refund-start.contract.ts';
import { asFailures, isTemporalAway } from './order-client.ts';
import { fail } from '../domain/failures.ts';

export interface RefundClientDeps {
  readonly temporal: Client;
  readonly refunds: RefundService;
}

export type RefundClient = ReturnType<typeof createRefundClient>;

interface Decision {
  /** Opaque id of the person. */
  readonly by: string;
  readonly note: string;
}

/**
 * The typed client of refunds. What is decided is decided in the record; the workflow is told to read it again. When
 * Temporal cannot be reached the decision stands: the workflow reads it at its next deadline, or by a repeat of the call.
 */
export function createRefundClient({ temporal, refunds }: RefundClientDeps) {
  const handleOf = (refundId: string) => temporal.workflow.getHandle(refundWorkflowId(refundId));

  /** A workflow that has ended has nothing to read. */
  const wake = (refundId: string): Promise<void> =>
    asFailures(
      () => handleOf(refundId).signal(refundMovedSignal),
      () => Promise.resolve(),
    );

  /** Woken also when the record said no: an earlier call may have changed it and not got through. */
  async function decide(refundId: string, change: () => Promise<Refund>): Promise<Refund> {
    try {
      return await change();
    } finally {
      await wake(refundId);
    }
  }

  return {
    /**
     * Writes the refund down, reserves its amount and starts its workflow. The same id and request again is the same
     * refund; when Temporal cannot be reached the sweep starts it.
     * @throws as `RefundService.requestRefund`: nothing is reserved then
     */
    async requestRefund(request: RefundRequest, moment: RefundMoment): Promise<Refund> {
      const refund = await refunds.requestRefund(request, moment);
      if (refund.startedAt !== null) return refund;
      try {
        await startRefund(temporal, refund);
        await refunds.markStarted(refund.id, moment.at);
      } catch (error) {
        if (!isTemporalAway(error)) throw error;
      }
      return refund;
    },

    /** @throws refund.not_waiting, refund.same_person, refund.not_found */
    approve: (refundId: string, decision: Decision, at: string): Promise<Refund> =>
      decide(refundId, () => refunds.approve(refundId, decision, at)),

    /** @throws refund.not_waiting, refund.same_person, refund.not_found */
    reject: (refundId: string, decision: Decision, at: string): Promise<Refund> =>
      decide(refundId, () => refunds.reject(refundId, decision, at)),

    /** Before money moves. @throws refund.too_late, refund.not_found */
    cancel: (refundId: string, at: string): Promise<Refund> => decide(refundId, () => refunds.cancel(refundId, at)),

    /** Has a person look at a refusal again. @throws refund.not_waiting, refund.exceeds, refund.not_found */
    appeal: (refundId: string, comment: string, at: string): Promise<Refund> =>
      decide(refundId, () => refunds.appeal(refundId, comment, at)),

    /** What the gateway could not give back goes another way. @throws refund.not_waiting, refund.not_found, request.invalid */
    payOtherwise: (
      refundId: string,
      choice: { readonly means: OtherMeans; readonly by: string; readonly reference: string | null },
      at: string,
    ): Promise<Refund> => decide(refundId, () => refunds.payOtherwise(refundId, choice, at)),

    get: (refundId: string): Promise<Refund> => refunds.get(refundId),
    ofOrder: (orderId: string): Promise<readonly Refund[]> => refunds.ofOrder(orderId),

    /** The live state of the workflow, for operators. @throws refund.not_found */
    state: (refundId: string): Promise<RefundState> =>
      asFailures(
        () => handleOf(refundId).query(refundStateQuery),
        () => fail('refund.not_found', `refund ${refundId} has no workflow`),
      ),

    /** A notice that something moved at the gateway: every refund of the order that waits for one looks again. */
    async refundsOfOrderChanged(orderId: string): Promise<void> {
      const waiting = (await refunds.ofOrder(orderId)).filter(({ status }) =>
        ['paying_back', 'succeeded', 'needs_attention'].includes(status),
      );
      for (const { id } of waiting) await wake(id);
    },
  };
}
