import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createIdempotencyService } from '../../../services/idempotency/idempotency-service.ts';
import type { Beginning, IdempotencyService } from '../../../services/idempotency/idempotency-service.ts';
import { apiRequestsCollection, createIdempotencyStore } from '../../../services/idempotency/idempotency-store.ts';
import { openTestDatabase } from '../../support/mongo.ts';
import { propertyRuns } from '../../support/property-runs.ts';

let database: Awaited<ReturnType<typeof openTestDatabase>>;
let service: IdempotencyService;
let keys = 0;

beforeAll(async () => {
  database = await openTestDatabase();
  await database.db.collection('api_requests').createIndexes([...apiRequestsCollection.indexes]);
  service = createIdempotencyService({ store: createIdempotencyStore(database.db) });
});

afterAll(() => database.close());

const seconds = (n: number) => new Date(Date.parse('2026-11-21T10:00:00.000Z') + n * 1000).toISOString();
const fresh = () => `key-${(keys += 1)}`;
const request = (key: string, body: unknown = { a: 1 }, at = seconds(0)) => {
  return { callerId: 'key_a', method: 'POST', path: '/v1/orders', key, body, at };
};
const answer = { status: 202, contentType: 'application/json', body: '{"id":"ord_1"}' };

async function started(beginning: Promise<Beginning>) {
  const begun = await beginning;
  if (begun.kind !== 'started') throw new Error('expected to be the first');
  return begun.lease;
}

describe('a request under a key', () => {
  it('is replayed word for word once it was answered', async () => {
    const key = fresh();
    await service.finish(await started(service.begin(request(key))), answer);
    expect(await service.begin(request(key))).toEqual({ kind: 'replay', answer });
  });

  it('is refused while the first one runs', async () => {
    const key = fresh();
    await service.begin(request(key));
    await expect(service.begin(request(key, { a: 1 }, seconds(59)))).rejects.toMatchObject({
      code: 'idempotency.in_progress',
    });
  });

  it('is refused with another body, running or answered', async () => {
    const key = fresh();
    const lease = await started(service.begin(request(key)));
    await expect(service.begin(request(key, { a: 2 }))).rejects.toMatchObject({ code: 'idempotency.conflict' });
    await service.finish(lease, answer);
    await expect(service.begin(request(key, { a: 2 }))).rejects.toMatchObject({ code: 'idempotency.conflict' });
  });

  it('is taken over a minute later by exactly one of many, and the one that died cannot answer any more', async () => {
    const key = fresh();
    const dead = await started(service.begin(request(key)));
    const late = request(key, { a: 1 }, seconds(61));
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => service.begin(late)));
    const leases = results.flatMap((one) =>
      one.status === 'fulfilled' && one.value.kind === 'started' ? [one.value.lease] : [],
    );
    expect(leases).toHaveLength(1);
    await service.finish(dead, { ...answer, body: 'from the dead' });
    await service.release(dead);
    for (const lease of leases) await service.finish(lease, answer);
    expect(await service.begin(late)).toEqual({ kind: 'replay', answer });
  });

  it('may be tried again after it was released', async () => {
    const key = fresh();
    await service.release(await started(service.begin(request(key))));
    await expect(service.begin(request(key, { other: true }))).resolves.toMatchObject({ kind: 'started' });
  });

  it('is begun by exactly one of many at once', async () => {
    const key = fresh();
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => service.begin(request(key))));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('is another request for another caller, method or path', async () => {
    const key = fresh();
    const base = request(key);
    for (const other of [
      base,
      { ...base, callerId: 'key_b' },
      { ...base, method: 'PUT' },
      { ...base, path: '/v1/quotes' },
    ]) {
      await expect(service.begin(other)).resolves.toMatchObject({ kind: 'started' });
    }
  });

  it('leaves neither its key nor its body behind', async () => {
    await service.begin(request('a-very-visible-key', { private: 'ada@example.com' }));
    const all = JSON.stringify(await database.db.collection('api_requests').find({}).toArray());
    expect(all).not.toMatch(/a-very-visible-key|ada@example/);
  });

  it('is the same whatever the order of its fields, and another one for any other content', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue(), fc.jsonValue(), async (one, other) => {
        const key = fresh();
        const body = { x: one, y: [{ a: 1, b: one }] };
        const lease = await started(service.begin(request(key, body)));
        await service.finish(lease, answer);
        const reordered = { y: [{ b: one, a: 1 }], x: one };
        expect(await service.begin(request(key, reordered))).toMatchObject({ kind: 'replay' });
        if (JSON.stringify(one) === JSON.stringify(other)) return;
        const changed = service.begin(request(key, { x: [one, other], y: body.y }));
        await expect(changed).rejects.toMatchObject({ code: 'idempotency.conflict' });
      }),
      { numRuns: propertyRuns(0.04) },
    );
  });

  it('is stored as its schema says, with a time that the TTL index can count from', async () => {
    const stored = await database.db.collection<{ _id: string }>('api_requests').findOne({});
    expect(() => apiRequestsCollection.schema.parse(stored)).not.toThrow();
    const indexes = await database.db.collection('api_requests').indexes();
    expect(indexes.find(({ name }) => name === 'expires')?.key).toEqual({ createdAt: 1 });
    expect(apiRequestsCollection.indexes[0]?.expireAfterSeconds).toBeGreaterThanOrEqual(24 * 3600);
  });
});
