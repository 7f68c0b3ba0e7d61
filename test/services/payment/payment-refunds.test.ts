import { describe, expect, it } from '@jest/globals';
import type { GatewayRefund } from '../../../services/payment/payment-gateway.ts';
import { paymentsOfThisFile } from './payment-fixture.ts';

// Goal: a refund that is not settled at once is one refund, whatever the gateway says of it later. Method: the sandbox's
// acquirer, which speaks of refunds as the test says.

const world = await paymentsOfThisFile();

/** Counts what the gateway was asked for; `found` is what it says when it is asked how a refund stands. */
function speaking(said: GatewayRefund['status'], found: () => GatewayRefund['status'] | null) {
  const asked = { refund: 0, lookup: 0 };
  const gateways = world.gateways();
  const service = world.service({
    ...gateways,
    acquirer_a: {
      ...gateways.acquirer_a,
      refund: async () => {
        asked.refund += 1;
        return { status: said, refundId: 'ref_1' };
      },
      lookupRefund: async () => {
        asked.lookup += 1;
        const status = found();
        return status === null ? null : { status, refundId: 'ref_1' };
      },
    },
  });
  return { asked, service };
}

async function paid(): Promise<string> {
  const charge = world.charge('tok_ok');
  await world.service().take(charge);
  return charge.orderId;
}

describe('a refund that the gateway does not settle at once', () => {
  it('is looked up and not asked for again, until it has succeeded', async () => {
    const orderId = await paid();
    let stands: GatewayRefund['status'] = 'pending';
    const { asked, service } = speaking('pending', () => stands);
    expect(await service.refund(orderId, 'r1', 900)).toBe('pending');
    expect(await world.store.find(orderId)).toMatchObject({ refunded: 900, refunds: [{ status: 'pending' }] });
    expect(await service.refund(orderId, 'r1', 900)).toBe('pending');
    stands = 'succeeded';
    expect(await service.refund(orderId, 'r1', 900)).toBe('succeeded');
    expect(await service.refund(orderId, 'r1', 900)).toBe('succeeded');
    expect(asked).toEqual({ refund: 1, lookup: 2 });
    expect(await world.store.find(orderId)).toMatchObject({ refunded: 900, refunds: [{ status: 'succeeded' }] });
  });

  it('gives its amount free once when it fails, so that it can be refunded anew', async () => {
    const orderId = await paid();
    const { service } = speaking('pending', () => 'failed');
    expect(await service.refund(orderId, 'r1', 4900)).toBe('pending');
    expect(await service.refund(orderId, 'r2', 1)).toBe('exceeds');
    const answers = await Promise.all(Array.from({ length: 10 }, () => service.refund(orderId, 'r1', 4900)));
    expect(new Set(answers)).toEqual(new Set(['failed']));
    expect(await world.store.find(orderId)).toMatchObject({ refunded: 0, refunds: [{ status: 'failed' }] });
    expect(await world.service().refund(orderId, 'r2', 4900)).toBe('succeeded');
    expect(await world.store.find(orderId)).toMatchObject({ refunded: 4900 });
  });

  it('is asked for again under the same key when the gateway knows nothing of it', async () => {
    const orderId = await paid();
    await world.store.reserveRefund(orderId, 'r1', 900);
    const { asked, service } = speaking('succeeded', () => null);
    expect(await service.refund(orderId, 'r1', 900)).toBe('succeeded');
    expect(asked).toEqual({ refund: 1, lookup: 1 });
  });

  it('stays reserved while the gateway cannot be asked about it', async () => {
    const orderId = await paid();
    await world.store.reserveRefund(orderId, 'r1', 900);
    const away = world.service(world.gateways({ acquirer_a: world.nowhere }));
    await expect(away.refund(orderId, 'r1', 900)).rejects.toMatchObject({ code: 'payment.outcome_unknown' });
    expect(await world.store.find(orderId)).toMatchObject({ refunded: 900, refunds: [{ status: 'started' }] });
  });

  it('has failed, and is released, when the gateway refuses it', async () => {
    const orderId = await paid();
    const [payment] = await world.booked(orderId);
    // Somebody gave 4,000 back at the gateway's own page: it has less left than we know of.
    const { acquirer_a: gateway } = world.gateways();
    const amount = { amount: 4000, currency: 'EUR' };
    await gateway.refund({ key: `by hand ${orderId}`, paymentId: payment?.id ?? '', amount });
    expect(await world.service().refund(orderId, 'r1', 4900)).toBe('failed');
    expect(await world.store.find(orderId)).toMatchObject({ refunded: 0, refunds: [{ status: 'failed' }] });
  });
});

