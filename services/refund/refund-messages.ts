import { facts } from '../../domain/idempotency.ts';
import type { RefundTemplate } from '../../domain/message/message.ts';
import type { MessageService } from '../messages/message-service.ts';
import type { OrderStore } from '../order/order-store.ts';
import type { RefundDocument } from './refund-store.ts';

export type RefundMessages = ReturnType<typeof createRefundMessages>;

/** The customer's mails about a refund, each unique by its fact. Sending is the workflow's. */
export function createRefundMessages({
  orders,
  messages,
}: {
  readonly orders: Pick<OrderStore, 'require'>;
  readonly messages: Pick<MessageService, 'queue'>;
}) {
  async function queue(refund: RefundDocument, template: RefundTemplate, at: string): Promise<void> {
    const { id, orderId } = refund;
    const { customer } = await orders.require(orderId);
    // What is decided after an appeal is another fact.
    const event = refund.appeal === null ? template : `${template}/appeal`;
    const fact = facts.refundStatus(orderId, id, event);
    const { locale, email: to } = customer;
    await messages.queue({ fact, template, orderId, locale, to, at, data: { refund: id } });
  }

  return {
    queue,

    /** A customer who asked is told what was decided; one who was not involved hears of the money only. */
    async tellDecision(refund: RefundDocument, at: string): Promise<void> {
      if (refund.requestedBy !== 'customer') return;
      switch (refund.status) {
        case 'awaiting_approval':
        case 'appealed':
          return queue(refund, 'refund_requested', at);
        case 'approved':
          // Nothing was waited for: the next mail is that of the money.
          return refund.approvalsNeeded === 0 && refund.appeal === null
            ? undefined
            : queue(refund, 'refund_approved', at);
        case 'refused':
          return queue(refund, 'refund_refused', at);
        case 'requested':
        case 'cancelled':
        case 'paying_back':
        case 'awaiting_other_means':
        case 'succeeded':
        case 'failed':
        case 'needs_attention':
          return undefined;
      }
    },

    /** The money: gone back, refused by the gateway, returned by the bank. */
    async tellMoney(refund: RefundDocument, template: RefundTemplate, at: string): Promise<void> {
      if (isToldElsewhere(refund)) return;
      await queue(refund, template, at);
    },
  };
}

/** The order's own mail tells of a line that could not be delivered and of tax; a change of plan, the subscription's. */
function isToldElsewhere({ cause, creditHolder }: RefundDocument): boolean {
  return cause === 'undeliverable' || cause === 'tax' || creditHolder.startsWith('subscription/');
}
