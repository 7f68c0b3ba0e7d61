import { afterAll, describe, expect, it } from '@jest/globals';
import type { ChargeIntent } from '../../../domain/dunning/retry-attempt.ts';
import type { AttemptAnswer } from '../../../domain/dunning/retry-rules.ts';
import { cardAttemptsCollection } from '../../../services/dunning/card-attempt-store.ts';
import { createRetryGovernor } from '../../../services/dunning/retry-governor.ts';
import type { ChargeGuard } from '../../../services/payment/collect-request.ts';
import { collectionOf } from '../../../services/store/collection.ts';
import { databaseOfThisFile } from '../../support/mongo.ts';
import { at, Crash, openPayments } from './payment-fixture.ts';

// Goal: what happens to a card at a checkout counts towards the networks' limits, once per attempt. Method: the payment
// service with the real retry governor, or with one that lets the test listen.

const db = await databaseOfThisFile();
const world = await openPayments(db);
afterAll(() => world.close());

const governor = createRetryGovernor(db);
const records = collectionOf(db, cardAttemptsCollection);
let customers = 0;

function newCustomer(): { readonly customerId: string } {
  customers += 1;
  return { customerId: `cus_noted_${customers}` };
}

/** The real governor, with everything that it is told of customers' charges. */
function listening() {
  const told: (Pick<ChargeIntent, 'key' | 'initiator' | 'amount'> & Pick<AttemptAnswer, 'outcome'>)[] = [];
  const guard: ChargeGuard = {
    ...governor,
    noteCustomerCharge: async (intent, answer) => {
      await governor.noteCustomerCharge(intent, answer);
      const { key, initiator, amount } = intent;
      told.push({ key, initiator, amount, outcome: answer.outcome });
    },
  };
  return { guard, told };
}

/** What is remembered of the card that an order was charged to. */
async function recordOf(orderId: string) {
  const [attempt] = (await world.store.require(orderId)).attempts;
  return (await records.findOne({ _id: attempt?.cardKey ?? '' }))?.attempts ?? [];
}

const renewal = (orderId: string, customerId: string, token: string) => ({
  orderId,
  amount: { amount: 4900, currency: 'EUR' },
  methods: [{ method: 'card', token }],
  round: 'renewal',
  ...{ offSession: true, customerId, at },
});

describe('a charge at a checkout', () => {
  it('that was declined counts for a later renewal of the same card', async () => {
    const { customerId } = newCustomer();
    const declinedOnce = () => world.service().take(world.charge('tok_funds', { customerId }));
    const collect = (orderId: string) => world.service().collect(renewal(orderId, customerId, 'tok_funds'));
    for (let order = 1; order <= 20; order += 1) await declinedOnce();
    expect(await collect('ord_noted_last')).toMatchObject({ kind: 'declined' });
    expect(await collect('ord_noted_refused')).toMatchObject({ kind: 'refused', rule: 'visa.reattempts_30_days' });
    expect(await world.booked('ord_noted_refused')).toEqual([]);
  });

  it('is noted once, as the customer’s, however often it is asked about', async () => {
    const charge = world.charge('tok_funds', newCustomer());
    const { guard, told } = listening();
    const service = world.service(world.gateways(), guard);
    await service.take(charge);
    await service.take(charge);
    await service.lookup(charge.orderId);
    expect(new Set(told.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(told[0]).toMatchObject({ initiator: 'customer', amount: 4900, outcome: 'declined' });
    expect(await recordOf(charge.orderId)).toMatchObject([{ result: 'declined', declineCode: 'insufficient_funds' }]);
  });

  it('is noted by the next call when a crash came between its answer and its note', async () => {
    const charge = world.charge('tok_funds', newCustomer());
    const dying: ChargeGuard = { ...governor, noteCustomerCharge: () => Promise.reject(new Crash()) };
    await expect(world.service(world.gateways(), dying).take(charge)).rejects.toBeInstanceOf(Crash);
    expect(await recordOf(charge.orderId)).toEqual([]);
    expect(await world.service().take(charge)).toMatchObject({ kind: 'declined' });
    expect(await recordOf(charge.orderId)).toMatchObject([{ result: 'declined' }]);
  });

  it('is noted by the capture that a crash kept from it', async () => {
    const charge = world.charge('tok_risky', newCustomer());
    await world.service().take(charge);
    const dying: ChargeGuard = { ...governor, noteCustomerCharge: () => Promise.reject(new Crash()) };
    await expect(world.service(world.gateways(), dying).capture(charge.orderId)).rejects.toBeInstanceOf(Crash);
    const { guard, told } = listening();
    expect(await world.service(world.gateways(), guard).capture(charge.orderId)).toMatchObject({ kind: 'captured' });
    expect(told).toMatchObject([{ outcome: 'approved' }]);
  });

  it('is noted for each gateway that was asked', async () => {
    const { guard, told } = listening();
    await world.service(world.gateways(), guard).take(world.charge('tok_technical', newCustomer()));
    expect(told.map(({ key, outcome }) => `${key.split('/').at(-1)} ${outcome}`)).toEqual(['1 declined', '2 declined']);
  });

  it('is noted when the customer failed at the question of their bank', async () => {
    const charge = world.charge('tok_3ds', newCustomer());
    const { guard, told } = listening();
    const service = world.service(world.gateways(), guard);
    await service.take(charge);
    expect(told).toEqual([]);
    await world.act(`/3ds/${(await world.booked(charge.orderId))[0]?.id}/fail`);
    await service.lookup(charge.orderId);
    expect(told).toMatchObject([{ outcome: 'declined' }]);
  });

  it('that was approved ends what was counted before it, and leaves nothing of a card that always pays', async () => {
    const customer = newCustomer();
    const token = 'tok_ok_then_funds_1';
    const first = world.charge(token, customer);
    await world.service().take(first);
    expect(await recordOf(first.orderId)).toEqual([]);
    await world.service().collect(renewal('ord_noted_declined', customer.customerId, token));
    await world.service().take(world.charge(token, { ...customer, at: '2026-11-21T11:00:00.000Z' }));
    expect(await recordOf(first.orderId)).toMatchObject([{ result: 'declined' }, { result: 'approved' }]);
  });
});
