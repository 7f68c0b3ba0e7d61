import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { OrderId } from '../../../domain/ids.ts';
import { orderStatuses } from '../../../domain/order/order-status.ts';
import { instantSchema } from '../../../services/catalog/catalog-schemas.ts';
import { linkSeconds } from '../../../services/delivery/delivery-service.ts';
import { orderRequestSchema } from '../../../services/order/order-intake.ts';
import type { Api, ApiDeps } from '../api-deps.ts';
import { cursorAfter, readCursor } from '../order-cursor.ts';
import { orderIdFor } from '../order-id.ts';
import { orderAnswer, orderSummary, orderSummaryAnswer, orderView } from '../order-view.ts';
import type { OrderView } from '../order-view.ts';
import { callerOf } from '../request-context.ts';
import { basketExample } from './quotes.routes.ts';

export type OrderRouteDeps = Pick<
  ApiDeps,
  'orderClient' | 'orders' | 'payments' | 'deliveries' | 'invoices' | 'subscriptionRecords' | 'now'
>;

const orderParams = z.object({ id: z.string().min(1).max(64) });
const tags = ['orders'];

const orderExample = {
  ...basketExample,
  customer: { ...basketExample.customer, id: 'cus_1', email: 'ada@example.com', name: 'Ada Example', locale: 'en' },
  payment: { method: 'card', token: 'tok_ok' },
  consents: { immediateDelivery: true, withdrawalWaiver: true },
};

const listQuery = z.strictObject({
  customer: z.string().min(1).max(200).optional(),
  status: z.enum(orderStatuses).optional(),
  from: instantSchema.optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
});

const cancelBody = z.strictObject({ requestedBy: z.enum(['customer', 'merchant', 'system']).default('merchant') });
const reviewBody = z.strictObject({
  decision: z.enum(['approve', 'reject']),
  by: z.string().trim().min(1).max(200),
  note: z.string().max(2000).default(''),
});

export function registerOrders(app: Api, deps: OrderRouteDeps): void {
  registerOrderReads(app, deps);
  registerOrderCommands(app, deps);
}

async function viewOf(
  orderId: OrderId,
  { orders, payments, deliveries, invoices, subscriptionRecords, now }: OrderRouteDeps,
): Promise<OrderView> {
  const [order, payment, records, documents, begun] = await Promise.all([
    orders.get(orderId),
    payments.find(orderId),
    deliveries.deliveriesOf(orderId),
    invoices.listByOrder(orderId),
    subscriptionRecords.ofOrder(orderId),
  ]);
  const views = await deliveries.deliveryView(records, { at: now(), ttlSeconds: linkSeconds.api });
  const subscriptions = begun.map(({ id }) => id);
  return orderView({ order, payment, deliveries: views, documents, subscriptions });
}

function registerOrderReads(app: Api, deps: OrderRouteDeps): void {
  app.get(
    '/orders/:id',
    {
      schema: {
        operationId: 'getOrder',
        tags,
        summary: 'An order with its payment, deliveries, invoice and timeline',
        params: orderParams,
        response: { 200: orderAnswer },
      },
    },
    (request) => viewOf(request.params.id, deps),
  );

  app.get(
    '/orders',
    {
      schema: {
        operationId: 'listOrders',
        tags,
        summary: 'Orders, the newest first',
        description: 'Take `nextCursor` of one page as `cursor` of the next; null: there are no more.',
        querystring: listQuery,
        response: {
          200: z.object({ items: z.array(orderSummaryAnswer).readonly(), nextCursor: z.string().nullable() }),
        },
      },
    },
    async (request) => {
      const { customer, status, from, limit, cursor } = request.query;
      const found = await deps.orders.list({
        customer: customer ?? null,
        status: status ?? null,
        from: from ?? null,
        // One more than shown says whether there is a next page.
        limit: limit + 1,
        before: cursor === undefined ? null : readCursor(cursor),
      });
      const page = found.slice(0, limit);
      const last = page.at(-1);
      const more = found.length > limit && last !== undefined;
      return { items: page.map(orderSummary), nextCursor: more ? cursorAfter(last) : null };
    },
  );
}

function registerOrderCommands(app: Api, deps: OrderRouteDeps): void {
  const { orderClient, now } = deps;

  app.post(
    '/orders',
    {
      schema: {
        operationId: 'placeOrder',
        tags,
        summary: 'Place an order',
        description:
          'Accepted once it is recorded; what becomes of it is in `GET /orders/{id}`. Send an Idempotency-Key: the same ' +
          'key is the same order, whatever happens to the connection.',
        body: orderRequestSchema.meta({ examples: [orderExample] }),
        response: { 202: orderAnswer },
      },
    },
    async (request, reply) => {
      const orderId = orderIdFor(callerOf(request), request.idempotencyKey ?? randomUUID());
      await orderClient.place(request.body, { orderId, at: now() });
      reply.header('location', `/v1/orders/${orderId}`);
      return reply.code(202).send(await viewOf(orderId, deps));
    },
  );

  app.post(
    '/orders/:id/cancel',
    {
      schema: {
        operationId: 'cancelOrder',
        tags,
        summary: 'Cancel an order before its payment is captured',
        description: 'Captured money is given back by a refund: 409 `order.already_paid`.',
        params: orderParams,
        body: cancelBody.nullable().meta({ examples: [{ requestedBy: 'customer' }] }),
        response: { 200: orderAnswer },
      },
    },
    async (request) => {
      const requestedBy = request.body?.requestedBy ?? 'merchant';
      await orderClient.cancel(request.params.id, { requestedBy });
      return viewOf(request.params.id, deps);
    },
  );

  app.post(
    '/orders/:id/review',
    {
      schema: {
        operationId: 'reviewOrder',
        tags,
        summary: 'Approve or reject an order that waits for a person',
        params: orderParams,
        body: reviewBody.meta({ examples: [{ decision: 'approve', by: 'ops_7', note: 'Called the customer' }] }),
        response: { 200: orderAnswer },
      },
    },
    async (request) => {
      const { decision, by, note } = request.body;
      await orderClient.review(request.params.id, { decision, by, note }, now());
      return viewOf(request.params.id, deps);
    },
  );
}
