import { beforeEach, describe, expect, it } from '@jest/globals';
import { parseLicenseKey } from '../../../domain/delivery/license-key.ts';
import { createDeliveryService } from '../../../services/delivery/delivery-service.ts';
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

describe('delivering a licence', () => {
  it('gives one valid key per unit, and the same keys when asked again', async () => {
    const service = createService(db);
    const order = request('ord_keys', { quantity: 3 });
    expect(await service.deliver(order)).toEqual({ kind: 'delivered' });
    const first = await view('ord_keys');
    expect(await service.deliver({ ...order, at: '2026-11-22T10:00:00.000Z' })).toEqual({ kind: 'delivered' });
    expect(await view('ord_keys')).toEqual(first);
    const keys = first[0]?.details.licenseKeys ?? [];
    expect(new Set(keys).size).toBe(3);
    for (const key of keys) expect(parseLicenseKey(key)).toBe(key);
  });

  it('gives one set of keys to twenty attempts at the same time', async () => {
    const service = createService(db);
    const order = request('ord_race', { quantity: 2 });
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => service.deliver(order)));
    expect(outcomes.every(({ kind }) => kind === 'delivered')).toBe(true);
    const licenses = await db.collection('licenses').find({ orderId: 'ord_race' }).sort({ index: 1 }).toArray();
    expect((await view('ord_race'))[0]?.details.licenseKeys).toEqual(
      licenses.map((license): unknown => license['key']),
    );
    expect(licenses).toHaveLength(2);
  });

  it('takes another key when a generated one is taken', async () => {
    const sequence = ['KEY-A', 'KEY-A', 'KEY-B', 'KEY-C'];
    const service = createService(db, { newLicenseKey: () => sequence.shift() ?? 'KEY-LAST' });
    await service.deliver(request('ord_collision_1'));
    await service.deliver(request('ord_collision_2'));
    const keys = [...(await view('ord_collision_1')), ...(await view('ord_collision_2'))];
    expect(keys.map(({ details }) => details.licenseKeys)).toEqual([['KEY-A'], ['KEY-B']]);
  });

  it('refuses the same line and method with other content', async () => {
    const service = createService(db);
    await service.deliver(request('ord_conflict'));
    await expect(service.deliver(request('ord_conflict', { quantity: 2 }))).rejects.toMatchObject({
      code: 'delivery.conflict',
    });
    await expect(service.deliver(request('ord_conflict', { product: 'other' }))).rejects.toMatchObject({
      code: 'delivery.conflict',
    });
  });
});

describe('delivering by the other methods', () => {
  it('activates an account once, with the seats of the line, and shows where to log in', async () => {
    const service = createService(db, { host: partner.host });
    const order = request('ord_account', { spec: account, quantity: 5 });
    await Promise.all([service.deliver(order), service.deliver(order)]);
    expect([...partner.accounts.entries()]).toEqual([
      ['order/ord_account/line/1/account', { accountId: 'acc_1', active: true, closed: false, seats: 5 }],
    ]);
    expect(await view('ord_account')).toEqual([
      {
        line: '1',
        product: 'prod_app',
        method: 'account',
        status: 'delivered',
        details: { loginUrl: 'https://accounts.test/acc_1' },
      },
    ]);
  });

  it('passes on that the host is away, and delivers when it is back', async () => {
    const service = createService(db, { host: partner.host });
    partner.mood.now = 'away';
    const order = request('ord_away', { spec: account });
    await expect(service.deliver(order)).rejects.toMatchObject({ code: 'delivery.account_host_unavailable' });
    expect((await view('ord_away'))[0]).toMatchObject({ status: 'pending', details: {} });
    partner.mood.now = 'well';
    expect(await service.deliver(order)).toEqual({ kind: 'delivered' });
  });

  it('answers impossible when the host refuses, and stays with it', async () => {
    const service = createService(db, { host: partner.host });
    partner.mood.now = 'refusing';
    const order = request('ord_refused', { spec: account });
    const refused = { kind: 'impossible', reason: 'account_refused' };
    expect(await service.deliver(order)).toEqual(refused);
    partner.mood.now = 'well';
    expect(await service.deliver(order)).toEqual(refused);
    expect((await view('ord_refused'))[0]).toMatchObject({
      status: 'impossible',
      details: { reason: 'account_refused' },
    });
  });

  it('names the attachment, and answers impossible when the file is gone', async () => {
    const service = createService(db);
    expect(
      await service.deliver(request('ord_mail', { spec: { method: 'attachment', file: 'handbook.pdf' } })),
    ).toEqual({
      kind: 'delivered',
    });
    expect((await view('ord_mail'))[0]?.details).toEqual({ file: 'handbook.pdf' });
    for (const method of ['attachment', 'download'] as const) {
      const gone = request(`ord_gone_${method}`, { spec: { method, file: 'gone.pdf' } });
      expect(await service.deliver(gone)).toEqual({ kind: 'impossible', reason: 'file_missing' });
    }
  });

  it('leaves parcels and unknown hosts to an operator', async () => {
    const service = createService(db);
    await expect(service.deliver(request('ord_parcel', { spec: { method: 'parcel' } }))).rejects.toMatchObject({
      code: 'delivery.method_not_served',
    });
    await expect(service.deliver(request('ord_host', { spec: account }))).rejects.toMatchObject({
      code: 'delivery.account_host_unknown',
    });
  });

  it('lists the deliveries of an order by line, 2 before 10', async () => {
    const service = createService(db);
    for (const line of ['10', '2', '1']) await service.deliver(request('ord_lines', { line }));
    expect((await service.deliveriesOf('ord_lines')).map(({ line }) => line)).toEqual(['1', '2', '10']);
  });

  it('keeps the address of the customer out of its records', async () => {
    const service = createService(db, { host: partner.host });
    await service.deliver(request('ord_private', { spec: account }));
    expect(JSON.stringify(await service.deliveriesOf('ord_private'))).not.toContain('anna');
  });
});

