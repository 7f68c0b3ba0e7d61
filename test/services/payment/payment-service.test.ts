import { beforeEach, describe, expect, it } from '@jest/globals';
import type { AuthorizeRequest } from '../../../services/payment/payment-gateway.ts';
import { Crash, crashingAfter, paymentsOfThisFile } from './payment-fixture.ts';

// Goal: money is taken once and given back once, whatever breaks. Method: the real adapters against the sandbox's
// providers over HTTP; a crash is a service that dies between effect and record, and another one that takes over.

const world = await paymentsOfThisFile();
beforeEach(() => world.clearFaults());

const once = { authorized: 4900, captured: 4900, refunded: 0 };
/** Held or taken, at any provider. */
const held = async (orderId: string) => (await world.booked(orderId)).filter(({ authorized }) => authorized > 0);

/** A service whose gateway loses the answer to the first such request, and to that one only. */
function losing(verb: 'capture' | 'void') {
  const gateways = world.gateways();
  const { acquirer_a: real } = gateways;
  const lossy = {
    ...real,
    [verb]: async (request: never) => {
      await world.fault({ partner: 'acquirer_a', kind: 'lost_response', times: 1 });
      return real[verb](request);
    },
  };
  return world.service({ ...gateways, acquirer_a: lossy });
}

describe('taking a payment', () => {
  it('authorises and captures once at the cheapest gateway', async () => {
    const charge = world.charge('tok_ok');
    expect(await world.service().take(charge)).toEqual({ kind: 'captured', gateway: 'acquirer_a' });
    expect(await world.booked(charge.orderId)).toMatchObject([{ ...once, acquirer: 'acquirer_a', attempts: 1 }]);
    expect(await world.store.find(charge.orderId)).toMatchObject({
      status: 'captured',
      captured: 4900,
      gateway: 'acquirer_a',
    });
  });

  it('answers a repeat from the record', async () => {
    const charge = world.charge('tok_ok');
    const service = world.service();
    const first = await service.take(charge);
    expect(await service.take(charge)).toEqual(first);
    expect(await service.capture(charge.orderId)).toEqual(first);
    expect(await world.booked(charge.orderId)).toMatchObject([{ ...once, attempts: 1 }]);
  });

  it('refuses another amount for the same order', async () => {
    const charge = world.charge('tok_ok');
    await world.service().take(charge);
    const other = { ...charge, amount: { amount: 1, currency: 'EUR' } };
    await expect(world.service().take(other)).rejects.toMatchObject({ code: 'payment.idempotency_conflict' });
  });

  it('takes nothing for an order that costs nothing', async () => {
    const charge = world.charge('tok_ok', { amount: { amount: 0, currency: 'EUR' } });
    expect(await world.service().take(charge)).toEqual({ kind: 'captured', gateway: 'none' });
    expect(await world.booked(charge.orderId)).toEqual([]);
  });

  it('takes once when ten workers do it at the same time', async () => {
    const charge = world.charge('tok_ok');
    const answers = await Promise.allSettled(Array.from({ length: 10 }, () => world.service().take(charge)));
    for (const answer of answers) {
      if (answer.status === 'fulfilled') expect(answer.value.kind).toBe('captured');
      else expect(answer.reason).toMatchObject({ code: 'payment.outcome_unknown' });
    }
    expect(await world.service().take(charge)).toMatchObject({ kind: 'captured' });
    expect(await held(charge.orderId)).toMatchObject([once]);
  });

  it('says who declined it and why, again and again, and holds nothing', async () => {
    const charge = world.charge('tok_funds');
    const declined = { kind: 'declined', declineClass: 'soft_funds', declineCode: 'insufficient_funds' };
    expect(await world.service().take(charge)).toEqual(declined);
    expect(await world.service().take(charge)).toEqual(declined);
    expect(await world.booked(charge.orderId)).toMatchObject([{ authorized: 0, attempts: 1 }]);
  });

  it('has no gateway for a method that nobody takes', async () => {
    const charge = world.charge('tok_ok', { method: 'barter' });
    await expect(world.service().take(charge)).rejects.toMatchObject({ code: 'payment.no_gateway' });
  });
});

