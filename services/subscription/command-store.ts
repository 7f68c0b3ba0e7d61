import type { Db } from 'mongodb';
import { z } from 'zod';
import { fail } from '../../domain/failures.ts';
import type { SubscriptionId } from '../../domain/subscription/subscription.ts';
import { canonicalHash } from '../store/canonical-hash.ts';
import { collectionOf, isDuplicateKey } from '../store/collection.ts';
import type { CollectionSpec } from '../store/collection.ts';
import type { ChangePreview, CommandAnswer, CommandRequest } from './subscription-steps.ts';

export interface CommandDocument {
  /** "cmd_…" */
  readonly _id: string;
  readonly subscription: SubscriptionId;
  readonly request: CommandRequest;
  readonly requestHash: string;
  /** Null until it was run. */
  readonly answer: CommandAnswer | null;
  /** ISO 8601 UTC. */
  readonly recordedAt: string;
  readonly answeredAt: string | null;
}

export const subscriptionCommandsCollection: CollectionSpec<CommandDocument> = {
  name: 'subscription_commands',
  owner: 'subscription',
  retention: 'dispute',
  schema: z.custom<CommandDocument>(
    (value) =>
      z.looseObject({ _id: z.string(), subscription: z.string(), requestHash: z.string() }).safeParse(value).success,
  ),
  indexes: [
    { key: { subscription: 1, recordedAt: 1 }, name: 'by_subscription' },
    { key: { answeredAt: 1, recordedAt: 1 }, name: 'unanswered' },
  ],
};

/** What a preview promised: charged to the cent while it holds. */
interface PreviewDocument {
  readonly _id: string;
  readonly preview: ChangePreview;
  /** Over everything that it promises. */
  readonly hash: string;
  /** A Date: the TTL index counts from it. */
  readonly createdAt: Date;
}

const previewKeptForSeconds = 7 * 24 * 3_600;

export const subscriptionPreviewsCollection: CollectionSpec<PreviewDocument> = {
  name: 'subscription_previews',
  owner: 'subscription',
  retention: 'transient',
  schema: z.custom<PreviewDocument>(
    (value) => z.looseObject({ _id: z.string(), hash: z.string(), createdAt: z.date() }).safeParse(value).success,
  ),
  indexes: [{ key: { createdAt: 1 }, name: 'expires', expireAfterSeconds: previewKeptForSeconds }],
};

export type CommandStore = ReturnType<typeof createCommandStore>;

/** What was asked of subscriptions, and what it came to; each once. */
export function createCommandStore(db: Db) {
  const commands = collectionOf(db, subscriptionCommandsCollection);
  const previews = collectionOf(db, subscriptionPreviewsCollection);

  return {
    /** The same id and request again is the same command. @throws idempotency.conflict */
    async record(command: Omit<CommandDocument, 'requestHash' | 'answer' | 'answeredAt'>): Promise<CommandDocument> {
      const { subscription, request } = command;
      const requestHash = canonicalHash({ subscription, request });
      const fresh: CommandDocument = { ...command, requestHash, answer: null, answeredAt: null };
      try {
        await commands.insertOne(fresh);
        return fresh;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
      const known = await commands.findOne({ _id: command._id });
      if (known?.requestHash === requestHash) return known;
      return fail('idempotency.conflict', `Command ${command._id} exists with other content`);
    },

    find: (commandId: string): Promise<CommandDocument | null> => commands.findOne({ _id: commandId }),

    /** What was recorded before `before` (ISO 8601 UTC) and has no answer yet, the oldest first. */
    unanswered: ({ before, limit }: { readonly before: string; readonly limit: number }): Promise<CommandDocument[]> =>
      commands
        .find({ answeredAt: null, recordedAt: { $lt: before } })
        .sort({ recordedAt: 1 })
        .limit(limit)
        .toArray(),

    /** The first answer stays. */
    async answer(commandId: string, answer: CommandAnswer, at: string): Promise<void> {
      await commands.updateOne({ _id: commandId, answer: null }, { $set: { answer, answeredAt: at } });
    },

    /** The same id again is the first preview. */
    async insertPreview(made: Pick<PreviewDocument, 'preview' | 'hash'>): Promise<ChangePreview> {
      const { id: _id, at } = made.preview;
      try {
        await previews.insertOne({ _id, ...made, createdAt: new Date(at) });
        return made.preview;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        return (await previews.findOne({ _id }))?.preview ?? made.preview;
      }
    },

    findPreview: (id: string): Promise<PreviewDocument | null> => previews.findOne({ _id: id }),
  };
}
