import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { isCurrency } from '../../domain/money/money.ts';
import { adviceOf } from './issuer.ts';
import type { Issuer, Refusal } from './issuer.ts';
import { guardPartner, sendOnce } from './partner-api.ts';
import type { PartnerDeps } from './partner-api.ts';
import { refuse } from './partner-error.ts';
import type { PaymentBook } from './payment-book.ts';
import type { RefundRefusal, SandboxPayment, SandboxPaymentState, SandboxRefund } from './sandbox-payment.ts';

/** What differs between the two acquirers: where they work and how they speak of a refusal. */
export interface AcquirerHabits {
  readonly id: 'acquirer_a' | 'acquirer_b';
  readonly currencies: readonly string[] | 'any';
  readonly declineCodes: Readonly<Record<Refusal, string>>;
  /** Its words for the networks' advice codes; what is not in here is passed on as it is. */
  readonly adviceWords: Readonly<Record<string, string>>;
}

/** Cheap, four currencies, answers with the raw two-digit codes of the card networks. */
export const acquirerA: AcquirerHabits = {
  id: 'acquirer_a',
  currencies: ['EUR', 'USD', 'GBP', 'CHF'],
  declineCodes: {
    insufficient_funds: '51',
    stolen_card: '43',
    expired_card: '54',
    do_not_honor: '05',
    issuer_unavailable: '91',
    invalid_number: '14',
    authentication_required: '1A',
    authentication_failed: '1A',
  },
  adviceWords: {},
};

/** Dear, any currency, answers with words of its own. */
export const acquirerB: AcquirerHabits = {
  id: 'acquirer_b',
  currencies: 'any',
  declineCodes: {
    insufficient_funds: 'NOT_SUFFICIENT_FUNDS',
    stolen_card: 'CARD_REPORTED_STOLEN',
    expired_card: 'CARD_EXPIRED',
    do_not_honor: 'DO_NOT_HONOUR',
    issuer_unavailable: 'ISSUER_INOPERATIVE',
    invalid_number: 'INVALID_ACCOUNT_NUMBER',
    authentication_required: 'SCA_REQUIRED',
    authentication_failed: 'SCA_FAILED',
  },
  adviceWords: { '01': 'CONFIRM_CARD_DATA', '02': 'TRY_AGAIN_LATER', '03': 'DO_NOT_TRY_AGAIN' },
};

const amountSchema = z.strictObject({ value: z.int().nonnegative(), currency: z.string().refine(isCurrency) });
const authoriseSchema = z.strictObject({
  merchantReference: z.string().min(1),
  shopperReference: z.string().nullable().default(null),
  amount: amountSchema,
  paymentMethod: z.strictObject({ type: z.string(), token: z.string() }),
  returnUrl: z.url().nullable(),
  offSession: z.boolean().default(false),
  networkTransactionId: z.string().nullable().default(null),
});
const partSchema = z.strictObject({ amount: amountSchema });
const keyQuery = z.object({ idempotency_key: z.string().min(1) });
const paymentParams = z.object({ payment: z.string() });

const statuses = {
  authorised: 'AUTHORISED',
  settled: 'SETTLED',
  refused: 'REFUSED',
  challenge: 'CHALLENGE',
  awaiting_funds: 'PENDING',
  cancelled: 'CANCELLED',
  lapsed: 'LAPSED',
} as const satisfies Record<SandboxPaymentState, string>;

const refundFailures = {
  card_closed: 'CARD_CLOSED',
  rejected: 'REJECTED_BY_ISSUER',
} as const satisfies Record<RefundRefusal, string>;

export interface ProviderDeps extends PartnerDeps {
  readonly book: PaymentBook;
  readonly issuer: Issuer;
  readonly publicUrl: () => string;
}

/** The payment in the acquirer's words: what its API and its webhooks show. */
export function showAcquirerPayment(habits: AcquirerHabits, payment: SandboxPayment, publicUrl: string) {
  const acts = payment.state === 'challenge' || payment.state === 'awaiting_funds';
  return {
    pspReference: payment.id,
    merchantReference: payment.reference,
    idempotencyKey: payment.key,
    status: statuses[payment.state],
    amount: { value: payment.amount, currency: payment.currency },
    settledAmount: payment.captured,
    refundedAmount: payment.refunded,
    refusalCode: payment.refusal === null ? null : habits.declineCodes[payment.refusal],
    adviceCode: adviceFor(habits, payment),
    card: payment.card === null ? null : { ...payment.card, networkTransactionId: networkTransactionOf(payment) },
    risk: payment.riskSignals,
    action: acts ? { type: 'redirect', url: `${publicUrl}/customer/${payment.id}` } : null,
  };
}

/** Only Mastercard's issuers advise. */
function adviceFor(habits: AcquirerHabits, { refusal, card }: SandboxPayment): string | null {
  const advice = refusal === null || card?.scheme !== 'mastercard' ? undefined : adviceOf[refusal];
  return advice === undefined ? null : (habits.adviceWords[advice] ?? advice);
}

