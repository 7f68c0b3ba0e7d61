import { beforeEach, describe, expect, it } from '@jest/globals';
import { downloadsPerUnit } from '../../../services/delivery/download-grant-store.ts';
import { Crash, crashingAt } from '../../support/mortal-db.ts';
import { account, at, createMemoryAccountHost, createService, deliveryRecords } from './delivery-fixture.ts';
import { lifetime, refunded, request } from './delivery-fixture.ts';

const { db, view, licenseStatuses } = await deliveryRecords();
let partner = createMemoryAccountHost();
beforeEach(() => {
  partner = createMemoryAccountHost();
});
const shop = () => createService(db, { host: partner.host });

function unpaid(orderId: string, since = '2026-11') {
  return { orderId, line: '1', fact: `subscription/${orderId}/unpaid/${since}`, reason: 'unpaid', at } as const;
}

async function keysOf(orderId: string): Promise<readonly string[]> {
  return (await view(orderId))[0]?.details.licenseKeys ?? [];
}

async function standings(keys: readonly string[]): Promise<readonly (string | undefined)[]> {
  const found = await Promise.all(keys.map((key) => shop().licenseStanding(key)));
  return found.map((standing) => standing?.state);
}

async function tokenOf(orderId: string): Promise<string> {
  const [record] = await shop().deliveriesOf(orderId);
  const link = record === undefined ? null : await shop().linkTo(record, lifetime);
  return link?.url.replace('https://shop.test/d/', '') ?? '';
}

describe('a refund of some units', () => {
  it('takes the last keys and keeps the others, once however often it is told', async () => {
    await shop().deliver(request('ord_part', { quantity: 3 }));
    const keys = await keysOf('ord_part');
    await shop().revoke(refunded('ord_part', 1));
    await shop().revoke(refunded('ord_part', 1));
    expect(await standings(keys)).toEqual(['active', 'active', 'revoked']);
    expect(await keysOf('ord_part')).toEqual(keys.slice(0, 2));
    expect(await licenseStatuses('ord_part')).toEqual(['active', 'active', 'revoked']);
    await shop().revoke(refunded('ord_part', 2, 'refund/rfd_2'));
    expect(await standings(keys)).toEqual(['revoked', 'revoked', 'revoked']);
    expect((await shop().deliveriesOf('ord_part'))[0]).toMatchObject({ status: 'revoked', revokedAt: at });
  });

  it('leaves the seats and the downloads of the others', async () => {
    await shop().deliver(request('ord_seats', { quantity: 3, spec: account }));
    await shop().deliver(request('ord_seats', { quantity: 3, spec: { method: 'download', file: 'app.zip' } }));
    await shop().revoke(refunded('ord_seats', 2));
    expect(partner.accounts.get('order/ord_seats/line/1/account')).toMatchObject({ seats: 1, active: true });
    const [, download] = await shop().deliveriesOf('ord_seats');
    const link = download === undefined ? null : await shop().linkTo(download, lifetime);
    const token = link?.url.replace('https://shop.test/d/', '') ?? '';
    for (let use = 0; use < downloadsPerUnit; use += 1) await shop().redeemDownload(token, at);
    await expect(shop().redeemDownload(token, at)).rejects.toMatchObject({ code: 'download.limit_reached' });
  });
});

describe('a full refund', () => {
  it('is not undone by a delivery that comes later', async () => {
    await shop().revoke(refunded('ord_before'));
    for (const spec of [{ method: 'license', pool: null }, account, { method: 'download', file: 'app.zip' }] as const) {
      await expect(shop().deliver(request('ord_before', { spec }))).rejects.toMatchObject({
        code: 'delivery.conflict',
      });
    }
    expect(await licenseStatuses('ord_before')).toEqual([]);
    expect(partner.accounts.size).toBe(0);
    expect((await view('ord_before')).map(({ status }) => status)).toEqual(['revoked', 'revoked', 'revoked']);
  });

  it('is not undone by a payment that was missing and came', async () => {
    await shop().deliver(request('ord_paid_late', { spec: account }));
    await shop().suspend(unpaid('ord_paid_late'));
    await shop().revoke(refunded('ord_paid_late'));
    await shop().restore(unpaid('ord_paid_late'));
    expect(partner.accounts.get('order/ord_paid_late/line/1/account')?.active).toBe(false);
    expect((await view('ord_paid_late'))[0]?.status).toBe('revoked');
  });
});

