import type { OrderService } from '../services/order/order-service.ts';
import type { MessageService } from '../services/messages/message-service.ts';
import { atTheBorder } from './activity-failure.ts';

export function createMessageActivities({
  orders,
  messages,
  now,
}: {
  readonly orders: Pick<OrderService, 'messageFacts'>;
  readonly messages: MessageService;
  readonly now: () => string;
}) {
  return atTheBorder({
    /** Sends what the order's facts have queued. The lease runs on the real clock: it guards against other workers. */
    sendMessages: async ({ orderId }: { readonly orderId: string }): Promise<void> => {
      await messages.sendQueued(orderId, now(), await orders.messageFacts(orderId));
    },
  });
}
