import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { bulkRefundItemStates, bulkRefundStatuses } from '../../../domain/bulk-refund/bulk-refund.ts';
import { bulkRefundRequestSchema } from '../../../services/bulk-refund/bulk-refund-request.ts';
import { bulkRefundIdOf } from '../../../services/bulk-refund/bulk-refund-id.ts';
import { amountAnswer, instantAnswer } from '../answer-schemas.ts';
import type { Api, ApiDeps } from '../api-deps.ts';
import { callerOf } from '../request-context.ts';

const params = z.object({ id: z.string().min(1).max(100) });
const tags = ['refunds'];
const byBody = z.strictObject({ by: z.string().trim().min(1).max(200) }).meta({ examples: [{ by: 'ops_8' }] });

const amounts = z.array(z.object({ currency: z.string(), orders: z.int(), amount: amountAnswer })).readonly();
const reasons = z.array(z.object({ reason: z.string(), orders: z.int() })).readonly();
const orderCounts = z.object({
  selected: z.int(),
  ...Object.fromEntries(bulkRefundItemStates.map((state) => [state, z.int()])),
});

const bulkRefundAnswer = z
  .object({
    id: z.string().meta({ examples: ['blk_7F3K92QXM4TN8WRB'] }),
    status: z.enum(bulkRefundStatuses),
    statusReason: z.string().nullable(),
    request: z.looseObject({ reason: z.string(), by: z.string() }),
    orders: orderCounts.meta({ description: 'How many orders are where' }),
    amounts: amounts.meta({ description: 'What the refunds take, by currency, in minor units' }),
    refunded: amounts.meta({ description: 'What is back with the customers' }),
    refused: reasons.meta({ description: 'Orders that cannot be refunded, by failure code' }),
    failed: reasons,
    needsPerson: reasons,
    confirmedBy: z.string().nullable(),
    waitUntil: instantAnswer.nullable(),
    requestedAt: instantAnswer,
    confirmedAt: instantAnswer.nullable(),
    endedAt: instantAnswer.nullable(),
    timeline: z.array(z.object({ at: instantAnswer, event: z.string(), by: z.string().nullable() })).readonly(),
  })
  .meta({ id: 'BulkRefund', description: 'Many refunds as one job: its dry run, its progress, in the end its report' });

const itemAnswer = z.object({
  order: z.string(),
  refund: z.string().nullable(),
  state: z.enum(bulkRefundItemStates),
  reason: z.string().nullable(),
  amount: amountAnswer,
  currency: z.string().nullable(),
});

type Deps = Pick<ApiDeps, 'bulkRefundClient' | 'now'>;

/** One refund each for thousands of orders: looked at first, confirmed, watched. */
export function registerBulkRefunds(app: Api, deps: Deps): void {
  registerRequests(app, deps);
  registerReads(app, deps);
  registerCommands(app, deps);
}

function registerRequests(app: Api, { bulkRefundClient, now }: Deps): void {
  app.post(
    '/bulk-refunds',
    {
      schema: {
        operationId: 'requestBulkRefund',
        tags,
        summary: 'Refund many orders: a price error, a recall',
        description:
          'Answers at once; a dry run looks at every order and moves nothing. When it is `awaiting_confirmation` the counts, ' +
          'amounts and refusals are those of the dry run: `POST …/confirm` lets it run. Each order then gets an ordinary ' +
          'refund. Send an Idempotency-Key: the same key is the same job.',
        body: bulkRefundRequestSchema.meta({
          examples: [
            {
              filter: { price: 'price_editor_eur', from: '2027-01-31T00:00:00Z', to: '2027-02-01T00:00:00Z' },
              refund: { kind: 'difference', price: 'price_editor_eur', perUnit: { amount: 1000, currency: 'EUR' } },
              reason: 'Sold at the old price',
              by: 'ops_7',
            },
            { orders: ['ord_7F3K92QXM4TN8WRB'], refund: { kind: 'full' }, reason: 'Recall', by: 'ops_7' },
          ],
        }),
        response: { 202: bulkRefundAnswer },
      },
    },
    async (request, reply) => {
      const id = bulkRefundIdOf([callerOf(request), request.idempotencyKey ?? randomUUID()]);
      const view = await bulkRefundClient.request(request.body, { id, at: now() });
      reply.header('location', `/v1/bulk-refunds/${id}`);
      return reply.code(202).send(view);
    },
  );
}

function registerReads(app: Api, { bulkRefundClient }: Deps): void {
  app.get(
    '/bulk-refunds/:id',
    {
      schema: {
        ...{ operationId: 'getBulkRefund', tags, summary: 'A bulk refund: dry run, progress, report' },
        params,
        response: { 200: bulkRefundAnswer },
      },
    },
    async (request) => bulkRefundClient.get(request.params.id),
  );

  app.get(
    '/bulk-refunds/:id/orders',
    {
      schema: {
        ...{ operationId: 'listBulkRefundOrders', tags, summary: 'What became of each order of a bulk refund' },
        params,
        querystring: z.strictObject({
          state: z.enum(bulkRefundItemStates).optional(),
          limit: z.coerce.number().int().min(1).max(500).default(100),
          cursor: z.coerce
            .number()
            .int()
            .min(0)
            .default(0)
            .meta({ description: 'The `nextCursor` of an earlier page' }),
        }),
        response: { 200: z.object({ items: z.array(itemAnswer).readonly(), nextCursor: z.int().nullable() }) },
      },
    },
    async (request) => {
      const { state = null, limit, cursor } = request.query;
      const found = await bulkRefundClient.itemsOf(request.params.id, { from: cursor, limit, state });
      const last = found.length === limit ? found.at(-1) : undefined;
      return {
        items: found.map(({ orderId, refundId, state: now, reason, amount, currency }) => ({
          ...{ order: orderId, state: now, reason, amount, currency },
          refund: now === 'planned' || now === 'refused' ? null : refundId,
        })),
        nextCursor: last === undefined ? null : last.position + 1,
      };
    },
  );
}

const commands = {
  confirm: 'Let a bulk refund run after its dry run: from here money moves',
  pause: 'Start no more refunds; those on their way go on',
  resume: 'Go on with a paused bulk refund',
  cancel: 'End a bulk refund for good; refunds on their way go on',
} as const;

function registerCommands(app: Api, { bulkRefundClient, now }: Deps): void {
  for (const command of ['confirm', 'pause', 'resume', 'cancel'] as const) {
    app.post(
      `/bulk-refunds/:id/${command}`,
      {
        schema: {
          ...{ operationId: `${command}BulkRefund`, tags, summary: commands[command] },
          description:
            'Where it does not fit the status: 409 `bulk_refund.not_waiting`. Above the amount for which two people have to ' +
            'agree, somebody else than who asked confirms: 409 `bulk_refund.same_person`.',
          params,
          body: byBody,
          response: { 200: bulkRefundAnswer },
        },
      },
      async (request) => bulkRefundClient[command](request.params.id, { ...request.body, at: now() }),
    );
  }
}
