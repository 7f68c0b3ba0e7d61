import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, describe, expect, it } from '@jest/globals';
import { chargePacesCollection, createChargePace } from '../../../services/payment/charge-pace.ts';
import type { ChargePace, CollectRequest, Turn } from '../../../services/payment/collect-request.ts';
import { collectionOf } from '../../../services/store/collection.ts';
import { openTestDatabase } from '../../support/mongo.ts';
import { at, Crash, crashingAfter, openPayments } from './payment-fixture.ts';

// Goal: off-session charges reach the gateways no closer than the limit allows, whoever sends them, and nothing else
// waits. Method: turns on a real database; the payment service against the sandbox's acquirers, which note arrivals.

const closers: (() => Promise<void>)[] = [];
afterAll(() => Promise.all(closers.map((close) => close())));

/** Turns are given out by database. */
async function newDatabase() {
  const database = await openTestDatabase();
  closers.push(() => database.close());
  return database.db;
}

function gaps(moments: readonly number[]): readonly number[] {
  const sorted = moments.toSorted((a, b) => a - b);
  return sorted.slice(1).map((moment, index) => moment - (sorted[index] ?? Number.NaN));
}

/** What summing fractions of a millisecond costs. */
const rounding = 0.01;
/** Of the limit, what is given out: so that charges which arrive together are made up for. */
const share = 0.95;

