import { z } from 'zod';
import type { GatewayPayment, GatewayRefund } from '../../payment-gateway.ts';

export const collectionSchema = z.object({
  collectionId: z.string().min(1),
  /** Left open: a state that this adapter has never heard of must not break it. */
  state: z.string(),
  minorUnits: z.int(),
  currency: z.string(),
  reason: z.string().nullable().default(null),
  instructionsUrl: z.url().nullable().default(null),
});
export type Collection = z.output<typeof collectionSchema>;

export const payoutSchema = z.object({ payoutId: z.string().min(1), state: z.string() });
export type Payout = z.output<typeof payoutSchema>;

/** The provider's reasons → normalised codes of domain/payment/decline-codes.ts. */
const declineCodeOf: ReadonlyMap<string, string> = new Map([
  ['insufficient_funds', 'insufficient_funds'],
  ['do_not_honor', 'do_not_honor'],
  ['invalid_number', 'invalid_account'],
  ['issuer_unavailable', 'issuer_not_available'],
]);

/** The port's methods → the provider's kinds. */
export const collectionKinds: ReadonlyMap<string, string> = new Map([
  ['bank_transfer', 'BANK_TRANSFER'],
  ['voucher', 'VOUCHER'],
]);

/** Only explicit success or failure settles; the rest is pending. */
export function toGatewayPayment(collection: Collection): GatewayPayment {
  const paymentId = collection.collectionId;
  switch (collection.state) {
    case 'funded':
      return { status: 'captured', paymentId, riskSignals: [], card: null };
    case 'rejected':
      return {
        status: 'declined',
        paymentId,
        declineCode: declineCodeOf.get(collection.reason ?? '') ?? 'generic_decline',
        networkDeclineCode: null,
        networkAdviceCode: null,
        card: null,
      };
    case 'withdrawn':
      return { status: 'voided', paymentId };
    case 'lapsed':
      return { status: 'expired', paymentId };
    default:
      return { status: 'pending', paymentId, actionUrl: collection.instructionsUrl };
  }
}

export function toGatewayRefund(payout: Payout): GatewayRefund {
  const refundId = payout.payoutId;
  switch (payout.state) {
    case 'paid':
      return { status: 'succeeded', refundId };
    case 'returned':
      return { status: 'failed', refundId };
    default:
      return { status: 'pending', refundId };
  }
}
