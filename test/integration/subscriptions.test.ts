import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { MongoClient } from 'mongodb';
import type { Db } from 'mongodb';
import { z } from 'zod';
import { endPeriodAt } from '../../dev/system/subscription-time.ts';
import { waitUntil } from '../../dev/system/wait-until.ts';
import { createCommandStore } from '../../services/subscription/command-store.ts';
import { createSubscriptionStore } from '../../services/subscription/subscription-store.ts';
import { renewalRunScheduleId } from '../../workflows/renewal-run/renewal-run.contract.ts';
import {
  nudgeSignal,
  subscriptionWorkflowId,
  subscriptionWorkflowType,
} from '../../workflows/subscription/subscription.contract.ts';
import { subscriptionStart } from '../../workflows/subscription/subscription-start.contract.ts';
import { editorOrder, journeyMs, place, systemOfThisFile, untilStatus } from '../support/system.ts';

jest.setTimeout(journeyMs * 2);

// Goal: a subscription renews on the real system, and the renewal run finds every one that was sabotaged and mends it
// without a second charge. Method: the clock cannot be turned, so the records are moved into the past.

const running = systemOfThisFile();
let connection: Connection;
let temporal: Client;
let mongo: MongoClient;
let db: Db;

beforeAll(async () => {
  const { system, api } = running();
  connection = await Connection.connect({ address: system.stack.temporal.address });
  temporal = new Client({ connection, namespace: system.home.namespace });
  mongo = await MongoClient.connect(system.stack.mongodb.uri);
  db = mongo.db(system.home.database);
  await api.put('/prices/pixel-editor-monthly', {
    ...{ product: 'pixel-editor', currency: 'EUR', taxBehavior: 'inclusive' },
    scheme: { type: 'per_unit', amount: 900 },
    recurring: { interval: 'month', count: 1 },
  });
}, journeyMs);
afterAll(async () => {
  await connection.close();
  await mongo.close();
});

const minuteMs = 60_000;
const ago = (minutes: number): string => new Date(Date.now() - minutes * minuteMs).toISOString();

/** Sells one and answers its id once its workflow waits for the end of the period. */
async function subscribe(buyer: string): Promise<string> {
  const lines = [{ price: 'pixel-editor-monthly', quantity: 1 }];
  const orderId = await place(running(), buyer, { ...editorOrder(buyer), lines });
  await untilStatus(running(), orderId, 'completed');
  const id = await waitUntil(`order ${orderId} has begun a subscription`, async () => {
    const { subscriptions } = await running().api.order(orderId);
    return subscriptions[0] ?? null;
  });
  await waitUntil(`the workflow of ${id} waits`, async () => {
    const { historyLength } = await handleOf(id)
      .describe()
      .catch(() => ({ historyLength: 0 }));
    return historyLength > 5 ? true : null;
  });
  return id;
}

const handleOf = (id: string) => temporal.workflow.getHandle(subscriptionWorkflowId(id));
const recordOf = (id: string) => createSubscriptionStore(db).require(id);

const untilRenewed = (id: string) =>
  waitUntil(`${id} is renewed`, async () => {
    const found = await recordOf(id);
    return found.period.index === 1 && found.openBill === null ? found : null;
  });

/** One captured payment of the price per period, and no other. */
async function expectPaidOnce(id: string): Promise<void> {
  const { sourceOrder, latestOrder } = await recordOf(id);
  expect(latestOrder).not.toBe(sourceOrder);
  for (const order of [sourceOrder, latestOrder])
    expect(await running().world.payments(order)).toMatchObject([{ captured: 900, refunded: 0 }]);
  const bills = await db.collection('orders').countDocuments({ 'billing.subscription': id });
  expect(bills).toBe(2);
}

describe('a subscription', () => {
  it('is begun by an order, renewed when its period is over, billed and paid once', async () => {
    const id = await subscribe('renewing');
    const { runId: first } = await handleOf(id).describe();
    await endPeriodAt(db, id, ago(11));
    await handleOf(id).signal(nudgeSignal);
    const { latestOrder } = await untilRenewed(id);
    await expectPaidOnce(id);
    const bill = await running().api.order(latestOrder);
    expect(bill).toMatchObject({ status: 'completed', amounts: { gross: 900 } });
    expect(bill.invoice).not.toBeNull();
    expect(
      await waitUntil(`${id} runs anew`, async () => {
        const { runId, status } = await handleOf(id).describe();
        return runId === first ? null : status.name;
      }),
    ).toBe('RUNNING');
    const shown = await running().api.call(`/subscriptions/${id}`);
    expect(shown.body).toMatchObject({ id, status: 'active', latestOrder, balance: { amount: 0, currency: 'EUR' } });
  });

  it('is cancelled by one call, and stays until the end of its period', async () => {
    const id = await subscribe('leaving');
    const { period } = await recordOf(id);
    const answer = await running().api.post(
      `/subscriptions/${id}/cancel`,
      { when: 'period_end', reason: 'unused', comment: 'Farewell' },
      { 'idempotency-key': `${running().runId}-leave` },
    );
    expect(answer).toMatchObject({ status: 200, body: { result: 'scheduled', effectiveAt: period.end } });
    expect(answer.body).toMatchObject({ subscription: { status: 'active', cancelAt: period.end } });
    const { historyLength } = await handleOf(id).describe();
    expect(historyLength).toBeGreaterThan(10);
    const history = JSON.stringify(await handleOf(id).fetchHistory());
    expect(history).not.toContain(Buffer.from('Farewell').toString('base64').slice(0, 8));
  });
});