describe('turns', () => {
  it.each([30, 100])('are never closer than %s per second, for 200 at once in four processes', async (perSecond) => {
    const db = await newDatabase();
    const processes = Array.from({ length: 4 }, () => createChargePace(db, perSecond));
    const turns = await Promise.all(processes.flatMap((pace) => Array.from({ length: 50 }, () => pace.reserve())));
    expect(Math.min(...gaps(turns.map((turn) => turn.at)))).toBeGreaterThan(1_000 / perSecond - rounding);
    expect(Math.min(...turns.map((turn) => turn.waitMs))).toBeGreaterThanOrEqual(0);
  });

  it('come at once when nobody had one lately, and are not saved up', async () => {
    const pace = createChargePace(await newDatabase(), 20);
    expect((await pace.reserve()).waitMs).toBe(0);
    await delay(300);
    const [first, second] = [await pace.reserve(), await pace.reserve()];
    expect(first.waitMs).toBe(0);
    expect(second.at - first.at).toBeCloseTo(50 / share, 1);
  });

  it('are waited for', async () => {
    const pace = createChargePace(await newDatabase(), 5);
    const began = performance.now();
    await Promise.all([pace.turn(), pace.turn(), pace.turn()]);
    expect(performance.now() - began).toBeGreaterThan(395);
  });

  it('that are over, because the process stood still, are lost, and others are waited for one after the other', async () => {
    const pace = createChargePace(await newDatabase(), 10);
    const turns = await Promise.all([pace.turn(), pace.turn(), pace.turn()]);
    const began = performance.now();
    while (performance.now() - began < 700);
    const left: number[] = [];
    const confirm = async (turn: Turn): Promise<void> => {
      await turn.confirm();
      left.push(performance.now());
    };
    await Promise.all(turns.map(confirm));
    // A timer may come a moment early.
    expect(Math.min(...gaps(left))).toBeGreaterThan(1_000 / 10 - 2);
  });

  it('that have just come are not waited for again', async () => {
    const pace = createChargePace(await newDatabase(), 0.1);
    const began = performance.now();
    const turn = await pace.turn();
    await turn.confirm();
    await turn.confirm();
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  it('are refused, and none is taken, when the next is too far away to be waited for', async () => {
    const db = await newDatabase();
    const pace = createChargePace(db, 0.01);
    const record = () => collectionOf(db, chargePacesCollection).findOne({});
    await pace.reserve();
    const before = await record();
    const asked = await Promise.allSettled([pace.turn(), pace.turn(), pace.turn()]);
    for (const answer of asked)
      expect(answer).toMatchObject({ status: 'rejected', reason: { code: 'payment.pace_exceeded' } });
    const after = await record();
    expect(after?.nextAt).toBe(before?.nextAt);
    expect(chargePacesCollection.schema.safeParse(after).error).toBeUndefined();
  });
});

describe('a charge', () => {
  let orders = 0;
  const due = (token: string, change: Partial<CollectRequest> = {}): CollectRequest => {
    orders += 1;
    return {
      orderId: `ord_paced_${orders}`,
      amount: { amount: 4900, currency: 'EUR' },
      methods: [{ method: 'card', token }],
      round: 'renewal',
      ...{ offSession: true, customerId: `cus_paced_${orders}`, at },
      ...change,
    };
  };

  /** Payments in a world of their own, with a pace whose next turn is too far away. */
  async function openWorld() {
    const world = await openPayments(await newDatabase());
    closers.unshift(() => world.close());
    const full = createChargePace(await newDatabase(), 0.01);
    await full.turn();
    const paced = (pace: ChargePace, gateways = world.gateways()) => world.service(gateways, undefined, pace);
    return { world, full, paced };
  }

  it('off-session waits for its turn, whichever worker sends it', async () => {
    const { world, paced } = await openWorld();
    const db = await newDatabase();
    const requests = Array.from({ length: 6 }, () => due('tok_ok'));
    await Promise.all(requests.map((request) => paced(createChargePace(db, 10)).collect(request)));
    const booked = await Promise.all(requests.map(({ orderId }) => world.booked(orderId)));
    const arrived = booked.flat().flatMap(({ askedAt }) => askedAt.map((moment) => Date.parse(moment)));
    expect(arrived).toHaveLength(6);
    // Each arrives after its own turn, so the n-th of them after the n-th turn, however long any is under way.
    const next = (await collectionOf(db, chargePacesCollection).findOne({}))?.nextAt ?? Number.NaN;
    const early = arrived
      .toSorted((a, b) => a - b)
      .filter((moment, index) => moment < next - (6 - index) * (100 / share) - 2);
    expect(early).toEqual([]);
  });

  it('that cannot have its turn soon leaves nothing behind, and is made later', async () => {
    const { world, full, paced } = await openWorld();
    const request = due('tok_ok');
    await expect(paced(full).collect(request)).rejects.toMatchObject({ code: 'payment.pace_exceeded' });
    expect(await world.store.require(request.orderId)).toMatchObject({ attempts: [], status: 'none' });
    expect(await world.booked(request.orderId)).toEqual([]);
    expect(await world.service().collect(request)).toMatchObject({ kind: 'captured' });
    expect(await world.store.require(request.orderId)).toMatchObject({ attempts: [{ attempt: 1 }] });
  });

  it('leaves in the turn that it confirms right before, when everything else is done', async () => {
    const { world, paced } = await openWorld();
    const steps: string[] = [];
    const pace = createChargePace(await newDatabase(), 1_000);
    const listening: ChargePace = {
      async turn() {
        const turn = await pace.turn();
        steps.push('turn');
        return {
          async confirm() {
            steps.push(`confirmed with ${(await world.store.require(request.orderId)).attempts.length} written`);
            await turn.confirm();
          },
        };
      },
    };
    const { acquirer_a: real, ...others } = world.gateways();
    const noted: typeof real = {
      ...real,
      authorize: (charge) => {
        steps.push('sent');
        return real.authorize(charge);
      },
    };
    const request = due('tok_ok');
    await paced(listening, { ...others, acquirer_a: noted }).collect(request);
    expect(steps).toEqual(['turn', 'confirmed with 1 written', 'sent']);
  });

  it('that may not be made takes no turn', async () => {
    const { world, paced } = await openWorld();
    const request = due('tok_stolen');
    await world.service().collect(request);
    const pace = createChargePace(await newDatabase(), 0.01);
    expect(await paced(pace).collect({ ...request, round: 'retry 1' })).toMatchObject({ kind: 'refused' });
    await pace.turn();
  });

  it('of a customer who is there waits for nobody, at a checkout and after it', async () => {
    const { world, full, paced } = await openWorld();
    expect(await paced(full).take(world.charge('tok_ok'))).toMatchObject({ kind: 'captured' });
    expect(await paced(full).collect(due('tok_ok', { offSession: false }))).toMatchObject({ kind: 'captured' });
  });

  it('that a crash kept from leaving waits again, and leaves as it was meant, whoever asks for it', async () => {
    const { world, full, paced } = await openWorld();
    const request = due('tok_ok');
    const { acquirer_a: real, ...others } = world.gateways();
    const dying = { ...others, acquirer_a: { ...real, authorize: () => Promise.reject(new Crash()) } };
    await expect(world.service(dying).collect(request)).rejects.toBeInstanceOf(Crash);
    const byCustomer = { ...request, round: 'pay now', offSession: false };
    await expect(paced(full).collect(byCustomer)).rejects.toMatchObject({ code: 'payment.pace_exceeded' });
    const sent: unknown[] = [];
    const listening: typeof real = {
      ...real,
      authorize: (charge) => {
        sent.push(charge.offSession);
        return real.authorize(charge);
      },
    };
    const service = world.service({ ...others, acquirer_a: listening });
    expect(await service.collect(byCustomer)).toMatchObject({ kind: 'captured' });
    expect(sent).toEqual([true]);
    expect(await world.booked(request.orderId)).toMatchObject([{ captured: 4900, attempts: 1 }]);
  });

  it('that has arrived is looked up and captured without a turn', async () => {
    const { world, full, paced } = await openWorld();
    const request = due('tok_ok');
    const gateways = world.gateways();
    const dying = world.service({ ...gateways, acquirer_a: crashingAfter('authorize', gateways.acquirer_a) });
    await expect(dying.collect(request)).rejects.toBeInstanceOf(Crash);
    expect(await paced(full).collect(request)).toMatchObject({ kind: 'captured' });
    expect(await world.booked(request.orderId)).toMatchObject([{ captured: 4900, attempts: 1 }]);
  });
});
