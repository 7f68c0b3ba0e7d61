import type { Db } from 'mongodb';
import { z } from 'zod';
import { emptyCardLog } from '../../domain/dunning/retry-rules.ts';
import type { CardLog } from '../../domain/dunning/retry-rules.ts';
import { fail } from '../../domain/failures.ts';
import { collectionOf, isDuplicateKey } from '../store/collection.ts';
import type { CollectionSpec } from '../store/collection.ts';

/** One document per card: its id is the card key, its attempts are bounded (domain/dunning/retry-rules.ts). */
type CardAttemptsDocument = CardLog & {
  readonly _id: string;
  /** Grows with every write; a write names the one that it read. */
  readonly revision: number;
};

export const cardAttemptsCollection: CollectionSpec<CardAttemptsDocument> = {
  name: 'card_attempts',
  owner: 'dunning',
  // That a card was not charged against the networks' rules is told by it, as long as a charge can be disputed.
  retention: 'dispute',
  schema: z.custom<CardAttemptsDocument>(
    (value) =>
      z
        .looseObject({
          _id: z.string().min(1),
          revision: z.int().positive(),
          updatedAt: z.string().nullable(),
          attempts: z.array(z.looseObject({ key: z.string(), at: z.string(), result: z.string() })),
        })
        .safeParse(value).success,
  ),
  indexes: [],
};

/** Each lost round means that somebody else's write went through; more askers than this at one moment is a mistake of ours. */
const mostRounds = 40;

export function createCardAttemptStore(db: Db) {
  const cards = collectionOf(db, cardAttemptsCollection);

  async function write(before: CardAttemptsDocument | null, cardKey: string, log: CardLog): Promise<boolean> {
    const { attempts, updatedAt } = log;
    if (before === null) {
      try {
        await cards.insertOne({ _id: cardKey, attempts, updatedAt, revision: 1 });
        return true;
      } catch (error) {
        if (isDuplicateKey(error)) return false;
        throw error;
      }
    }
    const { revision } = before;
    const written = await cards.updateOne(
      { _id: cardKey, revision },
      { $set: { attempts, updatedAt, revision: revision + 1 } },
    );
    return written.modifiedCount === 1;
  }

  return {
    /**
     * Reads the card's log, lets `decide` say what it becomes, and writes that only where nobody wrote meanwhile; else
     * again. `log: null` leaves it. @throws dunning.card_log_contended
     */
    async change<Answer>(
      cardKey: string,
      decide: (log: CardLog) => { readonly answer: Answer; readonly log: CardLog | null },
    ): Promise<Answer> {
      for (let round = 0; round < mostRounds; round += 1) {
        const before = await cards.findOne({ _id: cardKey });
        const { answer, log } = decide(before ?? emptyCardLog);
        if (log === null || (await write(before, cardKey, log))) return answer;
      }
      return fail('dunning.card_log_contended');
    },
  };
}
