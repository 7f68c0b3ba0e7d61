import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { otherMeans, refundCauses, refundOutcomes, refundRequesters } from '../../../domain/refund/refund.ts';
import type { Refund } from '../../../domain/refund/refund.ts';
import { refundRecordStatuses } from '../../../domain/refund/refund-record-status.ts';
import { refundIdOf } from '../../../services/refund/refund-id.ts';
import { refundRequestSchema } from '../../../services/refund/refund-request.ts';
import { amountAnswer, instantAnswer } from '../answer-schemas.ts';
import type { Api, ApiDeps } from '../api-deps.ts';
import { callerOf } from '../request-context.ts';

export type RefundRouteDeps = Pick<ApiDeps, 'refundClient' | 'orders' | 'now'>;

const refundParams = z.object({ id: z.string().min(1).max(100) });
const tags = ['refunds'];

/** Other causes are ours to give, by other calls. */
const refundBody = refundRequestSchema.omit({ creditHolder: true }).extend({
  cause: z.enum(['request', 'goodwill']).default('request'),
});

const by = z.string().trim().min(1).max(200);
const voteBody = z.strictObject({ by, note: z.string().max(2000).default('') });
const appealBody = z.strictObject({ comment: z.string().max(2000).default('') });
const otherMeansBody = z.strictObject({
  means: z.enum(otherMeans),
  by,
  reference: z.string().trim().min(1).max(140).nullable().default(null),
});
const noBody = z
  .strictObject({})
  .nullable()
  .meta({ examples: [{}] });

const refundAnswer = z
  .object({
    id: z.string().meta({ examples: ['rfd_7F3K92QXM4TN8WRB'] }),
    order: z.string(),
    status: z.enum(refundRecordStatuses),
    statusReason: z.string().nullable(),
    cause: z.enum(refundCauses),
    requestedBy: z.enum(refundRequesters),
    reason: z.string(),
    outcome: z.enum(refundOutcomes),
    amount: amountAnswer,
    currency: z.string(),
    toStoreCredit: amountAnswer.meta({ description: 'Of `amount`, what becomes store credit' }),
    lines: z.array(z.object({ line: z.string(), quantity: z.int(), gross: amountAnswer })).readonly(),
    decision: z
      .object({
        kind: z.enum(['granted', 'refused', 'needs_person']),
        rule: z.string(),
        source: z.string(),
        explanation: z.object({ en: z.string(), de: z.string() }),
      })
      .nullable()
      .meta({ description: 'What the rules say; null when nobody had to be asked' }),
    approvals: z.object({
      needed: z.int(),
      given: z
        .array(z.object({ by: z.string(), decision: z.enum(['approve', 'reject']), at: instantAnswer }))
        .readonly(),
    }),
    decideBy: instantAnswer.nullable(),
    appealUntil: instantAnswer.nullable(),
    paidOtherwise: z
      .object({ means: z.enum(otherMeans), by: z.string(), reference: z.string().nullable(), at: instantAnswer })
      .nullable(),
    creditNote: z.string().nullable(),
    requestedAt: instantAnswer,
    settledAt: instantAnswer.nullable(),
    returnedAt: instantAnswer.nullable(),
    timeline: z.array(z.object({ at: instantAnswer, event: z.string(), note: z.string().nullable() })).readonly(),
  })
  .meta({ id: 'Refund', description: 'Amounts are minor units of `currency`' });

type RefundView = z.output<typeof refundAnswer>;

/** What the API shows of a refund; notes of people stay in the record. */
function refundView(refund: Refund): RefundView {
  const { id, status, statusReason, cause, requestedBy, reason, outcome, amount, currency, timeline } = refund;
  const { decideBy, appealUntil, creditNote, requestedAt, settledAt, returnedAt } = refund;
  return {
    ...{ id, status, statusReason, cause, requestedBy, reason, outcome, amount, currency, timeline },
    ...{ decideBy, appealUntil, creditNote, requestedAt, settledAt, returnedAt },
    order: refund.orderId,
    toStoreCredit: refund.toCredit,
    lines: refund.parts,
    decision: refund.judgement,
    approvals: {
      needed: refund.approvalsNeeded,
      given: refund.votes.map(({ by, decision, at }) => ({ by, decision, at })),
    },
    paidOtherwise: refund.otherwise,
  };
}

/** Money back: asked for, decided about, looked at. */
export function registerRefunds(app: Api, deps: RefundRouteDeps): void {
  registerRefundRequests(app, deps);
  registerVotes(app, deps);
  registerRefundChanges(app, deps);
}

