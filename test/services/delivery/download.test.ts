import { describe, expect, it } from '@jest/globals';
import { SignJWT, UnsecuredJWT } from 'jose';
import type { LinkLifetime } from '../../../services/delivery/delivery-service.ts';
import { downloadsPerUnit } from '../../../services/delivery/download-grant-store.ts';

import { at, deliveryRecords, createService, lifetime, refunded, request } from './delivery-fixture.ts';

const { db } = await deliveryRecords();

async function linkOf(orderId: string, life: LinkLifetime = lifetime): Promise<string | null> {
  const service = createService(db);
  const [record] = await service.deliveriesOf(orderId);
  return record === undefined ? null : ((await service.linkTo(record, life))?.url ?? null);
}

async function bought(orderId: string, quantity = 1) {
  const service = createService(db);
  await service.deliver(request(orderId, { quantity, spec: { method: 'download', file: 'app.zip' } }));
  const link = (await linkOf(orderId)) ?? '';
  return { service, link, token: link.replace('https://shop.test/d/', '') };
}

describe('a download link', () => {
  it('leads to the file until it expires', async () => {
    const { service, link, token } = await bought('ord_link');
    expect(link).toMatch(/^https:\/\/shop\.test\/d\/[\w.-]+$/);
    expect(await service.redeemDownload(token, '2026-11-21T10:14:59.000Z')).toEqual({ file: 'app.zip' });
    await expect(service.redeemDownload(token, '2026-11-21T10:15:01.000Z')).rejects.toMatchObject({
      code: 'download.expired',
    });
  });

  it('is part of the view, with its end', async () => {
    const { service } = await bought('ord_view');
    const [row] = await service.deliveryView(await service.deliveriesOf('ord_view'), lifetime);
    expect(row).toMatchObject({
      status: 'delivered',
      details: { file: 'app.zip', expiresAt: '2026-11-21T10:15:00.000Z' },
    });
    expect(row?.details.link).toContain('https://shop.test/d/');
  });

  it('works as often as bought and no more, however many come at once and by whichever link', async () => {
    const { service, token } = await bought('ord_count', 2);
    const other = ((await linkOf('ord_count', { at, ttlSeconds: 60 })) ?? '').replace(/^.*\/d\//, '');
    const attempts = await Promise.allSettled(
      Array.from({ length: 40 }, (_, index) => service.redeemDownload(index % 2 === 0 ? token : other, at)),
    );
    const served = attempts.filter(({ status }) => status === 'fulfilled');
    expect(served).toHaveLength(2 * downloadsPerUnit);
    await expect(service.redeemDownload(token, at)).rejects.toMatchObject({ code: 'download.limit_reached' });
  });

  it('is not refilled when the delivery is repeated', async () => {
    const { service, token } = await bought('ord_refill');
    for (let use = 0; use < downloadsPerUnit; use += 1) await service.redeemDownload(token, at);
    await service.deliver(request('ord_refill', { spec: { method: 'download', file: 'app.zip' } }));
    await expect(service.redeemDownload(token, at)).rejects.toMatchObject({ code: 'download.limit_reached' });
  });

  it('stops at once when the line is taken back, links that are out already too', async () => {
    const { service, token } = await bought('ord_stop');
    await service.revoke(refunded('ord_stop'));
    await expect(service.redeemDownload(token, at)).rejects.toMatchObject({ code: 'download.revoked' });
    expect(await linkOf('ord_stop')).toBeNull();
    const [row] = await service.deliveryView(await service.deliveriesOf('ord_stop'), lifetime);
    expect(row).toMatchObject({ status: 'revoked', details: { file: 'app.zip' } });
    expect(row?.details.link).toBeUndefined();
  });

  it('cannot be made by anyone else', async () => {
    const { service, token } = await bought('ord_forged');
    const subject = 'order/ord_forged/line/1/download';
    const claims = () =>
      new SignJWT({}).setSubject(subject).setAudience('waybill:download').setExpirationTime(new Date('2027-01-01'));
    const otherKey = await claims()
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode('another key that has thirty-two bytes'));
    const unsigned = new UnsecuredJWT({}).setSubject(subject).setAudience('waybill:download').encode();
    const [header = '', payload = '', signature = ''] = token.split('.');
    const forged = [
      otherKey,
      unsigned,
      `${header}.${payload}.${signature.slice(1)}`,
      `${header}.${payload}.`,
      'nonsense',
      '',
    ];
    for (const attempt of forged) {
      await expect(service.redeemDownload(attempt, at)).rejects.toMatchObject({ code: 'delivery.not_found' });
    }
  });

  it('does not exist for a line without a download', async () => {
    const service = createService(db);
    await service.deliver(request('ord_license'));
    expect(await linkOf('ord_license')).toBeNull();
  });
});
