import { createHash } from 'node:crypto';
import { z } from 'zod';
import { deliveryCapabilities } from '../../domain/delivery/delivery.ts';
import { fail, isFailure } from '../../domain/failures.ts';
import { orderNumber } from '../../domain/ids.ts';
import type { OrderId } from '../../domain/ids.ts';
import { formatMoney } from '../../domain/money/money.ts';
import type { BusinessTaxIdStatus, Customer, Quote } from '../../domain/order/order.ts';
import { candidates, noCandidateCode } from '../payment/gateway-router.ts';
import type { GatewayProfile } from '../payment/payment-gateway.ts';
import type { IssuedQuotes } from '../pricing/issued-quotes.ts';
import { quoteHash } from '../pricing/quote-hash.ts';
import { basketFields, quoteIdSchema, taxCustomerFields } from '../pricing/quote-schemas.ts';
import type { QuoteService } from '../pricing/quote-service.ts';
import { emailHash } from '../risk/email-hash.ts';
import type { OrderDocument, OrderStore } from './order-store.ts';
import type { TrialGuard } from './trial-guard.ts';

const shortText = z.string().trim().min(1).max(200);

/** The body of POST /v1/orders: the quote's body and who buys, how it is paid, what was agreed to. */
export const orderRequestSchema = z.strictObject({
  ...basketFields,
  /** The issued quote that is to be charged; absent: today's price. */
  quote: quoteIdSchema.nullable().default(null),
  customer: z.strictObject({
    ...taxCustomerFields,
    id: shortText.nullable().default(null),
    email: z.email().max(254),
    name: shortText,
    street: shortText.nullable().default(null),
    city: shortText.nullable().default(null),
    locale: z.enum(['en', 'de']).default('en'),
  }),
  payment: z.strictObject({
    method: z.string().regex(/^[a-z_]{2,40}$/),
    token: z.string().regex(/^[A-Za-z0-9_-]{3,200}$/),
    /** The gateway's fingerprint of the card: one trial for each. */
    fingerprint: z
      .string()
      .regex(/^[A-Za-z0-9_-]{3,200}$/)
      .exactOptional(),
  }),
  consents: z
    .strictObject({ immediateDelivery: z.boolean(), withdrawalWaiver: z.boolean() })
    .default({ immediateDelivery: false, withdrawalWaiver: false }),
  metadata: z.record(z.string().max(40), z.string().max(500)).default({}),
  /** true: the customer's store credit pays first, and the payment method the rest. */
  useStoreCredit: z.boolean().exactOptional(),
});

export type OrderRequest = z.infer<typeof orderRequestSchema>;

export type OrderIntake = ReturnType<typeof createOrderIntake>;

export interface OrderIntakeDeps {
  readonly store: OrderStore;
  readonly quotes: QuoteService;
  readonly issuedQuotes: Pick<IssuedQuotes, 'honour'>;
  /** The providers that may take the money. */
  readonly gateways: readonly GatewayProfile[];
  /** Without it everybody is granted every trial. */
  readonly trials?: Pick<TrialGuard, 'claim'>;
}

/** What an order is going to charge. */
interface AgreedQuote {
  readonly quote: Quote;
  readonly businessTaxIdStatus: BusinessTaxIdStatus;
}

/**
 * Checks an order against the catalogue, or the quote that it names, and writes it down with what it will charge. From
 * then on it cannot be lost: the sweep starts it.
 */
