import { z } from 'zod';
import type { GatewayNotice } from '../gateway-notice.ts';

/** Both kinds of provider pass on the card networks' and banks' disputes in one shape. */
export const disputeSchema = z.object({
  id: z.string().min(1),
  payment: z.string().min(1),
  reference: z.string(),
  reason: z.string(),
  amount: z.int(),
  currency: z.string(),
  dueBy: z.string(),
  status: z.enum(['needs_response', 'won', 'lost', 'withdrawn']),
});

export function toDisputeNotice(dispute: z.output<typeof disputeSchema>): GatewayNotice {
  const { id, payment, status, ...facts } = dispute;
  return {
    kind: 'dispute_changed',
    disputeId: id,
    paymentId: payment,
    status: status === 'needs_response' ? 'opened' : status,
    ...facts,
  };
}