describe('a suspension', () => {
  it('stops keys, links and accounts, and its end brings the same ones back', async () => {
    await shop().deliver(request('ord_pause', { quantity: 2 }));
    await shop().deliver(request('ord_pause', { spec: account }));
    const [, license] = await view('ord_pause');
    const keys = license?.details.licenseKeys ?? [];
    await shop().suspend(unpaid('ord_pause'));
    expect(await standings(keys)).toEqual(['suspended', 'suspended']);
    expect((await view('ord_pause')).map(({ details }) => details.access)).toEqual(['suspended', 'suspended']);
    expect(partner.accounts.get('order/ord_pause/line/1/account')?.active).toBe(false);
    await shop().restore(unpaid('ord_pause'));
    expect(await standings(keys)).toEqual(['active', 'active']);
    expect((await view('ord_pause'))[1]?.details).toEqual({ licenseKeys: keys });
    expect(partner.accounts.get('order/ord_pause/line/1/account')).toMatchObject({ active: true, accountId: 'acc_1' });
  });

  it('stops links that are out already, without using them up', async () => {
    await shop().deliver(request('ord_link', { spec: { method: 'download', file: 'app.zip' } }));
    const token = await tokenOf('ord_link');
    await shop().suspend(unpaid('ord_link'));
    await expect(shop().redeemDownload(token, at)).rejects.toMatchObject({ code: 'download.suspended' });
    expect(await tokenOf('ord_link')).toBe('');
    await shop().restore(unpaid('ord_link'));
    for (let use = 0; use < downloadsPerUnit; use += 1)
      expect(await shop().redeemDownload(token, at)).toEqual({ file: 'app.zip' });
  });

  it('of another time stands although the first was lifted', async () => {
    await shop().deliver(request('ord_again'));
    const keys = await keysOf('ord_again');
    await shop().suspend(unpaid('ord_again'));
    await shop().restore(unpaid('ord_again'));
    await shop().suspend(unpaid('ord_again', '2027-03'));
    await shop().suspend(unpaid('ord_again'));
    expect(await standings(keys)).toEqual(['suspended']);
    await shop().restore(unpaid('ord_again', '2027-03'));
    expect(await standings(keys)).toEqual(['active']);
  });

  it('reaches an account that is being switched on meanwhile', async () => {
    const service = createService(db, {
      host: {
        ...partner.host,
        activate: async (wanted) => {
          const made = await partner.host.activate(wanted);
          await shop().suspend(unpaid('ord_meanwhile'));
          return made;
        },
      },
    });
    await service.deliver(request('ord_meanwhile', { spec: account }));
    expect(partner.accounts.get('order/ord_meanwhile/line/1/account')?.active).toBe(false);
  });
});

describe('many changes of one line at once', () => {
  it('end alike in every order, wherever a process died', async () => {
    const orders = ['suspend revoke restore', 'restore suspend revoke', 'revoke restore suspend'];
    for (const [round, order] of orders.entries()) {
      for (let n = 1; n < 8; n += 1) {
        const orderId = `ord_mixed_${round}_${n}`;
        await shop().deliver(request(orderId, { quantity: 4, spec: account }));
        const done = async (service: ReturnType<typeof shop>) => {
          for (const verb of order.split(' ')) {
            if (verb === 'revoke') await service.revoke(refunded(orderId, 1));
            if (verb === 'suspend') await service.suspend(unpaid(orderId));
            if (verb === 'restore') await service.restore(unpaid(orderId));
          }
        };
        await done(createService(crashingAt(db, n, 'lost_answer').db, { host: partner.host })).catch(
          (error: unknown) => {
            if (!(error instanceof Crash)) throw error;
          },
        );
        await done(shop());
        const expected = { seats: 3, active: true };
        expect(partner.accounts.get(`order/${orderId}/line/1/account`)).toMatchObject(expected);
      }
    }
  });

  it('leave the partner with the last word, however they overtake each other', async () => {
    await shop().deliver(request('ord_overtake', { quantity: 5, spec: account }));
    const changes = [1, 2, 3].map((n) => shop().revoke(refunded('ord_overtake', 1, `refund/rfd_${n}`)));
    await Promise.all([...changes, shop().suspend(unpaid('ord_overtake')), shop().restore(unpaid('ord_overtake'))]);
    expect(partner.accounts.get('order/ord_overtake/line/1/account')).toMatchObject({ seats: 2, active: true });
  });
});