/** The network numbers what it approved. */
function networkTransactionOf({ id, state }: SandboxPayment): string | null {
  return state === 'authorised' || state === 'settled' ? `nti_${id.slice(-15)}` : null;
}

export function showAcquirerRefund(refund: SandboxRefund) {
  return {
    refundReference: refund.id,
    pspReference: refund.paymentId,
    status: refund.state === 'completed' ? 'COMPLETED' : 'FAILED',
    failureReason: refund.failure === null ? null : refundFailures[refund.failure],
    amount: { value: refund.amount, currency: refund.currency },
  };
}

/** The HTTP API of one card acquirer under /acquirers/{id}. */
export function registerAcquirer(app: FastifyInstance, habits: AcquirerHabits, deps: ProviderDeps): void {
  guardPartner(app, habits.id, deps);
  registerAuthorisation(app, habits, deps);
  registerReads(app, habits, deps);
  registerMoves(app, habits, deps);
}

function registerAuthorisation(app: FastifyInstance, habits: AcquirerHabits, deps: ProviderDeps): void {
  const { book, issuer, keys, wire } = deps;
  app.post('/payments', (request, reply) => {
    const { paymentMethod, amount, ...body } = authoriseSchema.parse(request.body);
    if (habits.currencies !== 'any' && !habits.currencies.includes(amount.currency))
      refuse(422, 'currency_not_supported', 'This acquirer does not settle in that currency');
    const { replayed } = sendOnce(keys, habits.id, request, reply, (key) => {
      const { verdict, transport } = issuer.decide({
        token: paymentMethod.token,
        cardholder: body.shopperReference,
        offSession: body.offSession,
      });
      if (transport !== 'normal') wire.answerBy(request, transport);
      const payment = book.open({
        provider: habits.id,
        key,
        reference: body.merchantReference,
        method: paymentMethod.type,
        amount: amount.value,
        currency: amount.currency,
        returnUrl: body.returnUrl,
        card: paymentMethod.type === 'card' ? issuer.card(paymentMethod.token, body.shopperReference) : null,
        verdict,
      });
      return { status: 201, body: { payment: showAcquirerPayment(habits, payment, deps.publicUrl()) } };
    });
    if (replayed) book.countReplay(habits.id, String(request.headers['idempotency-key']));
    return reply;
  });
}

function registerReads(app: FastifyInstance, habits: AcquirerHabits, { book, publicUrl }: ProviderDeps): void {
  app.get('/payments', (request) => {
    const found = book.findByKey(habits.id, keyQuery.parse(request.query).idempotency_key);
    return { payments: found === null ? [] : [showAcquirerPayment(habits, found, publicUrl())] };
  });
  app.get('/payments/:payment', (request) => ({
    payment: showAcquirerPayment(habits, ownPayment(book, habits, request.params), publicUrl()),
  }));
  app.get('/refunds', (request) => {
    const found = book.findRefundByKey(habits.id, keyQuery.parse(request.query).idempotency_key);
    return { refunds: found === null ? [] : [showAcquirerRefund(found)] };
  });
}

function registerMoves(app: FastifyInstance, habits: AcquirerHabits, { book, keys, publicUrl }: ProviderDeps): void {
  const show = (payment: SandboxPayment) => ({ payment: showAcquirerPayment(habits, payment, publicUrl()) });

  app.post('/payments/:payment/captures', (request, reply) => {
    const payment = ownPayment(book, habits, request.params);
    const amount = partOf(payment, request.body);
    sendOnce(keys, habits.id, request, reply, () => ({ status: 201, body: show(book.capture(payment, amount)) }));
    return reply;
  });
  app.post('/payments/:payment/cancel', (request, reply) => {
    const payment = ownPayment(book, habits, request.params);
    sendOnce(keys, habits.id, request, reply, () => ({ status: 200, body: show(book.cancel(payment)) }));
    return reply;
  });
  app.post('/payments/:payment/refunds', (request, reply) => {
    const payment = ownPayment(book, habits, request.params);
    const amount = partOf(payment, request.body);
    sendOnce(keys, habits.id, request, reply, (key) => ({
      status: 201,
      body: { refund: showAcquirerRefund(book.refund(payment, key, amount)) },
    }));
    return reply;
  });
}

/** One acquirer knows nothing of the other's payments. */
function ownPayment(book: PaymentBook, habits: AcquirerHabits, params: unknown): SandboxPayment {
  const payment = book.find(paymentParams.parse(params).payment);
  return payment.provider === habits.id ? payment : refuse(404, 'not_found', 'There is no such payment');
}

function partOf(payment: SandboxPayment, body: unknown): number {
  const { amount } = partSchema.parse(body);
  if (amount.currency !== payment.currency) refuse(422, 'currency_mismatch', 'The payment is in another currency');
  if (amount.value <= 0) refuse(422, 'amount_not_positive', 'The amount must be positive');
  return amount.value;
}
