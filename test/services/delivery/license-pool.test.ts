import { describe, expect, it } from '@jest/globals';
import { deliveryRecords, createService, lifetime, refunded, request } from './delivery-fixture.ts';

const { db } = await deliveryRecords();

const numbered = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}-${String(index).padStart(3, '0')}`);

function fromPool(orderId: string, pool: string, quantity = 1) {
  return request(orderId, { quantity, spec: { method: 'license', pool } });
}

async function keysOf(orderId: string): Promise<readonly string[]> {
  const service = createService(db);
  const rows = await service.deliveryView(await service.deliveriesOf(orderId), lifetime);
  return rows.flatMap(({ details }) => details.licenseKeys ?? []);
}

const free = (poolId: string): Promise<number> =>
  db.collection('license_pool_keys').countDocuments({ poolId, assignedTo: null });

describe('a pool of licence keys', () => {
  it('is used up in the order of the list', async () => {
    const service = createService(db);
    await service.replacePool('ordered', ['zulu', 'alpha', 'mike']);
    await service.deliver(fromPool('ord_o1', 'ordered', 2));
    await service.deliver(fromPool('ord_o2', 'ordered'));
    expect(await keysOf('ord_o1')).toEqual(['zulu', 'alpha']);
    expect(await keysOf('ord_o2')).toEqual(['mike']);
  });

  it('serves exactly 30 of 100 deliveries at the same time, each with a key of its own', async () => {
    const service = createService(db);
    const keys = numbered('K', 30);
    await service.replacePool('race', keys);
    const orders = numbered('ord_race', 100);
    const outcomes = await Promise.all(orders.map((order) => service.deliver(fromPool(order, 'race'))));
    expect(outcomes.filter(({ kind }) => kind === 'delivered')).toHaveLength(30);
    expect(outcomes.filter((outcome) => outcome.kind === 'impossible')).toEqual(
      Array.from({ length: 70 }, () => ({ kind: 'impossible', reason: 'license_pool_empty' })),
    );
    const given = (await Promise.all(orders.map(keysOf))).flat();
    expect(given.sort()).toEqual(keys);
  });

  it('never gives a unit two keys when one delivery is attempted many times at once', async () => {
    const service = createService(db);
    await service.replacePool('repeat', numbered('R', 50));
    const order = fromPool('ord_repeat', 'repeat', 5);
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => service.deliver(order)));
    expect(outcomes.every(({ kind }) => kind === 'delivered')).toBe(true);
    expect(new Set(await keysOf('ord_repeat')).size).toBe(5);
    expect(await free('repeat')).toBe(45);
  });

  it('gives back what it took when it cannot give everything', async () => {
    const service = createService(db);
    await service.replacePool('short', numbered('S', 3));
    expect(await service.deliver(fromPool('ord_short', 'short', 4))).toEqual({
      kind: 'impossible',
      reason: 'license_pool_empty',
    });
    expect(await free('short')).toBe(3);
    expect(await keysOf('ord_short')).toEqual([]);
    expect(await service.deliver(fromPool('ord_fits', 'short', 3))).toEqual({ kind: 'delivered' });
  });

  it('neither oversells nor loses a key when large deliveries compete', async () => {
    const service = createService(db);
    await service.replacePool('large', numbered('L', 30));
    const orders = numbered('ord_large', 12);
    const outcomes = await Promise.all(orders.map((order) => service.deliver(fromPool(order, 'large', 7))));
    const delivered = outcomes.filter(({ kind }) => kind === 'delivered').length;
    expect(delivered).toBeLessThanOrEqual(4);
    const given = (await Promise.all(orders.map(keysOf))).flat();
    expect(new Set(given).size).toBe(given.length);
    expect(given).toHaveLength(delivered * 7);
    expect(await free('large')).toBe(30 - delivered * 7);
  });

  it('says impossible for a pool that nobody filled', async () => {
    expect(await createService(db).deliver(fromPool('ord_none', 'nowhere'))).toEqual({
      kind: 'impossible',
      reason: 'license_pool_empty',
    });
  });

  it('keeps two vendors apart who list the same key', async () => {
    const service = createService(db);
    await service.replacePool('vendor_a', ['SAME']);
    await service.replacePool('vendor_b', ['SAME']);
    expect(await service.deliver(fromPool('ord_va', 'vendor_a'))).toEqual({ kind: 'delivered' });
    expect(await service.deliver(fromPool('ord_vb', 'vendor_b'))).toEqual({ kind: 'delivered' });
    expect([await keysOf('ord_va'), await keysOf('ord_vb')]).toEqual([['SAME'], ['SAME']]);
  });

  it('does not reuse a key that a customer had, even after it was revoked', async () => {
    const service = createService(db);
    await service.replacePool('burnt', ['ONLY']);
    await service.deliver(fromPool('ord_burnt', 'burnt'));
    await service.revoke(refunded('ord_burnt'));
    await service.replacePool('burnt', ['ONLY']);
    expect(await service.deliver(fromPool('ord_next', 'burnt'))).toEqual({
      kind: 'impossible',
      reason: 'license_pool_empty',
    });
  });
});

describe('replacing a pool', () => {
  it('adds missing keys, removes free ones that are no longer listed and keeps assigned ones', async () => {
    const service = createService(db);
    await service.replacePool('edit', ['a', 'b', 'c', 'a']);
    expect(await free('edit')).toBe(3);
    await service.deliver(fromPool('ord_edit', 'edit'));
    await service.replacePool('edit', ['c', 'd']);
    const left = await db.collection('license_pool_keys').find({ poolId: 'edit' }).toArray();
    expect(left.map((key): unknown => [key['key'], key['assignedTo'] !== null]).sort()).toEqual([
      ['a', true],
      ['c', false],
      ['d', false],
    ]);
    expect(await keysOf('ord_edit')).toEqual(['a']);
  });

  it('comes to the same when many do it at once', async () => {
    const service = createService(db);
    await Promise.all(Array.from({ length: 10 }, () => service.replacePool('many', numbered('M', 20))));
    expect(await free('many')).toBe(20);
  });

  it('never takes a key away from a delivery that runs at the same time', async () => {
    const service = createService(db);
    const keys = numbered('T', 20);
    await service.replacePool('torn', keys);
    const orders = numbered('ord_torn', 20);
    const work = orders.map((order) => service.deliver(fromPool(order, 'torn')));
    await Promise.all([...work, service.replacePool('torn', keys.slice(0, 5))]);
    const outcomes = await Promise.all(work);
    const given = (await Promise.all(orders.map(keysOf))).flat();
    expect(given).toHaveLength(outcomes.filter(({ kind }) => kind === 'delivered').length);
    expect(new Set(given).size).toBe(given.length);
  });
});