export function createOrderIntake({ store, quotes, issuedQuotes, gateways, trials }: OrderIntakeDeps) {
  async function agree(request: OrderRequest, at: string): Promise<AgreedQuote> {
    const { currency, customer, lines, coupon, trial } = request;
    const basket = { currency, customer, lines, coupon, ...(trial === undefined ? {} : { trial }) };
    if (request.quote !== null) return issuedQuotes.honour(request.quote, basket, at);
    return { quote: await quotes.quote(basket, at, 'not_given'), businessTaxIdStatus: 'not_given' };
  }

  /** Who has had a trial pays for the first period; a quote that promised one no longer holds. */
  async function agreeOnTrials(
    agreed: AgreedQuote,
    request: OrderRequest,
    { orderId, at }: { orderId: OrderId; at: string },
  ): Promise<AgreedQuote> {
    const { customer, payment, trial } = request;
    if (trials === undefined || trial === false) return agreed;
    const fingerprint = payment.fingerprint ?? null;
    const sale = { orderId, lines: agreed.quote.lines, email: customer.email, fingerprint, at };
    if (await trials.claim(sale)) return agreed;
    if (request.quote === null) return agree({ ...request, trial: false }, at);
    const message = 'promises a trial that the customer has had; order with "trial": false';
    return fail('quote.stale', `the quote ${message}`, [{ path: 'quote', message }]);
  }

  return {
    /**
     * The same id and request again is the same order, also when it could not be sold like this any more.
     * @throws catalog.*, price.*, quote.*, tax.*, payment.amount_out_of_range when it cannot be sold as asked;
     * idempotency.conflict for another request
     */
    async record(request: OrderRequest, { orderId, at }: { orderId: OrderId; at: string }): Promise<OrderDocument> {
      try {
        const agreed = await agree(request, at);
        refuseUndeliverable(agreed.quote);
        refuseUnchargeable(agreed.quote, request.payment.method, { gateways, at });
        const sold = await agreeOnTrials(agreed, request, { orderId, at });
        refuseWithoutMethod(sold.quote, request.payment.method);
        return (await store.insert(newOrder(request, sold, { orderId, at }))).order;
      } catch (error) {
        const recorded = isFailure(error) ? await store.find(orderId) : null;
        if (recorded === null || recorded.requestHash !== requestHash(request)) throw error;
        return recorded;
      }
    },
  };
}

function requestHash(request: OrderRequest): string {
  return createHash('sha256').update(JSON.stringify(request)).digest('hex');
}

function newOrder(
  request: OrderRequest,
  { quote, businessTaxIdStatus }: AgreedQuote,
  { orderId, at }: { readonly orderId: OrderId; readonly at: string },
): OrderDocument {
  const customer: Customer = request.customer;
  return {
    _id: orderId,
    id: orderId,
    number: orderNumber(orderId),
    emailHash: emailHash(customer.email),
    requestHash: requestHash(request),
    revision: 1,
    status: 'received',
    statusReason: null,
    refundStatus: 'none',
    disputed: false,
    customer,
    currency: request.currency,
    requestedLines: request.lines,
    coupon: request.coupon,
    payment: { method: request.payment.method, token: request.payment.token },
    consents: request.consents,
    metadata: request.metadata,
    ...(request.useStoreCredit === undefined ? {} : { useStoreCredit: request.useStoreCredit }),
    quote,
    quoteId: request.quote,
    quoteHash: quoteHash(quote),
    businessTaxIdStatus,
    screening: null,
    review: null,
    refunds: [],
    timeline: [{ at, event: 'received', text: 'Order received' }],
    createdAt: at,
    startedAt: null,
  };
}

/** Too little or too much for every provider of the method. What costs nothing needs none. */
function refuseUnchargeable(
  { gross, currency }: Quote,
  method: string,
  { gateways, at }: { readonly gateways: readonly GatewayProfile[]; readonly at: string },
): void {
  const sale = { method, currency, amount: gross, at };
  if (gross === 0 || candidates(gateways, sale).length > 0) return;
  if (noCandidateCode(gateways, sale) === 'payment.amount_out_of_range') {
    const message = `no provider takes ${formatMoney({ amount: gross, currency })} by ${method}`;
    fail('payment.amount_out_of_range', message, [{ path: 'lines', message }]);
  }
}

/** "none" is the method of whoever gives none: what costs nothing now, and never will without one. */
function refuseWithoutMethod({ gross, lines }: Quote, method: string): void {
  if (method !== 'none') return;
  const later = lines.some(({ recurring }) => recurring !== null && recurring.trial?.methodRequired !== false);
  if (gross === 0 && !later) return;
  const message = 'must be a way to pay: this costs something, now or later';
  fail('subscription.method_required', `payment.method ${message}`, [{ path: 'payment.method', message }]);
}

/** Nothing is sold that nobody can deliver yet. */
function refuseUndeliverable({ lines }: Quote): void {
  const problems = lines.flatMap(({ line, delivery }) =>
    delivery
      .filter(({ method }) => !deliveryCapabilities[method].served)
      .map(({ method }) => ({ path: `${requestedPath(line)}.price`, message: `delivery by ${method} is not served` })),
  );
  if (problems.length > 0) fail('order.not_deliverable', problems[0]?.message, problems);
}

/** "2" and its component "2.1" → "lines[1]". */
function requestedPath(line: string): string {
  return `lines[${Number(line.split('.')[0]) - 1}]`;
}