describe('a crash between effect and record', () => {
  it.each(['authorize', 'capture'] as const)(
    'after %s is resumed by the next worker, without a second charge',
    async (verb) => {
      const charge = world.charge('tok_ok');
      const gateways = world.gateways();
      const dying = world.service({ ...gateways, acquirer_a: crashingAfter(verb, gateways.acquirer_a) });
      await expect(dying.take(charge)).rejects.toThrow(Crash);
      expect(await world.service().take(charge)).toEqual({ kind: 'captured', gateway: 'acquirer_a' });
      expect(await world.booked(charge.orderId)).toMatchObject([{ ...once, attempts: 1 }]);
    },
  );

  it('after a technical decline goes on at the next gateway, not at the same one', async () => {
    const charge = world.charge('tok_technical');
    const gateways = world.gateways();
    const dying = world.service({ ...gateways, acquirer_a: crashingAfter('authorize', gateways.acquirer_a) });
    await expect(dying.take(charge)).rejects.toThrow(Crash);
    expect(await world.service().take(charge)).toMatchObject({ kind: 'declined', declineClass: 'soft_technical' });
    expect((await world.booked(charge.orderId)).map(({ acquirer }) => acquirer)).toEqual(['acquirer_a', 'acquirer_b']);
  });

  it('after a void is repeated and says the same', async () => {
    const charge = world.charge('tok_risky');
    const gateways = world.gateways();
    const dying = world.service({ ...gateways, acquirer_a: crashingAfter('void', gateways.acquirer_a) });
    await dying.take(charge);
    await expect(dying.void(charge.orderId)).rejects.toThrow(Crash);
    expect(await world.service().void(charge.orderId)).toEqual({ kind: 'ended', reason: 'voided' });
    expect(await held(charge.orderId)).toEqual([]);
  });

  it('after a refund is repeated and gives back once', async () => {
    const charge = world.charge('tok_ok');
    const gateways = world.gateways();
    const dying = world.service({ ...gateways, acquirer_a: crashingAfter('refund', gateways.acquirer_a) });
    await dying.take(charge);
    await expect(dying.refund(charge.orderId, 'r1', 900)).rejects.toThrow(Crash);
    expect(await world.service().refund(charge.orderId, 'r1', 900)).toBe('succeeded');
    expect(await world.booked(charge.orderId)).toMatchObject([{ refunded: 900 }]);
  });
});

describe('an answer that is lost', () => {
  it('is looked up by key: one charge, no second request', async () => {
    const charge = world.charge('tok_lost_ok');
    expect(await world.service().take(charge)).toMatchObject({ kind: 'captured' });
    expect(await world.booked(charge.orderId)).toMatchObject([{ ...once, attempts: 1 }]);
  });

  it('of a decline is found too', async () => {
    const charge = world.charge('tok_lost_declined');
    expect(await world.service().take(charge)).toMatchObject({ kind: 'declined' });
  });

  it('of a capture is found too', async () => {
    const charge = world.charge('tok_risky');
    await world.service().take(charge);
    expect(await losing('capture').capture(charge.orderId)).toEqual({ kind: 'captured', gateway: 'acquirer_a' });
    expect(await world.booked(charge.orderId)).toMatchObject([once]);
  });

  it('of a void is found too', async () => {
    const charge = world.charge('tok_risky');
    await world.service().take(charge);
    expect(await losing('void').void(charge.orderId)).toEqual({ kind: 'ended', reason: 'voided' });
  });

  it('of a refund is found too', async () => {
    const charge = world.charge('tok_ok');
    await world.service().take(charge);
    await world.fault({ partner: 'acquirer_a', kind: 'lost_response', times: 1 });
    expect(await world.service().refund(charge.orderId, 'r1', 4900)).toBe('succeeded');
    expect(await world.booked(charge.orderId)).toMatchObject([{ refunded: 4900 }]);
  });
});

describe('an outcome that is unknown', () => {
  it('is never charged again: not at this gateway and not at the next', async () => {
    const charge = world.charge('tok_ok');
    await world.fault({ partner: 'acquirer_a', kind: 'timeout', times: 3 });
    const hasty = world.service(world.gateways({}, 200));
    await expect(hasty.take(charge)).rejects.toMatchObject({ code: 'payment.outcome_unknown' });
    await expect(hasty.take(charge)).rejects.toMatchObject({ code: 'payment.outcome_unknown' });
    expect(await world.booked(charge.orderId)).toEqual([]);
    expect(await world.service().take(charge)).toEqual({ kind: 'captured', gateway: 'acquirer_a' });
    expect(await held(charge.orderId)).toMatchObject([once]);
  });

  it('stays unknown when a repeat cannot be sent: the first request may have arrived', async () => {
    const charge = world.charge('tok_ok');
    const gateways = world.gateways();
    const dying = world.service({ ...gateways, acquirer_a: crashingAfter('authorize', gateways.acquirer_a) });
    await expect(dying.take(charge)).rejects.toThrow(Crash);
    // It can be asked, knows nothing yet, and the repeat is refused a connection.
    const closed = world.gateways({ acquirer_a: world.nowhere });
    const away = {
      ...gateways.acquirer_a,
      lookup: () => Promise.resolve(null),
      authorize: (request: AuthorizeRequest) => closed.acquirer_a.authorize(request),
    };
    const repeat = world.service({ ...gateways, acquirer_a: away }).take(charge);
    await expect(repeat).rejects.toMatchObject({ code: 'payment.outcome_unknown' });
    expect((await world.booked(charge.orderId)).map(({ acquirer }) => acquirer)).toEqual(['acquirer_a']);
  });

  it('can be asked about without acting', async () => {
    const charge = world.charge('tok_risky');
    await world.service().take(charge);
    expect(await world.service().lookup(charge.orderId)).toMatchObject({ kind: 'authorized' });
    expect(await world.booked(charge.orderId)).toMatchObject([{ captured: 0 }]);
  });
});

