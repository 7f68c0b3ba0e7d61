import type { Db, Filter } from 'mongodb';
import { z } from 'zod';
import { fail } from '../../domain/failures.ts';
import type { OrderId } from '../../domain/ids.ts';
import { orderEvent } from '../../domain/order/order-events.ts';
import type { OrderEvent } from '../../domain/order/order-events.ts';
import { orderStatuses, orderTransitions } from '../../domain/order/order-status.ts';
import type { OrderStatus } from '../../domain/order/order-status.ts';
import { refundStatusOf } from '../../domain/order/refund-status.ts';
import type { Order, OrderBilling, OrderRefund } from '../../domain/order/order.ts';
import { canTransition } from '../../domain/state-machine.ts';
import { collectionOf, isDuplicateKey } from '../store/collection.ts';
import type { CollectionSpec } from '../store/collection.ts';

export type OrderDocument = Order & {
  readonly _id: OrderId;
  /** Fingerprint of the buyer's address, for velocity rules and lists. */
  readonly emailHash: string;
  /** Hash of the request, so that one id with two different bodies is a conflict and not a replay. */
  readonly requestHash: string;
};

export const ordersCollection: CollectionSpec<OrderDocument> = {
  name: 'orders',
  owner: 'order',
  retention: 'books',
  schema: z.custom<OrderDocument>(
    (value) =>
      z.looseObject({ _id: z.string(), status: z.enum(orderStatuses), revision: z.int() }).safeParse(value).success,
  ),
  indexes: [
    { key: { startedAt: 1, createdAt: 1 }, name: 'unstarted' },
    { key: { emailHash: 1, createdAt: -1 }, name: 'velocity' },
    { key: { 'customer.id': 1, createdAt: -1 }, name: 'by_customer' },
    { key: { status: 1, createdAt: -1 }, name: 'by_status' },
    { key: { createdAt: -1, _id: -1 }, name: 'newest_first' },
  ],
};

export interface RecordedEvent {
  readonly orderId: OrderId;
  readonly event: OrderEvent;
  /** Distinguishes events that may happen once per line. */
  readonly line?: string;
  /** Events that came before it in the same moment and are written with it. */
  readonly via?: readonly OrderEvent[];
  readonly at: string;
  /** Added to the event's standing text. */
  readonly note?: string;
  /** Fields that become true with the event. */
  readonly set?: Partial<
    Pick<
      Order,
      | 'quote'
      | 'quoteHash'
      | 'screening'
      | 'review'
      | 'businessTaxIdStatus'
      | 'statusReason'
      | 'startedAt'
      | 'creditApplied'
    >
  >;
}

export interface OrderListQuery {
  readonly customer: string | null;
  readonly status: OrderStatus | null;
  readonly from: string | null;
  readonly limit: number;
  readonly before: { readonly createdAt: string; readonly id: string } | null;
}

export interface SoldBetween {
  /** ISO 8601 UTC. */
  readonly from: string;
  readonly to: string;
  /** Product, or bundle; null: any. */
  readonly product: string | null;
  readonly price: string | null;
  readonly after: { readonly createdAt: string; readonly id: string } | null;
  readonly limit: number;
}

export type OrderStore = ReturnType<typeof createOrderStore>;

