import type { Db } from 'mongodb';
import { z } from 'zod';
import { deliveryCapabilities, deliveryTransitions } from '../../domain/delivery/delivery.ts';
import type {
  DeliveryDetails,
  DeliveryRecord,
  DeliveryStatus,
  ImpossibleReason,
} from '../../domain/delivery/delivery.ts';
import { fail } from '../../domain/failures.ts';
import { canTransition } from '../../domain/state-machine.ts';
import { collectionOf, isDuplicateKey } from '../store/collection.ts';
import type { CollectionSpec } from '../store/collection.ts';

const statuses = ['pending', 'delivered', 'impossible', 'revoked'] as const satisfies readonly DeliveryStatus[];

export type DeliveryDocument = DeliveryRecord & { readonly _id: string };

export const deliveriesCollection: CollectionSpec<DeliveryDocument> = {
  name: 'deliveries',
  owner: 'delivery',
  // The time of supply and what was supplied belong to the tax records.
  retention: 'books',
  schema: z.custom<DeliveryDocument>(
    (value) =>
      z
        .looseObject({
          _id: z.string(),
          orderId: z.string(),
          line: z.string(),
          quantity: z.int().positive(),
          status: z.enum(statuses),
        })
        .safeParse(value).success,
  ),
  indexes: [{ key: { orderId: 1, line: 1 }, name: 'by_order_line' }],
};

/** How a delivery ended. */
export type Settlement =
  | { readonly status: 'delivered'; readonly details: DeliveryDetails }
  | { readonly status: 'impossible'; readonly reason: ImpossibleReason };

export type DeliveryStore = ReturnType<typeof createDeliveryStore>;

export function createDeliveryStore(db: Db) {
  const deliveries = collectionOf(db, deliveriesCollection);

  async function require(id: string): Promise<DeliveryDocument> {
    return (await deliveries.findOne({ _id: id })) ?? fail('delivery.not_found', `There is no delivery ${id}`);
  }

  return {
    require,

    /** Records the intent, or returns what is there under this id. @throws delivery.conflict when it says other things */
    async open(intent: DeliveryRecord): Promise<DeliveryDocument> {
      const fresh: DeliveryDocument = { _id: intent.id, ...intent };
      try {
        await deliveries.insertOne(fresh);
        return fresh;
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
      const existing = await require(intent.id);
      if (contentOf(existing) !== contentOf(intent)) {
        fail('delivery.conflict', `delivery ${intent.id} exists with another product, quantity or specification`);
      }
      return existing;
    },

    /** Ends a pending delivery, once. Returns the record as it stands, which may say that somebody else ended it. */
    async settle(id: string, settlement: Settlement, at: string): Promise<DeliveryDocument> {
      const settled = await deliveries.findOneAndUpdate(
        { _id: id, status: { $in: statusesBefore(settlement.status) } },
        { $set: settlement.status === 'delivered' ? { ...settlement, deliveredAt: at } : settlement },
        { returnDocument: 'after' },
      );
      return settled ?? require(id);
    },

    /** From here on nothing more is delivered under this id. What had ended otherwise, or cannot be taken back, stays. */
    async startRevocation({ _id, method }: DeliveryDocument): Promise<DeliveryDocument> {
      const keeps = deliveryCapabilities[method].revocable ? null : 'delivered';
      const from = statusesBefore('revoked').filter((status) => status !== keeps);
      const revoked = await deliveries.findOneAndUpdate(
        { _id, status: { $in: from } },
        { $set: { status: 'revoked' } },
        { returnDocument: 'after' },
      );
      return revoked ?? require(_id);
    },

    /** The effects of the revocation are done. */
    async settleRevocation(id: string, at: string): Promise<void> {
      await deliveries.updateOne({ _id: id, status: 'revoked', revokedAt: null }, { $set: { revokedAt: at } });
    },

    /** In the order of the lines: "2" before "10". */
    ofOrder: async (orderId: string): Promise<DeliveryDocument[]> =>
      (await deliveries.find({ orderId }).toArray()).sort((a, b) =>
        a._id.localeCompare(b._id, 'en', { numeric: true }),
      ),

    byIds: (ids: readonly string[]): Promise<DeliveryDocument[]> =>
      deliveries.find({ _id: { $in: [...ids] } }).toArray(),

    ofLine: (orderId: string, line: string): Promise<DeliveryDocument[]> =>
      deliveries.find({ orderId, line }).toArray(),
  };
}

function statusesBefore(next: DeliveryStatus): DeliveryStatus[] {
  return statuses.filter((status) => canTransition(deliveryTransitions, status, next));
}

/** What one id stands for; field order is fixed because a stored document may come back in another. */
function contentOf({ product, quantity, spec }: DeliveryRecord): string {
  return JSON.stringify([product, quantity, Object.entries(spec).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
