import { describe, expect, it } from '@jest/globals';
import { basket, largestFileBytes, orderBody, pixelEditor, pixelPrice, serveApi } from './api-under-test.ts';
import type { Call } from './api-under-test.ts';

const { api, db } = await serveApi({ stocked: true });

async function problem(call: Call) {
  const answer = await api.call(call);
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
  const body = answer.json<{
    status: number;
    code: string;
    detail: string;
    title: string;
    type: string;
    errors: { path: string; message: string }[];
  }>();
  expect(body.status).toBe(answer.statusCode);
  expect(body.type).toBe(`urn:waybill:problem:${body.code}`);
  expect(body.title).not.toBe('');
  return { ...body, headers: answer.headers, raw: answer.body, paths: body.errors.map(({ path }) => path) };
}

const json = { 'content-type': 'application/json' };
const quote = (payload: object): Call => ({ method: 'POST', url: '/v1/quotes', payload });

describe('what is wrong with a request', () => {
  it.each<[string, Call, string]>([
    ['a quantity of 0', quote({ ...basket, lines: [{ price: 'pixel-eur', quantity: 0 }] }), 'lines[0].quantity'],
    ['a text for a number', quote({ ...basket, lines: [{ price: 'pixel-eur', quantity: '1' }] }), 'lines[0].quantity'],
    ['an unknown field', quote({ ...basket, voucher: 'x' }), 'voucher'],
    [
      'an unknown field below',
      quote({ ...basket, customer: { country: 'DE', 'first name': 'A' } }),
      'customer["first name"]',
    ],
    ['a bad currency', quote({ ...basket, currency: 'EURO' }), 'currency'],
    ['a moment that is none', quote({ ...basket, at: 'yesterday' }), 'at'],
    ['a missing part', quote({ currency: 'EUR', lines: basket.lines }), 'customer'],
    ['no body', { method: 'POST', url: '/v1/quotes', headers: json }, ''],
    ['a list for an object', quote([1, 2]), ''],
    [
      'an amount beyond the safe integers',
      {
        method: 'PUT',
        url: '/v1/prices/p',
        headers: json,
        payload: JSON.stringify(pixelPrice).replace('11900', '9007199254740993'),
      },
      'scheme.amount',
    ],
    [
      'half a cent',
      { method: 'PUT', url: '/v1/prices/p', payload: { ...pixelPrice, scheme: { type: 'flat', amount: 0.5 } } },
      'scheme.amount',
    ],
    ['a bad id in the path', { method: 'PUT', url: '/v1/products/a%20b', payload: pixelEditor }, 'id'],
    ['a bad time in the query', { url: '/v1/ledger/balances?at=now' }, 'at'],
    [
      'an Idempotency-Key that is too long',
      { ...quote(basket), headers: { 'idempotency-key': 'x'.repeat(256) } },
      'Idempotency-Key',
    ],
  ])('is named by its path: %s', async (_what, call, path) => {
    const { code, status, paths } = await problem(call);
    expect({ code, status }).toEqual({ code: 'request.invalid', status: 400 });
    expect(paths).toContain(path);
  });

  it('lists every problem at once', async () => {
    const { paths } = await problem(quote({ currency: 'x', customer: {}, lines: [{ price: '', quantity: 0 }] }));
    expect(paths).toEqual(
      expect.arrayContaining(['currency', 'customer.country', 'lines[0].price', 'lines[0].quantity']),
    );
  });

  it('does not quote a body that is not JSON', async () => {
    const { code, raw } = await problem({
      method: 'POST',
      url: '/v1/quotes',
      headers: json,
      payload: '{"secret-word": nope',
    });
    expect(code).toBe('request.invalid');
    expect(raw).not.toContain('secret-word');
  });

  it('refuses a body that would change prototypes', async () => {
    const payload = '{"__proto__": {"admin": true}}';
    expect((await problem({ method: 'POST', url: '/v1/quotes', headers: json, payload })).code).toBe('request.invalid');
  });

  it.each<[string, Call, number, string]>([
    ['an unknown path', { url: '/v1/nothing' }, 404, 'request.not_found'],
    ['an unknown path outside /v1', { url: '/nothing' }, 404, 'request.not_found'],
    ['a call that is not there yet', { method: 'POST', url: '/v1/vouchers', payload: {} }, 404, 'request.not_found'],
    ['an order that is not there', { url: '/v1/orders/ord_X' }, 404, 'order.not_found'],
    ['a path that is not a URL path', { url: '/v1/orders/%E0%A4%A' }, 400, 'request.invalid'],
    [
      'another media type',
      { method: 'POST', url: '/v1/quotes', headers: { 'content-type': 'text/plain' }, payload: 'hello' },
      415,
      'request.media_type_unsupported',
    ],
    [
      'a body that is too large',
      { method: 'POST', url: '/v1/quotes', headers: json, payload: `{"a":"${'x'.repeat(9_000_000)}"}` },
      413,
      'request.too_large',
    ],
    [
      'a file that is too large',
      { method: 'PUT', url: '/v1/files/big.bin', payload: new Uint8Array(largestFileBytes + 1) },
      413,
      'request.too_large',
    ],
  ])('has its status: %s', async (_what, call, status, code) => {
    expect(await problem(call)).toMatchObject({ status, code });
  });
});

