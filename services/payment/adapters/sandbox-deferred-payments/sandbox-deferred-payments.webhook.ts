import { z } from 'zod';
import type { GatewayNotice } from '../../gateway-notice.ts';
import { disputeSchema, toDisputeNotice } from '../sandbox-dispute.mapping.ts';

const eventSchema = z.object({
  type: z.string(),
  data: z.object({
    collection: z.object({ collectionId: z.string().min(1), orderReference: z.string() }),
    payout: z.object({ payoutId: z.string().min(1) }).optional(),
    dispute: disputeSchema.optional(),
  }),
});

/** Reads the body of a verified webhook; null: nothing that we act on. */
export function readSandboxDeferredPaymentsNotice(body: unknown): GatewayNotice | null {
  const event = eventSchema.safeParse(body).data;
  if (event === undefined) return null;
  const { collection, payout, dispute } = event.data;
  const { collectionId: paymentId, orderReference: reference } = collection;
  if (dispute !== undefined) return toDisputeNotice(dispute);
  if (payout !== undefined) return { kind: 'refund_changed', paymentId, reference, refundId: payout.payoutId };
  return event.type.startsWith('payment.') ? { kind: 'payment_changed', paymentId, reference } : null;
}
