import { randomUUID } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { subscriptionStatuses } from '../../../domain/subscription/subscription-status.ts';
import { cancellationReasons } from '../../../domain/subscription/subscription.ts';
import { instantSchema } from '../../../services/catalog/catalog-schemas.ts';
import type { CommandRequest } from '../../../services/subscription/subscription-steps.ts';
import type { Api, ApiDeps } from '../api-deps.ts';
import { instantAnswer } from '../answer-schemas.ts';
import { cursorAfter, readCursor } from '../order-cursor.ts';
import { idFor } from '../order-id.ts';
import { callerOf } from '../request-context.ts';
import {
  previewAnswer,
  previewView,
  subscriptionAnswer,
  subscriptionSummary,
  subscriptionSummaryAnswer,
  subscriptionView,
} from '../subscription-view.ts';
import type { SubscriptionView } from '../subscription-view.ts';

export type SubscriptionRouteDeps = Pick<
  ApiDeps,
  'subscriptionClient' | 'subscriptions' | 'subscriptionRecords' | 'storeCredit' | 'now'
>;

const params = z.object({ id: z.string().min(1).max(64) });
const tags = ['subscriptions'];
const catalogId = z.string().min(1).max(200);
const quantity = z.int().min(1).max(1_000_000);

const changeFields = {
  item: z.string().min(1).max(20).nullable().default(null),
  price: catalogId.nullable().default(null),
  quantity: quantity.nullable().default(null),
  when: z.enum(['now', 'period_end']),
  proration: z.enum(['prorate', 'none']).default('prorate'),
};

const listQuery = z.strictObject({
  customer: z.string().min(1).max(200).optional(),
  status: z.enum(subscriptionStatuses).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
  cursor: z.string().max(500).optional(),
});

const commandAnswer = z
  .object({
    result: z
      .enum(['done', 'scheduled', 'waiting'])
      .meta({ description: '`waiting`: the customer or the bank acts first; it takes effect with the payment' }),
    order: z.string().nullable().meta({ description: 'The order that charged something for it' }),
    effectiveAt: instantAnswer.nullable(),
    waitingFor: z.enum(['action_required', 'pending', 'unknown']).nullable(),
    subscription: subscriptionAnswer,
  })
  .meta({ id: 'SubscriptionCommandAnswer' });

/** Each command: its body, and what it asks for. */
interface CommandRoute<Body extends z.ZodType> {
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly body: Body;
  readonly request: (body: z.output<Body>) => CommandRequest;
}

export function registerSubscriptions(app: Api, deps: SubscriptionRouteDeps): void {
  registerReads(app, deps);
  registerPreview(app, deps);
  registerPlanCommands(app, deps);
  registerTermCommands(app, deps);
  registerPaymentCommands(app, deps);
}

async function viewOf(id: string, deps: SubscriptionRouteDeps): Promise<SubscriptionView> {
  const subscription = await deps.subscriptionRecords.require(id);
  const balance = await deps.storeCredit.balance(`subscription/${id}`, subscription.currency);
  return subscriptionView(subscription, balance);
}

function registerReads(app: Api, deps: SubscriptionRouteDeps): void {
  app.get(
    '/subscriptions/:id',
    {
      schema: {
        ...{ operationId: 'getSubscription', tags, params },
        summary: 'A subscription: what it bills, when, and what is pending',
        response: { 200: subscriptionAnswer },
      },
    },
    (request) => viewOf(request.params.id, deps),
  );

  app.get(
    '/subscriptions',
    {
      schema: {
        ...{ operationId: 'listSubscriptions', tags, querystring: listQuery },
        summary: 'Subscriptions, the newest first',
        description: 'Take `nextCursor` of one page as `cursor` of the next; null: there are no more.',
        response: {
          200: z.object({ items: z.array(subscriptionSummaryAnswer).readonly(), nextCursor: z.string().nullable() }),
        },
      },
    },
    async (request) => {
      const { customer, status, limit, cursor } = request.query;
      const found = await deps.subscriptionRecords.list({
        ...{ customer: customer ?? null, status: status ?? null },
        // One more than shown says whether there is a next page.
        limit: limit + 1,
        before: cursor === undefined ? null : readCursor(cursor),
      });
      const page = found.slice(0, limit);
      const last = page.at(-1);
      const more = found.length > limit && last !== undefined;
      return { items: page.map(subscriptionSummary), nextCursor: more ? cursorAfter(last) : null };
    },
  );
}

/** The same for every repeat of a call: one call is one command. */
function idOfCall(prefix: string, request: FastifyRequest, subscription: string): string {
  return idFor(prefix, [callerOf(request), request.idempotencyKey ?? randomUUID(), subscription]);
}

function registerPreview(app: Api, { subscriptions, now }: SubscriptionRouteDeps): void {
  app.post(
    '/subscriptions/:id/preview',
    {
      schema: {
        ...{ operationId: 'previewChange', tags, params },
        summary: 'What a change would charge or credit now',
        body: z
          .strictObject({ change: z.strictObject(changeFields) })
          .meta({ examples: [{ change: { price: 'pixel-editor-pro-eur', when: 'now' } }] }),
        response: { 200: previewAnswer },
      },
    },
    async (request) => {
      const { id } = request.params;
      const previewId = idOfCall('prv', request, id);
      return previewView(await subscriptions.preview(id, { previewId, change: request.body.change }, now()));
    },
  );
}

