import { beforeEach, describe, expect, it } from '@jest/globals';
import { createCommandRedelivery } from '../../../services/renewal-run/command-redelivery.ts';
import { createRenewalFigures } from '../../../services/renewal-run/renewal-figures.ts';
import { createRenewalGuard } from '../../../services/renewal-run/renewal-guard.ts';
import type { SubscriptionWorkflows } from '../../../services/renewal-run/renewal-guard.ts';
import type { WorkflowHealth } from '../../../services/renewal-run/remedy.ts';
import { createRenewalRunStore, renewalRunsCollection } from '../../../services/renewal-run/renewal-run-store.ts';
import type { RenewalTally } from '../../../services/renewal-run/renewal-run-store.ts';
import { createCommandStore, subscriptionCommandsCollection } from '../../../services/subscription/command-store.ts';
import { createSubscriptionStore, subscriptionsCollection } from '../../../services/subscription/subscription-store.ts';
import { ordersCollection } from '../../../services/order/order-store.ts';
import { databaseOfThisFile } from '../../support/mongo.ts';

// Goal: a run sees every subscription that is due, mends what it can, lets nothing hold it up, and reports once. The
// records are real; what Temporal says of the workflows is the test's.

const db = await databaseOfThisFile();
const at = '2027-03-01T10:00:00.000Z';
const horizon = '2027-03-01T11:00:00.000Z';
const minutesFrom = (minutes: number): string => new Date(Date.parse(at) + minutes * 60_000).toISOString();

const fine: WorkflowHealth = { running: true, wakesAt: null, busy: true, failing: false };
let healths = new Map<string, WorkflowHealth | Error>();
let done: string[] = [];

const workflows: SubscriptionWorkflows = {
  health: async (id) => {
    const found = healths.get(id) ?? fine;
    if (found instanceof Error) throw found;
    return found;
  },
  start: async ({ id }) => void done.push(`start ${id}`),
  nudge: async ({ id }) => void done.push(`nudge ${id}`),
  replace: async ({ id }) => void done.push(`replace ${id}`),
};
const subscriptions = createSubscriptionStore(db);
const commands = createCommandStore(db);
/** Subscriptions whose workflow cannot be told of commands. */
let deaf = new Set<string>();
const redeliver = createCommandRedelivery({
  ...{ commands, subscriptions },
  tell: async ({ id }, commandId) => {
    if (deaf.has(id)) throw new Error('away');
    done.push(`tell ${id} ${commandId}`);
  },
});
const guard = createRenewalGuard({
  ...{ subscriptions, workflows, redeliver },
  ...{ figures: createRenewalFigures(db), runs: createRenewalRunStore(db) },
});

/** Only what a run reads of a subscription. */
function subscription(id: string, dueInMinutes: number | null, more: object = {}) {
  const nextActionAt = dueInMinutes === null ? null : minutesFrom(dueInMinutes);
  return { _id: id, id, status: 'active', currency: 'EUR', nextActionAt, latestOrder: `ord_${id}`, ...more };
}

async function keep(name: string, documents: readonly { readonly _id: string }[]): Promise<void> {
  await db.collection<{ _id: string }>(name).insertMany([...documents]);
}

beforeEach(async () => {
  const kept = [subscriptionsCollection, subscriptionCommandsCollection, ordersCollection, renewalRunsCollection];
  for (const { name } of kept) await db.collection(name).deleteMany({});
  healths = new Map();
  done = [];
  deaf = new Set();
});

async function wholeRun(limit: number): Promise<RenewalTally[]> {
  const tallies: RenewalTally[] = [];
  for (let after: Parameters<typeof guard.guardPage>[0]['after'] = null; ;) {
    const page = await guard.guardPage({ at, horizon, after, limit });
    tallies.push(page.tally);
    if (page.next === null) return tallies;
    after = page.next;
  }
}

