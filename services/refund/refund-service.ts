import type { Refund } from '../../domain/refund/refund.ts';
import { fail } from '../../domain/failures.ts';
import { facts } from '../../domain/idempotency.ts';
import { createRefundDecision } from './refund-decision.ts';
import { createRefundIntake } from './refund-intake.ts';
import type { RefundIntakeDeps } from './refund-intake.ts';
import type { RefundJudge } from './refund-judge.ts';
import { createRefundMessages } from './refund-messages.ts';
import { createRefundMoney } from './refund-money.ts';
import type { RefundMoneyDeps } from './refund-money.ts';
import type { RefundRequest } from './refund-request.ts';
import { createRefundSettlement } from './refund-settlement.ts';
import type { OtherwiseStep, RefundSettlementDeps } from './refund-settlement.ts';
import type { DeliveryService } from '../delivery/delivery-service.ts';
import type { MessageService } from '../messages/message-service.ts';
import type { OrderStore } from '../order/order-store.ts';
import type { RefundMoment } from './refund-steps.ts';
import type { RefundDocument } from './refund-store.ts';

export type RefundServiceDeps = RefundIntakeDeps &
  Omit<RefundSettlementDeps, 'messages'> &
  Pick<RefundMoneyDeps, 'payments'> & {
    readonly orders: Pick<OrderStore, 'find' | 'require' | 'changeRefunds'>;
    readonly judge: RefundJudge;
    readonly messages: Pick<MessageService, 'queue'>;
    readonly deliveries: Pick<DeliveryService, 'revoke'>;
  };

export type RefundService = ReturnType<typeof createRefundService>;

/**
 * The steps of a refund's story, each repeatable after a crash: reserved on the order → judged → agreed to → given back
 * → credited, booked, told. The workflow decides which step is next; every decision of a person is one conditional
 * update of the record.
 */
export function createRefundService(deps: RefundServiceDeps) {
  const { store, judge } = deps;
  const messages = createRefundMessages(deps);
  const intake = createRefundIntake(deps);
  const decision = createRefundDecision({ store, intake, judge, messages });
  const money = createRefundMoney({ ...deps, intake, messages });
  const settlement = createRefundSettlement({ ...deps, messages });

  return {
    requestRefund: (request: RefundRequest, moment: RefundMoment): Promise<RefundDocument> =>
      intake.requestRefund(request, moment),
    preview: (...asked: Parameters<typeof intake.preview>) => intake.preview(...asked),
    ...decision,
    ...money,
    ...settlement,

    /** Settles the other way when one was chosen; ends the wait for it when it is over. Repeatable. */
    async advanceOtherwise(refundId: string, at: string): Promise<OtherwiseStep> {
      const { otherwise, decideBy, creditNote } = await store.require(refundId);
      if (otherwise !== null) return { kind: 'paid', ...(await settlement.settleOtherwise(refundId, at)) };
      if (decideBy !== null && at < decideBy) return { kind: 'waiting', until: decideBy };
      const owed = creditNote !== null;
      const note = 'other_means_deadline';
      await money.notice(refundId, owed ? 'needs_attention' : 'failed', { note, at });
      return { kind: 'ended', owed };
    },

    /** Takes away the access of the units that were given back; the rest of a line stays. @throws delivery.account_host_unavailable (retry) */
    async revokeAccess(refundId: string, lines: readonly string[], at: string): Promise<void> {
      const { orderId, parts } = await store.require(refundId);
      const fact = facts.refund(orderId, refundId);
      for (const { line, quantity } of parts.filter((part) => lines.includes(part.line)))
        await deps.deliveries.revoke({ orderId, line, quantity, fact, reason: 'refunded', at });
    },

    /**
     * A refund to store credit that is nobody's to agree to, in one step and without a workflow: unused time of a plan
     * that was changed. Repeatable. @throws as requestRefund; refund.state_conflict for one that moves money
     */
    async creditNow(request: RefundRequest, moment: RefundMoment): Promise<Refund> {
      const { refundId, at } = moment;
      const { outcome, requestedBy } = request;
      if (outcome !== 'store_credit' || requestedBy !== 'system')
        return fail('refund.state_conflict', `refund ${refundId} is not of the kind that is credited at once`);
      await intake.requestRefund(request, moment);
      await store.markStarted(refundId, at);
      await decision.advance(refundId, at);
      const paid = await money.payBack(refundId, at);
      if (paid.kind === 'paid_back') await settlement.settle(refundId, at);
      return store.require(refundId);
    },

    get: (refundId: string): Promise<RefundDocument> => store.require(refundId),
    find: (refundId: string): Promise<RefundDocument | null> => store.find(refundId),
    ofIds: (ids: readonly string[]): Promise<readonly RefundDocument[]> => store.byIds(ids),
    ofOrder: (orderId: string): Promise<readonly RefundDocument[]> => store.ofOrder(orderId),
    unstarted: (olderThan: string): Promise<readonly RefundDocument[]> => store.unstarted(olderThan, sweepBatch),
    markStarted: (refundId: string, at: string): Promise<void> => store.markStarted(refundId, at),
  };
}

/** One sweep starts at most this many; the next one goes on. */
const sweepBatch = 200;
