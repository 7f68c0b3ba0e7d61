import { describe, expect, it } from '@jest/globals';
import { orderIdFor } from '../../../clients/http/order-id.ts';
import { basket, orderBody, otherApiKey, serveApi } from './api-under-test.ts';

const { api, db } = await serveApi({ stocked: true });

const post = (url: string, payload: object, headers: Record<string, string> = {}) =>
  api.call({ method: 'POST', url, headers, payload });
const get = (url: string) => api.call({ url });

async function placed(): Promise<string> {
  const answer = await post('/v1/orders', orderBody);
  expect(answer.statusCode).toBe(202);
  return answer.json<{ id: string }>().id;
}

describe('POST /v1/quotes', () => {
  it('prices and taxes a basket in integers', async () => {
    const answer = await post('/v1/quotes', basket);
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({
      currency: 'EUR',
      net: 10_000,
      discount: 0,
      tax: 1_900,
      gross: 11_900,
      lines: [{ price: 'pixel-eur', quantity: 1, list: 11_900, taxes: [{ jurisdiction: 'DE', rate: '0.19' }] }],
      placeOfSupply: { country: 'DE' },
      reverseCharge: false,
    });
  });

  it('says what to ask when the evidence contradicts itself', async () => {
    const answer = await post('/v1/quotes', {
      ...basket,
      customer: { country: 'DE', ipCountry: 'FR', cardCountry: 'IT' },
    });
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({ code: 'tax.place_unclear', errors: [{ path: 'customer.country' }] });
  });
});

