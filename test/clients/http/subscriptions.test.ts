import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ApiDeps } from '../../../clients/http/api-deps.ts';
import { fail } from '../../../domain/failures.ts';
import type { FailureCode } from '../../../domain/failures.ts';
import { createRenewalRunStore, renewalRunsCollection } from '../../../services/renewal-run/renewal-run-store.ts';
import type { CommandRequest } from '../../../services/subscription/subscription-steps.ts';
import { createSubscriptionStore } from '../../../services/subscription/subscription-store.ts';
import { databaseOfThisFile } from '../../support/mongo.ts';
import { startApi } from './api-under-test.ts';

// Goal: the API of subscriptions turns calls into commands and answers into views and problems. What needs Temporal is
// the test's; the records are real.

const db = await databaseOfThisFile();
const records = createSubscriptionStore(db);

interface Asked {
  readonly commandId: string;
  readonly subscriptionId: string;
  readonly request: CommandRequest;
}
let asked: Asked[] = [];
let answer: () => Awaited<ReturnType<ApiDeps['subscriptionClient']['command']>>;

const api = await startApi(db, {
  subscriptionClient: {
    async command(command) {
      asked.push(command);
      return answer();
    },
    nudge: () => Promise.resolve(),
  },
  subscriptions: { preview: async (_id, { previewId }) => fail('preview.unknown', previewId) },
  subscriptionRecords: records,
  storeCredit: { balance: async (holder) => (holder === 'subscription/sub_1' ? 250 : 0) },
  renewalRuns: createRenewalRunStore(db),
});
afterAll(() => api.app.close());

const createdAt = '2027-01-31T10:00:00.000Z';
const end = '2027-02-28T10:00:00.000Z';
const record = (id: string, change: object = {}) => ({
  ...{ _id: id, id, revision: 1, status: 'active', customerKey: 'cus_1', customerId: 'cus_1', currency: 'EUR' },
  ...{ sourceOrder: 'ord_1', latestOrder: 'ord_1', timeZone: 'Europe/Berlin', trialEnd: null, cancelAt: null },
  items: [
    {
      ...{ id: '1', price: 'editor-eur', product: 'editor', quantity: 2, usage: 'licensed', meter: null },
      ...{ recurring: { interval: 'month', count: 1 }, oneOff: false, terms: { secret: 'not shown' } },
    },
  ],
  anchor: { at: createdAt, timeZone: 'Europe/Berlin', alignment: 'anniversary' },
  period: { index: 0, start: createdAt, end },
  ...{ cancellation: null, pause: null, pendingChange: null, dunning: null, backupPayment: null, coupon: null },
  payment: { method: 'card', token: 'tok_never_shown' },
  ...{ nextActionAt: end, createdAt, startedAt: createdAt, endedAt: null, notices: [], newTerms: [] },
  ...change,
});

beforeEach(async () => {
  asked = [];
  answer = () => ({ kind: 'done', order: null });
  await db.collection('subscriptions').deleteMany({});
  await db
    .collection<{ _id: string }>('subscriptions')
    .insertMany([
      record('sub_1'),
      record('sub_2', { createdAt: '2027-02-01T10:00:00.000Z', customerKey: 'cus_2', status: 'cancelled' }),
    ]);
});

const post = (path: string, payload: object | undefined, key = 'k1') =>
  api.call({
    ...{ method: 'POST', url: `/v1/subscriptions/${path}`, headers: { 'idempotency-key': `${path}-${key}` } },
    ...(payload === undefined ? {} : { payload }),
  });

