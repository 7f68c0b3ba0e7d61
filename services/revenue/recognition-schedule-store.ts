import type { Db } from 'mongodb';
import { z } from 'zod';
import type { OrderId } from '../../domain/ids.ts';
import type { BookedRevenue, RecognitionPosting } from '../../domain/revenue/recognition-posting.ts';
import type { RecognitionEvent, RecognitionSchedule } from '../../domain/revenue/recognition-schedule.ts';
import { collectionOf, isDuplicateKey } from '../store/collection.ts';
import type { CollectionSpec } from '../store/collection.ts';

/** A posting that was decided and may or may not be in the journal yet. */
export interface PendingPosting {
  readonly posting: RecognitionPosting;
  /** When its entry is dated, ISO 8601 UTC. */
  readonly at: string;
}

/** One per deferred line: the facts, what is booked of it, and the posting that is on its way. */
export interface RecognitionScheduleDocument extends RecognitionSchedule {
  /** "<order>/<line>". */
  readonly _id: string;
  /** When the sale was booked, ISO 8601 UTC. */
  readonly soldAt: string;
  readonly booked: BookedRevenue;
  readonly pending: PendingPosting | null;
  /** False once everything is earned and booked; a fact that becomes known later opens it again. */
  readonly open: boolean;
  readonly revision: number;
}

const day = z.iso.date();
const amount = z.int();
const eventFields = { id: z.string().min(1), on: day };

const released = { recognised: amount, refunded: amount, disputed: amount };

const event = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('credited'),
    ...eventFields,
    cause: z.enum(['refund', 'dispute']),
    net: amount.positive(),
    takes: z.enum(['in_proportion', 'unused_first']),
  }),
  z.strictObject({ kind: z.literal('cancelled'), ...eventFields, when: z.enum(['now', 'period_end']) }),
  z.strictObject({ kind: z.literal('plan_changed'), ...eventFields, net: amount.nonnegative(), end: day }),
]);

export const recognitionSchedules: CollectionSpec<RecognitionScheduleDocument> = {
  name: 'recognition_schedules',
  owner: 'revenue',
  retention: 'books',
  schema: z.strictObject({
    _id: z.string().min(1),
    orderId: z.string().min(1),
    line: z.string().min(1),
    sellerId: z.string().min(1),
    currency: z.string().length(3),
    net: amount.positive(),
    period: z.strictObject({ start: day, end: day }),
    events: z.array(event).readonly(),
    soldAt: z.iso.datetime(),
    booked: z.strictObject({ through: day.nullable(), ...released }),
    pending: z.strictObject({ posting: z.strictObject({ day, ...released }), at: z.iso.datetime() }).nullable(),
    open: z.boolean(),
    revision: z.int().nonnegative(),
  }),
  indexes: [{ key: { open: 1, _id: 1 }, name: 'open' }],
};

export type RecognitionScheduleStore = ReturnType<typeof createRecognitionScheduleStore>;

export function createRecognitionScheduleStore(db: Db) {
  const schedules = collectionOf(db, recognitionSchedules);

  const find = (id: string): Promise<RecognitionScheduleDocument | null> => schedules.findOne({ _id: id });

  return {
    find,

    /** Inserts, or answers the one that is there. */
    async insert(schedule: RecognitionScheduleDocument): Promise<RecognitionScheduleDocument> {
      try {
        await schedules.insertOne(schedule);
        return schedule;
      } catch (error) {
        const existing = isDuplicateKey(error) ? await find(schedule._id) : null;
        if (existing === null) throw error;
        return existing;
      }
    },

    /** Every schedule of an order, by the order of the primary key. */
    ofOrder: (orderId: OrderId): Promise<RecognitionScheduleDocument[]> =>
      schedules
        .find({ _id: { $gt: `${orderId}/`, $lt: `${orderId}0` } })
        .sort({ _id: 1 })
        .toArray(),

    /** The next open ones after an id, null for the first page. */
    openAfter: (after: string | null, limit: number): Promise<RecognitionScheduleDocument[]> =>
      schedules
        .find({ open: true, ...(after === null ? {} : { _id: { $gt: after } }) })
        .sort({ _id: 1 })
        .limit(limit)
        .toArray(),

    /** Every schedule there is, one after the other. */
    all: (): AsyncIterable<RecognitionScheduleDocument> => schedules.find({}, { sort: { _id: 1 } }),

    /** Adds a fact, once by its id. False when there is no such schedule or the fact is there. */
    async addEvent(id: string, added: RecognitionEvent): Promise<boolean> {
      const answer = await schedules.updateOne(
        { _id: id, 'events.id': { $ne: added.id } },
        { $push: { events: added }, $set: { open: true }, $inc: { revision: 1 } },
      );
      return answer.modifiedCount > 0;
    },

    /**
     * Writes down what is about to be posted, so that whoever comes next posts exactly that. null when the schedule is no
     * longer the one that was read.
     */
    intend: (
      read: RecognitionScheduleDocument,
      pending: PendingPosting,
      booked: BookedRevenue,
    ): Promise<RecognitionScheduleDocument | null> =>
      schedules.findOneAndUpdate(
        { _id: read._id, revision: read.revision, pending: null },
        { $set: { pending, booked }, $inc: { revision: 1 } },
        { returnDocument: 'after' },
      ),

    /** The posting is in the journal. */
    async settle(id: string, { posting }: PendingPosting): Promise<void> {
      await schedules.updateOne({ _id: id, 'pending.posting.day': posting.day }, { $set: { pending: null } });
    },

    /** Nothing is left to earn; unless a fact came in since it was read. */
    async close({ _id, revision }: RecognitionScheduleDocument): Promise<void> {
      await schedules.updateOne({ _id, revision, pending: null }, { $set: { open: false } });
    },
  };
}