describe('a refund that the bank sends back after it has succeeded', () => {
  const statusOf = async (orderId: string) => (await world.store.require(orderId)).refunds.map(({ status }) => status);

  /** The acquirer's id of the only refund of an order. */
  async function refundAt(orderId: string): Promise<string> {
    const [payment] = await world.booked(orderId);
    const [refund] = await world.refundsOf(payment?.id ?? '');
    return refund?.id ?? '';
  }

  it('is found out by asking again, and gives its amount free once', async () => {
    const orderId = await paid();
    const service = world.service();
    expect(await service.refund(orderId, 'r1', 4900)).toBe('succeeded');
    expect(await service.recheckRefund(orderId, 'r1')).toBe('succeeded');
    await world.act(`/refunds/${await refundAt(orderId)}/fail`);
    const answers = await Promise.all(Array.from({ length: 10 }, () => service.recheckRefund(orderId, 'r1')));
    expect(new Set(answers)).toEqual(new Set(['failed']));
    expect(await service.recheckRefund(orderId, 'r1')).toBe('failed');
    expect(await service.refund(orderId, 'r1', 4900)).toBe('failed');
    expect(await world.store.find(orderId)).toMatchObject({
      refunded: 0,
      refunds: [{ status: 'failed', failure: 'declined' }],
    });
    expect(await world.booked(orderId)).toMatchObject([{ captured: 4900, refunded: 0 }]);
    expect(await service.refund(orderId, 'r2', 4900)).toBe('succeeded');
    expect(await statusOf(orderId)).toEqual(['failed', 'succeeded']);
  });

  it('has failed at once where the card no longer exists, and says so', async () => {
    const orderId = await paid();
    const [payment] = await world.booked(orderId);
    await world.act(`/payments/${payment?.id}/close-card`);
    expect(await world.service().refund(orderId, 'r1', 900)).toBe('failed');
    expect(await world.store.find(orderId)).toMatchObject({ refunded: 0, refunds: [{ failure: 'card_closed' }] });
    expect(await world.booked(orderId)).toMatchObject([{ refunded: 0 }]);
  });

  it('cannot be asked about while the gateway is away, and stays what it was', async () => {
    const orderId = await paid();
    await world.service().refund(orderId, 'r1', 900);
    const away = world.service(world.gateways({ acquirer_a: world.nowhere }));
    await expect(away.recheckRefund(orderId, 'r1')).rejects.toMatchObject({ code: 'payment.outcome_unknown' });
    expect(await statusOf(orderId)).toEqual(['succeeded']);
  });

  it('is pending while the gateway knows nothing of it, and unknown where it was never asked for', async () => {
    const orderId = await paid();
    await world.store.reserveRefund(orderId, 'r1', 900);
    expect(await world.service().recheckRefund(orderId, 'r1')).toBe('pending');
    await expect(world.service().recheckRefund(orderId, 'r9')).rejects.toMatchObject({ code: 'payment.not_found' });
  });

  it('has succeeded once it has: an older answer changes nothing', async () => {
    const orderId = await paid();
    await world.service().refund(orderId, 'r1', 900);
    expect(await speaking('pending', () => 'pending').service.recheckRefund(orderId, 'r1')).toBe('succeeded');
    expect(await speaking('pending', () => null).service.recheckRefund(orderId, 'r1')).toBe('succeeded');
    expect(await statusOf(orderId)).toEqual(['succeeded']);
  });
});