const total = (tallies: readonly RenewalTally[], field: 'due' | 'late' | 'started'): number =>
  tallies.reduce((sum, tally) => sum + tally[field], 0);

describe('a run', () => {
  it('sees each subscription that has to act before its horizon once, page by page', async () => {
    // Many of them at the same moment, as at midnight.
    const due = Array.from({ length: 57 }, (_, index) => subscription(`sub_${index}`, index % 3 === 0 ? 10 : index));
    const notDue = [subscription('sub_later', 90), subscription('sub_ended', null)];
    await keep(subscriptionsCollection.name, [...due, ...notDue]);
    for (const { id } of [...due, ...notDue]) healths.set(id, { ...fine, running: false });
    const tallies = await wholeRun(10);
    expect(total(tallies, 'due')).toBe(57);
    expect(total(tallies, 'started')).toBe(57);
    expect([...done].sort()).toEqual(due.map(({ id }) => `start ${id}`).sort());
  });

  it('mends what it finds, each in its own way, and counts it', async () => {
    await keep(subscriptionsCollection.name, [
      ...[subscription('sub_fine', 20), subscription('sub_gone', 30), subscription('sub_asleep', -20)],
      ...[subscription('sub_dead', -200), subscription('sub_unseen', 5)],
    ]);
    healths = new Map<string, WorkflowHealth | Error>([
      ['sub_gone', { ...fine, running: false }],
      ['sub_asleep', { ...fine, busy: false }],
      ['sub_dead', { ...fine, busy: false }],
      ['sub_unseen', new Error('away')],
    ]);
    const { tally, next } = await guard.guardPage({ at, horizon, after: null, limit: 10 });
    expect(next).toBeNull();
    expect(tally).toMatchObject({ due: 5, late: 2, started: 1, nudged: 1, replaced: 1, unreachable: 1 });
    expect([...done].sort()).toEqual(['nudge sub_asleep', 'replace sub_dead', 'start sub_gone']);
    expect(tally.examples.map(({ subscription: id, remedy }) => `${id} ${remedy}`)).toEqual([
      ...['sub_dead replace', 'sub_asleep nudge', 'sub_unseen unreachable', 'sub_gone start'],
    ]);
  });
});

describe('a command without an answer', () => {
  const record = (_id: string, id: string, minutesAgo: number) =>
    commands.record({
      ...{ _id, subscription: id, recordedAt: minutesFrom(-minutesAgo) },
      request: { kind: 'retry_payment' },
    });
  const onePage = (limit = 10, after: Parameters<typeof guard.guardPage>[0]['after'] = null) =>
    guard.guardPage({ at, horizon, after, limit });

  it('is told again once its sender is surely gone, those of a subscription in their order', async () => {
    await keep(subscriptionsCollection.name, [subscription('sub_1', null), subscription('sub_2', 90)]);
    await record('cmd_b', 'sub_1', 20);
    await record('cmd_a', 'sub_1', 10);
    await record('cmd_c', 'sub_2', 3);
    await record('cmd_fresh', 'sub_2', 1);
    await record('cmd_answered', 'sub_2', 30);
    await commands.answer('cmd_answered', { kind: 'done', order: null }, minutesFrom(-29));
    const { tally } = await onePage();
    expect(done.filter((one) => one.includes('sub_1'))).toEqual(['tell sub_1 cmd_b', 'tell sub_1 cmd_a']);
    expect(done.filter((one) => one.includes('sub_2'))).toEqual(['tell sub_2 cmd_c']);
    expect(tally).toMatchObject({ due: 0, redelivered: 3, unreachable: 0 });
  });

  it('that cannot be told holds up those after it of its subscription, and no other', async () => {
    await keep(subscriptionsCollection.name, [subscription('sub_1', null), subscription('sub_2', null)]);
    await record('cmd_1', 'sub_1', 9);
    await record('cmd_2', 'sub_1', 8);
    await record('cmd_3', 'sub_2', 7);
    deaf = new Set(['sub_1']);
    expect((await onePage()).tally).toMatchObject({ redelivered: 1, unreachable: 2 });
    expect(done).toEqual(['tell sub_2 cmd_3']);
  });

  it('is told once in a run, and the oldest first when there are more than a page', async () => {
    await keep(subscriptionsCollection.name, [subscription('sub_1', 5), subscription('sub_2', 6)]);
    for (const minutesAgo of [5, 6, 7, 8]) await record(`cmd_${minutesAgo}`, 'sub_1', minutesAgo);
    const { tally, next } = await onePage(2);
    expect(tally).toMatchObject({ due: 2, redelivered: 2 });
    expect((await onePage(2, next)).tally).toMatchObject({ due: 0, redelivered: 0 });
    expect(done).toEqual(['tell sub_1 cmd_8', 'tell sub_1 cmd_7']);
  });
});

