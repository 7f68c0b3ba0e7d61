import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { couponRedemptionsCollection, createCouponRedemptions } from '../../../services/pricing/coupon-redemptions.ts';
import type { CouponRedemptions, RedeemOutcome } from '../../../services/pricing/coupon-redemptions.ts';
import { collectionOf } from '../../../services/store/collection.ts';
import { openTestDatabase } from '../../support/mongo.ts';
import { Crash, crashingAt } from '../../support/mortal-db.ts';

// Goal: a limit holds under any concurrency and any crash. Method: many workers on a real database, and workers that die
// at their n-th write, before or after it arrived, and come again.

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let redemptions: CouponRedemptions;

beforeAll(async () => {
  database = await openTestDatabase();
  redemptions = createCouponRedemptions({ db: database.db });
});
afterAll(() => database.close());
beforeEach(() => database.db.collection(couponRedemptionsCollection.name).deleteMany({}));

const coupon = (maxRedemptions: number | null, id = 'SPRING') => ({ id, maxRedemptions });
const orders = (count: number) => Array.from({ length: count }, (_, index) => `ord_${index}`);
const won = (outcomes: readonly RedeemOutcome[]) => outcomes.filter((outcome) => outcome === 'redeemed').length;

async function books() {
  return collectionOf(database.db, couponRedemptionsCollection).find().sort({ _id: 1 }).toArray();
}

/** Taken slots, which must be as many as there are orders that hold one. */
async function taken(): Promise<number> {
  const found = await books();
  for (const book of found) {
    expect(couponRedemptionsCollection.schema.safeParse(book).success).toBe(true);
    expect(new Set(book.orders).size).toBe(book.taken);
    expect(book.orders).toHaveLength(book.taken);
  }
  return found.reduce((total, book) => total + book.taken, 0);
}

describe('a limit of 50', () => {
  it('gives exactly 50 of 200 redemptions at once', async () => {
    const outcomes = await Promise.all(orders(200).map((order) => redemptions.redeem(coupon(50), order)));
    expect(won(outcomes)).toBe(50);
    expect(await taken()).toBe(50);
    expect(await redemptions.isUsedUp(coupon(50))).toBe(true);
  });

  it('gives each order one, however often and from how many workers it asks', async () => {
    const asking = orders(100).flatMap((order) => [order, order, order]);
    const outcomes = await Promise.all(asking.map((order) => redemptions.redeem(coupon(50), order)));
    const winners = new Set(asking.filter((_, index) => outcomes[index] === 'redeemed'));
    expect(winners.size).toBe(50);
    expect(won(outcomes)).toBe(150);
    expect(await taken()).toBe(50);
  });

  it.each(['lost_write', 'lost_answer'] as const)(
    'gives exactly 50 when every worker dies in the middle (%s) and comes again',
    async (how) => {
      const outcomes = await Promise.all(
        orders(200).map(async (order, index) => {
          const { db } = crashingAt(database.db, 1 + (index % 2), how);
          const dying = createCouponRedemptions({ db });
          await dying.redeem(coupon(50), order).catch((error: unknown) => {
            if (!(error instanceof Crash)) throw error;
          });
          return redemptions.redeem(coupon(50), order);
        }),
      );
      expect(won(outcomes)).toBe(50);
      expect(await taken()).toBe(50);
    },
  );

  it('gives what orders that came to nothing return to others, and to nobody twice', async () => {
    await Promise.all(orders(50).map((order) => redemptions.redeem(coupon(50), order)));
    expect(await redemptions.redeem(coupon(50), 'ord_late')).toBe('used_up');
    const returned = orders(20);
    await Promise.all([...returned, ...returned].map((order) => redemptions.release('SPRING', order)));
    expect(await taken()).toBe(30);
    const newcomers = Array.from({ length: 60 }, (_, index) => `ord_new_${index}`);
    expect(won(await Promise.all(newcomers.map((order) => redemptions.redeem(coupon(50), order))))).toBe(20);
    expect(await taken()).toBe(50);
  });

  it('is given back whole when the worker dies in the release and it is repeated', async () => {
    for (const how of ['lost_write', 'lost_answer'] as const) {
      await redemptions.redeem(coupon(50), 'ord_1');
      const dying = createCouponRedemptions({ db: crashingAt(database.db, 1, how).db });
      await expect(dying.release('SPRING', 'ord_1')).rejects.toBeInstanceOf(Crash);
      await redemptions.release('SPRING', 'ord_1');
      expect(await taken()).toBe(0);
    }
  });
});

describe('redemptions', () => {
  it('of a coupon without a limit are not counted', async () => {
    expect(await redemptions.redeem(coupon(null), 'ord_1')).toBe('redeemed');
    expect(await redemptions.isUsedUp(coupon(null))).toBe(false);
    expect(await books()).toEqual([]);
  });

  it('of two coupons do not touch each other', async () => {
    expect(await redemptions.redeem(coupon(1, 'A'), 'ord_1')).toBe('redeemed');
    expect(await redemptions.redeem(coupon(1, 'B'), 'ord_2')).toBe('redeemed');
    await redemptions.release('A', 'ord_2');
    expect(await redemptions.isUsedUp(coupon(1, 'B'))).toBe(true);
    await redemptions.release('B', 'ord_2');
    expect(await redemptions.isUsedUp(coupon(1, 'A'))).toBe(true);
    expect(await redemptions.isUsedUp(coupon(1, 'B'))).toBe(false);
  });

  it('follow a limit that is raised or lowered later', async () => {
    expect(await redemptions.redeem(coupon(2), 'ord_1')).toBe('redeemed');
    expect(await redemptions.redeem(coupon(1), 'ord_2')).toBe('used_up');
    expect(await redemptions.redeem(coupon(2), 'ord_2')).toBe('redeemed');
    // Who has one keeps it.
    expect(await redemptions.redeem(coupon(1), 'ord_2')).toBe('redeemed');
    expect(await redemptions.redeem(coupon(3), 'ord_3')).toBe('redeemed');
    expect(await redemptions.redeem(coupon(3), 'ord_4')).toBe('used_up');
  });

  it('of a large limit fill one document after the other', async () => {
    const full = (number: number, count: number) => ({
      ...{ _id: `SPRING/${number}`, coupon: 'SPRING', taken: count },
      orders: Array.from({ length: count }, (_, index) => `ord_${number}_${index}`),
    });
    const records = collectionOf(database.db, couponRedemptionsCollection);
    await records.insertMany([full(1, 4_999), full(2, 4_999)]);
    const limit = coupon(10_001);
    expect(await redemptions.isUsedUp(limit)).toBe(false);
    const newcomers = Array.from({ length: 10 }, (_, index) => `ord_new_${index}`);
    expect(won(await Promise.all(newcomers.map((order) => redemptions.redeem(limit, order))))).toBe(3);
    expect((await books()).map((book) => book.taken)).toEqual([5_000, 5_000, 1]);
    expect(await redemptions.isUsedUp(limit)).toBe(true);
    // Held in the second document while the first has room again.
    await redemptions.release('SPRING', 'ord_1_7');
    expect(await redemptions.redeem(limit, 'ord_2_5')).toBe('redeemed');
    expect(await taken()).toBe(10_000);
  });
});
