import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createBulkRefundItemStore } from '../../../services/bulk-refund/bulk-refund-item-store.ts';
import { createBulkRefundService } from '../../../services/bulk-refund/bulk-refund-service.ts';
import { createBulkRefundStore } from '../../../services/bulk-refund/bulk-refund-store.ts';
import { at, openRefunds } from '../../services/refund/refund-fixture.ts';
import type { RefundsUnderTest } from '../../services/refund/refund-fixture.ts';
import { databaseOfThisFile } from '../../support/mongo.ts';
import { startApi } from './api-under-test.ts';
import type { ApiUnderTest } from './api-under-test.ts';

// Goal: what may be asked of a bulk refund over HTTP, and the answer to each mistake. Method: the real API over the real
// service on a real database; only the workflow that would be woken is not there, so the test takes its steps.

const db = await databaseOfThisFile();
let shop: RefundsUnderTest;
let api: ApiUnderTest;
let bulk: ReturnType<typeof createBulkRefundService>;
const orders: string[] = [];

beforeAll(async () => {
  shop = await openRefunds(db);
  bulk = createBulkRefundService({
    ...{ store: createBulkRefundStore(db), items: createBulkRefundItemStore(db) },
    ...{ orders: shop.store, refunds: shop.refunds, inFlight: 10 },
  });
  api = await startApi(db, {
    bulkRefundClient: {
      request: async (asked, moment) => bulk.view((await bulk.request(asked, moment))._id),
      confirm: (id, said) => bulk.confirm(id, said.by, said.at),
      pause: (id, said) => bulk.pause(id, said.by, said.at),
      resume: (id, said) => bulk.resume(id, said.by, said.at),
      cancel: (id, said) => bulk.cancel(id, said.by, said.at),
      get: (id) => bulk.view(id),
      itemsOf: (id, page) => bulk.itemsOf(id, page),
    },
  });
  await shop.sell('editor', 11_900);
  for (let count = 0; count < 2; count += 1) orders.push((await shop.paidOrder([{ price: 'editor', quantity: 1 }])).id);
});
afterAll(async () => {
  await api.app.close();
  await shop.close();
});

let keys = 0;
const post = (path: string, payload: object, key = `bulk-${(keys += 1)}`) =>
  api.call({ method: 'POST', url: `/v1/bulk-refunds${path}`, headers: { 'idempotency-key': key }, payload });
const full = { refund: { kind: 'full' }, reason: 'Recall', by: 'ops_1' };

describe('/v1/bulk-refunds', () => {
  it('answers with a job, the same for the same key, and shows what its dry run found', async () => {
    const asked = await post('', { orders, ...full }, 'once');
    expect(asked.statusCode).toBe(202);
    const { id } = asked.json<{ id: string }>();
    expect(asked.headers['location']).toBe(`/v1/bulk-refunds/${id}`);
    expect((await post('', { orders, ...full }, 'once')).json()).toMatchObject({ id });
    const none = async (): Promise<void> => undefined;
    while ((await bulk.advance(id, none, at)).next.kind === 'go_on');
    expect((await api.call({ url: `/v1/bulk-refunds/${id}` })).json()).toMatchObject({
      status: 'awaiting_confirmation',
      orders: { selected: 2, planned: 2, succeeded: 0 },
      amounts: [{ currency: 'EUR', orders: 2, amount: 23_800 }],
    });
    const page = (await api.call({ url: `/v1/bulk-refunds/${id}/orders?limit=1` })).json<{ nextCursor: number }>();
    expect(page).toMatchObject({ items: [{ order: orders[0], state: 'planned', refund: null, amount: 11_900 }] });
    const next = await api.call({ url: `/v1/bulk-refunds/${id}/orders?limit=1&cursor=${page.nextCursor}` });
    expect(next.json()).toMatchObject({ items: [{ order: orders[1] }] });
    expect((await post(`/${id}/pause`, { by: 'ops_2' })).json()).toMatchObject({ code: 'bulk_refund.not_waiting' });
    expect((await post(`/${id}/confirm`, { by: 'ops_2' })).json()).toMatchObject({
      status: 'running',
      confirmedBy: 'ops_2',
    });
    expect((await post(`/${id}/pause`, { by: 'ops_2' })).json()).toMatchObject({ status: 'paused' });
    expect((await post(`/${id}/resume`, { by: 'ops_2' })).json()).toMatchObject({ status: 'running' });
    expect((await post(`/${id}/cancel`, { by: 'ops_2' })).json()).toMatchObject({ status: 'cancelled' });
    expect((await post(`/${id}/confirm`, { by: 'ops_3' })).statusCode).toBe(409);
  });

  it.each<[string, object, string]>([
    ['neither orders nor a filter', full, 'orders'],
    [
      'a filter that names nothing',
      { ...full, filter: { from: '2027-01-01T00:00:00Z', to: '2027-01-02T00:00:00Z' } },
      'filter.product',
    ],
    ['lines of nothing', { ...full, orders: ['o'], refund: { kind: 'lines' } }, 'refund.product'],
    ['no reason', { ...full, orders: ['o'], reason: '' }, 'reason'],
    ['an unknown field', { ...full, orders: ['o'], everything: true }, 'everything'],
  ])('refuses %s and names the field', async (_, body, path) => {
    const answer = await post('', body);
    expect(answer.statusCode).toBe(400);
    const { errors } = answer.json<{ errors: { path: string }[] }>();
    expect(errors[0]?.path.replaceAll('/', '.')).toContain(path);
  });

  it('does not know what is not there', async () => {
    for (const verb of ['confirm', 'pause', 'resume', 'cancel'])
      expect((await post(`/blk_none/${verb}`, { by: 'ops_1' })).statusCode).toBe(404);
    expect((await api.call({ url: '/v1/bulk-refunds/blk_none' })).statusCode).toBe(404);
    expect((await api.call({ url: '/v1/bulk-refunds/blk_none/orders' })).statusCode).toBe(404);
  });
});