describe('the next candidate', () => {
  it('takes it after a technical decline', async () => {
    const charge = world.charge('tok_ok');
    const gateways = world.gateways();
    const technical = {
      ...gateways.acquirer_a,
      authorize: () =>
        Promise.resolve({
          ...({ status: 'declined', paymentId: 'p', declineCode: 'issuer_not_available' } as const),
          ...{ networkDeclineCode: '91', networkAdviceCode: null, card: null },
        }),
    };
    const service = world.service({ ...gateways, acquirer_a: technical });
    expect(await service.take(charge)).toEqual({ kind: 'captured', gateway: 'acquirer_b' });
  });

  it('is not asked when the card itself was declined', async () => {
    const charge = world.charge('tok_stolen');
    expect(await world.service().take(charge)).toMatchObject({ kind: 'declined', declineClass: 'hard' });
    expect((await world.booked(charge.orderId)).map(({ acquirer }) => acquirer)).toEqual(['acquirer_a']);
  });

  it('takes it when the first cannot be reached or did not process it', async () => {
    const unreachable = world.service(world.gateways({ acquirer_a: world.nowhere }));
    expect(await unreachable.take(world.charge('tok_ok'))).toEqual({ kind: 'captured', gateway: 'acquirer_b' });
    await world.fault({ partner: 'acquirer_a', kind: 'error', times: 1 });
    expect(await world.service().take(world.charge('tok_ok'))).toEqual({ kind: 'captured', gateway: 'acquirer_b' });
  });

  it('is waited for when none can be reached, and one that is back is asked again', async () => {
    const charge = world.charge('tok_ok');
    const nobody = world.service(world.gateways({ acquirer_a: world.nowhere, acquirer_b: world.nowhere }));
    await expect(nobody.take(charge)).rejects.toMatchObject({ code: 'payment.gateway_unavailable' });
    expect(await nobody.void(charge.orderId)).toEqual({ kind: 'ended', reason: 'voided' });
    expect(await world.service().take(charge)).toEqual({ kind: 'captured', gateway: 'acquirer_a' });
  });

  it('having declined for technical reasons as well, is what every repeat answers', async () => {
    const charge = world.charge('tok_technical');
    const declined = await world.service().take(charge);
    expect(declined).toMatchObject({ kind: 'declined', declineClass: 'soft_technical' });
    expect(await world.service().take(charge)).toEqual(declined);
    expect(await world.booked(charge.orderId)).toHaveLength(2);
  });
});

describe('risk signals', () => {
  it('stop the capture until somebody approves', async () => {
    const charge = world.charge('tok_risky');
    const authorized = { kind: 'authorized', riskSignals: ['velocity', 'ip_country_mismatch'] };
    expect(await world.service().take(charge)).toEqual(authorized);
    expect(await world.service().take(charge)).toEqual(authorized);
    expect(await world.booked(charge.orderId)).toMatchObject([{ authorized: 4900, captured: 0 }]);
    expect(await world.service().capture(charge.orderId)).toMatchObject({ kind: 'captured' });
  });
});

