import { createHash } from 'node:crypto';
import type { Collection, Db } from 'mongodb';
import { Failure, fail } from '../../domain/failures.ts';
import type { MessageContext, MessageReference, MessageRequest, MessageStatus } from '../../domain/message/message.ts';
import { collectionOf, isDuplicateKey } from '../store/collection.ts';
import { MailRefused } from './mail-transport.ts';
import type { MailTransport } from './mail-transport.ts';
import type { MessageRenderer } from './message-renderer.ts';
import { messages } from './message-store.ts';
import type { MessageDocument } from './message-store.ts';

export interface MessageSummary {
  readonly id: string;
  readonly fact: string;
  readonly template: MessageRequest['template'];
  readonly status: MessageStatus;
  readonly messageId: string;
  readonly attempts: number;
  /** ISO 8601 UTC; null until it was sent. */
  readonly sentAt: string | null;
}

export interface MessageService {
  /**
   * Writes the message down, once per (fact, channel, recipient); sends nothing.
   * @param request.at business time, ISO 8601 UTC
   * @throws message.conflict when the fact already speaks through another template
   */
  queue(
    request: Omit<MessageRequest, 'data'> & { readonly data?: MessageRequest['data']; readonly at: string },
  ): Promise<'queued' | 'already_queued'>;
  /**
   * Sends what is queued for the order. Repeat it until it succeeds.
   * @param now business time, for the Date header and the record; ISO 8601 UTC
   * @returns how many this call sent; what was refused before stays `failed` and is not tried again
   * @throws message.transport_unavailable, message.in_progress (both: try again), message.refused (for good)
   */
  sendQueued(orderId: string, now: string): Promise<{ readonly sent: number }>;
  /** Nothing personal in it. Oldest first. */
  listByOrder(orderId: string): Promise<readonly MessageSummary[]>;
}

export interface MessageServiceDependencies {
  readonly db: Db;
  readonly transport: MailTransport;
  readonly renderer: MessageRenderer;
  /** Reads what the mail shows at the moment of sending; nothing of it is stored with the message. */
  readonly loadContext: (message: MessageReference) => Promise<MessageContext>;
  /** Right part of the Message-ID: a domain of ours. */
  readonly messageIdDomain: string;
  /** The wall clock, for leases only: business time stands still while an activity retries. */
  readonly clock: () => Date;
  readonly leaseMs?: number;
}

/**
 * Longer than an attempt at sending may take (smtpTimeLimitMs and the reads before it), so that only a dead sender loses
 * its lease; not longer than the activity's attempt, so that the next attempt after a dead sender finds it run out.
 */
const defaultLeaseMs = 60_000;

/**
 * Mail from committed facts. Each record is sent once, except in one window: a worker that dies, or loses the database,
 * after the mail server took the mail and before the record says `sent` leaves it in `sending`, and when the lease has run out it is sent
 * again, under the same Message-ID, by which mail systems recognise the copy.
 */
export function createMessageService(deps: MessageServiceDependencies): MessageService {
  const records = collectionOf(deps.db, messages);

  return {
    async queue(request) {
      const record = newRecord(request, deps.messageIdDomain);
      try {
        await records.insertOne(record);
        return 'queued';
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
      const earlier = await records.findOne({ _id: record._id });
      if (earlier?.template !== record.template || earlier.orderId !== record.orderId) {
        fail('message.conflict', `${record.fact} already speaks through ${earlier?.template ?? 'another message'}`);
      }
      return 'already_queued';
    },

    async sendQueued(orderId, now) {
      const open = await records
        .find({ orderId, status: { $in: ['queued', 'sending'] } }, { sort: { queuedAt: 1, _id: 1 } })
        .toArray();
      let sent = 0;
      const failures: Failure[] = [];
      for (const { _id } of open) {
        try {
          if (await sendOne(deps, records, _id, now)) sent += 1;
        } catch (error) {
          // One refused mail must not hold up the others of the order.
          if (!(error instanceof Failure)) throw error;
          failures.push(error);
        }
      }
      const [first] = failures;
      if (first !== undefined) throw failures.find((failure) => failure.definition.retryable) ?? first;
      return { sent };
    },

    async listByOrder(orderId) {
      const found = await records.find({ orderId }, { sort: { queuedAt: 1, _id: 1 } }).toArray();
      return found.map(({ _id, fact, template, status, messageId, attempts, sentAt }) => ({
        id: _id,
        fact,
        template,
        status,
        messageId,
        attempts,
        sentAt: sentAt?.toISOString() ?? null,
      }));
    },
  };
}

/** false: somebody else has sent it meanwhile. */
async function sendOne(
  deps: MessageServiceDependencies,
  records: Collection<MessageDocument>,
  id: string,
  now: string,
): Promise<boolean> {
  const record = await lease(deps, records, id);
  if (record === null) return inProgressOrDone(records, id);
  /** Only the holder of this very lease may settle the record. */
  const settle = (changes: Partial<MessageDocument>) =>
    records.updateOne(
      { _id: id, status: 'sending', attempts: record.attempts },
      { $set: { leaseUntil: null, ...changes } },
    );
  let subject: string;
  try {
    subject = await deliver(deps, record, now);
  } catch (error) {
    await settle(error instanceof MailRefused ? { status: 'failed', refusal: error.replyCode } : { status: 'queued' });
    throw error;
  }
  await settle({ status: 'sent', subject, sentAt: new Date(now) });
  return true;
}

async function lease(
  { clock, leaseMs = defaultLeaseMs }: MessageServiceDependencies,
  records: Collection<MessageDocument>,
  id: string,
): Promise<MessageDocument | null> {
  const instant = clock();
  return records.findOneAndUpdate(
    { _id: id, $or: [{ status: 'queued' }, { status: 'sending', leaseUntil: { $lte: instant } }] },
    { $set: { status: 'sending', leaseUntil: new Date(instant.getTime() + leaseMs) }, $inc: { attempts: 1 } },
    { returnDocument: 'after' },
  );
}

/** Answering "nothing to do" while another worker holds the mail would lose it, should that worker die. */
async function inProgressOrDone(records: Collection<MessageDocument>, id: string): Promise<false> {
  const current = await records.findOne({ _id: id }, { projection: { status: 1 } });
  if (current?.status === 'sending' || current?.status === 'queued') fail('message.in_progress');
  return false;
}

async function deliver(deps: MessageServiceDependencies, record: MessageDocument, now: string): Promise<string> {
  const { _id, recipient, messageId, fact, template, orderId, locale, data } = record;
  const context = await deps.loadContext({ id: _id, fact, template, orderId, locale, data });
  const rendered = await deps.renderer.render({ template, locale, context });
  const { attachments } = context;
  await deps.transport.send({ messageId, to: recipient, ...rendered, language: locale, date: now, attachments });
  return rendered.subject;
}

function newRecord(request: Parameters<MessageService['queue']>[0], messageIdDomain: string): MessageDocument {
  const id = recordId(request.fact, request.to);
  return {
    _id: id,
    fact: request.fact,
    channel,
    recipient: request.to,
    template: request.template,
    orderId: request.orderId,
    locale: request.locale,
    data: request.data ?? {},
    status: 'queued',
    messageId: `<${sha256(id)}@${messageIdDomain}>`,
    attempts: 0,
    leaseUntil: null,
    subject: null,
    refusal: null,
    queuedAt: new Date(request.at),
    sentAt: null,
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

const channel = 'email';

/** Derived from what the record is unique by. */
function recordId(fact: string, to: string): string {
  return `msg_${sha256(JSON.stringify([fact, channel, to])).slice(0, 32)}`;
}