const runAnswer = z.object({
  items: z.array(
    z.looseObject({
      at: z.string(),
      due: z.int(),
      late: z.int(),
      started: z.int(),
      mended: z.int(),
      renewed: z.int(),
      redelivered: z.int(),
    }),
  ),
});

async function renewalRun() {
  const before = new Date().toISOString();
  await temporal.schedule.getHandle(renewalRunScheduleId).trigger();
  return waitUntil('the renewal run has reported', async () => {
    const { items } = runAnswer.parse((await running().api.call('/renewal-runs')).body);
    const [latest] = items;
    return latest !== undefined && latest.at > before ? latest : null;
  });
}

/** Ends its workflow and puts one in its place that can do nothing. */
async function putInPlace(id: string, args: readonly unknown[]): Promise<void> {
  await handleOf(id).terminate('sabotage');
  const start = subscriptionStart(await recordOf(id));
  await temporal.workflow.start(subscriptionWorkflowType, { ...start, args: [...args] });
}

const sabotages: Readonly<Record<string, (id: string) => Promise<unknown>>> = {
  terminated: (id) => handleOf(id).terminate('sabotage'),
  // Nobody told it that it is due.
  missed: () => Promise.resolve(),
  // Its code fails at once, again and again.
  stuck: (id) => putInPlace(id, []),
  // It waits for a time that the record does not know.
  asleep: async (id) => {
    const wakeAt = new Date(Date.now() + 900 * 24 * 60 * minuteMs).toISOString();
    const agenda = { status: 'active', wakeAt, step: 'collect', reason: 'renew', period: 0, tell: null };
    await putInPlace(id, [{ subscriptionId: id, agenda }]);
  },
};

describe('the renewal run', () => {
  it('finds every sabotaged subscription and mends it, without a second charge', async () => {
    const kinds = Object.keys(sabotages).flatMap((kind) => [`${kind}-1`, `${kind}-2`]);
    const ids = await Promise.all(kinds.map(subscribe));
    const healthy = await subscribe('healthy');
    for (const [index, kind] of kinds.entries()) {
      const id = ids[index] ?? '';
      await endPeriodAt(db, id, ago(25));
      await sabotages[kind.split('-')[0] ?? '']?.(id);
    }
    // A workflow task has to fail three times before it counts as stuck.
    await waitUntil('the stuck ones are seen to be stuck', async () => {
      const stuck = ids.filter((_id, index) => kinds[index]?.startsWith('stuck'));
      const attempts = await Promise.all(
        stuck.map(async (id) => (await handleOf(id).describe()).raw.pendingWorkflowTask?.attempt ?? 0),
      );
      return attempts.every((attempt) => attempt >= 3) ? true : null;
    });

    const report = await renewalRun();
    expect(report).toMatchObject({ due: kinds.length, late: kinds.length, mended: kinds.length });
    for (const id of ids) await untilRenewed(id);
    for (const id of ids) await expectPaidOnce(id);

    const next = await renewalRun();
    expect(next).toMatchObject({ due: 0, mended: 0, renewed: kinds.length });
    for (const id of ids) await expectPaidOnce(id);
    expect((await recordOf(healthy)).period.index).toBe(0);
  });

  it('has commands run that were written down and never sent, and refused where the subscription has ended', async () => {
    const commands = createCommandStore(db);
    const [id, ended] = await Promise.all([subscribe('unsent'), subscribe('unsent-ended')]);
    const leave = { when: 'now', reason: 'unused' };
    await running().api.post(`/subscriptions/${ended}/cancel`, leave, { 'idempotency-key': `${running().runId}-gone` });
    await waitUntil(`${ended} has ended`, async () =>
      (await handleOf(ended).describe()).status.name === 'COMPLETED' ? true : null,
    );
    for (const subscription of [id, ended])
      await commands.record({
        ...{ _id: `cmd_unsent_${subscription}`, subscription, recordedAt: ago(5) },
        request: { kind: 'pause', from: 'period_end', until: null },
      });

    expect(await renewalRun()).toMatchObject({ redelivered: 2, mended: 0 });
    const answerOf = (subscription: string) =>
      waitUntil(`the command of ${subscription} has its answer`, async () => {
        return (await commands.find(`cmd_unsent_${subscription}`))?.answer ?? null;
      });
    const { period } = await recordOf(id);
    expect(await answerOf(id)).toEqual({ kind: 'scheduled', at: period.end });
    expect(await answerOf(ended)).toMatchObject({ kind: 'refused', code: 'subscription.ended' });
    expect(await renewalRun()).toMatchObject({ redelivered: 0 });
  });
});