function registerCommand<Body extends z.ZodType>(
  app: Api,
  deps: SubscriptionRouteDeps,
  route: CommandRoute<Body>,
): void {
  const { path, operationId, summary, description, body } = route;
  app.post(
    `/subscriptions/:id/${path}`,
    {
      schema: {
        ...{ operationId, tags, summary, params, body },
        ...(description === undefined ? {} : { description }),
        response: { 200: commandAnswer },
      },
    },
    async (request) => {
      const subscriptionId = request.params.id;
      const commandId = idOfCall('cmd', request, subscriptionId);
      // Parsed by the route's own schema, which the generic one of this function cannot say to fastify's types.
      const asked = route.request(request.body as z.output<Body>);
      const answer = await deps.subscriptionClient.command({ commandId, subscriptionId, request: asked }, deps.now());
      return {
        result: answer.kind,
        order: answer.kind === 'scheduled' ? null : answer.order,
        effectiveAt: answer.kind === 'scheduled' ? answer.at : null,
        waitingFor: answer.kind === 'waiting' ? answer.reason : null,
        subscription: await viewOf(subscriptionId, deps),
      };
    },
  );
}

const nothing = z
  .strictObject({})
  .nullable()
  .meta({ examples: [{}] });

function registerPlanCommands(app: Api, deps: SubscriptionRouteDeps): void {
  registerCommand(app, deps, {
    ...{ path: 'change', operationId: 'changeSubscription', summary: 'Change plan, quantity or interval' },
    description:
      'With `preview` it charges that preview to the cent or answers 409 `preview.stale`. 402 ' +
      '`subscription.payment_declined`: nothing was changed.',
    body: z
      .strictObject({ ...changeFields, preview: z.string().min(1).max(64).nullable().default(null) })
      .meta({ examples: [{ price: 'pixel-editor-pro-eur', when: 'now' }] }),
    request: ({ preview, ...change }) => ({ kind: 'change', change, preview }),
  });
  registerCommand(app, deps, {
    ...{ path: 'withdraw-change', operationId: 'withdrawChange', summary: 'Take a pending change back' },
    body: nothing,
    request: () => ({ kind: 'withdraw_change' }),
  });
  registerCommand(app, deps, {
    ...{ path: 'items', operationId: 'addItems', summary: 'One-off add-ons on the next invoice' },
    body: z
      .strictObject({
        items: z
          .array(z.strictObject({ price: catalogId, quantity }))
          .min(1)
          .max(100),
      })
      .meta({ examples: [{ items: [{ price: 'onboarding-eur', quantity: 1 }] }] }),
    request: ({ items }) => ({ kind: 'add_items', items }),
  });
}

function registerTermCommands(app: Api, deps: SubscriptionRouteDeps): void {
  registerCommand(app, deps, {
    ...{ path: 'cancel', operationId: 'cancelSubscription', summary: 'Cancel at the end of the period, or now' },
    body: z
      .strictObject({
        when: z.enum(['now', 'period_end']),
        reason: z.enum(cancellationReasons).nullable().default(null),
        comment: z.string().max(2000).nullable().default(null),
        requestedBy: z.enum(['customer', 'merchant', 'system']).default('customer'),
      })
      .meta({ examples: [{ when: 'period_end', reason: 'unused' }] }),
    request: ({ requestedBy: by, ...cancel }) => ({ kind: 'cancel', ...cancel, by }),
  });
  registerCommand(app, deps, {
    ...{ path: 'reactivate', operationId: 'reactivateSubscription' },
    summary: 'Take back a cancellation that has not taken effect',
    body: nothing,
    request: () => ({ kind: 'reactivate' }),
  });
  registerCommand(app, deps, {
    ...{
      path: 'pause',
      operationId: 'pauseSubscription',
      summary: 'Pause: at once, at a time, or from the next period',
    },
    body: z
      .strictObject({
        from: z
          .union([instantSchema, z.literal('period_end')])
          .nullable()
          .default(null),
        until: instantSchema.nullable().default(null),
      })
      .nullable()
      .meta({ examples: [{ from: 'period_end', until: '2027-06-01T00:00:00.000Z' }] }),
    request: (body) => ({ kind: 'pause', from: body?.from ?? null, until: body?.until ?? null }),
  });
  registerCommand(app, deps, {
    ...{ path: 'resume', operationId: 'resumeSubscription', summary: 'End a pause now' },
    body: nothing,
    request: () => ({ kind: 'resume' }),
  });
  registerCommand(app, deps, {
    ...{ path: 'extend-trial', operationId: 'extendTrial', summary: 'Let a trial end later' },
    body: z.strictObject({ trialEnd: instantSchema }).meta({ examples: [{ trialEnd: '2027-03-01T00:00:00.000Z' }] }),
    request: ({ trialEnd }) => ({ kind: 'extend_trial', trialEnd }),
  });
  registerCommand(app, deps, {
    ...{ path: 'convert-trial', operationId: 'convertTrial', summary: 'End a trial now and begin to bill' },
    body: nothing,
    request: () => ({ kind: 'convert_trial' }),
  });
}

function registerPaymentCommands(app: Api, deps: SubscriptionRouteDeps): void {
  registerCommand(app, deps, {
    ...{ path: 'payment-method', operationId: 'setPaymentMethod', summary: 'Pay by something else from now on' },
    description: 'What is unpaid is collected at once. With `backup` it is tried when the first method is declined.',
    body: z
      .strictObject({
        method: z.string().min(1).max(40),
        token: z.string().min(1).max(200),
        backup: z.boolean().default(false),
      })
      .meta({ examples: [{ method: 'card', token: 'tok_ok' }] }),
    request: (body) => ({ kind: 'payment_method', ...body }),
  });
  registerCommand(app, deps, {
    ...{ path: 'retry-payment', operationId: 'retryPayment', summary: 'Try to collect what is unpaid now' },
    body: nothing,
    request: () => ({ kind: 'retry_payment' }),
  });
}
