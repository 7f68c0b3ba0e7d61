import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { isCurrency } from '../../domain/money/money.ts';
import type { ProviderDeps } from './acquirer.ts';
import { guardPartner, sendOnce } from './partner-api.ts';
import { refuse } from './partner-error.ts';
import type { SandboxPayment, SandboxPaymentState, SandboxRefund } from './sandbox-payment.ts';

const id = 'deferred_payments';

const collectionSchema = z.strictObject({
  orderReference: z.string().min(1),
  kind: z.enum(['BANK_TRANSFER', 'VOUCHER']),
  minorUnits: z.int().positive(),
  currency: z.string().refine(isCurrency),
  payerToken: z.string(),
  backUrl: z.url().nullable(),
});
const payoutSchema = z.strictObject({ minorUnits: z.int().positive() });
const keyQuery = z.object({ requestKey: z.string().min(1) });
const collectionParams = z.object({ collection: z.string() });

const states = {
  awaiting_funds: 'awaiting_funds',
  settled: 'funded',
  lapsed: 'lapsed',
  cancelled: 'withdrawn',
  refused: 'rejected',
  // A transfer has no authorisation and no 3-D Secure.
  authorised: 'awaiting_funds',
  challenge: 'awaiting_funds',
} as const satisfies Record<SandboxPaymentState, string>;

const payoutStates = { completed: 'paid', failed: 'returned' } as const satisfies Record<
  SandboxRefund['state'],
  string
>;

/** The payment in this provider's words. It has no authorisation: it waits for money and then has it. */
export function showCollection(payment: SandboxPayment, publicUrl: string) {
  return {
    collectionId: payment.id,
    orderReference: payment.reference,
    requestKey: payment.key,
    state: states[payment.state],
    minorUnits: payment.amount,
    currency: payment.currency,
    reason: payment.refusal,
    instructionsUrl: payment.state === 'awaiting_funds' ? `${publicUrl}/customer/${payment.id}` : null,
  };
}

export function showPayout(refund: SandboxRefund) {
  return {
    payoutId: refund.id,
    collectionId: refund.paymentId,
    state: payoutStates[refund.state],
    minorUnits: refund.amount,
  };
}

/** The HTTP API of the provider of bank transfers and vouchers under /deferred-payments. */
export function registerDeferredPayments(app: FastifyInstance, deps: ProviderDeps): void {
  const { book, issuer, keys, wire } = deps;
  const show = (payment: SandboxPayment) => ({ collection: showCollection(payment, deps.publicUrl()) });
  guardPartner(app, id, deps);

  app.post('/collections', (request, reply) => {
    const body = collectionSchema.parse(request.body);
    const { replayed } = sendOnce(keys, id, request, reply, (key) => {
      const { verdict, transport } = issuer.decide({ token: body.payerToken, cardholder: null, offSession: false });
      if (transport !== 'normal') wire.answerBy(request, transport);
      const payment = book.open({
        provider: id,
        key,
        reference: body.orderReference,
        method: body.kind.toLowerCase(),
        amount: body.minorUnits,
        currency: body.currency,
        returnUrl: body.backUrl,
        card: null,
        // Nothing is approved at once here: whoever is not refused has to send the money.
        verdict: verdict.kind === 'refuse' ? verdict : { kind: 'await_funds' },
      });
      return { status: 201, body: show(payment) };
    });
    if (replayed) book.countReplay(id, String(request.headers['idempotency-key']));
    return reply;
  });
  app.get('/collections', (request) => {
    const found = book.findByKey(id, keyQuery.parse(request.query).requestKey);
    return { collections: found === null ? [] : [show(found).collection] };
  });
  app.get('/collections/:collection', (request) => show(own(request.params)));
  app.post('/collections/:collection/withdraw', (request, reply) => {
    const payment = own(request.params);
    sendOnce(keys, id, request, reply, () => ({ status: 200, body: show(book.cancel(payment)) }));
    return reply;
  });
  app.post('/collections/:collection/payouts', (request, reply) => {
    const payment = own(request.params);
    const { minorUnits } = payoutSchema.parse(request.body);
    sendOnce(keys, id, request, reply, (key) => ({
      status: 201,
      body: { payout: showPayout(book.refund(payment, key, minorUnits)) },
    }));
    return reply;
  });
  app.get('/payouts', (request) => {
    const found = book.findRefundByKey(id, keyQuery.parse(request.query).requestKey);
    return { payouts: found === null ? [] : [showPayout(found)] };
  });

  function own(params: unknown): SandboxPayment {
    const payment = book.find(collectionParams.parse(params).collection);
    return payment.provider === id ? payment : refuse(404, 'not_found', 'There is no such collection');
  }
}
