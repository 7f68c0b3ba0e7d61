import { isFailure } from '../../domain/failures.ts';
import { facts } from '../../domain/idempotency.ts';
import { hasEnded, isPaid } from '../../domain/order/order-status.ts';
import type { Refund } from '../../domain/refund/refund.ts';
import type { MessageService } from '../messages/message-service.ts';
import type { OrderDocument, OrderStore } from '../order/order-store.ts';
import { refundIdOf } from '../refund/refund-id.ts';
import type { RefundRequest } from '../refund/refund-request.ts';
import type { RefundMoment } from '../refund/refund-steps.ts';
import { emailHash } from '../risk/email-hash.ts';
import { orderIdOfTyped } from './typed-order-number.ts';
import type {
  WithdrawalDocument,
  WithdrawalOutcome,
  WithdrawalStatement,
  WithdrawalStatus,
  WithdrawalStore,
} from './withdrawal-store.ts';

export interface WithdrawalServiceDeps {
  readonly store: WithdrawalStore;
  readonly orders: Pick<OrderStore, 'find'>;
  readonly messages: Pick<MessageService, 'queue' | 'sendQueued'>;
  /** Records the refund; its workflow is started by the caller or the sweep. Repeatable. */
  readonly requestRefund: (request: RefundRequest, moment: RefundMoment) => Promise<Refund>;
}

export interface SettledWithdrawal {
  /** What was asked for, recorded and perhaps not started yet; null: nothing. */
  readonly refund: Refund | null;
  /** Why the acknowledgement is not sent yet (message.*, store.unavailable), for the sweep to try again; null: it is. */
  readonly mailFailure: Error | null;
}

const nothingToDo: SettledWithdrawal = { refund: null, mailFailure: null };

export type WithdrawalService = ReturnType<typeof createWithdrawalService>;

/** How long whoever took the statement has to settle it before the sweep does. */
const settleWithinMs = 30_000;
/** How often it is looked whether an order has been paid meanwhile. */
const lookAgainMs = 10 * 60_000;
/** Few enough for one activity; the next sweep takes the next ones. */
const dueAtOnce = 20;
const listLimit = 200;

/**
 * Statements of withdrawal (Directive 2011/83/EU art. 11a): written down first, exactly as made, whether or not there is
 * such an order; then acknowledged by mail to the order's own address, and put before the refund's rules.
 */
export function createWithdrawalService({ store, orders, messages, requestRefund }: WithdrawalServiceDeps) {
  /** Number and address have to agree; which of them is wrong is nobody's business. */
  async function orderOf({ orderNumber, email }: WithdrawalStatement): Promise<OrderDocument | null> {
    const order = await orders.find(orderIdOfTyped(orderNumber));
    return order !== null && order.emailHash === emailHash(email) ? order : null;
  }

  async function acknowledge({ _id, locale, receivedAt }: WithdrawalDocument, order: OrderDocument): Promise<void> {
    await messages.queue({
      fact: facts.withdrawal(order.id, _id),
      template: 'withdrawal_received',
      orderId: order.id,
      locale,
      to: order.customer.email,
      at: receivedAt,
      data: { withdrawal: _id },
    });
  }

  /** Why it is not sent yet; null: it is, or never will be. */
  async function send(orderId: string, now: string): Promise<Error | null> {
    try {
      await messages.sendQueued(orderId, now);
      return null;
    } catch (error) {
      // An address that takes no mail stays so; the record of the message says it.
      if (isFailure(error) && !error.definition.retryable) return null;
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  async function askForRefund(
    withdrawal: WithdrawalDocument,
    order: OrderDocument,
  ): Promise<{ readonly outcome: WithdrawalOutcome; readonly refund: Refund | null }> {
    const ended = { orderId: order.id, refundId: null, reason: null };
    const without = (outcome: WithdrawalOutcome) => ({ outcome, refund: null });
    if (!isPaid(order.status)) {
      return without({ ...ended, status: hasEnded(order.status) ? 'nothing_to_refund' : 'awaiting_payment' });
    }
    // One contract, one refund: a second statement about it is the same request.
    const refundId = refundIdOf(['withdrawal', order.id]);
    try {
      const refund = await requestRefund(refundRequest(order.id), { refundId, at: withdrawal.receivedAt });
      return { outcome: { ...ended, status: 'refund_requested', refundId }, refund };
    } catch (error) {
      if (!isFailure(error) || error.definition.retryable) throw error;
      const { code } = error;
      const nothing = code === 'refund.nothing_left';
      return without({ ...ended, status: nothing ? 'nothing_to_refund' : 'needs_person', reason: code });
    }
  }

  /**
   * Acknowledges the statement and asks for the refund; every part of it is repeatable, and nothing happens twice.
   * @param now business time, ISO 8601 UTC
   * @throws store.unavailable, workflow.unavailable: the sweep tries again
   */
  async function settle(id: string, now: string): Promise<SettledWithdrawal> {
    const withdrawal = await store.require(id);
    if (withdrawal.nextLookAt === null) return nothingToDo;
    const order = await orderOf(withdrawal);
    if (order === null) {
      await store.note(id, { status: 'unmatched', orderId: null, refundId: null, reason: null }, null);
      return nothingToDo;
    }
    await acknowledge(withdrawal, order);
    // A mail server that is away does not hold up the refund, nor the other way round; both are tried again.
    const sending = send(order.id, now);
    const [asked] = await Promise.allSettled([askForRefund(withdrawal, order), sending]);
    if (asked.status === 'rejected') throw asked.reason;
    const mailFailure = await sending;
    const { outcome, refund } = asked.value;
    const settledLookAt = outcome.status === 'awaiting_payment' ? after(now, lookAgainMs) : null;
    await store.note(id, outcome, mailFailure === null ? settledLookAt : withdrawal.nextLookAt);
    return { refund, mailFailure };
  }

  return {
    settle,

    /**
     * Writes the statement down, exactly as made. The same id again is the same statement.
     * @param at when it was made, ISO 8601 UTC
     */
    record: (
      { name, orderNumber, email, locale }: WithdrawalStatement,
      { withdrawalId, at }: { readonly withdrawalId: string; readonly at: string },
    ): Promise<WithdrawalDocument> =>
      store.insert({
        _id: withdrawalId,
        ...{ name, orderNumber, email, locale },
        status: 'received',
        ...{ orderId: null, refundId: null, reason: null },
        receivedAt: at,
        nextLookAt: after(at, settleWithinMs),
      }),

    /** For the sweep: what was left open, some at a time. One that fails does not hold up the others. */
    async settleDue(now: string): Promise<{ readonly settled: number }> {
      const due = await store.due(now, dueAtOnce);
      const settled = await Promise.allSettled(
        due.map(async ({ _id }) => {
          await store.postpone(_id, after(now, lookAgainMs));
          const { mailFailure } = await settle(_id, now);
          if (mailFailure !== null) throw mailFailure;
        }),
      );
      return { settled: settled.filter(({ status }) => status === 'fulfilled').length };
    },

    list: (status: WithdrawalStatus): Promise<readonly WithdrawalDocument[]> => store.list(status, listLimit),
  };
}

function refundRequest(order: string): RefundRequest {
  return { order, reason: 'Withdrawal from the contract', requestedBy: 'customer', cause: 'withdrawal' };
}

function after(at: string, ms: number): string {
  return new Date(Date.parse(at) + ms).toISOString();
}
