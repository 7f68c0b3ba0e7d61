import type { Db } from 'mongodb';
import { z } from 'zod';
import { collectionOf, isDuplicateKey } from '../store/collection.ts';
import type { CollectionSpec } from '../store/collection.ts';

export interface StoreCreditMovement {
  /** Unique on its account: the fact that books it, or that with "/release". */
  readonly key: string;
  readonly kind: 'grant' | 'spend' | 'release';
  /** Signed minor units: what it did to the balance. 0: a spend that found nothing. */
  readonly amount: number;
  /** ISO 8601 UTC. */
  readonly at: string;
}

/** Balance and movements in one document, so that neither can be without the other. */
export interface StoreCreditAccount {
  /** "{holder}/{currency}" */
  readonly _id: string;
  readonly holder: string;
  readonly currency: string;
  readonly balance: number;
  readonly movements: readonly StoreCreditMovement[];
}

const movementSchema = z.strictObject({
  key: z.string().min(1),
  kind: z.enum(['grant', 'spend', 'release']),
  amount: z.int(),
  at: z.iso.datetime(),
});

export const storeCreditAccounts: CollectionSpec<StoreCreditAccount> = {
  name: 'store_credit_accounts',
  owner: 'store-credit',
  retention: 'books',
  schema: z.strictObject({
    _id: z.string(),
    holder: z.string().min(1),
    currency: z.string().length(3),
    balance: z.int().min(0),
    movements: z.array(movementSchema),
  }),
  indexes: [{ key: { 'movements.key': 1 }, name: 'by_movement' }],
};

/** What moved under each of these facts, on all accounts together, releases included; signed minor units. */
export async function storeCreditMoved(db: Db, facts: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const accounts = await collectionOf(db, storeCreditAccounts)
    .find({ 'movements.key': { $in: [...facts] } })
    .toArray();
  const movements = accounts.flatMap((account) => account.movements);
  const wanted = new Set(facts);
  const moved = new Map<string, number>();
  for (const { key, kind, amount } of movements) {
    const fact = kind === 'release' ? key.slice(0, -releaseSuffix.length) : key;
    if (wanted.has(fact)) moved.set(fact, (moved.get(fact) ?? 0) + amount);
  }
  return moved;
}

const releaseSuffix = '/release';
/** Under which the spend of this key is put back. */
export const releaseKey = (key: string): string => key + releaseSuffix;

export type StoreCreditStore = ReturnType<typeof createStoreCreditStore>;

/** Every movement is one conditional update of its account, which names the absence of its key and a balance that bears it. */
export function createStoreCreditStore(db: Db) {
  const accounts = collectionOf(db, storeCreditAccounts);

  return {
    /** The account; opened empty on first use. */
    async open(holder: string, currency: string): Promise<StoreCreditAccount> {
      const _id = `${holder}/${currency}`;
      const found = await accounts.findOne({ _id });
      if (found !== null) return found;
      const opened: StoreCreditAccount = { _id, holder, currency, balance: 0, movements: [] };
      try {
        await accounts.insertOne(opened);
        return opened;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        return (await accounts.findOne({ _id })) ?? opened;
      }
    },

    find: (holder: string, currency: string): Promise<StoreCreditAccount | null> =>
      accounts.findOne({ _id: `${holder}/${currency}` }),

    withMovement: (key: string): Promise<readonly StoreCreditAccount[]> =>
      accounts.find({ 'movements.key': key }).toArray(),

    /**
     * False when the key has moved before, or the balance would fall below 0 or is not `expected` (where that is said).
     */
    async move(accountId: string, movement: StoreCreditMovement, expected: number | null): Promise<boolean> {
      const { matchedCount } = await accounts.updateOne(
        {
          _id: accountId,
          'movements.key': { $ne: movement.key },
          balance: expected ?? { $gte: Math.max(0, -movement.amount) },
        },
        { $inc: { balance: movement.amount }, $push: { movements: movement } },
      );
      return matchedCount === 1;
    },
  };
}
