import { z } from 'zod';
import { messageTemplates } from '../../domain/message/message.ts';
import type { MessageChannel, MessageStatus, MessageTemplate } from '../../domain/message/message.ts';
import type { Locale } from '../../domain/order/order.ts';
import type { CollectionSpec } from '../store/collection.ts';

export interface MessageDocument {
  /** Derived from fact, channel and recipient. */
  readonly _id: string;
  readonly fact: string;
  readonly channel: MessageChannel;
  readonly recipient: string;
  readonly template: MessageTemplate;
  readonly orderId: string;
  readonly locale: Locale;
  readonly data: Readonly<Record<string, string>>;
  readonly status: MessageStatus;
  /** RFC 5322 Message-ID, the same in every attempt. */
  readonly messageId: string;
  /** How often a sender took it up; names the holder of the lease. */
  readonly attempts: number;
  /** Until when nobody else may take it up; null unless `sending`. Wall clock, not business time. */
  readonly leaseUntil: Date | null;
  readonly subject: string | null;
  /** SMTP reply code of a permanent refusal, such as 550. */
  readonly refusal: number | null;
  readonly queuedAt: Date;
  readonly sentAt: Date | null;
}

export const messages: CollectionSpec<MessageDocument> = {
  name: 'messages',
  owner: 'messages',
  // What was sent to whom and when is evidence in a card dispute.
  retention: 'dispute',
  schema: z.strictObject({
    _id: z.string(),
    fact: z.string().min(1),
    channel: z.literal('email'),
    recipient: z.string().min(3),
    template: z.enum(messageTemplates),
    orderId: z.string().min(1),
    locale: z.enum(['en', 'de']),
    data: z.record(z.string(), z.string()),
    status: z.enum(['queued', 'sending', 'sent', 'failed']),
    messageId: z.string().regex(/^<[0-9a-f]{64}@[^>]+>$/),
    attempts: z.int().nonnegative(),
    leaseUntil: z.date().nullable(),
    subject: z.string().nullable(),
    refusal: z.int().nullable(),
    queuedAt: z.date(),
    sentAt: z.date().nullable(),
  }),
  indexes: [
    { key: { fact: 1, channel: 1, recipient: 1 }, name: 'once', unique: true },
    { key: { orderId: 1, status: 1 }, name: 'order' },
  ],
};
