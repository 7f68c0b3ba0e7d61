import { z } from 'zod';
import { subscriptionStatuses } from '../../domain/subscription/subscription-status.ts';
import { cancellationReasons } from '../../domain/subscription/subscription.ts';
import type { Subscription, SubscriptionItem } from '../../domain/subscription/subscription.ts';
import type { ChangePreview } from '../../services/subscription/subscription-steps.ts';
import { amountAnswer, instantAnswer, taxAmountsAnswer } from './answer-schemas.ts';

const itemAnswer = z.object({
  id: z.string(),
  price: z.string(),
  product: z.string(),
  quantity: z.int(),
  usage: z.enum(['licensed', 'metered']),
  meter: z.string().nullable(),
  recurring: z.object({ interval: z.string(), count: z.int() }).nullable().meta({ description: 'null: once' }),
});

const headAnswer = {
  id: z.string().meta({ examples: ['sub_7F3K92QXM4TN8WRB'] }),
  status: z.enum(subscriptionStatuses),
  customer: z.object({ id: z.string().nullable() }),
  currency: z.string(),
  currentPeriod: z.object({ start: instantAnswer, end: instantAnswer }),
  cancelAt: instantAnswer.nullable(),
  createdAt: instantAnswer,
  endedAt: instantAnswer.nullable(),
};

export const subscriptionSummaryAnswer = z.object(headAnswer).meta({ id: 'SubscriptionSummary' });

export const subscriptionAnswer = z
  .object({
    ...headAnswer,
    items: z.array(itemAnswer).readonly(),
    anchor: instantAnswer.meta({ description: 'What every period is counted from' }),
    timeZone: z.string(),
    trialEnd: instantAnswer.nullable(),
    cancellation: z
      .object({ reason: z.enum(cancellationReasons).nullable(), voluntary: z.boolean(), requestedAt: instantAnswer })
      .nullable(),
    pause: z.object({ from: instantAnswer, until: instantAnswer.nullable() }).nullable(),
    pendingChange: z.object({ from: instantAnswer, items: z.array(itemAnswer).readonly() }).nullable(),
    dunning: z
      .object({
        since: instantAnswer,
        stage: z.string(),
        order: z.string(),
        attempts: z.int(),
        nextRetryAt: instantAnswer.nullable(),
      })
      .nullable(),
    paymentMethod: z.string().nullable(),
    backupPaymentMethod: z.string().nullable(),
    balance: z
      .object({ amount: amountAnswer, currency: z.string() })
      .meta({ description: 'Credit that the next invoices use first' }),
    sourceOrder: z.string(),
    latestOrder: z.string(),
    nextActionAt: instantAnswer.nullable(),
  })
  .meta({ id: 'Subscription' });

export type SubscriptionSummary = z.output<typeof subscriptionSummaryAnswer>;
export type SubscriptionView = z.output<typeof subscriptionAnswer>;

export function subscriptionSummary(subscription: Subscription): SubscriptionSummary {
  const { id, status, customerId, currency, period, cancelAt, createdAt, endedAt } = subscription;
  return {
    ...{ id, status, currency, cancelAt, createdAt, endedAt },
    customer: { id: customerId },
    currentPeriod: { start: period.start, end: period.end },
  };
}

/** What the API shows of a subscription: no token, no comment, of the customer only the caller's own id. */
export function subscriptionView(subscription: Subscription, balance: number): SubscriptionView {
  const { currency, anchor, timeZone, trialEnd, pause, sourceOrder, latestOrder, nextActionAt } = subscription;
  const { cancellation, pendingChange, dunning } = subscription;
  return {
    ...subscriptionSummary(subscription),
    ...{ timeZone, trialEnd, sourceOrder, latestOrder, nextActionAt },
    items: subscription.items.map(itemView),
    anchor: anchor.at,
    cancellation:
      cancellation === null
        ? null
        : { reason: cancellation.reason, voluntary: cancellation.voluntary, requestedAt: cancellation.at },
    pause: pause === null ? null : { from: pause.from, until: pause.until },
    pendingChange:
      pendingChange === null ? null : { from: pendingChange.from, items: pendingChange.items.map(itemView) },
    dunning:
      dunning === null
        ? null
        : {
            ...{ since: dunning.since, stage: dunning.stage, order: dunning.order },
            ...{ attempts: dunning.attempts, nextRetryAt: dunning.nextRetryAt },
          },
    paymentMethod: subscription.payment?.method ?? null,
    backupPaymentMethod: subscription.backupPayment?.method ?? null,
    balance: { amount: balance, currency },
  };
}

function itemView(item: SubscriptionItem): z.output<typeof itemAnswer> {
  const { id, price, product, quantity, usage, meter, recurring } = item;
  const rhythm = recurring === null ? null : { interval: recurring.interval, count: recurring.count };
  return { id, price, product, quantity, usage: usage ?? 'licensed', meter: meter ?? null, recurring: rhythm };
}

export const previewAnswer = z
  .object({
    id: z.string().meta({ description: 'Give it to `change` to be charged exactly this' }),
    currency: z.string(),
    at: instantAnswer,
    validUntil: instantAnswer,
    effectiveAt: instantAnswer,
    credits: z
      .array(
        z.object({ order: z.string(), line: z.string(), net: amountAnswer, tax: amountAnswer, gross: amountAnswer }),
      )
      .readonly(),
    lines: z
      .array(
        z.object({
          price: z.string(),
          quantity: z.int(),
          net: amountAnswer,
          tax: amountAnswer,
          gross: amountAnswer,
          taxes: taxAmountsAnswer,
        }),
      )
      .readonly(),
    net: amountAnswer,
    tax: amountAnswer,
    gross: amountAnswer,
    credit: amountAnswer,
    balanceUsed: amountAnswer,
    charge: amountAnswer.meta({ description: 'What the customer would be charged' }),
    creditLeft: amountAnswer,
  })
  .meta({ id: 'ChangePreview', description: 'Amounts are minor units of `currency`' });

export function previewView(preview: ChangePreview): z.output<typeof previewAnswer> {
  const { id, currency, at, validUntil, effectiveAt, credit, balanceUsed, charge, creditLeft, quote } = preview;
  return {
    ...{ id, currency, at, validUntil, effectiveAt, credit, balanceUsed, charge, creditLeft },
    credits: preview.credits.map(({ order, line, net, tax, gross }) => ({ order, line, net, tax, gross })),
    lines: (quote?.lines ?? []).map(({ price, quantity, net, tax, gross, taxes }) => {
      return { price, quantity, net, tax, gross, taxes };
    }),
    ...{ net: quote?.net ?? 0, tax: quote?.tax ?? 0, gross: quote?.gross ?? 0 },
  };
}
