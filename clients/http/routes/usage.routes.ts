import { z } from 'zod';
import { Failure } from '../../../domain/failures.ts';
import { usageAggregations } from '../../../domain/usage/meter.ts';
import { catalogIdSchema, instantSchema } from '../../../services/catalog/catalog-schemas.ts';
import type { UsageAnswer } from '../../../services/usage/usage-recorder.ts';
import { meterInputSchema, usageInputSchema } from '../../../services/usage/usage-schemas.ts';
import { instantAnswer } from '../answer-schemas.ts';
import type { Api, ApiDeps } from '../api-deps.ts';

const periodAnswer = z.object({ start: instantAnswer, end: instantAnswer });

const meterAnswer = z
  .object({
    id: z.string(),
    aggregation: z.enum(usageAggregations),
    unit: z.string().nullable(),
    thresholds: z.array(z.int()).readonly(),
    cap: z.int().nullable(),
  })
  .meta({ id: 'Meter', description: 'How events of a period become the quantity that is billed' });

const recordedAnswer = z
  .object({
    id: z.string(),
    result: z.enum(['recorded', 'repeated']),
    period: periodAnswer,
    late: z.boolean().meta({ description: 'Its period had ended: after the grace it is on the next invoice' }),
  })
  .meta({ id: 'UsageRecorded' });

const refusedAnswer = z
  .object({ id: z.string(), result: z.literal('refused'), code: z.string(), message: z.string() })
  .meta({ id: 'UsageRefused' });

const batchAnswer = z
  .object({
    recorded: z.int(),
    repeated: z.int(),
    refused: z.int(),
    results: z.array(z.union([recordedAnswer, refusedAnswer])).readonly(),
  })
  .meta({ id: 'UsageBatch', description: 'One result for each entry, in their order' });

const usageAnswer = z
  .object({
    subscription: z.string(),
    period: periodAnswer,
    meters: z
      .array(
        z.object({
          meter: z.string(),
          aggregation: z.enum(usageAggregations),
          unit: z.string().nullable(),
          quantity: z.int(),
          billable: z.int().meta({ description: 'Up to the cap' }),
          events: z.int(),
          thresholds: z.array(z.int()).readonly(),
          cap: z.int().nullable(),
          alerts: z.array(z.object({ level: z.int(), at: instantAnswer })).readonly(),
        }),
      )
      .readonly(),
  })
  .meta({ id: 'SubscriptionUsage' });

const entryExample = {
  id: 'evt_1',
  subscription: 'sub_7F3K92QXM4TN8WRB',
  meter: 'api_calls',
  quantity: 250,
  at: '2027-02-03T10:00:00Z',
};

const tags = ['usage'];
const params = z.object({ id: catalogIdSchema });

type UsageRouteDeps = Pick<ApiDeps, 'usage' | 'subscriptionClient' | 'now'>;

export function registerUsage(app: Api, deps: UsageRouteDeps): void {
  registerMeters(app, deps);
  registerRecording(app, deps);
  registerReading(app, deps);
}

function registerMeters(app: Api, { usage }: UsageRouteDeps): void {
  app.put(
    '/meters/:id',
    {
      schema: {
        operationId: 'putMeter',
        tags,
        summary: 'Create or change a meter',
        description:
          'A meter that is never described is a plain sum. Its aggregation is fixed once it exists; thresholds, cap and ' +
          'unit may change.',
        params,
        body: meterInputSchema.meta({
          examples: [{ aggregation: 'sum', unit: 'API calls', thresholds: [8_000, 10_000], cap: 20_000 }],
        }),
        response: { 200: meterAnswer },
      },
    },
    (request) => usage.putMeter(request.params.id, request.body),
  );
}

function registerRecording(app: Api, { usage, subscriptionClient, now }: UsageRouteDeps): void {
  app.post(
    '/usage',
    {
      schema: {
        operationId: 'recordUsage',
        tags,
        summary: 'Record usage',
        description:
          'One event, or an array of up to 1,000; `id` makes each idempotent within its subscription. Usage is taken for ' +
          'the running billing period and the one before; what comes after the grace of an hour is on the next invoice. ' +
          'An entry with `corrects` says what an earlier event should have said; a quantity of null takes it back. A ' +
          'batch answers every entry by itself, a single entry that is refused answers a problem.',
        body: usageInputSchema.meta({
          examples: [entryExample, [entryExample, { ...entryExample, id: 'evt_2' }], correctionExample],
        }),
        response: { 200: z.union([recordedAnswer, batchAnswer]) },
      },
    },
    async (request) => {
      const { body } = request;
      const { answers, alerted } = await usage.record(Array.isArray(body) ? body : [body], now());
      // The mail is written down: without the nudge it is sent when the workflow looks the next time.
      for (const subscription of alerted)
        await subscriptionClient
          .nudge(subscription)
          .catch((error: unknown) => request.log.warn({ err: error }, 'the alert waits for the subscription to wake'));
      if (Array.isArray(body)) return toBatch(answers);
      const [answer] = answers;
      if (answer === undefined) throw new Failure('internal.unexpected');
      if (answer.kind === 'refused') throw new Failure(answer.code, answer.message);
      return toRecorded(answer);
    },
  );
}

function registerReading(app: Api, { usage, now }: UsageRouteDeps): void {
  app.get(
    '/subscriptions/:id/usage',
    {
      schema: {
        operationId: 'getSubscriptionUsage',
        tags,
        summary: 'Usage of a billing period',
        description: 'Of the period that holds `at`; without it, of the running one.',
        params,
        querystring: z.strictObject({ at: instantSchema.optional() }),
        response: { 200: usageAnswer },
      },
    },
    (request) => usage.usageAt(request.params.id, request.query.at ?? now()),
  );
}

const correctionExample = { id: 'fix_1', subscription: entryExample.subscription, corrects: 'evt_1', quantity: 25 };

type Recorded = Exclude<UsageAnswer, { readonly kind: 'refused' }>;

function toRecorded({ kind, id, period, late }: Recorded): z.input<typeof recordedAnswer> {
  return { id, result: kind, period, late };
}

function toBatch(answers: readonly UsageAnswer[]): z.input<typeof batchAnswer> {
  const count = (kind: UsageAnswer['kind']) => answers.filter((answer) => answer.kind === kind).length;
  return {
    recorded: count('recorded'),
    repeated: count('repeated'),
    refused: count('refused'),
    results: answers.map((answer) =>
      answer.kind === 'refused'
        ? { id: answer.id, result: answer.kind, code: answer.code, message: answer.message }
        : toRecorded(answer),
    ),
  };
}
