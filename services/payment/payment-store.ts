import type { Db } from 'mongodb';
import { z } from 'zod';
import { fail } from '../../domain/failures.ts';
import type { Money } from '../../domain/money/money.ts';
import { overAttempts } from '../../domain/payment/payment.ts';
import type { Payment, PaymentAttempt, PaymentStatus } from '../../domain/payment/payment.ts';
import { collectionOf, isDuplicateKey } from '../store/collection.ts';
import type { CollectionSpec } from '../store/collection.ts';
import type { GatewayRefund } from './payment-gateway.ts';

export type PaymentDocument = Payment & { readonly _id: string };

export const paymentsCollection: CollectionSpec<PaymentDocument> = {
  name: 'payments',
  owner: 'payment',
  retention: 'books',
  schema: z.custom<PaymentDocument>(
    (value) => z.looseObject({ _id: z.string(), captured: z.int(), refunded: z.int() }).safeParse(value).success,
  ),
  indexes: [
    // Webhooks name the gateway's payment id.
    { key: { 'attempts.paymentId': 1, 'attempts.gateway': 1 }, name: 'by_payment_id' },
    // What is known of the card behind a token.
    { key: { 'attempts.tokenKey': 1 }, name: 'by_token' },
  ],
};

export type PaymentStore = ReturnType<typeof createPaymentStore>;

