import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { databaseOfThisFile } from '../../support/mongo.ts';
import { meteredSubscription } from '../../support/metered-subscription.ts';
import { startApi } from './api-under-test.ts';

const hourMs = 3_600_000;
const ago = (hours: number): string => new Date(Date.now() - hours * hourMs).toISOString();
const subscription = 'sub_0000000000000001';
const nudged: string[] = [];

const api = await startApi(await databaseOfThisFile(), {
  subscriptionClient: {
    command: () => Promise.reject(new Error('no workflow runs here')),
    nudge: (id) => Promise.resolve(void nudged.push(id)),
  },
});
afterAll(() => api.app.close());

let calls = 0;
const post = (payload: object, key = `key-${++calls}`) =>
  api.call({ method: 'POST', url: '/v1/usage', headers: { 'idempotency-key': key }, payload });
const event = (id: string, change: object = {}) => ({
  id,
  subscription,
  meter: 'calls',
  quantity: 5,
  at: ago(1),
  ...change,
});
const read = () => api.call({ url: `/v1/subscriptions/${subscription}/usage` });

beforeAll(async () => {
  await api.subscriptionStore.insert(meteredSubscription(subscription, ago(240)));
});

describe('usage over HTTP', () => {
  it('is recorded one event at a time, and counted once', async () => {
    const sent = event('one');
    const answer = await post(sent);
    expect([answer.statusCode, answer.json()]).toMatchObject([200, { id: 'one', result: 'recorded', late: false }]);
    expect((await post(sent)).json()).toMatchObject({ id: 'one', result: 'repeated' });
    expect((await read()).json()).toMatchObject({
      subscription,
      meters: [{ meter: 'calls', aggregation: 'sum', quantity: 5, billable: 5, events: 1 }],
    });
  });

  it('is recorded in batches, each entry answered by itself', async () => {
    const answer = await post([
      event('two'),
      event('one', { quantity: 6 }),
      event('bytes', { meter: 'bytes' }),
      { id: 'fix', subscription, corrects: 'two', quantity: 1 },
    ]);
    expect([answer.statusCode, answer.json()]).toMatchObject([
      200,
      {
        recorded: 2,
        repeated: 0,
        refused: 2,
        results: [
          { id: 'two', result: 'recorded' },
          { id: 'one', result: 'refused', code: 'usage.conflict' },
          { id: 'bytes', result: 'refused', code: 'usage.meter_unknown' },
          { id: 'fix', result: 'recorded' },
        ],
      },
    ]);
    expect((await read()).json()).toMatchObject({ meters: [{ quantity: 6, events: 2 }] });
  });

  it('takes a thousand events at once and not one more', async () => {
    const thousand = Array.from({ length: 1_000 }, (_, index) => event(`bulk-${index}`, { quantity: 1 }));
    expect((await post(thousand)).json()).toMatchObject({ recorded: 1_000, refused: 0 });
    expect((await post([...thousand, event('too-much')])).statusCode).toBe(400);
  });

  it.each([
    ['usage.meter_unknown', 422, { meter: 'bytes' }],
    ['usage.quantity_invalid', 422, { quantity: -1 }],
    ['usage.subscription_unknown', 422, { subscription: 'sub_9' }],
    ['usage.time_invalid', 422, { at: ago(-1) }],
    ['usage.time_invalid', 422, { at: ago(1_000) }],
  ] as const)('is refused with %s', async (code, status, change) => {
    const answer = await post(event(`refused-${++calls}`, change));
    expect([answer.statusCode, answer.json()]).toMatchObject([status, { code }]);
  });

  it.each([
    ['an event without a quantity', event('x', { quantity: undefined }), 'quantity'],
    ['a quantity that is not whole', event('x', { quantity: 1.5 }), 'quantity'],
    ['a time that is none', event('x', { at: 'yesterday' }), 'at'],
    ['a field that nobody knows', event('x', { colour: 'red' }), 'colour'],
    ['an entry of a batch', [event('x'), event('y', { meter: 7 })], '[1].meter'],
    ['a correction of nothing', { id: 'x', subscription, corrects: 7, quantity: null }, 'corrects'],
  ])('names the path of what is wrong: %s', async (_case, payload, path) => {
    const answer = await post(payload);
    expect([answer.statusCode, answer.json()]).toMatchObject([400, { code: 'request.invalid', errors: [{ path }] }]);
  });

  it('of an unknown subscription cannot be read', async () => {
    const answer = await api.call({ url: '/v1/subscriptions/sub_9/usage' });
    expect([answer.statusCode, answer.json()]).toMatchObject([422, { code: 'usage.subscription_unknown' }]);
  });
});

describe('a meter over HTTP', () => {
  const put = (payload: object, id = 'calls') => api.call({ method: 'PUT', url: `/v1/meters/${id}`, payload });

  it('is described, and tells of its thresholds', async () => {
    expect((await put({ unit: 'calls', thresholds: [2_000, 1_500, 1_500], cap: 2_500 })).json()).toEqual({
      id: 'calls',
      aggregation: 'sum',
      unit: 'calls',
      thresholds: [1_500, 2_000],
      cap: 2_500,
    });
    await post(event('large', { quantity: 800 }));
    expect(nudged).toEqual([subscription]);
    expect((await read()).json()).toMatchObject({ meters: [{ quantity: 1_806, alerts: [{ level: 1_500 }] }] });
  });

  it('cannot count in another way once it counted', async () => {
    const answer = await put({ aggregation: 'max' });
    expect([answer.statusCode, answer.json()]).toMatchObject([409, { code: 'usage.meter_fixed' }]);
  });

  it('is refused where it makes no sense', async () => {
    expect((await put({ aggregation: 'average' }, 'other')).json()).toMatchObject({
      errors: [{ path: 'aggregation' }],
    });
    expect((await put({ cap: 0 }, 'other')).json()).toMatchObject({ errors: [{ path: 'cap' }] });
  });
});
