import { describe, expect, it } from '@jest/globals';
import type { ChargeIntent } from '../../../domain/dunning/retry-attempt.ts';
import type { ChargeOutcome } from '../../../services/dunning/retry-governor.ts';
import type { ChargeGuard, CollectRequest } from '../../../services/payment/collect-request.ts';
import { at, Crash, crashingAfter, paymentsOfThisFile } from './payment-fixture.ts';

// Goal: money is collected without a checkout, once, by the methods in turn, and nothing is charged that the guard
// forbids or beside a charge that may have happened. Method: the sandbox's acquirers over HTTP.

const world = await paymentsOfThisFile();
let orders = 0;

const card = (token: string) => ({ method: 'card', token });

function due(tokens: readonly string[], change: Partial<CollectRequest> = {}): CollectRequest {
  orders += 1;
  return {
    orderId: `ord_collect_${orders}`,
    amount: { amount: 4900, currency: 'EUR' },
    methods: tokens.map(card),
    round: 'renewal',
    offSession: true,
    customerId: `cus_${orders}`,
    at,
    ...change,
  };
}

/** A guard that allows, unless told otherwise, and remembers what it was asked and told. */
function listeningGuard(refuse: (intent: ChargeIntent) => boolean = () => false) {
  const asked: ChargeIntent[] = [];
  const told: Pick<ChargeOutcome, 'key' | 'outcome' | 'declineCode'>[] = [];
  const customers: ChargeIntent[] = [];
  const guard: ChargeGuard = {
    mayCharge: async (intent) => {
      asked.push(intent);
      return refuse(intent)
        ? { kind: 'refused', rule: 'test.rule', source: 'this test', until: '2026-11-24T10:00:00.000Z' }
        : { kind: 'allowed' };
    },
    noteAttempt: async ({ key, outcome, declineCode }) => void told.push({ key, outcome, declineCode }),
    noteCustomerCharge: async (intent) => void customers.push(intent),
  };
  return { guard, asked, told, customers };
}

const statuses = async (orderId: string) => (await world.store.require(orderId)).attempts.map(({ status }) => status);

describe('collecting', () => {
  it('captures, says which method paid, and answers the same in the same round and in the next', async () => {
    const request = due(['tok_ok']);
    const captured = { kind: 'captured', gateway: 'acquirer_a', method: 0 };
    expect(await world.service().collect(request)).toEqual(captured);
    expect(await world.service().collect(request)).toEqual(captured);
    expect(await world.service().collect({ ...request, round: 'retry 1' })).toEqual(captured);
    expect(await world.booked(request.orderId)).toMatchObject([{ captured: 4900, attempts: 1 }]);
  });

  it('charges nobody for nothing', async () => {
    const request = due(['tok_ok'], { amount: { amount: 0, currency: 'EUR' } });
    expect(await world.service().collect(request)).toEqual({ kind: 'captured', gateway: 'none', method: 0 });
    expect(await world.booked(request.orderId)).toEqual([]);
  });

  it('charges a declined card once in a round, and anew in the next', async () => {
    const request = due(['tok_funds']);
    const { guard, told } = listeningGuard();
    const declined = { kind: 'declined', declineClass: 'soft_funds', declineCode: 'insufficient_funds' };
    const service = world.service(world.gateways(), guard);
    expect(await service.collect(request)).toMatchObject({ ...declined, networkDeclineCode: '51' });
    expect(await service.collect(request)).toMatchObject(declined);
    expect(await statuses(request.orderId)).toEqual(['declined']);
    expect(await service.collect({ ...request, round: 'retry 1' })).toMatchObject(declined);
    expect(await service.collect({ ...request, round: 'retry 2', methods: [card('tok_ok')] })).toMatchObject({
      kind: 'captured',
    });
    expect(await statuses(request.orderId)).toEqual(['declined', 'declined', 'captured']);
    // A repeat tells again what it told before: a crash may have come between.
    const keys = told.map(({ key, outcome }) => `${key.split('/').at(-1)} ${outcome}`);
    expect([...new Set(keys)]).toEqual(['1 declined', '2 declined', '3 approved']);
  });

  it('takes the backup method when the first is declined, and goes on with it after a crash', async () => {
    const request = due(['tok_stolen', 'tok_ok']);
    expect(await world.service().collect(request)).toEqual({ kind: 'captured', gateway: 'acquirer_a', method: 1 });
    const crashed = due(['tok_stolen', 'tok_ok']);
    const gateways = world.gateways();
    const dying = world.service({ ...gateways, acquirer_a: crashingAfter('capture', gateways.acquirer_a) });
    await expect(dying.collect(crashed)).rejects.toBeInstanceOf(Crash);
    expect(await world.service().collect(crashed)).toEqual({ kind: 'captured', gateway: 'acquirer_a', method: 1 });
    expect(await world.booked(crashed.orderId)).toMatchObject([{ captured: 0 }, { captured: 4900 }]);
  });

  it('takes the next gateway after a technical decline, and asks the guard before each', async () => {
    const { guard, asked } = listeningGuard();
    const request = due(['tok_technical']);
    expect(await world.service(world.gateways(), guard).collect(request)).toMatchObject({
      kind: 'declined',
      declineClass: 'soft_technical',
    });
    expect((await world.booked(request.orderId)).map(({ acquirer }) => acquirer)).toEqual(['acquirer_a', 'acquirer_b']);
    expect(asked).toHaveLength(2);
  });

  it("tells the network's advice and counts attempts by the card, whichever acquirer is asked", async () => {
    const request = due(['tok_stolen']);
    const { guard, asked } = listeningGuard();
    const service = world.service(world.gateways(), guard);
    const first = await service.collect(request);
    expect(first).toMatchObject({ networkDeclineCode: '43', networkAdviceCode: '03', cardKey: asked[0]?.cardKey });
    await service.collect({ ...request, round: 'retry 1' });
    expect(new Set(asked.map(({ cardKey }) => cardKey)).size).toBe(1);
    expect(asked.map(({ network, issuerCountry }) => [network, issuerCountry])).toEqual([
      [null, null],
      ['mastercard', 'DE'],
    ]);
  });

  it('knows the card from the checkout, and names the approval that the customer gave there', async () => {
    const request = due(['tok_ok_then_funds_1']);
    const { orderId, customerId, amount } = request;
    const checkout = { orderId: `${orderId}_first`, amount, method: 'card', token: 'tok_ok_then_funds_1', at };
    await world.service().take({ ...checkout, customerId: customerId ?? '' });
    const [first] = (await world.store.require(checkout.orderId)).attempts;
    const { guard, asked } = listeningGuard();
    const named: unknown[] = [];
    const gateways = world.gateways();
    const listening: typeof gateways.acquirer_a = {
      ...gateways.acquirer_a,
      authorize: (charge) => {
        named.push(charge.networkTransactionId);
        return gateways.acquirer_a.authorize(charge);
      },
    };
    const service = world.service({ ...gateways, acquirer_a: listening }, guard);
    expect(await service.collect(request)).toMatchObject({ kind: 'declined', declineClass: 'soft_funds' });
    expect(await service.collect({ ...request, round: 'retry 1' })).toMatchObject({ kind: 'captured' });
    expect(asked.map(({ cardKey }) => cardKey)).toEqual([first?.cardKey, first?.cardKey]);
    expect(first?.cardKey).toMatch(/^card_/);
    expect(named).toEqual([first?.card?.networkTransactionId, first?.card?.networkTransactionId]);
    expect(named[0]).toMatch(/^nti_/);
  });
});