describe('a payment that waits for the customer', () => {
  it('is captured after 3-D Secure', async () => {
    const charge = world.charge('tok_3ds');
    expect(await world.service().take(charge)).toEqual({ kind: 'waiting', reason: 'action_required' });
    const [payment] = await world.booked(charge.orderId);
    await world.act(`/3ds/${payment?.id}/complete`);
    expect(await world.service().take(charge)).toMatchObject({ kind: 'captured' });
  });

  it('is captured when the money arrives, and ends when it does not', async () => {
    const paid = world.charge('tok_voucher', { method: 'voucher' });
    const lapsed = world.charge('tok_voucher', { method: 'voucher' });
    for (const charge of [paid, lapsed])
      expect(await world.service().take(charge)).toEqual({ kind: 'waiting', reason: 'pending' });
    await world.act(`/payments/${(await world.booked(paid.orderId))[0]?.id}/settle`);
    await world.act(`/payments/${(await world.booked(lapsed.orderId))[0]?.id}/expire`);
    expect(await world.service().take(paid)).toEqual({ kind: 'captured', gateway: 'deferred_payments' });
    expect(await world.service().take(lapsed)).toEqual({ kind: 'ended', reason: 'expired' });
  });
});

describe('a void', () => {
  it('is a no-op when nothing was authorised', async () => {
    expect(await world.service().void('ord_never_charged')).toEqual({ kind: 'ended', reason: 'voided' });
    const declined = world.charge('tok_funds');
    await world.service().take(declined);
    expect(await world.service().void(declined.orderId)).toMatchObject({ kind: 'declined' });
  });

  it('lets go of what was authorised, once', async () => {
    const charge = world.charge('tok_risky');
    await world.service().take(charge);
    const voided = { kind: 'ended', reason: 'voided' };
    expect(await world.service().void(charge.orderId)).toEqual(voided);
    expect(await world.service().void(charge.orderId)).toEqual(voided);
    expect(await world.service().take(charge)).toEqual(voided);
    expect(await held(charge.orderId)).toEqual([]);
  });

  it('says captured when it comes too late, also when the capture happens behind its back', async () => {
    const charge = world.charge('tok_ok');
    await world.service().take(charge);
    expect(await world.service().void(charge.orderId)).toEqual({ kind: 'captured', gateway: 'acquirer_a' });

    const raced = world.charge('tok_voucher', { method: 'voucher' });
    await world.service().take(raced);
    const [payment] = await world.booked(raced.orderId);
    const gateways = world.gateways();
    const slow = gateways.deferred_payments;
    const settledFirst = {
      ...slow,
      void: async (request: Parameters<typeof slow.void>[0]) => {
        await world.act(`/payments/${payment?.id}/settle`);
        return slow.void(request);
      },
    };
    const service = world.service({ ...gateways, deferred_payments: settledFirst });
    expect(await service.void(raced.orderId)).toEqual({ kind: 'captured', gateway: 'deferred_payments' });
  });
});

describe('a refund', () => {
  it('never exceeds what was captured, however many ask at once', async () => {
    const charge = world.charge('tok_ok');
    await world.service().take(charge);
    const asked = Array.from({ length: 50 }, (_, n) => world.service().refund(charge.orderId, `r${n}`, 300));
    const answers = await Promise.all(asked);
    expect(answers.filter((answer) => answer === 'succeeded')).toHaveLength(16);
    expect(answers.filter((answer) => answer === 'exceeds')).toHaveLength(34);
    expect(await world.booked(charge.orderId)).toMatchObject([{ refunded: 4800 }]);
    expect(await world.store.find(charge.orderId)).toMatchObject({ refunded: 4800 });
  });

  it('under the same id is one refund, also fifty times at once', async () => {
    const charge = world.charge('tok_ok');
    await world.service().take(charge);
    const asked = Array.from({ length: 50 }, () => world.service().refund(charge.orderId, 'r1', 4900));
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['succeeded']));
    expect(await world.booked(charge.orderId)).toMatchObject([{ refunded: 4900 }]);
    expect((await world.store.find(charge.orderId))?.refunds).toEqual([
      { refundId: 'r1', amount: 4900, status: 'succeeded' },
    ]);
  });

  it('under the same id with another amount is refused', async () => {
    const charge = world.charge('tok_ok');
    await world.service().take(charge);
    await world.service().refund(charge.orderId, 'r1', 100);
    const other = world.service().refund(charge.orderId, 'r1', 200);
    await expect(other).rejects.toMatchObject({ code: 'payment.idempotency_conflict' });
  });

  it('goes back to the gateway that took the money', async () => {
    const charge = world.charge('tok_ok');
    await world.service(world.gateways({ acquirer_a: world.nowhere })).take(charge);
    expect(await world.service().refund(charge.orderId, 'r1', 4900)).toBe('succeeded');
    expect(await world.booked(charge.orderId)).toMatchObject([{ acquirer: 'acquirer_b', refunded: 4900 }]);
  });
});
