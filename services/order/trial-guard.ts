import type { Db } from 'mongodb';
import { z } from 'zod';
import type { OrderId } from '../../domain/ids.ts';
import type { OrderLine } from '../../domain/order/order.ts';
import { trialGuardKeys } from '../../domain/subscription/trial.ts';
import { emailHash } from '../risk/email-hash.ts';
import { collectionOf, isDuplicateKey } from '../store/collection.ts';
import type { CollectionSpec } from '../store/collection.ts';

interface TrialClaim {
  /** Of domain/subscription/trial.ts: a product and a hashed inbox, or a product and a card. */
  readonly _id: string;
  readonly orderId: OrderId;
  /** ISO 8601 UTC. */
  readonly claimedAt: string;
}

export const trialClaimsCollection: CollectionSpec<TrialClaim> = {
  name: 'trial_claims',
  owner: 'order',
  retention: 'dispute',
  schema: z.strictObject({ _id: z.string(), orderId: z.string(), claimedAt: z.iso.datetime() }),
  indexes: [{ key: { orderId: 1 }, name: 'by_order' }],
};

/** A claim whose order was never written down, because the process died in between, is free again after this. */
const abandonedMs = 3_600_000;

export type TrialGuard = ReturnType<typeof createTrialGuard>;

/** One trial of a product for one inbox and one card: the claim is an insert, so that two orders at once cannot both have it. */
export function createTrialGuard({
  db,
  orderExists,
}: {
  readonly db: Db;
  readonly orderExists: (orderId: OrderId) => Promise<boolean>;
}) {
  const claims = collectionOf(db, trialClaimsCollection);

  async function claimKey(key: string, orderId: OrderId, at: string): Promise<boolean> {
    const claim: TrialClaim = { _id: key, orderId, claimedAt: at };
    try {
      await claims.insertOne(claim);
      return true;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
    const known = await claims.findOne({ _id: key });
    if (known === null || known.orderId === orderId) return true;
    if (Date.parse(at) - Date.parse(known.claimedAt) < abandonedMs || (await orderExists(known.orderId))) return false;
    const taken = await claims.updateOne({ _id: key, orderId: known.orderId }, { $set: { orderId, claimedAt: at } });
    return taken.modifiedCount === 1;
  }

  async function release(orderId: OrderId): Promise<void> {
    await claims.deleteMany({ orderId });
  }

  return {
    /**
     * Whether the customer may have the trials of these lines; true where none has one. The same order again is the
     * same claim. @param sale.fingerprint of the card, from its gateway; null: nobody told
     */
    async claim(sale: {
      readonly orderId: OrderId;
      readonly lines: readonly Pick<OrderLine, 'recurring' | 'product' | 'bundle'>[];
      readonly email: string;
      readonly fingerprint: string | null;
      readonly at: string;
    }): Promise<boolean> {
      const { orderId, lines, email, fingerprint: cardFingerprint, at } = sale;
      const tried = lines.filter(({ recurring }) => recurring?.trial !== undefined);
      const products = new Set(tried.map(({ product, bundle }) => bundle ?? product));
      const hash = emailHash(email);
      const keys = [...products].flatMap((product) => trialGuardKeys({ product, emailHash: hash, cardFingerprint }));
      for (const key of keys) {
        if (await claimKey(key, orderId, at)) continue;
        await release(orderId);
        return false;
      }
      return true;
    },

    /** The order came to nothing: its trial was none. */
    release,
  };
}
