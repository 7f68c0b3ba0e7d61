import { z } from 'zod';
import type { GatewayNotice } from '../../gateway-notice.ts';
import { disputeSchema, toDisputeNotice } from '../sandbox-dispute.mapping.ts';

const eventSchema = z.object({
  type: z.string(),
  data: z.object({
    payment: z.object({ pspReference: z.string().min(1), merchantReference: z.string() }),
    refund: z.object({ refundReference: z.string().min(1) }).optional(),
    dispute: disputeSchema.optional(),
  }),
});

/** Reads the body of a verified webhook; null: nothing that we act on. */
export function readSandboxAcquirerNotice(body: unknown): GatewayNotice | null {
  const event = eventSchema.safeParse(body).data;
  if (event === undefined) return null;
  const { payment, refund, dispute } = event.data;
  const { pspReference: paymentId, merchantReference: reference } = payment;
  if (dispute !== undefined) return toDisputeNotice(dispute);
  if (refund !== undefined) return { kind: 'refund_changed', paymentId, reference, refundId: refund.refundReference };
  return event.type.startsWith('payment.') ? { kind: 'payment_changed', paymentId, reference } : null;
}