describe('a subscription', () => {
  it('shows what it bills, when, and what is left of its credit, and no token', async () => {
    const shown = await api.call({ url: '/v1/subscriptions/sub_1' });
    expect(shown.statusCode).toBe(200);
    expect(shown.json()).toMatchObject({
      ...{ id: 'sub_1', status: 'active', anchor: createdAt, timeZone: 'Europe/Berlin', trialEnd: null },
      currentPeriod: { start: createdAt, end },
      items: [{ price: 'editor-eur', quantity: 2, recurring: { interval: 'month', count: 1 } }],
      ...{ paymentMethod: 'card', balance: { amount: 250, currency: 'EUR' }, customer: { id: 'cus_1' } },
    });
    expect(shown.body).not.toMatch(/tok_|secret/);
  });

  it('that is not there is a problem', async () => {
    const missing = await api.call({ url: '/v1/subscriptions/sub_none' });
    expect([missing.statusCode, missing.json<{ code: string }>().code]).toEqual([404, 'subscription.not_found']);
  });

  it('is listed, the newest first, by customer and status, page by page', async () => {
    const first = await api.call({ url: '/v1/subscriptions?limit=1' });
    const page = first.json<{ items: { id: string }[]; nextCursor: string }>();
    expect(page.items.map(({ id }) => id)).toEqual(['sub_2']);
    const second = await api.call({ url: `/v1/subscriptions?limit=1&cursor=${page.nextCursor}` });
    expect(second.json()).toMatchObject({ items: [{ id: 'sub_1' }], nextCursor: null });
    const cancelled = await api.call({ url: '/v1/subscriptions?status=cancelled&customer=cus_1' });
    expect(cancelled.json()).toMatchObject({ items: [] });
  });
});

describe('commands', () => {
  it.each<[string, object | undefined, CommandRequest]>([
    [
      'change',
      { price: 'pro-eur', when: 'now', preview: 'prv_1' },
      {
        kind: 'change',
        change: { item: null, price: 'pro-eur', quantity: null, when: 'now', proration: 'prorate' },
        preview: 'prv_1',
      },
    ],
    ['withdraw-change', undefined, { kind: 'withdraw_change' }],
    [
      'cancel',
      { when: 'period_end', reason: 'unused', comment: 'so long' },
      { kind: 'cancel', when: 'period_end', reason: 'unused', comment: 'so long', by: 'customer' },
    ],
    ['reactivate', {}, { kind: 'reactivate' }],
    ['pause', { until: '2027-06-01T00:00:00Z' }, { kind: 'pause', from: null, until: '2027-06-01T00:00:00.000Z' }],
    ['pause', undefined, { kind: 'pause', from: null, until: null }],
    ['resume', undefined, { kind: 'resume' }],
    [
      'payment-method',
      { method: 'card', token: 'tok_ok' },
      { kind: 'payment_method', method: 'card', token: 'tok_ok', backup: false },
    ],
    ['retry-payment', undefined, { kind: 'retry_payment' }],
    ['convert-trial', undefined, { kind: 'convert_trial' }],
    [
      'items',
      { items: [{ price: 'hours-eur', quantity: 3 }] },
      { kind: 'add_items', items: [{ price: 'hours-eur', quantity: 3 }] },
    ],
  ])('%s %j is asked for', async (path, body, request) => {
    const answered = await post(`sub_1/${path}`, body, JSON.stringify(body ?? null).slice(0, 30));
    expect(answered.statusCode).toBe(200);
    expect(asked).toEqual([
      { commandId: expect.stringMatching(/^cmd_[0-9A-Z]{16}$/), subscriptionId: 'sub_1', request },
    ]);
    expect(answered.json()).toMatchObject({ result: 'done', order: null, subscription: { id: 'sub_1' } });
  });

  it('say when they take effect, or what they wait for', async () => {
    answer = () => ({ kind: 'scheduled', at: end });
    const scheduled = await post('sub_1/cancel', { when: 'period_end' }, 'scheduled');
    expect(scheduled.json()).toMatchObject({ result: 'scheduled', effectiveAt: end, waitingFor: null });
    answer = () => ({ kind: 'waiting', order: 'ord_9', reason: 'action_required' });
    const waiting = await post('sub_1/change', { quantity: 3, when: 'now' }, 'waiting');
    expect(waiting.json()).toMatchObject({ result: 'waiting', order: 'ord_9', waitingFor: 'action_required' });
  });

  it.each<[FailureCode, number]>([
    ['subscription.ended', 409],
    ['subscription.change_invalid', 422],
    ['preview.stale', 409],
    ['subscription.payment_declined', 402],
    ['workflow.unavailable', 503],
  ])('that come to %s are answered with %i', async (code, status) => {
    answer = () => fail(code, 'said the service');
    const answered = await post('sub_1/change', { quantity: 3, when: 'now' }, code);
    expect([answered.statusCode, answered.json<{ code: string }>().code]).toEqual([status, code]);
  });

  it('are one command however often one call is made', async () => {
    const call = () => post('sub_1/resume', undefined, 'again');
    expect((await call()).statusCode).toBe(200);
    expect((await call()).headers['idempotency-replayed']).toBe('true');
    await post('sub_2/resume', undefined, 'again');
    expect(asked).toHaveLength(2);
    expect(new Set(asked.map(({ commandId }) => commandId)).size).toBe(2);
  });

  it.each<[string, object, string]>([
    ['change', { quantity: -1, when: 'now' }, 'quantity'],
    ['change', { quantity: 1.5, when: 'now' }, 'quantity'],
    ['change', { price: 'pro-eur' }, 'when'],
    ['cancel', { when: 'now', reason: 'because' }, 'reason'],
    ['pause', { until: 'tomorrow' }, 'until'],
    ['payment-method', { method: 'card' }, 'token'],
    ['items', { items: [] }, 'items'],
    ['resume', { please: true }, ''],
  ])('%s %j is refused, with the place in the input', async (path, body, place) => {
    const refused = await post(`sub_1/${path}`, body, `bad-${JSON.stringify(body)}`.slice(0, 60));
    expect(refused.statusCode).toBe(400);
    const { code, errors } = refused.json<{ code: string; errors: { path: string }[] }>();
    expect([code, errors[0]?.path.startsWith(place)]).toEqual(['request.invalid', true]);
    expect(asked).toEqual([]);
  });
});