/** One document per order holds every attempt and refund, so that limits are conditional updates on one document. */
export function createPaymentStore(db: Db) {
  const payments = collectionOf(db, paymentsCollection);

  async function require(orderId: string): Promise<PaymentDocument> {
    return (
      (await payments.findOne({ _id: orderId })) ?? fail('payment.not_found', `There is no payment of order ${orderId}`)
    );
  }

  return {
    require,

    find: (orderId: string): Promise<PaymentDocument | null> => payments.findOne({ _id: orderId }),

    findByGatewayPayment: (gateway: string, paymentId: string): Promise<PaymentDocument | null> =>
      payments.findOne({ 'attempts.paymentId': paymentId, attempts: { $elemMatch: { gateway, paymentId } } }),

    /** An attempt that charged this token, a captured one if there is any; null: none whose card is known. */
    async findCharged(tokenKey: string): Promise<PaymentAttempt | null> {
      const charged = { tokenKey, cardKey: { $exists: true } };
      // The plain condition says nothing more, and is what an index is looked up by.
      const withAttempt = (attempt: object) =>
        payments.findOne({ 'attempts.tokenKey': tokenKey, attempts: { $elemMatch: attempt } });
      const found = (await withAttempt({ ...charged, status: 'captured' })) ?? (await withAttempt(charged));
      const known = found?.attempts.filter((one) => one.tokenKey === tokenKey && one.cardKey !== undefined) ?? [];
      return known.find(({ status }) => status === 'captured') ?? known[0] ?? null;
    },

    /**
     * The order's payment; made on first use, with the intent of its first attempt. `created`: that attempt is the
     * caller's to make. @throws payment.idempotency_conflict when the amount differs
     */
    async open(
      orderId: string,
      { amount, currency }: Money,
      firstAttempt: PaymentAttempt | null,
    ): Promise<{ readonly payment: PaymentDocument; readonly created: boolean }> {
      const fresh: PaymentDocument = {
        _id: orderId,
        orderId,
        status: firstAttempt === null ? 'none' : 'processing',
        currency,
        amount,
        captured: 0,
        refunded: 0,
        gateway: null,
        attempts: firstAttempt === null ? [] : [firstAttempt],
        refunds: [],
      };
      try {
        await payments.insertOne(fresh);
        return { payment: fresh, created: true };
      } catch (error) {
        if (!isDuplicateKey(error)) throw error;
      }
      const existing = await require(orderId);
      if (existing.amount !== amount || existing.currency !== currency) {
        fail('payment.idempotency_conflict', `order ${orderId} already has a payment of another amount`);
      }
      return { payment: existing, created: false };
    },

    /**
     * Records the intent before the request leaves. null: somebody else has started that attempt, the one before it is
     * not over, or money was captured.
     */
    startAttempt: (orderId: string, attempt: PaymentAttempt): Promise<PaymentDocument | null> =>
      payments.findOneAndUpdate(
        {
          ...{ _id: orderId, attempts: { $size: attempt.attempt - 1 }, captured: 0 },
          ...(attempt.attempt === 1 ? {} : { [`attempts.${attempt.attempt - 2}.status`]: { $in: overAttempts } }),
        },
        { $push: { attempts: attempt }, $set: { status: 'processing' } },
        { returnDocument: 'after' },
      ),

    /** The attempt surely did not arrive. False, and nothing written, when somebody has settled it meanwhile. */
    async giveAttemptUp(orderId: string, attempt: PaymentAttempt): Promise<boolean> {
      const given = await payments.updateOne(
        { _id: orderId, [`${place(attempt)}.status`]: 'started' },
        { $set: { [`${place(attempt)}.status`]: 'unavailable' } },
      );
      return given.modifiedCount === 1;
    },

    /** Settles an attempt. A captured attempt is never overwritten by a later, older answer. */
    async settleAttempt(orderId: string, attempt: PaymentAttempt, status: PaymentStatus): Promise<PaymentDocument> {
      const settled = await payments.findOneAndUpdate(
        { _id: orderId, [`${place(attempt)}.status`]: { $exists: true, $ne: 'captured' } },
        { $set: { [place(attempt)]: attempt, status, gateway: attempt.gateway } },
        { returnDocument: 'after' },
      );
      return settled ?? require(orderId);
    },

    /** The captured amount is set once, with the attempt that took it. */
    async settleCapture(orderId: string, attempt: PaymentAttempt, captured: number): Promise<PaymentDocument> {
      const settled = await payments.findOneAndUpdate(
        { _id: orderId, captured: 0, [place(attempt)]: { $exists: true } },
        { $set: { [place(attempt)]: attempt, status: 'captured', gateway: attempt.gateway, captured } },
        { returnDocument: 'after' },
      );
      return settled ?? require(orderId);
    },

    /**
     * Reserves the amount and records the refund in one conditional update, so that parallel refunds can never exceed
     * what was captured. Returns false when too little is left. The same refund id again is true and reserves nothing.
     * @throws payment.idempotency_conflict when the same refund id stands for another amount
     */
    async reserveRefund(orderId: string, refundId: string, amount: number): Promise<boolean> {
      const { captured } = await require(orderId);
      const reserved = await payments.updateOne(
        { _id: orderId, captured, refunded: { $lte: captured - amount }, 'refunds.refundId': { $ne: refundId } },
        { $inc: { refunded: amount }, $push: { refunds: { refundId, amount, status: 'started' } } },
      );
      if (reserved.modifiedCount === 1) return true;
      const { refunds } = await require(orderId);
      const reservedBefore = refunds.find((refund) => refund.refundId === refundId);
      if (reservedBefore !== undefined && reservedBefore.amount !== amount)
        fail('payment.idempotency_conflict', `refund ${refundId} of order ${orderId} is of another amount`);
      return reservedBefore !== undefined;
    },

    /**
     * Writes down how a refund stands. What has failed stays so; what has succeeded may still be sent back by the bank. A
     * failed one gives its amount free in the same update.
     */
    async settleRefund(
      orderId: string,
      refundId: string,
      { status, failure }: Pick<GatewayRefund, 'status' | 'failure'>,
    ): Promise<void> {
      const { refunds } = await require(orderId);
      const index = refunds.findIndex((refund) => refund.refundId === refundId);
      const amount = refunds[index]?.amount ?? fail('payment.not_found', `order ${orderId} has no refund ${refundId}`);
      // Refunds are only ever appended, like attempts.
      const place = `refunds.${index}`;
      const open = ['started', 'pending', ...(status === 'failed' ? ['succeeded'] : [])];
      await payments.updateOne(
        { _id: orderId, [`${place}.status`]: { $in: open } },
        {
          $set: {
            [`${place}.status`]: status,
            ...(status === 'failed' ? { [`${place}.failure`]: failure ?? 'unknown' } : {}),
          },
          ...(status === 'failed' ? { $inc: { refunded: -amount } } : {}),
        },
      );
    },
  };
}

/** Attempts are only ever appended, so the n-th stands at n − 1: no positional operator, which not every server knows here. */
function place({ attempt }: PaymentAttempt): string {
  return `attempts.${attempt - 1}`;
}