export function createOrderStore(db: Db) {
  const orders = collectionOf(db, ordersCollection);

  async function require(orderId: OrderId): Promise<OrderDocument> {
    return (await orders.findOne({ _id: orderId })) ?? fail('order.not_found', `There is no order ${orderId}`);
  }

  const store = {
    require,

    find: (orderId: OrderId): Promise<OrderDocument | null> => orders.findOne({ _id: orderId }),

    /** Inserts, or returns the order that is already there under this id. @throws idempotency.conflict */
    async insert(order: OrderDocument): Promise<{ order: OrderDocument; created: boolean }> {
      try {
        await orders.insertOne(order);
        return { order, created: true };
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
        const existing = await require(order._id);
        if (existing.requestHash !== order.requestHash)
          fail('idempotency.conflict', `Order ${order._id} exists with other content`);
        return { order: existing, created: false };
      }
    },

    /**
     * Writes what happened: status, fields and timeline in one conditional update that names the states it may come
     * from. The same event again is a no-op. @throws order.state_conflict, order.not_found
     */
    async record(recorded: RecordedEvent): Promise<OrderDocument> {
      const { orderId, event, line, at, set, via = [] } = recorded;
      const { status } = orderEvent(event);
      const key = line === undefined ? event : `${event}/${line}`;
      const first = orderEvent(via[0] ?? event).status;
      const filter: Filter<OrderDocument> = {
        _id: orderId,
        'timeline.event': { $nin: [...via, key] },
        ...(first === null ? {} : { status: { $in: statesThatMayBecome(first) } }),
      };
      const entries = [
        ...via.map((one) => timelineEntry(one, { orderId, event: one, at })),
        timelineEntry(key, recorded),
      ];
      const updated = await orders.findOneAndUpdate(
        filter,
        {
          $set: { ...set, ...(status === null ? {} : { status }) },
          $push: { timeline: { $each: entries } },
          $inc: { revision: 1 },
        },
        { returnDocument: 'after' },
      );
      if (updated !== null) return updated;
      const current = await require(orderId);
      if (current.timeline.some((done) => done.event === key)) return current;
      if (via.length === 0)
        return fail('order.state_conflict', `order ${orderId} is ${current.status}; "${key}" cannot happen to it`);
      for (const one of via) await store.record({ orderId, event: one, at });
      return store.record({ ...recorded, via: [] });
    },

    /** Adds or settles the refund with this id; several writes of the same refund leave one. */
    async upsertRefund(
      orderId: OrderId,
      refund: Order['refunds'][number],
      refundStatus: Order['refundStatus'],
    ): Promise<void> {
      const replaced = await orders.updateOne(
        { _id: orderId, 'refunds.id': refund.id },
        { $set: { 'refunds.$': refund, refundStatus }, $inc: { revision: 1 } },
      );
      if (replaced.matchedCount > 0) return;
      await orders.updateOne(
        { _id: orderId, 'refunds.id': { $ne: refund.id } },
        { $set: { refundStatus }, $push: { refunds: refund }, $inc: { revision: 1 } },
      );
    },

    /**
     * Changes what is reserved and given back of the order, in one conditional update that names the revision it was
     * computed from, so that refunds at once never take more than there is. The same array again writes nothing.
     * @param change may throw: then nothing is written @throws order.not_found, store.unavailable when it is too busy
     */
    async changeRefunds(
      orderId: OrderId,
      change: (order: OrderDocument) => readonly OrderRefund[],
    ): Promise<OrderDocument> {
      for (let round = 0; round < mostRounds; round += 1) {
        const order = await require(orderId);
        const refunds = change(order);
        if (refunds === order.refunds) return order;
        const changed = await orders.findOneAndUpdate(
          { _id: orderId, revision: order.revision },
          { $set: { refunds, refundStatus: refundStatusOf(order, refunds) }, $inc: { revision: 1 } },
          { returnDocument: 'after' },
        );
        if (changed !== null) return changed;
      }
      return fail('store.unavailable', `order ${orderId} changes too often`);
    },

    /** What store credit pays for the order, minor units: written down once. */
    async noteCredit(orderId: OrderId, creditApplied: number): Promise<void> {
      await orders.updateOne(
        { _id: orderId, creditApplied: { $exists: false } },
        { $set: { creditApplied }, $inc: { revision: 1 } },
      );
    },

    /** What a person decided, and why. Only while the order waits for it; the note stays here and never travels. */
    async noteReview(orderId: OrderId, review: NonNullable<Order['review']>): Promise<void> {
      await orders.updateOne({ _id: orderId, status: 'in_review' }, { $set: { review }, $inc: { revision: 1 } });
    },

    /** The subscription that a purchase began; once. */
    async noteBilling(orderId: OrderId, billing: OrderBilling): Promise<void> {
      await orders.updateOne({ _id: orderId, billing: null }, { $set: { billing }, $inc: { revision: 1 } });
    },

    async markStarted(orderId: OrderId, at: string): Promise<void> {
      await orders.updateOne({ _id: orderId, startedAt: null }, { $set: { startedAt: at } });
    },

    /** Recorded before `olderThan` and still without a workflow, oldest first. */
    unstarted: (olderThan: string, limit: number): Promise<OrderDocument[]> =>
      orders
        .find({ startedAt: null, createdAt: { $lt: olderThan } })
        .sort({ createdAt: 1 })
        .limit(limit)
        .toArray(),

    /** When the orders of this inbox since then were recorded; no more of them than any rule counts to. */
    async recordedSince(emailHash: string, since: string): Promise<readonly string[]> {
      const filter = { emailHash, createdAt: { $gte: since }, 'billing.reason': { $nin: billedByItself } };
      const found = await orders.find(filter, { projection: { _id: 0, createdAt: 1 }, limit: velocityLimit }).toArray();
      return found.map(({ createdAt }) => createdAt);
    },

    /** Orders that were placed in a time (half-open) and sold this, the oldest first; `after`: the last one of the page before. */
    soldBetween({ from, to, product, price, after, limit }: SoldBetween): Promise<OrderDocument[]> {
      const line = {
        ...(price === null ? {} : { price }),
        ...(product === null ? {} : { $or: [{ product }, { bundle: product }] }),
      };
      const later =
        after === null
          ? {}
          : { $or: [{ createdAt: { $gt: after.createdAt } }, { createdAt: after.createdAt, _id: { $gt: after.id } }] };
      return orders
        .find({ createdAt: { $gte: from, $lt: to }, 'quote.lines': { $elemMatch: line }, ...later })
        .sort({ createdAt: 1, _id: 1 })
        .limit(limit)
        .toArray();
    },

    list({ customer, status, from, limit, before }: OrderListQuery): Promise<OrderDocument[]> {
      const filter: Filter<OrderDocument> = {
        ...(customer === null ? {} : { 'customer.id': customer }),
        ...(status === null ? {} : { status }),
        ...(from === null ? {} : { createdAt: { $gte: from } }),
        ...(before === null ? {} : olderThan(before)),
      };
      return orders.find(filter).sort({ createdAt: -1, _id: -1 }).limit(limit).toArray();
    },
  };
  return store;
}

function timelineEntry(key: string, { event, at, note }: RecordedEvent): Order['timeline'][number] {
  const { text } = orderEvent(event);
  return { at, event: key, text: note === undefined ? text : `${text}: ${note}` };
}

const velocityLimit = 1_000;
/** Nobody placed these. */
const billedByItself: NonNullable<Order['billing']>['reason'][] = ['subscription_cycle', 'subscription_update'];
/** Every round somebody else succeeded, so this many at once are served. */
const mostRounds = 500;

function statesThatMayBecome(status: OrderStatus): OrderStatus[] {
  return [status, ...orderStatuses.filter((from) => canTransition(orderTransitions, from, status))];
}

/** Ties on the millisecond are broken by id, so that a page neither repeats nor skips an order. */
function olderThan({ createdAt, id }: { createdAt: string; id: string }): Filter<OrderDocument> {
  return { $or: [{ createdAt: { $lt: createdAt } }, { createdAt, _id: { $lt: id } }] };
}