describe('the guard', () => {
  it('is obeyed: nothing is charged, and its rule is the answer', async () => {
    const request = due(['tok_ok']);
    const { guard } = listeningGuard(() => true);
    expect(await world.service(world.gateways(), guard).collect(request)).toEqual({
      ...{ kind: 'refused', rule: 'test.rule', source: 'this test', until: '2026-11-24T10:00:00.000Z' },
    });
    expect(await world.booked(request.orderId)).toEqual([]);
    expect(await world.store.require(request.orderId)).toMatchObject({ attempts: [], status: 'none' });
  });

  it('may refuse one card and allow the other', async () => {
    const request = due(['tok_funds', 'tok_ok']);
    const { guard, asked } = listeningGuard((intent) => asked.length === 1 && intent.key.endsWith('/1'));
    expect(await world.service(world.gateways(), guard).collect(request)).toMatchObject({
      kind: 'captured',
      method: 1,
    });
  });

  it('is not asked while the customer is there, and told of it all the same', async () => {
    const request = due(['tok_ok'], { offSession: false });
    const { guard, asked, customers } = listeningGuard(() => true);
    expect(await world.service(world.gateways(), guard).collect(request)).toMatchObject({ kind: 'captured' });
    expect(asked).toEqual([]);
    expect(customers).toMatchObject([{ initiator: 'customer', amount: 4900 }]);
  });

  it('hears of an answer that a crash kept from it, before it is asked again', async () => {
    const request = due(['tok_funds']);
    const { guard, told } = listeningGuard();
    let dead = true;
    const dying: ChargeGuard = {
      ...guard,
      noteAttempt: async (outcome) => (dead ? Promise.reject(new Crash()) : guard.noteAttempt(outcome)),
    };
    const service = world.service(world.gateways(), dying);
    await expect(service.collect(request)).rejects.toBeInstanceOf(Crash);
    dead = false;
    await service.collect({ ...request, round: 'retry 1' });
    expect(told.map(({ key }) => key.split('/').at(-1))).toEqual(['1', '2']);
  });

  it('forbids, as the real one, what the networks forbid: a stolen card is not charged a second time', async () => {
    const request = due(['tok_stolen']);
    expect(await world.service().collect(request)).toMatchObject({ kind: 'declined', declineClass: 'hard' });
    const again = await world.service().collect({ ...request, round: 'retry 1' });
    expect(again).toMatchObject({ kind: 'refused' });
    expect(await world.booked(request.orderId)).toHaveLength(1);
  });
});