describe('taking back', () => {
  it('is a no-op when nothing was delivered', async () => {
    await createService(db).revoke(refunded('ord_nothing'));
    expect(await view('ord_nothing')).toEqual([]);
  });

  it('takes back that line only, and repeats without effect', async () => {
    const service = createService(db);
    await service.deliver(request('ord_two_lines'));
    await service.deliver(request('ord_two_lines', { line: '2' }));
    await service.revoke(refunded('ord_two_lines'));
    await service.revoke({ ...refunded('ord_two_lines'), at: '2026-12-01T00:00:00.000Z' });
    expect((await service.deliveriesOf('ord_two_lines')).map(({ status, revokedAt }) => [status, revokedAt])).toEqual([
      ['revoked', at],
      ['delivered', null],
    ]);
    expect((await licenseStatuses('ord_two_lines')).sort()).toEqual(['active', 'revoked']);
  });

  it('stops our own deliveries even while the account host is away', async () => {
    const service = createService(db, { host: partner.host });
    await service.deliver(request('ord_half', { spec: account }));
    await service.deliver(request('ord_half'));
    partner.mood.now = 'away';
    await expect(service.revoke(refunded('ord_half'))).rejects.toMatchObject({
      code: 'delivery.account_host_unavailable',
    });
    expect(await licenseStatuses('ord_half')).toEqual(['revoked']);
    partner.mood.now = 'well';
    await service.revoke(refunded('ord_half'));
    expect(partner.accounts.get('order/ord_half/line/1/account')?.active).toBe(false);
  });

  it('leaves a file that was mailed as delivered: nobody can call it back', async () => {
    const service = createService(db);
    await service.deliver(request('ord_mailed', { spec: { method: 'attachment', file: 'app.zip' } }));
    await service.revoke(refunded('ord_mailed'));
    expect((await view('ord_mailed'))[0]?.status).toBe('delivered');
  });

  it('still answers delivered to a late repeat, without giving anything again', async () => {
    const service = createService(db);
    await service.deliver(request('ord_late'));
    await service.revoke(refunded('ord_late'));
    expect(await service.deliver(request('ord_late'))).toEqual({ kind: 'delivered' });
    expect(await licenseStatuses('ord_late')).toEqual(['revoked']);
  });

  it('wins against a delivery that is under way', async () => {
    const slow = createMemoryAccountHost();
    const service = createService(db, {
      host: {
        ...slow.host,
        activate: async (account) => {
          await createService(db, { host: slow.host }).revoke(refunded('ord_overtaken'));
          return slow.host.activate(account);
        },
      },
    });
    await expect(service.deliver(request('ord_overtaken', { spec: account }))).rejects.toMatchObject({
      code: 'delivery.conflict',
    });
    expect([...slow.accounts.values()].map(({ active }) => active)).toEqual([false]);
  });
});

describe('the service', () => {
  it('does not start with a signing key that is too short', () => {
    expect(() =>
      createDeliveryService({
        db,
        files: { requireFile: () => Promise.resolve() },
        accountHosts: {},
        signingKey: new Uint8Array(31),
        publicUrl: 'https://shop.test',
        newLicenseKey: () => '',
      }),
    ).toThrow('at least 32 bytes');
  });
});
