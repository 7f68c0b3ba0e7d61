import { createHash } from 'node:crypto';
import { z } from 'zod';
import { deliveryCapabilities } from '../../domain/delivery/delivery.ts';
import { fail } from '../../domain/failures.ts';
import { orderNumber } from '../../domain/ids.ts';
import type { OrderId } from '../../domain/ids.ts';
import type { Customer, Quote } from '../../domain/order/order.ts';
import { basketFields, taxCustomerFields } from '../pricing/quote-schemas.ts';
import type { QuoteService } from '../pricing/quote-service.ts';
import { emailHash } from '../risk/email-hash.ts';
import type { OrderDocument, OrderStore } from './order-store.ts';

const shortText = z.string().trim().min(1).max(200);

/** The body of POST /v1/orders: the quote's body and who buys, how it is paid, what was agreed to. */
export const orderRequestSchema = z.strictObject({
  ...basketFields,
  customer: z.strictObject({
    ...taxCustomerFields,
    id: shortText.nullable().default(null),
    email: z.email().max(254),
    name: shortText,
    locale: z.enum(['en', 'de']).default('en'),
  }),
  payment: z.strictObject({
    method: z.string().regex(/^[a-z_]{2,40}$/),
    token: z.string().regex(/^[A-Za-z0-9_-]{3,200}$/),
  }),
  consents: z
    .strictObject({ immediateDelivery: z.boolean(), withdrawalWaiver: z.boolean() })
    .default({ immediateDelivery: false, withdrawalWaiver: false }),
  metadata: z.record(z.string().max(40), z.string().max(500)).default({}),
});

export type OrderRequest = z.infer<typeof orderRequestSchema>;

export type OrderIntake = ReturnType<typeof createOrderIntake>;

/** Checks an order against the catalogue and writes it down. From then on it cannot be lost: the sweep starts it. */
export function createOrderIntake({ store, quotes }: { readonly store: OrderStore; readonly quotes: QuoteService }) {
  return {
    /**
     * The same id and request again is the same order.
     * @throws catalog.*, price.*, tax.* when it cannot be sold as asked; idempotency.conflict for another request
     */
    async record(request: OrderRequest, { orderId, at }: { orderId: OrderId; at: string }): Promise<OrderDocument> {
      const { currency, customer, lines, coupon } = request;
      const quote = await quotes.quote({ currency, customer, lines, coupon }, at, 'not_given');
      refuseUndeliverable(quote);
      const { order } = await store.insert(newOrder(request, orderId, at));
      return order;
    },
  };
}

function newOrder(request: OrderRequest, orderId: OrderId, at: string): OrderDocument {
  const customer: Customer = request.customer;
  return {
    _id: orderId,
    id: orderId,
    number: orderNumber(orderId),
    emailHash: emailHash(customer.email),
    requestHash: createHash('sha256').update(JSON.stringify(request)).digest('hex'),
    revision: 1,
    status: 'received',
    statusReason: null,
    refundStatus: 'none',
    disputed: false,
    customer,
    currency: request.currency,
    requestedLines: request.lines,
    coupon: request.coupon,
    payment: request.payment,
    consents: request.consents,
    metadata: request.metadata,
    quote: null,
    businessTaxIdStatus: 'not_given',
    screening: null,
    review: null,
    refunds: [],
    timeline: [{ at, event: 'received', text: 'Order received' }],
    createdAt: at,
    startedAt: null,
  };
}

/** Nothing is sold that nobody can deliver yet. */
function refuseUndeliverable({ lines }: Quote): void {
  const problems = lines.flatMap(({ delivery }, index) =>
    delivery
      .filter(({ method }) => !deliveryCapabilities[method].served)
      .map(({ method }) => ({ path: `lines[${index}].price`, message: `delivery by ${method} is not served` })),
  );
  if (problems.length > 0) fail('order.not_deliverable', problems[0]?.message, problems);
}