describe('a charge that is not over', () => {
  it('is looked up and never doubled when its answer was lost', async () => {
    const request = due(['tok_lost_ok']);
    expect(await world.service().collect(request)).toMatchObject({ kind: 'captured' });
    expect(await world.booked(request.orderId)).toMatchObject([{ captured: 4900 }]);
  });

  it('stays unknown while nobody can be asked, whichever round asks, and is one charge in the end', async () => {
    const request = due(['tok_lost_ok', 'tok_ok']);
    const gateways = world.gateways();
    const deaf = world.gateways({ acquirer_a: world.nowhere }).acquirer_a;
    const blind = world.service({
      ...gateways,
      acquirer_a: { ...gateways.acquirer_a, lookup: (query) => deaf.lookup(query) },
    });
    expect(await blind.collect(request)).toEqual({ kind: 'unknown' });
    expect(await blind.collect({ ...request, round: 'retry 1' })).toEqual({ kind: 'unknown' });
    expect(await world.service().collect({ ...request, round: 'retry 2' })).toMatchObject({
      kind: 'captured',
      method: 0,
    });
    expect(await world.booked(request.orderId)).toMatchObject([{ captured: 4900 }]);
  });

  it('waits for the bank of a customer who is there, and is let go when another round begins', async () => {
    const request = due(['tok_3ds'], { offSession: false });
    expect(await world.service().collect(request)).toEqual({ kind: 'waiting', reason: 'action_required' });
    expect(await world.service().collect(request)).toEqual({ kind: 'waiting', reason: 'action_required' });
    const again = { ...request, round: 'other card', methods: [card('tok_ok')] };
    expect(await world.service().collect(again)).toMatchObject({ kind: 'captured' });
    expect(await world.booked(request.orderId)).toMatchObject([
      { state: 'cancelled', captured: 0 },
      { state: 'settled', captured: 4900 },
    ]);
  });

  it('is paid when the customer answers, in whichever round that is seen', async () => {
    const request = due(['tok_3ds'], { offSession: false });
    await world.service().collect(request);
    const [payment] = await world.booked(request.orderId);
    await world.act(`/3ds/${payment?.id}/complete`);
    expect(await world.service().collect({ ...request, round: 'other' })).toMatchObject({ kind: 'captured' });
    expect(await world.booked(request.orderId)).toMatchObject([{ captured: 4900 }]);
  });

  it('needs the customer when their bank wants to ask them', async () => {
    expect(await world.service().collect(due(['tok_3ds']))).toMatchObject({
      kind: 'declined',
      declineClass: 'authentication',
      declineCode: 'authentication_required',
    });
  });

  it('waits for a transfer, and never charges a card beside it', async () => {
    const request = due([], { methods: [{ method: 'bank_transfer', token: 'tok_bank' }] });
    expect(await world.service().collect(request)).toEqual({ kind: 'waiting', reason: 'pending' });
    const withCard = { ...request, round: 'retry 1', methods: [card('tok_ok')] };
    expect(await world.service().collect(withCard)).toEqual({ kind: 'waiting', reason: 'pending' });
    const [payment] = await world.booked(request.orderId);
    await world.act(`/payments/${payment?.id}/settle`);
    expect(await world.service().collect(withCard)).toMatchObject({ kind: 'captured', gateway: 'deferred_payments' });
  });

  it('is unavailable, and no other card is charged, while no gateway can be reached', async () => {
    const request = due(['tok_ok', 'tok_ok']);
    const { guard, told } = listeningGuard();
    const away = world.service(world.gateways({ acquirer_a: world.nowhere, acquirer_b: world.nowhere }), guard);
    expect(await away.collect(request)).toEqual({ kind: 'unavailable' });
    expect(told.map(({ outcome }) => outcome)).toEqual(['not_sent', 'not_sent']);
    expect(await world.service().collect(request)).toMatchObject({ kind: 'captured' });
    expect(await world.booked(request.orderId)).toMatchObject([{ captured: 4900 }]);
  });

  it('is one charge however many collect at once', async () => {
    const request = due(['tok_ok']);
    const answers = await Promise.all(Array.from({ length: 10 }, () => world.service().collect(request)));
    expect(answers.filter(({ kind }) => kind !== 'captured' && kind !== 'unknown')).toEqual([]);
    expect(await world.service().collect(request)).toMatchObject({ kind: 'captured' });
    expect(await world.booked(request.orderId)).toMatchObject([{ captured: 4900 }]);
  });

  it('is refused clearly when no gateway takes any of the methods', async () => {
    const request = due([], { methods: [{ method: 'barter', token: 'tok_ok' }] });
    await expect(world.service().collect(request)).rejects.toMatchObject({ code: 'payment.no_gateway' });
  });
});