function registerRefundRequests(app: Api, { refundClient, orders, now }: RefundRouteDeps): void {
  app.post(
    '/refunds',
    {
      schema: {
        operationId: 'requestRefund',
        tags,
        summary: 'Ask for money back',
        description:
          'Everything that is left of the order, units or amounts of lines, or an amount spread over them. What it takes is ' +
          'reserved on the order: of two refunds for the same money one gets 409 `refund.exceeds`. What customers ask for ' +
          'is judged by the rules of their market. Send an Idempotency-Key: the same key is the same refund.',
        body: refundBody.meta({
          examples: [
            {
              order: 'ord_7F3K92QXM4TN8WRB',
              lines: [{ line: '1', quantity: 1 }],
              reason: 'Does not run on my computer',
              requestedBy: 'customer',
            },
          ],
        }),
        response: { 202: refundAnswer },
      },
    },
    async (request, reply) => {
      const refundId = refundIdOf([callerOf(request), request.idempotencyKey ?? randomUUID()]);
      const refund = await refundClient.requestRefund(request.body, { refundId, at: now() });
      reply.header('location', `/v1/refunds/${refundId}`);
      return reply.code(202).send(refundView(refund));
    },
  );

  app.get(
    '/refunds/:id',
    {
      schema: {
        ...{ operationId: 'getRefund', tags, summary: 'A refund with its decision and timeline' },
        params: refundParams,
        response: { 200: refundAnswer },
      },
    },
    async (request) => refundView(await refundClient.get(request.params.id)),
  );

  app.get(
    '/refunds',
    {
      schema: {
        ...{ operationId: 'listRefunds', tags, summary: 'The refunds of an order, the oldest first' },
        querystring: z.strictObject({ order: z.string().min(1).max(64) }),
        response: { 200: z.object({ items: z.array(refundAnswer).readonly() }) },
      },
    },
    async (request) => {
      const { id } = await orders.get(request.query.order);
      return { items: (await refundClient.ofOrder(id)).map(refundView) };
    },
  );
}

function registerVotes(app: Api, { refundClient, now }: RefundRouteDeps): void {
  for (const decision of ['approve', 'reject'] as const) {
    app.post(
      `/refunds/:id/${decision}`,
      {
        schema: {
          ...{ operationId: `${decision}Refund`, tags },
          summary: decision === 'approve' ? 'Agree to a refund' : 'Turn a refund down',
          description:
            'While it waits for people (409 `refund.not_waiting` otherwise). Above an amount two different people have to ' +
            'agree: 409 `refund.same_person`.',
          params: refundParams,
          body: voteBody.meta({ examples: [{ by: 'ops_7', note: 'Spoke to the customer' }] }),
          response: { 200: refundAnswer },
        },
      },
      async (request) => refundView(await refundClient[decision](request.params.id, request.body, now())),
    );
  }
}

function registerRefundChanges(app: Api, { refundClient, now }: RefundRouteDeps): void {
  app.post(
    '/refunds/:id/cancel',
    {
      schema: {
        ...{ operationId: 'cancelRefund', tags, summary: 'Take a refund back before its money moves' },
        params: refundParams,
        body: noBody,
        response: { 200: refundAnswer },
      },
    },
    async (request) => refundView(await refundClient.cancel(request.params.id, now())),
  );

  app.post(
    '/refunds/:id/appeal',
    {
      schema: {
        ...{ operationId: 'appealRefund', tags, summary: 'Have a person look at a refusal' },
        description: 'Once, until `appealUntil`: 409 `refund.not_waiting` otherwise.',
        params: refundParams,
        body: appealBody.meta({ examples: [{ comment: 'The file never opened' }] }),
        response: { 200: refundAnswer },
      },
    },
    async (request) => refundView(await refundClient.appeal(request.params.id, request.body.comment, now())),
  );

  app.post(
    '/refunds/:id/other-means',
    {
      schema: {
        ...{ operationId: 'payRefundOtherwise', tags, summary: 'Pay what the gateway could not give back' },
        description:
          'While it is `awaiting_other_means`: the card has expired, or the bank returned the money. `store_credit`, or ' +
          '`bank_transfer` with the reference of the transfer that was made.',
        params: refundParams,
        body: otherMeansBody.meta({
          examples: [{ means: 'bank_transfer', by: 'ops_7', reference: 'SEPA 2027-02-01/17' }],
        }),
        response: { 200: refundAnswer },
      },
    },
    async (request) => refundView(await refundClient.payOtherwise(request.params.id, request.body, now())),
  );
}
