import type { MessageService } from '../services/messages/message-service.ts';
import { atTheBorder } from './activity-failure.ts';

export function createMessageActivities({
  messages,
  now,
}: {
  readonly messages: MessageService;
  readonly now: () => string;
}) {
  return atTheBorder({
    /** Sends what the order's facts have queued. The lease runs on the real clock: it guards against other workers. */
    sendMessages: async ({ orderId }: { readonly orderId: string }): Promise<void> => {
      await messages.sendQueued(orderId, now());
    },
  });
}