describe('POST /v1/orders', () => {
  it('accepts an order and shows it without token, mail or name', async () => {
    const answer = await post('/v1/orders', { ...orderBody, metadata: { cart: 'c-1' } });
    expect(answer.statusCode).toBe(202);
    const order = answer.json<{ id: string }>();
    expect(order).toMatchObject({
      id: expect.stringMatching(/^ord_[0-9A-HJKMNP-TV-Z]{16}$/),
      status: 'received',
      refundStatus: 'none',
      disputed: false,
      customer: { id: 'cus_1' },
      lines: [{ line: '1', price: 'pixel-eur', quantity: 1 }],
      payment: { status: 'none', gateway: null, attempts: [] },
      deliveries: [],
      invoice: null,
      refunds: [],
      subscriptions: [],
      timeline: [{ event: 'received' }],
      metadata: { cart: 'c-1' },
    });
    expect(answer.headers['location']).toBe(`/v1/orders/${order.id}`);
    expect(answer.body).not.toMatch(/tok_ok_secret|ada@example|Ada/);
    expect((await get(`/v1/orders/${order.id}`)).json()).toMatchObject({ id: order.id, status: 'received' });
  });

  it('makes a new order for each call without an Idempotency-Key', async () => {
    expect(await placed()).not.toBe(await placed());
  });

  it('answers a repeat word for word and marks it', async () => {
    const key = { 'idempotency-key': 'order-1001' };
    const first = await post('/v1/orders', orderBody, key);
    const again = await post('/v1/orders', { ...orderBody }, key);
    expect(again.statusCode).toBe(202);
    expect(again.body).toBe(first.body);
    expect(again.headers['content-type']).toBe(first.headers['content-type']);
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    expect(again.headers['idempotency-replayed']).toBe('true');
  });

  it('refuses another body under the same key', async () => {
    const key = { 'idempotency-key': 'order-1002' };
    await post('/v1/orders', orderBody, key);
    const other = await post('/v1/orders', { ...orderBody, lines: [{ price: 'pixel-eur', quantity: 2 }] }, key);
    expect(other.statusCode).toBe(409);
    expect(other.json()).toMatchObject({ code: 'idempotency.conflict' });
  });

  it('keeps the callers’ keys apart', async () => {
    const key = { 'idempotency-key': 'order-1003' };
    const mine = await post('/v1/orders', orderBody, key);
    const theirs = await post('/v1/orders', orderBody, { ...key, authorization: `Bearer ${otherApiKey}` });
    expect(theirs.headers['idempotency-replayed']).toBeUndefined();
    expect(theirs.json<{ id: string }>().id).not.toBe(mine.json<{ id: string }>().id);
  });

  it('places one order for one key even when the record of the first request is lost', async () => {
    const key = { 'idempotency-key': 'order-1004' };
    const first = await post('/v1/orders', orderBody, key);
    await db.collection('api_requests').deleteMany({});
    const again = await post('/v1/orders', orderBody, key);
    expect(again.json<{ id: string }>().id).toBe(first.json<{ id: string }>().id);
    const { id } = first.json<{ id: string }>();
    expect(await db.collection<{ _id: string }>('orders').countDocuments({ _id: id })).toBe(1);
  });

  it('places one order when the same request arrives many times at once', async () => {
    const key = { 'idempotency-key': 'order-1005' };
    const answers = await Promise.all(Array.from({ length: 8 }, () => post('/v1/orders', orderBody, key)));
    const codes = new Set(answers.map(({ statusCode }) => statusCode));
    expect([...codes].every((code) => code === 202 || code === 409)).toBe(true);
    const ids = answers.filter((a) => a.statusCode === 202).map((a) => a.json<{ id: string }>().id);
    expect(new Set(ids).size).toBe(1);
    for (const refused of answers.filter((a) => a.statusCode === 409)) {
      expect(refused.json()).toMatchObject({ code: 'idempotency.in_progress' });
      expect(refused.headers['retry-after']).toBe('1');
    }
  });

  it('lets the same key try again after a failure on our side', async () => {
    const key = { 'idempotency-key': 'order-1006' };
    api.mood.failPlacing = true;
    const failed = await post('/v1/orders', orderBody, key);
    api.mood.failPlacing = false;
    expect(failed.statusCode).toBe(500);
    const again = await post('/v1/orders', orderBody, key);
    expect(again.statusCode).toBe(202);
    expect(again.headers['idempotency-replayed']).toBeUndefined();
  });

  it('names the line whose price is unknown', async () => {
    const answer = await post('/v1/orders', { ...orderBody, lines: [{ price: 'nothing', quantity: 1 }] });
    expect(answer.statusCode).toBe(422);
    expect(answer.json()).toMatchObject({ code: 'catalog.price_unknown', errors: [{ path: 'lines[0].price' }] });
  });
});

describe('the id of an order', () => {
  it('is the same for the same caller and key, and another one for any other', () => {
    const id = orderIdFor('key_a', 'order-1');
    expect(orderIdFor('key_a', 'order-1')).toBe(id);
    expect(new Set([id, orderIdFor('key_b', 'order-1'), orderIdFor('key_a', 'order-2')]).size).toBe(3);
  });
});

