import type { Db } from 'mongodb';
import { z } from 'zod';
import type { Coupon } from '../../domain/catalog/coupon.ts';
import type { OrderId } from '../../domain/ids.ts';
import { collectionOf, isDuplicateKey } from '../store/collection.ts';
import type { CollectionSpec } from '../store/collection.ts';

/** Up to `slotsPerBook` redemptions of one coupon; who holds one stands in the same document as their number. */
interface RedemptionBook {
  readonly _id: string;
  readonly coupon: string;
  readonly taken: number;
  readonly orders: readonly OrderId[];
}

export const couponRedemptionsCollection: CollectionSpec<RedemptionBook> = {
  name: 'coupon_redemptions',
  owner: 'pricing',
  retention: 'operational',
  schema: z.strictObject({
    _id: z.string(),
    coupon: z.string(),
    taken: z.int().min(0),
    orders: z.array(z.string()),
  }),
  indexes: [{ key: { coupon: 1 }, name: 'by_coupon' }],
};

/** 24 bytes each: a book stays far below the size that a document may have. */
const slotsPerBook = 5_000;

export type RedeemOutcome = 'redeemed' | 'used_up';

/**
 * Redemption limits of coupons. A redemption is one conditional update of one document that names the free slot and the
 * absence of the order, so that it holds under any concurrency, and the same order again changes nothing. A coupon
 * without a limit is not counted.
 */
export interface CouponRedemptions {
  /** Takes a slot for the order. Repeatable: an order holds one slot however often it asks. */
  redeem(coupon: Pick<Coupon, 'id' | 'maxRedemptions'>, orderId: OrderId): Promise<RedeemOutcome>;
  /** Gives the slot of an order that came to nothing back. Repeatable; a no-op for an order that holds none. */
  release(couponId: string, orderId: OrderId): Promise<void>;
  /** For quotes: nobody else could redeem it now. It promises nothing; `redeem` decides. */
  isUsedUp(coupon: Pick<Coupon, 'id' | 'maxRedemptions'>): Promise<boolean>;
}

export function createCouponRedemptions({ db }: { readonly db: Db }): CouponRedemptions {
  const books = collectionOf(db, couponRedemptionsCollection);

  /** False when the book is full, or the order stands in it. */
  async function takeSlot(book: Book, orderId: OrderId): Promise<boolean> {
    const take = async (): Promise<boolean> => {
      const { matchedCount } = await books.updateOne(
        { _id: book.id, taken: { $lt: book.slots }, orders: { $ne: orderId } },
        { $inc: { taken: 1 }, $push: { orders: orderId } },
      );
      return matchedCount === 1;
    };
    if (await take()) return true;
    try {
      // The first one opens the book.
      await books.insertOne({ _id: book.id, coupon: book.coupon, taken: 1, orders: [orderId] });
      return true;
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
      return take();
    }
  }

  const holds = async (list: readonly Book[], orderId: OrderId): Promise<boolean> =>
    (await books.countDocuments({ _id: { $in: list.map(({ id }) => id) }, orders: orderId })) > 0;

  async function withRoom(list: readonly Book[]): Promise<readonly Book[]> {
    const ids = list.map(({ id }) => id);
    const found = await books.find({ _id: { $in: ids } }, { projection: { taken: 1 } }).toArray();
    const taken = new Map(found.map((book) => [book._id, book.taken]));
    return list.filter(({ id, slots }) => (taken.get(id) ?? 0) < slots);
  }

  return {
    async redeem({ id, maxRedemptions }, orderId) {
      if (maxRedemptions === null) return 'redeemed';
      const list = booksOf(id, maxRedemptions);
      const several = list.length > 1;
      // Only where there are several may the order stand in one while another has room.
      if (several && (await holds(list, orderId))) return 'redeemed';
      for (const book of several ? await withRoom(list) : list) if (await takeSlot(book, orderId)) return 'redeemed';
      return (await holds(list, orderId)) ? 'redeemed' : 'used_up';
    },

    async release(couponId, orderId) {
      await books.updateMany(
        { coupon: couponId, orders: orderId },
        { $inc: { taken: -1 }, $pull: { orders: orderId } },
      );
    },

    isUsedUp: async ({ id, maxRedemptions }) =>
      maxRedemptions !== null && (await withRoom(booksOf(id, maxRedemptions))).length === 0,
  };
}

interface Book {
  readonly id: string;
  readonly coupon: string;
  readonly slots: number;
}

/** The books that a limit needs, each with its share of it. */
function booksOf(coupon: string, limit: number): readonly Book[] {
  const count = Math.ceil(limit / slotsPerBook);
  return Array.from({ length: count }, (_, index) => ({
    id: `${coupon}/${index + 1}`,
    coupon,
    slots: Math.min(slotsPerBook, limit - index * slotsPerBook),
  }));
}
