import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Db } from 'mongodb';
import { checkCommands } from '../../dev/chaos/check-subscription-commands.ts';
import { checkSubscriptions } from '../../dev/chaos/check-subscriptions.ts';
import { unitPrice } from '../../dev/chaos/subscribers.ts';
import type { PlannedCommand } from '../../dev/chaos/subscription-plan.ts';
import type { SubscriptionRecords, SubscriptionTruth } from '../../dev/chaos/subscription-snapshot.ts';
import { deliveriesCollection } from '../../services/delivery/delivery-store.ts';
import { licensesCollection } from '../../services/delivery/license-store.ts';
import { messages } from '../../services/messages/message-store.ts';
import { ordersCollection } from '../../services/order/order-store.ts';
import { collectionOf } from '../../services/store/collection.ts';
import { subscriptionCommandsCollection } from '../../services/subscription/command-store.ts';
import type { CommandRequest } from '../../services/subscription/subscription-steps.ts';
import { now, openSubscriptions } from '../services/subscription/subscription-fixture.ts';
import type { SubscriptionsUnderTest } from '../services/subscription/subscription-fixture.ts';
import { openTestDatabase } from '../support/mongo.ts';

// Goal: what the chaos run calls right is right, and each thing that could be lost or doubled is noticed. Method: two
// subscriptions that the real services renewed on a real database, and then records that are tampered with.

const dayMs = 24 * 3_600_000;
const ago = (ms: number): string => new Date(Date.now() - ms).toISOString();
const begin = ago(10 * dayMs);

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let shop: SubscriptionsUnderTest;
let records: SubscriptionRecords;

beforeAll(async () => {
  database = await openTestDatabase();
  shop = await openSubscriptions(database.db);
  await shop.sellRecurring('weekly', unitPrice, {}, { interval: 'week' });
  const growing = { verb: 'change', body: {}, quantity: 2 } as const;
  const leaving = { verb: 'cancel', body: {} } as const;
  const cancel = { kind: 'cancel', when: 'period_end', reason: null, comment: null, by: 'customer' } as const;
  const played = [
    await play(growing, { kind: 'change', change: now({ quantity: 2 }), preview: null }),
    await play(leaving, cancel),
  ];
  records = await readRecords(database.db, played);
});
afterAll(async () => {
  await shop.close();
  await database.close();
});

/** Renewed after a week, and asked for something a day later. */
async function play(command: PlannedCommand, request: CommandRequest): Promise<Omit<SubscriptionTruth, 'commands'>> {
  const lines = [{ price: 'weekly', quantity: 1 }];
  const { id, period, payment } = await shop.subscribe(lines, { at: begin });
  await shop.run(id, ago(2 * dayMs));
  await shop.command(id, request, ago(dayMs));
  const token = payment?.token ?? '';
  const planned = { name: id, token, sabotage: 'none', command, offsetMs: 0 } as const;
  const record = await shop.run(id, new Date().toISOString());
  return { played: { id, planned, firstEnd: period.end, answers: [] }, record, workflow: 'RUNNING' };
}

async function readRecords(
  db: Db,
  played: readonly Omit<SubscriptionTruth, 'commands'>[],
): Promise<SubscriptionRecords> {
  const commands = await collectionOf(db, subscriptionCommandsCollection).find({}).toArray();
  return {
    subscriptions: played.map((one) => ({
      ...one,
      commands: commands.filter(({ subscription }) => subscription === one.record.id),
    })),
    orderRecords: await collectionOf(db, ordersCollection).find({}).toArray(),
    deliveries: await collectionOf(db, deliveriesCollection).find({}).toArray(),
    licenses: await collectionOf(db, licensesCollection).find({}).toArray(),
    messages: await collectionOf(db, messages).find({}).toArray(),
  };
}

describe('the checks of subscriptions after chaos', () => {
  it('find nothing wrong with subscriptions that were renewed, changed and cancelled', () => {
    expect([...checkSubscriptions(records), ...checkCommands(records)]).toEqual([]);
    const billed = records.orderRecords.map(({ billing }) => billing?.reason);
    expect(billed.sort()).toEqual([
      ...['purchase', 'purchase', 'subscription_cycle', 'subscription_cycle', 'subscription_update'],
    ]);
  });

  it('notice each bill, licence, mail and effect that is lost or doubled', () => {
    const { orderRecords, messages: told, licenses } = records;
    const cycle = orderRecords.filter(({ billing }) => billing?.reason === 'subscription_cycle').slice(0, 1);
    const settled = told.filter(({ fact }) => fact.endsWith('/settled')).slice(0, 1);
    const tampered: Readonly<Record<string, SubscriptionRecords>> = {
      'a bill that is lost': { ...records, orderRecords: orderRecords.filter((one) => one !== cycle[0]) },
      'a bill of a period twice': { ...records, orderRecords: [...orderRecords, ...cycle] },
      'a gap between periods': { ...records, orderRecords: orderRecords.map(laterByAnHour) },
      'a licence again': { ...records, licenses: [...licenses, ...licenses.slice(0, 1)] },
      'access that was lost': { ...records, licenses: licenses.map((one) => ({ ...one, status: 'revoked' })) },
      'a mail that is lost': { ...records, messages: told.filter((one) => one !== settled[0]) },
      'a fact that is told twice': { ...records, messages: [...told, ...settled] },
      'a workflow that is lost': each((truth) => ({ ...truth, workflow: 'TERMINATED' })),
      'a step that is overdue': each(({ record, ...truth }) => ({
        ...truth,
        record: { ...record, nextActionAt: begin },
      })),
      'a command without an answer': each((truth) => ({
        ...truth,
        commands: truth.commands.map((command) => ({ ...command, answer: null })),
      })),
      'an answer that says something else': each((truth) => ({
        ...truth,
        played: { ...truth.played, answers: [{ status: 409, headers: new Headers(), body: { code: 'other' } }] },
      })),
      'a change without effect': each(({ record, ...truth }) => ({
        ...truth,
        record: { ...record, items: record.items.map((item) => ({ ...item, quantity: 1 })) },
      })),
      'a cancellation that is forgotten': each(({ record, ...truth }) => ({
        ...truth,
        record: { ...record, cancelAt: null },
      })),
      'another card': each(({ record, ...truth }) => ({ ...truth, record: { ...record, payment: null } })),
    };
    const unnoticed = Object.entries(tampered)
      .filter(([, one]) => checkSubscriptions(one).length + checkCommands(one).length === 0)
      .map(([name]) => name);
    expect(unnoticed).toEqual([]);
  });
});

const each = (change: (truth: SubscriptionTruth) => SubscriptionTruth): SubscriptionRecords => ({
  ...records,
  subscriptions: records.subscriptions.map(change),
});

function laterByAnHour(order: SubscriptionRecords['orderRecords'][number]): typeof order {
  if (order.billing?.reason !== 'subscription_cycle') return order;
  const periodStart = new Date(Date.parse(order.billing.periodStart) + 3_600_000).toISOString();
  return { ...order, billing: { ...order.billing, periodStart } };
}
