import type { OrderBilling } from '../../domain/order/order.ts';
import { messages as messagesCollection } from '../../services/messages/message-store.ts';
import type { MessageDocument } from '../../services/messages/message-store.ts';
import { ordersCollection } from '../../services/order/order-store.ts';
import type { OrderDocument } from '../../services/order/order-store.ts';
import { paymentsCollection } from '../../services/payment/payment-store.ts';
import { collectionOf } from '../../services/store/collection.ts';
import { checkBooks } from '../demo/check-books.ts';
import { forbiddenAttempts } from './forbidden-attempts.ts';
import type { Simulation } from './open-simulation.ts';
import type { PlayedScenario } from './play-scenario.ts';

/** Every invariant that the simulated years broke, in words; and every step that was not answered as wanted. */
export async function findProblems(simulation: Simulation, { steps }: PlayedScenario): Promise<readonly string[]> {
  const { dependencies, clock } = simulation;
  const { db } = dependencies;
  const settledBefore = new Date(clock.now()).toISOString();
  const [orders, payments, messages, books] = await Promise.all([
    collectionOf(db, ordersCollection).find().sort({ createdAt: 1 }).toArray(),
    collectionOf(db, paymentsCollection).find().toArray(),
    collectionOf(db, messagesCollection).find().sort({ queuedAt: 1 }).toArray(),
    checkBooks({ ...simulation, settledBefore }),
  ]);
  return [
    ...steps.flatMap(({ at, event, problem }) => (problem === null ? [] : [`${at} ${event}: ${problem}`])),
    ...books.problems,
    ...(await overcharged(simulation, orders)),
    ...brokenPeriods(orders, messages),
    ...contradictions(messages),
    ...forbiddenAttempts(payments),
  ];
}

/** The partners hold more for an order than it was to cost. */
async function overcharged({ world }: Simulation, orders: readonly OrderDocument[]): Promise<readonly string[]> {
  const due = new Map(orders.map(({ id, quote }) => [id, quote?.gross ?? 0]));
  const held = new Map<string, number>();
  for (const { reference, captured } of await world.payments())
    held.set(reference, (held.get(reference) ?? 0) + captured);
  return [...held].flatMap(([order, captured]) =>
    captured <= (due.get(order) ?? 0) ? [] : [`${order}: ${captured} was captured, ${due.get(order) ?? 0} was due`],
  );
}

/** The billed periods of a subscription tile: no moment is billed twice and, unless it was paused, none is left out. */
function brokenPeriods(orders: readonly OrderDocument[], messages: readonly MessageDocument[]): readonly string[] {
  const paused = new Set(
    messages.flatMap(({ template, data }) => (template === 'subscription_paused' ? [data['subscription']] : [])),
  );
  const periods = new Map<string, OrderBilling[]>();
  for (const { billing } of orders) {
    if (billing == null || billing.reason === 'subscription_update') continue;
    periods.set(billing.subscription, [...(periods.get(billing.subscription) ?? []), billing]);
  }
  return [...periods].flatMap(([subscription, billed]) =>
    billed
      .toSorted((one, other) => one.periodStart.localeCompare(other.periodStart))
      .flatMap((period, index, sorted) => {
        const before = sorted[index - 1];
        if (before === undefined || before.periodEnd === period.periodStart) return [];
        if (before.periodEnd < period.periodStart && paused.has(subscription)) return [];
        const what = before.periodEnd > period.periodStart ? 'is billed twice' : 'is billed to nobody';
        return [`${subscription}: the time between ${period.periodStart} and ${before.periodEnd} ${what}`];
      }),
  );
}

/** Nobody is told that a payment failed after being told that it went through. */
function contradictions(messages: readonly MessageDocument[]): readonly string[] {
  const renewed = new Set<string>();
  return messages.flatMap(({ orderId, template }) => {
    if (template === 'subscription_renewed') renewed.add(orderId);
    const contradicts = template === 'payment_failed' && renewed.has(orderId);
    return contradicts ? [`${orderId}: "renewed", then "payment failed"`] : [];
  });
}
