import { facts } from '../../domain/idempotency.ts';
import { subscriptionMessageData } from '../../domain/message/message-facts.ts';
import type { SubscriptionFacts } from '../../domain/message/message-facts.ts';
import type { SubscriptionTemplate } from '../../domain/message/message.ts';
import type { Order } from '../../domain/order/order.ts';
import { recurrenceOf } from '../../domain/subscription/next-cycle.ts';
import type { Subscription } from '../../domain/subscription/subscription.ts';
import type { MessageService } from '../messages/message-service.ts';
import type { OrderStore } from '../order/order-store.ts';

export interface SubscriptionMessage {
  readonly template: SubscriptionTemplate;
  /** What happened, unique for the subscription: nobody is told of it twice. */
  readonly about: string;
  /** The order that the message hangs on. */
  readonly order: string;
  readonly says: Partial<Omit<SubscriptionFacts, 'subscription' | 'timeZone'>>;
  readonly at: string;
}

export interface SubscriptionMessages {
  /** Writes the message down; the workflow sends what is written down of the order. Repeatable. */
  queue(subscription: Subscription, message: SubscriptionMessage): Promise<void>;
  /** The same where the first order was just read. */
  started(subscription: Subscription, source: Order, at: string): Promise<void>;
}

/** Mails of committed facts: each step writes them before the record that says it is done. */
export function createSubscriptionMessages({
  messages,
  orders,
}: {
  readonly messages: Pick<MessageService, 'queue'>;
  readonly orders: Pick<OrderStore, 'require'>;
}): SubscriptionMessages {
  async function queueTo(
    { customer }: Pick<Order, 'customer'>,
    subscription: Subscription,
    { template, about, order, says, at }: SubscriptionMessage,
  ): Promise<void> {
    const { id, timeZone, items } = subscription;
    const { interval, count } = recurrenceOf(items);
    await messages.queue({
      fact: facts.subscription(id, about),
      template,
      orderId: order,
      locale: customer.locale,
      to: customer.email,
      at,
      data: subscriptionMessageData({ subscription: id, timeZone, interval, count, ...says }),
    });
  }

  return {
    queue: async (subscription, message) =>
      queueTo(await orders.require(subscription.sourceOrder), subscription, message),

    async started(subscription, source, at) {
      const { period, trialEnd } = subscription;
      await queueTo(source, subscription, {
        template: 'subscription_started',
        about: 'started',
        order: source.id,
        says: { from: trialEnd ?? period.start, until: period.end },
        at,
      });
    },
  };
}
