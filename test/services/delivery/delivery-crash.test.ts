import { beforeEach, describe, expect, it } from '@jest/globals';
import type { DeliverySpec } from '../../../domain/catalog/catalog.ts';
import { Crash, crashingAt } from '../../support/mortal-db.ts';
import {
  account,
  at,
  deliveryRecords,
  createMemoryAccountHost,
  createService,
  refunded,
  request,
} from './delivery-fixture.ts';

const { db, view, licenseStatuses } = await deliveryRecords();
let partner = createMemoryAccountHost();
beforeEach(() => {
  partner = createMemoryAccountHost();
});

describe('a process that dies while it delivers', () => {
  const ways = ['lost_answer', 'lost_write'] as const;
  const cases: readonly [string, DeliverySpec][] = [
    ['generated licences', { method: 'license', pool: null }],
    ['licences of a pool', { method: 'license', pool: 'pool_crash' }],
    ['a download', { method: 'download', file: 'app.zip' }],
    ['an account', account],
    ['an attachment', { method: 'attachment', file: 'app.zip' }],
  ];

  const everywhere = cases.flatMap(([name, spec]) => ways.map((how) => [name, how, spec] as const));

  it.each(everywhere)('delivers %s once, wherever it died (%s)', async (_, how, spec) => {
    for (let n = 1; ; n += 1) {
      const orderId = `ord_${how}_${spec.method}_${'pool' in spec && spec.pool !== null ? 'pool' : 'own'}_${n}`;
      const order = request(orderId, { spec, quantity: 4 });
      const poolKeys = Array.from({ length: 4 }, (__, index) => `${orderId}-${index}`);
      const service = createService(db, { host: partner.host });
      await service.replacePool('pool_crash', poolKeys);
      const crashing = crashingAt(db, n, how);
      await expectCrash(createService(crashing.db, { host: partner.host }).deliver(order));
      expect(await service.deliver(order)).toEqual({ kind: 'delivered' });
      const [row] = await view(orderId);
      if (spec.method === 'license') {
        expect(await licenseStatuses(orderId)).toEqual(['active', 'active', 'active', 'active']);
        if (spec.pool !== null) expect([...(row?.details.licenseKeys ?? [])].sort()).toEqual(poolKeys);
      }
      expect([...partner.accounts.keys()].filter((key) => key.includes(`/${orderId}/`)).length).toBeLessThanOrEqual(1);
      if (crashing.crashed()) continue;
      expect(n).toBeGreaterThan(2);
      break;
    }
  });

  it.each(ways)('takes everything back, wherever it died (%s)', async (how) => {
    for (let n = 1; ; n += 1) {
      const orderId = `ord_undo_${how}_${n}`;
      const service = createService(db, { host: partner.host });
      await service.deliver(request(orderId, { quantity: 2 }));
      await service.deliver(request(orderId, { spec: account }));
      await service.deliver(request(orderId, { spec: { method: 'download', file: 'app.zip' } }));
      const crashing = crashingAt(db, n, how);
      await expectCrash(createService(crashing.db, { host: partner.host }).revoke(refunded(orderId)));
      await service.revoke(refunded(orderId));
      expect(await licenseStatuses(orderId)).toEqual(['revoked', 'revoked']);
      expect(partner.accounts.get(`order/${orderId}/line/1/account`)?.active).toBe(false);
      const records = await service.deliveriesOf(orderId);
      expect(records.map(({ status, revokedAt }) => [status, revokedAt])).toEqual(records.map(() => ['revoked', at]));
      if (crashing.crashed()) continue;
      expect(n).toBeGreaterThan(2);
      break;
    }
  });
});

/** Either the process dies or it has done so many writes that it gets through. */
async function expectCrash(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof Crash)) throw error;
  }
}