describe('authentication', () => {
  it.each<[string, string | null]>([
    ['no key', null],
    ['a wrong key', 'Bearer wrong'],
    ['the key without its scheme', 'test_key_1'],
    ['a key that begins like ours', 'Bearer test_key_11'],
  ])('refuses %s', async (_what, authorization) => {
    for (const url of ['/v1/orders', '/v1/invoices/inv_1', '/v1/ledger/balances']) {
      const refused = await problem({ url, headers: { authorization } });
      expect(refused).toMatchObject({ status: 401, code: 'request.unauthenticated' });
      expect(refused.headers['www-authenticate']).toBe('Bearer');
    }
  });

  it('comes before anything is said of the body', async () => {
    const call = { method: 'POST', url: '/v1/orders', headers: { ...json, authorization: null }, payload: '{' };
    expect((await problem(call)).code).toBe('request.unauthenticated');
  });
});

describe('card numbers', () => {
  const card = '4242 4242 4242 4242';

  it.each<[string, Call, string]>([
    [
      'a free field',
      { method: 'POST', url: '/v1/orders', payload: { ...orderBody, metadata: { note: card } } },
      'metadata.note',
    ],
    ['a field of its own', quote({ ...basket, card: '4242424242424242' }), 'card'],
    [
      'a number',
      quote({ ...basket, lines: [{ price: 'pixel-eur', quantity: 4242424242424242 }] }),
      'lines[0].quantity',
    ],
    ['a query', { url: `/v1/orders?customer=${encodeURIComponent(card)}` }, 'customer'],
    ['a path', { url: '/v1/orders/4242424242424242' }, 'id'],
    [
      'a name of a product',
      { method: 'PUT', url: '/v1/products/p', payload: { ...pixelEditor, name: `x ${card}` } },
      'name',
    ],
  ])('are refused in %s, and neither answered, stored nor logged', async (_where, call, path) => {
    const refused = await problem(call);
    expect(refused).toMatchObject({ status: 400, code: 'request.card_number' });
    expect(refused.paths).toEqual([path]);
    expect(refused.raw.replace(/[ -]/g, '')).not.toContain('4242424242424242');
    expect(api.logged().replace(/[ -]/g, '')).not.toContain('4242424242424242');
    expect(await db.collection('orders').countDocuments({ 'metadata.note': card })).toBe(0);
  });

  it('are masked in the log of an unexpected error, which the caller learns nothing of', async () => {
    api.mood.failPlacing = true;
    const failed = await problem({ method: 'POST', url: '/v1/orders', payload: orderBody });
    api.mood.failPlacing = false;
    expect(failed).toMatchObject({ status: 500, code: 'internal.unexpected' });
    expect(failed.raw).not.toMatch(/4242|secret|undefined/);
    expect(api.logged()).toContain('**** **** **** 4242 of undefined');
    expect(api.logged()).not.toContain('4242 4242 4242 4242');
  });
});

describe('the log', () => {
  it('has one line per call with the pattern of its path: no key, body, query or token', async () => {
    await api.call({ url: '/v1/orders?customer=very-private' });
    await api.call({ url: '/d/very-private-token' });
    await api.call({ url: '/wrong/d/very-private-token?x=very-private' });
    await api.call({ method: 'POST', url: '/v1/quotes', payload: { ...basket, coupon: 'very-private' } });
    const log = api.logged();
    expect(log).not.toMatch(/very-private|test_key_1|ada@example/);
    expect(log).toContain('"route":"/v1/orders"');
    expect(log).toContain('"route":"/d/:token"');
    expect(log).toContain('"code":"catalog.coupon_unknown"');
  });
});