describe('GET /v1/orders', () => {
  it('shows the payment’s attempts, the action and the deliveries of an order', async () => {
    const id = await placed();
    await api.paymentStore.open(id, { amount: 11_900, currency: 'EUR' }, null);
    const attempt = {
      attempt: 1,
      gateway: 'acquirer_a',
      riskSignals: [],
      at: new Date().toISOString(),
      paymentId: 'pay_1',
    };
    await api.paymentStore.startAttempt(id, {
      ...attempt,
      ...{ status: 'action_required', declineCode: null, declineClass: null, actionUrl: 'https://bank.test/3ds' },
    });
    await api.deliveries.deliver({
      ...{ orderId: id, line: '1', product: 'pixel-editor', quantity: 1, customerEmail: 'ada@example.com' },
      ...{ spec: { method: 'license', pool: null }, at: new Date().toISOString() },
    });
    expect((await get(`/v1/orders/${id}`)).json()).toMatchObject({
      payment: {
        attempts: [
          { number: 1, gateway: 'acquirer_a', status: 'action_required', paymentId: 'pay_1', declineCode: null },
        ],
        action: { type: 'redirect', url: 'https://bank.test/3ds' },
      },
      deliveries: [
        { line: '1', method: 'license', status: 'delivered', details: { licenseKeys: [expect.any(String)] } },
      ],
    });
  });

  it('pages through all orders without repeating or skipping one', async () => {
    const customer = { ...orderBody.customer, id: 'cus_paging' };
    for (let n = 0; n < 5; n += 1) await post('/v1/orders', { ...orderBody, customer });
    const seen: string[] = [];
    let url = '/v1/orders?customer=cus_paging&limit=2';
    for (let page = 0; page < 3; page += 1) {
      const { items, nextCursor } = (await get(url)).json<{ items: { id: string }[]; nextCursor: string | null }>();
      seen.push(...items.map(({ id }) => id));
      if (nextCursor === null) break;
      url = `/v1/orders?customer=cus_paging&limit=2&cursor=${encodeURIComponent(nextCursor)}`;
    }
    expect(seen).toHaveLength(5);
    expect(new Set(seen).size).toBe(5);
  });

  it('filters by status and start', async () => {
    const list = async (query: string) => (await get(`/v1/orders?${query}`)).json<{ items: unknown[] }>().items.length;
    expect(await list('status=completed')).toBe(0);
    expect(await list('status=received&limit=200')).toBeGreaterThan(0);
    expect(await list(`from=${encodeURIComponent('2090-01-01T00:00:00+02:00')}`)).toBe(0);
  });

  it.each([
    ['cursor=abc', 'cursor'],
    ['limit=0', 'limit'],
    ['limit=many', 'limit'],
    ['status=lost', 'status'],
    ['from=yesterday', 'from'],
    ['colour=blue', 'colour'],
  ])('refuses %s', async (query, path) => {
    const answer = await get(`/v1/orders?${query}`);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'request.invalid', errors: [{ path }] });
  });

  it('does not know an order that is not there', async () => {
    const answer = await get('/v1/orders/ord_0000000000000000');
    expect(answer.statusCode).toBe(404);
    expect(answer.json()).toMatchObject({ code: 'order.not_found' });
  });
});

describe('commands on an order', () => {
  it('cancels, with or without a body', async () => {
    const first = await post(`/v1/orders/${await placed()}/cancel`, { requestedBy: 'customer' });
    expect(first.statusCode).toBe(200);
    expect(first.json()).toMatchObject({ status: 'cancelled' });
    const url = `/v1/orders/${await placed()}/cancel`;
    expect((await api.call({ method: 'POST', url })).statusCode).toBe(200);
    const named = `/v1/orders/${await placed()}/cancel`;
    const headers = { 'content-type': 'application/json' };
    expect((await api.call({ method: 'POST', url: named, headers })).statusCode).toBe(200);
  });

  it('points to refunds when the order is paid', async () => {
    const id = await placed();
    await db.collection<{ _id: string }>('orders').updateOne({ _id: id }, { $set: { status: 'paid' } });
    const answer = await post(`/v1/orders/${id}/cancel`, {});
    expect(answer.statusCode).toBe(409);
    expect(answer.json()).toMatchObject({
      code: 'order.already_paid',
      detail: expect.stringContaining('refund'),
      instead: 'POST /v1/refunds',
    });
  });

  it('refuses a review that nobody waits for', async () => {
    const answer = await post(`/v1/orders/${await placed()}/review`, { decision: 'approve', by: 'ops_7', note: '' });
    expect(answer.statusCode).toBe(409);
    expect(answer.json()).toMatchObject({ code: 'order.not_in_review' });
  });

  it('says 503 and when to come back while Temporal is away', async () => {
    const id = await placed();
    api.mood.away = true;
    const answer = await post(`/v1/orders/${id}/cancel`, {});
    api.mood.away = false;
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toMatchObject({ code: 'workflow.unavailable' });
    expect(answer.headers['retry-after']).toBe('5');
  });
});