describe('reports of renewal runs', () => {
  it('are listed, the newest first', async () => {
    const runs = createRenewalRunStore(db);
    const run = (at: string) => ({
      ...{ _id: at, from: at, to: at, endedAt: at, mended: 1 },
      tally: { due: 3, late: 1, started: 1, nudged: 0, replaced: 0, redelivered: 2, unreachable: 0, examples: [] },
      figures: { renewed: 2, failed: 1, amounts: { EUR: 1_000 }, uncollected: { EUR: 500 } },
      forecast: { day: at.slice(0, 10), subscriptions: 4, amounts: { EUR: 2_000 } },
    });
    await runs.insert(run('2027-03-01T10:00:00.000Z'));
    await runs.insert(run('2027-03-01T11:00:00.000Z'));
    const first = await api.call({ url: '/v1/renewal-runs?limit=1' });
    const { items, nextBefore } = first.json<{ items: unknown[]; nextBefore: string }>();
    expect(items).toEqual([
      expect.objectContaining({
        at: '2027-03-01T11:00:00.000Z',
        due: 3,
        redelivered: 2,
        renewed: 2,
        amounts: { EUR: 1_000 },
      }),
    ]);
    const second = await api.call({ url: `/v1/renewal-runs?limit=1&before=${nextBefore}` });
    expect(second.json()).toMatchObject({ items: [{ at: '2027-03-01T10:00:00.000Z' }], nextBefore: null });
  });

  it('of before commands were told again say that none was', async () => {
    const at = '2027-02-01T10:00:00.000Z';
    await db.collection<{ _id: string }>(renewalRunsCollection.name).insertOne({
      ...{ _id: at, from: at, to: at, endedAt: at, mended: 1 },
      tally: { due: 3, late: 1, started: 1, nudged: 0, replaced: 0, unreachable: 0, examples: [] },
      figures: { renewed: 2, failed: 1, amounts: { EUR: 1_000 }, uncollected: { EUR: 500 } },
      forecast: { day: at.slice(0, 10), subscriptions: 4, amounts: { EUR: 2_000 } },
    } as { readonly _id: string });
    const { items } = (await api.call({ url: '/v1/renewal-runs?before=2027-02-02T00:00:00.000Z' })).json<{
      items: unknown[];
    }>();
    expect(items).toEqual([expect.objectContaining({ at, due: 3, redelivered: 0 })]);
  });
});
