import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openRefunds } from '../../services/refund/refund-fixture.ts';
import type { RefundsUnderTest } from '../../services/refund/refund-fixture.ts';
import { databaseOfThisFile } from '../../support/mongo.ts';
import { startApi } from './api-under-test.ts';
import type { ApiUnderTest } from './api-under-test.ts';

// Goal: what may be asked of a refund over HTTP, and the answer to each mistake. Method: the real API over the real
// service on a real database; only the workflow that would be woken is not there.

const db = await databaseOfThisFile();
let shop: RefundsUnderTest;
let api: ApiUnderTest;
let order = '';

beforeAll(async () => {
  shop = await openRefunds(db);
  api = await startApi(db, { refundClient: shop.refunds });
  await shop.sell('editor', 11_900);
});
afterAll(async () => {
  await api.app.close();
  await shop.close();
});

let keys = 0;
const post = (path: string, payload: object, key = `refund-${(keys += 1)}`) =>
  api.call({ method: 'POST', url: `/v1${path}`, headers: { 'idempotency-key': key }, payload });
const merchant = { reason: 'Bought twice', requestedBy: 'merchant' };

describe('POST /v1/refunds', () => {
  beforeAll(async () => {
    order = (await shop.paidOrder([{ price: 'editor', quantity: 2 }])).id;
  });

  it('reserves what it takes and answers 202 with the record, which can be read again and listed', async () => {
    const asked = await post('/refunds', { order, lines: [{ line: '1', quantity: 1 }], ...merchant });
    expect(asked.statusCode).toBe(202);
    const refund = asked.json<{ id: string; amount: number; status: string }>();
    expect(refund).toMatchObject({ status: 'requested', amount: 11_900, currency: 'EUR', toStoreCredit: 0 });
    expect(asked.headers['location']).toBe(`/v1/refunds/${refund.id}`);
    expect((await api.call({ url: `/v1/refunds/${refund.id}` })).json()).toEqual(refund);
    const list = (await api.call({ url: `/v1/refunds?order=${order}` })).json<{ items: unknown[] }>();
    expect(list.items).toEqual([refund]);
  });

  it('is the same refund for the same Idempotency-Key', async () => {
    const body = { order, amount: 500, ...merchant };
    const [first, again] = [await post('/refunds', body, 'same'), await post('/refunds', body, 'same')];
    expect(again.json()).toEqual(first.json());
    expect(again.headers['idempotency-replayed']).toBe('true');
  });

  it('50 at once for one order: those who come too late get 409 with the reason', async () => {
    const { id } = await shop.paidOrder([{ price: 'editor', quantity: 5 }]);
    const body = { order: id, lines: [{ line: '1', quantity: 1 }], ...merchant };
    const answers = await Promise.all(Array.from({ length: 50 }, () => post('/refunds', body)));
    const lost = answers.filter(({ statusCode }) => statusCode !== 202);
    expect(lost).toHaveLength(45);
    expect(new Set(lost.map((answer) => answer.statusCode))).toEqual(new Set([409]));
    expect(new Set(lost.map((answer) => answer.json<{ code: string }>().code))).toEqual(new Set(['refund.exceeds']));
    const { refunds } = await shop.store.require(id);
    expect(refunds.reduce((total, { amount }) => total + amount, 0)).toBe(5 * 11_900);
  }, 60_000);

  const wrong = [
    [{ order: 'ord_nowhere' }, 404, 'order.not_found'],
    [{ lines: [{ line: '9' }] }, 422, 'refund.line_unknown'],
    [{ amount: 9_999_999 }, 409, 'refund.exceeds'],
    [{ amount: { amount: 100, currency: 'USD' } }, 422, 'refund.currency_mismatch'],
    [{ amount: -1 }, 400, 'request.invalid'],
    [{ lines: [{ line: '1', quantity: 0 }] }, 400, 'request.invalid'],
    [{ requestedBy: 'nobody' }, 400, 'request.invalid'],
    [{ cause: 'bulk' }, 400, 'request.invalid'],
    [{ creditHolder: 'customer/other' }, 400, 'request.invalid'],
    [{ invoice: 'inv_1' }, 400, 'request.invalid'],
  ] as const;
  it.each(wrong)('%j is a problem %i %s, and reserves nothing', async (change, status, code) => {
    const { id } = await shop.paidOrder([{ price: 'editor', quantity: 1 }]);
    const answer = await post('/refunds', { order: id, ...merchant, ...change });
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toMatchObject({ code });
    expect((await shop.store.require(id)).refunds).toEqual([]);
  });

  it('of an order that nobody paid is 409', async () => {
    const { id } = await shop.place(['editor']);
    const answer = await post('/refunds', { order: id, ...merchant });
    expect(answer.json()).toMatchObject({ status: 409, code: 'refund.order_not_paid' });
  });
});

describe('what is decided about a refund', () => {
  it('is refused when it does not wait for it, or does not exist', async () => {
    const { id } = await shop.paidOrder([{ price: 'editor', quantity: 1 }]);
    const refund = (await post('/refunds', { order: id, ...merchant })).json<{ id: string }>().id;
    const by = { by: 'ops_1', note: '' };
    for (const [path, body] of [
      ['approve', by],
      ['reject', by],
      ['appeal', { comment: '' }],
      ['other-means', { means: 'store_credit', by: 'ops_1' }],
    ] as const) {
      const answer = await post(`/refunds/${refund}/${path}`, body);
      expect(answer.json()).toMatchObject({ status: 409, code: 'refund.not_waiting' });
      expect((await post(`/refunds/rfd_nowhere/${path}`, body)).statusCode).toBe(404);
    }
  });

  it('may be taken back once more and once less: a cancelled refund is free again', async () => {
    const { id } = await shop.paidOrder([{ price: 'editor', quantity: 1 }]);
    const first = (await post('/refunds', { order: id, ...merchant })).json<{ id: string }>().id;
    expect((await post('/refunds', { order: id, ...merchant })).json()).toMatchObject({ code: 'refund.nothing_left' });
    expect((await post(`/refunds/${first}/cancel`, {})).json()).toMatchObject({ status: 'cancelled' });
    expect((await post(`/refunds/${first}/cancel`, {})).json()).toMatchObject({ status: 'cancelled' });
    expect((await post('/refunds', { order: id, ...merchant })).statusCode).toBe(202);
  });
});
