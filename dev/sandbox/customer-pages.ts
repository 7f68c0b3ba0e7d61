import { Eta } from 'eta';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { formatMoney } from '../../domain/money/money.ts';
import { pageStyle } from './page-style.ts';
import type { PaymentBook } from './payment-book.ts';
import type { SandboxPayment } from './sandbox-payment.ts';

const eta = new Eta();
const paymentParams = z.object({ payment: z.string() });
const refundFailure = z
  .strictObject({ reason: z.enum(['card_closed', 'rejected']).default('rejected') })
  .default({ reason: 'rejected' });

const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sandbox payment</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style><%~ it.style %></style></head><body><main class="card">
<h1><%= it.title %></h1><p><%= it.text %></p>
<% for (const action of it.actions) { %><form method="post" action="<%= action.path %>"><button><%= action.label %></button></form><% } %>
</main></body></html>`;

/**
 * What the customer and the bank do: pass or fail 3-D Secure, send the money or let the time run out, close the card or
 * send a refund back. POST answers the payment (or the refund) as JSON, or sends a browser back to the shop.
 */
export function registerCustomerPages(app: FastifyInstance, book: PaymentBook): void {
  app.get('/customer/:payment', (request, reply) => {
    const payment = book.find(paymentParams.parse(request.params).payment);
    return reply.type('text/html').send(eta.renderString(page, { style: pageStyle, ...contentOf(payment) }));
  });

  app.post('/3ds/:payment/:end', (request, reply) => {
    const { payment, end } = paymentParams.extend({ end: z.enum(['complete', 'fail']) }).parse(request.params);
    return sendBack(request, reply, book.authenticate(book.find(payment), end === 'complete'));
  });
  app.post('/payments/:payment/:end', (request, reply) => {
    const { payment, end } = paymentParams.extend({ end: z.enum(['settle', 'expire']) }).parse(request.params);
    const found = book.find(payment);
    return sendBack(request, reply, end === 'settle' ? book.settle(found) : book.expire(found));
  });
  app.post('/payments/:payment/close-card', (request) =>
    summary(book.closeCard(book.find(paymentParams.parse(request.params).payment))),
  );
  app.get('/refunds', (request) =>
    book.listRefunds(z.object({ payment: z.string().optional() }).parse(request.query).payment),
  );
  app.post('/refunds/:refund/fail', (request) => {
    const { refund } = z.object({ refund: z.string() }).parse(request.params);
    return book.failRefund(refund, refundFailure.parse(request.body ?? undefined).reason);
  });
  app.get('/payments', (request) =>
    book.list(z.object({ reference: z.string().optional() }).parse(request.query).reference).map(summary),
  );
  app.get('/payments/:payment', (request) => summary(book.find(paymentParams.parse(request.params).payment)));
}

/** The read-back of api.md. `authorized` is what is, or was, held for us: nothing once refused, voided or expired. */
function summary(payment: SandboxPayment) {
  const held = payment.state === 'authorised' || payment.state === 'settled';
  return {
    id: payment.id,
    acquirer: payment.provider,
    reference: payment.reference,
    authorized: held ? payment.amount : 0,
    captured: payment.captured,
    refunded: payment.refunded,
    currency: payment.currency,
    attempts: payment.askedAt.length,
    askedAt: payment.askedAt,
    amount: payment.amount,
    state: payment.state,
    refusal: payment.refusal,
    method: payment.method,
    key: payment.key,
  };
}

function sendBack(request: FastifyRequest, reply: FastifyReply, payment: SandboxPayment) {
  const fromBrowser = request.headers.accept?.includes('text/html') ?? false;
  if (!fromBrowser) return reply.send(summary(payment));
  return reply.redirect(payment.returnUrl ?? `/customer/${payment.id}`, 303);
}

function contentOf(payment: SandboxPayment) {
  const amount = formatMoney(payment);
  switch (payment.state) {
    case 'challenge':
      return {
        title: 'Is this you?',
        text: `Your bank asks whether you want to pay ${amount}.`,
        actions: [
          { path: `/3ds/${payment.id}/complete`, label: 'Yes, pay' },
          { path: `/3ds/${payment.id}/fail`, label: 'No, this is not me' },
        ],
      };
    case 'awaiting_funds':
      return {
        title: payment.method === 'voucher' ? 'Pay your voucher' : 'Transfer the money',
        text: `${amount} is awaited.`,
        actions: [
          { path: `/payments/${payment.id}/settle`, label: 'Send the money' },
          { path: `/payments/${payment.id}/expire`, label: 'Let the time run out' },
        ],
      };
    case 'authorised':
    case 'settled':
    case 'refused':
    case 'cancelled':
    case 'lapsed':
      return { title: 'Nothing to do', text: `The payment of ${amount} is ${payment.state}.`, actions: [] };
  }
}
