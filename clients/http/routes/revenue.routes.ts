import { z } from 'zod';
import { bookedDeferred } from '../../../domain/revenue/recognition-posting.ts';
import type { RecognitionScheduleDocument } from '../../../services/revenue/recognition-schedule-store.ts';
import type { Api, ApiDeps } from '../api-deps.ts';
import { amountAnswer, instantAnswer } from '../answer-schemas.ts';

const dateAnswer = z.string().meta({ format: 'date', examples: ['2027-01-31'] });

const eventAnswer = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('credited'),
    id: z.string(),
    on: dateAnswer,
    cause: z.enum(['refund', 'dispute']),
    net: amountAnswer,
    takes: z.enum(['in_proportion', 'unused_first']),
  }),
  z.object({ kind: z.literal('cancelled'), id: z.string(), on: dateAnswer, when: z.enum(['now', 'period_end']) }),
  z.object({ kind: z.literal('plan_changed'), id: z.string(), on: dateAnswer, net: amountAnswer, end: dateAnswer }),
]);

const schedulesAnswer = z
  .array(
    z
      .object({
        id: z.string(),
        order: z.string(),
        line: z.string(),
        seller: z.string(),
        currency: z.string(),
        net: amountAnswer,
        period: z.object({ start: dateAnswer, end: dateAnswer }),
        soldAt: instantAnswer,
        events: z.array(eventAnswer).readonly(),
        postedThrough: dateAnswer.nullable(),
        recognised: amountAnswer,
        deferred: amountAnswer,
        open: z.boolean(),
      })
      .meta({ id: 'RecognitionSchedule', description: 'Amounts are minor units of `currency`' }),
  )
  .readonly();

const summaryAnswer = z
  .array(
    z
      .object({
        seller: z.string(),
        currency: z.string(),
        opening: amountAnswer,
        deferred: amountAnswer,
        recognised: amountAnswer,
        refunded: amountAnswer,
        disputed: amountAnswer,
        other: amountAnswer,
        closing: amountAnswer,
        earnedAtSale: amountAnswer,
      })
      .meta({ id: 'RevenueSummary', description: 'Amounts are minor units of `currency`' }),
  )
  .readonly();

const period = z
  .strictObject({ from: z.iso.date(), to: z.iso.date() })
  .refine(({ from, to }) => from < to, { path: ['to'], message: 'must be after from' });

export function registerRevenue(
  app: Api,
  { revenue, revenueReport, now }: Pick<ApiDeps, 'revenue' | 'revenueReport' | 'now'>,
): void {
  app.get(
    '/revenue/schedules',
    {
      schema: {
        operationId: 'listRecognitionSchedules',
        tags: ['ledger'],
        summary: 'How the deferred lines of an order are earned',
        description:
          'One schedule per line that is paid ahead for a period, earned day by day; `end` is the first day after. An ' +
          'order without such lines has none.',
        querystring: z.strictObject({ order: z.string().min(1).max(64) }),
        response: { 200: schedulesAnswer },
      },
    },
    async (request) => (await revenue.ofOrder(request.query.order)).map(scheduleView),
  );

  app.get(
    '/revenue/summary',
    {
      schema: {
        operationId: 'getRevenueSummary',
        tags: ['ledger'],
        summary: 'Deferred revenue of each seller from one date to another',
        description:
          'Opening + deferred − recognised − refunded − disputed + other = closing, per seller and currency; `to` is not ' +
          'included. `closing` is the ledger’s deferred_revenue with its sign turned. `earnedAtSale` was never deferred.',
        querystring: period,
        response: { 200: summaryAnswer },
      },
    },
    (request) => revenueReport.summary({ ...request.query, at: now() }),
  );
}

function scheduleView(schedule: RecognitionScheduleDocument): z.output<typeof schedulesAnswer>[number] {
  const { _id: id, orderId, line, sellerId, currency, net, period, soldAt, events, booked, open } = schedule;
  return {
    ...{ id, order: orderId, line, seller: sellerId, currency, net, period, soldAt, events, open },
    postedThrough: booked.through,
    recognised: booked.recognised,
    deferred: bookedDeferred(schedule, booked),
  };
}
