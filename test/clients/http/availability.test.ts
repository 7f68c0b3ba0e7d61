import { connect } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { createOrderStore } from '../../../services/order/order-store.ts';
import { basket, serveApi, startApi } from './api-under-test.ts';
import type { Call } from './api-under-test.ts';

const { api, db } = await serveApi({ stocked: false });

describe('limits', () => {
  it('answers 429 with Retry-After to whoever asks too often', async () => {
    const limited = await startApi(db, { limits: { perKey: 3, perAddress: 2, downloads: 1 } });
    try {
      const statuses = async (call: Call, times: number) => {
        const answers = [];
        for (let n = 0; n < times; n += 1) answers.push(await limited.call(call));
        return answers;
      };
      const keyed = await statuses({ url: '/v1/orders' }, 4);
      expect(keyed.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 429]);
      expect(keyed.at(-1)?.json()).toMatchObject({ code: 'request.rate_limited', status: 429 });
      expect(Number(keyed.at(-1)?.headers['retry-after'])).toBeGreaterThan(0);
      const guesses = await statuses({ url: '/v1/orders', headers: { authorization: 'Bearer guess' } }, 3);
      expect(guesses.map(({ statusCode }) => statusCode)).toEqual([401, 401, 429]);
      const downloads = await statuses({ url: '/d/x', headers: { authorization: null } }, 2);
      expect(downloads.map(({ statusCode }) => statusCode)).toEqual([404, 429]);
      expect((await statuses({ url: '/healthz' }, 5)).every(({ statusCode }) => statusCode === 200)).toBe(true);
    } finally {
      await limited.app.close();
    }
  });
});

describe('when a part is away', () => {
  it('says 503 store.unavailable for a database that does not answer', async () => {
    const client = new MongoClient('mongodb://127.0.0.1:1', { serverSelectionTimeoutMS: 200 });
    const orders = createOrderStore(client.db('away'));
    const away = await startApi(db, { orders: { get: orders.require, list: (query) => orders.list(query) } });
    try {
      const answer = await away.call({ url: '/v1/orders/ord_1' });
      expect(answer.statusCode).toBe(503);
      expect(answer.json()).toMatchObject({ code: 'store.unavailable', detail: 'The database does not answer' });
      expect(answer.headers['retry-after']).toBe('5');
    } finally {
      await away.app.close();
      await client.close();
    }
  });

  it('is not ready, but alive', async () => {
    const health = { mongo: () => Promise.reject(new Error('gone')), temporal: () => Promise.resolve(true) };
    const away = await startApi(db, { health });
    try {
      for (const base of ['', '/v1']) {
        const ready = await away.call({ url: `${base}/readyz`, headers: { authorization: null } });
        expect(ready.statusCode).toBe(503);
        expect(ready.json()).toEqual({ status: 'unavailable', mongo: 'unavailable', temporal: 'ok' });
        expect((await away.call({ url: `${base}/healthz`, headers: { authorization: null } })).json()).toEqual({
          status: 'ok',
        });
      }
    } finally {
      await away.app.close();
    }
  });
});

describe('health and metrics', () => {
  it('are open and count requests by route', async () => {
    expect((await api.call({ url: '/readyz', headers: { authorization: null } })).json()).toMatchObject({
      status: 'ok',
    });
    await api.call({ method: 'POST', url: '/v1/quotes', payload: basket });
    const metrics = await api.call({ url: '/metrics', headers: { authorization: null } });
    expect(metrics.headers['content-type']).toMatch(/^text\/plain/);
    expect(metrics.body).toMatch(/waybill_http_request_duration_seconds_count\{[^}]*route="\/v1\/quotes"/);
  });

  it('bear a client that hangs up in the middle of a file', async () => {
    const { port, hostname } = new URL(api.url);
    const socket = connect(Number(port), hostname);
    socket.write(
      'PUT /v1/files/half.bin HTTP/1.1\r\nhost: x\r\nauthorization: Bearer test_key_1\r\n' +
        'content-type: application/octet-stream\r\ncontent-length: 100000\r\n\r\nabc',
    );
    await new Promise((resolve) => setTimeout(resolve, 100));
    socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await api.call({ url: '/healthz' })).statusCode).toBe(200);
    expect(await db.collection<{ _id: string }>('files').countDocuments({ _id: 'half.bin' })).toBe(0);
    expect(await db.collection('files.chunks').countDocuments({})).toBe(0);
  });
});
