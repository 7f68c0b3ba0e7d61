import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { refuse } from './partner-error.ts';
import { newId } from './sandbox-payment.ts';
import type { PaymentBook } from './payment-book.ts';
import type { SandboxPayment } from './sandbox-payment.ts';

const disputeSchema = z.strictObject({
  payment: z.string(),
  reason: z.string().min(1),
  /** Minor units; the captured amount when absent. */
  amount: z.int().positive().optional(),
  dueBy: z.iso.datetime({ offset: true }),
});
const outcomes = ['won', 'lost', 'withdrawn'] as const;

export interface SandboxDispute {
  readonly id: string;
  readonly payment: string;
  readonly acquirer: string;
  readonly reference: string;
  readonly reason: string;
  readonly amount: number;
  readonly currency: string;
  readonly dueBy: string;
  readonly status: 'needs_response' | (typeof outcomes)[number];
}

export type DisputeListener = (
  type: `dispute.${'opened' | (typeof outcomes)[number]}`,
  dispute: SandboxDispute,
  payment: SandboxPayment,
) => void;

/** The cardholder's bank takes the money back until somebody wins: opened and closed by hand. */
export function registerDisputes(app: FastifyInstance, book: PaymentBook, notify: DisputeListener): void {
  const disputes = new Map<string, SandboxDispute>();

  app.post('/disputes', (request, reply) => {
    const { payment: paymentId, reason, amount, dueBy } = disputeSchema.parse(request.body);
    const payment = book.find(paymentId);
    const disputed = amount ?? payment.captured;
    if (disputed <= 0 || disputed > payment.captured)
      refuse(422, 'amount_too_large', 'Only captured money can be disputed');
    const dispute: SandboxDispute = {
      id: newId('dsp'),
      payment: payment.id,
      acquirer: payment.provider,
      reference: payment.reference,
      reason,
      amount: disputed,
      currency: payment.currency,
      dueBy,
      status: 'needs_response',
    };
    disputes.set(dispute.id, dispute);
    notify('dispute.opened', dispute, payment);
    return reply.code(201).send(dispute);
  });

  app.get('/disputes', () => [...disputes.values()]);

  app.post('/disputes/:dispute/:outcome', (request) => {
    const { dispute: id, outcome } = z.object({ dispute: z.string(), outcome: z.enum(outcomes) }).parse(request.params);
    const dispute = disputes.get(id) ?? refuse(404, 'not_found', 'There is no such dispute');
    if (dispute.status === outcome) return dispute;
    if (dispute.status !== 'needs_response') refuse(409, 'invalid_state', `The dispute is ${dispute.status}`);
    const closed: SandboxDispute = { ...dispute, status: outcome };
    disputes.set(id, closed);
    notify(`dispute.${outcome}`, closed, book.find(closed.payment));
    return closed;
  });
}
