import type { Db } from 'mongodb';
import { z } from 'zod';
import { collectionOf, isDuplicateKey } from '../store/collection.ts';
import type { CollectionSpec } from '../store/collection.ts';

export interface WebhookEventDocument {
  /** "acquirer_a/msg_…": a provider's event exists once. */
  readonly _id: string;
  readonly provider: string;
  readonly type: string;
  /** The gateway's id of the payment and our reference, as the event names them; the rest of it is not kept. */
  readonly paymentId: string | null;
  readonly reference: string | null;
  /** Whom it was for; null when no order is known for it. */
  readonly orderId: string | null;
  /** False until the order was told: a redelivery of an unhandled event tells it again. */
  readonly handled: boolean;
  /** A Date: the TTL index counts from it. */
  readonly receivedAt: Date;
}

/** Providers redeliver for days; a month and some is what deduplication and questions need. */
const keptForSeconds = 35 * 24 * 3600;

export const webhookEventsCollection: CollectionSpec<WebhookEventDocument> = {
  name: 'webhook_events',
  owner: 'webhook',
  retention: 'transient',
  schema: z.strictObject({
    _id: z.string(),
    provider: z.string(),
    type: z.string(),
    paymentId: z.string().nullable(),
    reference: z.string().nullable(),
    orderId: z.string().nullable(),
    handled: z.boolean(),
    receivedAt: z.date(),
  }),
  indexes: [{ key: { receivedAt: 1 }, name: 'expires', expireAfterSeconds: keptForSeconds }],
};

export type WebhookStore = ReturnType<typeof createWebhookStore>;

export function createWebhookStore(db: Db) {
  const events = collectionOf(db, webhookEventsCollection);

  return {
    /** Writes the event down, or returns what was written when it came for the first time. */
    async insert(event: WebhookEventDocument): Promise<WebhookEventDocument> {
      try {
        await events.insertOne(event);
        return event;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        return (await events.findOne({ _id: event._id })) ?? event;
      }
    },

    async markHandled(id: string, orderId: string): Promise<void> {
      await events.updateOne({ _id: id }, { $set: { orderId, handled: true } });
    },
  };
}