describe('the report of a run', () => {
  const bill = (id: string, status: string, gross: number, change: object = {}) => ({
    ...{ _id: id, status, currency: 'EUR', createdAt: minutesFrom(-30), quote: { gross } },
    billing: { reason: 'subscription_cycle' },
    ...change,
  });
  const tally: RenewalTally = {
    ...{ due: 9, late: 1, started: 2, nudged: 1, replaced: 1 },
    ...{ redelivered: 3, unreachable: 0, examples: [] },
  };

  it('says what was renewed and what was not since the run before, and what tomorrow brings', async () => {
    await keep(ordersCollection.name, [
      bill('ord_1', 'completed', 1_000),
      bill('ord_2', 'completed', 500),
      bill('ord_3', 'completed', 300, { currency: 'JPY' }),
      bill('ord_4', 'awaiting_payment', 700),
      bill('ord_5', 'cancelled', 9_999),
      bill('ord_6', 'completed', 9_999, { billing: { reason: 'subscription_update' } }),
      bill('ord_7', 'completed', 9_999, { createdAt: minutesFrom(-90) }),
      bill('ord_8', 'completed', 9_999, { billing: null }),
    ]);
    const tomorrow = { period: { end: '2027-03-02T08:00:00.000Z' } };
    await keep(subscriptionsCollection.name, [
      subscription('sub_1', 60 * 22, { ...tomorrow, latestOrder: 'ord_1' }),
      subscription('sub_2', 60, { ...tomorrow, latestOrder: 'ord_2' }),
      subscription('sub_3', 60 * 22, { ...tomorrow, latestOrder: 'ord_3', currency: 'JPY' }),
      subscription('sub_4', 60 * 60, { period: { end: '2027-03-03T08:00:00.000Z' }, latestOrder: 'ord_4' }),
      subscription('sub_5', 60 * 22, { ...tomorrow, latestOrder: 'ord_5', status: 'paused' }),
    ]);
    const report = await guard.close({ at, tally, endedAt: minutesFrom(1) });
    expect(report).toMatchObject({ _id: at, from: minutesFrom(-60), to: at, mended: 4 });
    expect(report.figures).toEqual({
      ...{ renewed: 3, failed: 1 },
      ...{ amounts: { EUR: 1_500, JPY: 300 }, uncollected: { EUR: 700 } },
    });
    expect(report.forecast).toEqual({ day: '2027-03-02', subscriptions: 3, amounts: { EUR: 1_500, JPY: 300 } });
  });

  it('is written once, and the next one begins where it ended', async () => {
    const first = await guard.close({ at, tally, endedAt: minutesFrom(1) });
    expect(await guard.close({ at, tally: { ...tally, due: 1 }, endedAt: minutesFrom(9) })).toEqual(first);
    const next = await guard.close({ at: minutesFrom(185), tally, endedAt: minutesFrom(186) });
    expect(next).toMatchObject({ from: at, to: minutesFrom(185) });
    expect(await guard.list({ before: null, limit: 5 })).toEqual([next, first]);
  });
});
