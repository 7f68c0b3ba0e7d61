import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { WorkflowHandle } from '@temporalio/client';
import { createRefundActivities } from '../../activities/refund.activities.ts';
import type { Activities } from '../../activities/index.ts';
import { facts } from '../../domain/idempotency.ts';
import type { Refund } from '../../domain/refund/refund.ts';
import { createOrderRefunds } from '../../services/refund/order-refunds.ts';
import type { RefundRequest } from '../../services/refund/refund-request.ts';
import { refundWorkflow } from '../../workflows/index.ts';
import { refundMovedSignal, refundStateQuery, refundWorkflowId } from '../../workflows/refund/refund.contract.ts';
import type { RefundStep } from '../../workflows/refund/refund.contract.ts';
import { openRefunds } from '../services/refund/refund-fixture.ts';
import type { RefundsUnderTest } from '../services/refund/refund-fixture.ts';
import { openTestDatabase } from '../support/mongo.ts';
import { openTimeSkipping } from '../support/time-skipping.ts';
import type { TimeSkipping } from '../support/time-skipping.ts';

// Goal: every wait of a refund has an end with a name: for people, for an appeal, for a gateway that is slow to say, for
// a bank that returns the money weeks later. Method: the real workflow on the time-skipping server over the real services
// on a real database; money moves at the sandbox.

let temporal: TimeSkipping;
let database: Awaited<ReturnType<typeof openTestDatabase>>;
let shop: RefundsUnderTest;
let mails: string[] = [];
let refundsMade = 0;

beforeAll(async () => {
  [temporal, database] = await Promise.all([openTimeSkipping(), openTestDatabase()]);
  shop = await openRefunds(database.db);
  await shop.sell('editor', 11_900);
  await shop.sell('server', 600_000);
});
afterAll(async () => {
  await shop.close();
  await database.close();
  await temporal.close();
});

type Handle = WorkflowHandle<typeof refundWorkflow>;

interface Play {
  readonly handle: Handle;
  readonly refundId: string;
  /** Lets time pass, in days. */
  readonly pass: (days: number) => Promise<void>;
  readonly now: () => Promise<string>;
  readonly record: () => Promise<Refund>;
  /** Waits until the workflow is there. */
  readonly reaches: (step: RefundStep) => Promise<void>;
}

const businessBuyer = {
  customer: {
    ...{ email: 'b@example.com', name: 'B Ltd', country: 'DE', ipCountry: 'DE', cardCountry: 'DE' },
    type: 'business',
  },
};

/** None of these orders has a subscription that a withdrawal could end. */
const refundActivities = () =>
  createRefundActivities({
    refunds: shop.refunds,
    orderRefunds: createOrderRefunds(shop),
    endWithdrawnSubscriptions: () => Promise.resolve(),
  });

/** Pays an order, asks for a refund, starts its workflow; the test acts while it runs. */
async function play(
  given: {
    readonly price?: string;
    readonly request?: Partial<RefundRequest>;
    readonly order?: object;
    readonly faults?: Partial<Activities>;
  },
  during: (play: Play) => Promise<void> = () => Promise.resolve(),
) {
  const { price = 'editor', request = {}, order = {}, faults = {} } = given;
  refundsMade += 1;
  const refundId = `rfd_play_${refundsMade}`;
  const now = async () => new Date(await temporal.env.currentTimeMs()).toISOString();
  const { id: orderId } = await shop.paidOrder([{ price, quantity: 1 }], order, await now());
  const asked = { order: orderId, reason: 'I did not want it', requestedBy: 'merchant', ...request } as const;
  await shop.refunds.requestRefund(asked, { refundId, at: await now() });
  mails = [];
  const activities: Partial<Activities> = {
    ...refundActivities(),
    sendMessages: async () => {
      const told = await shop.messages.listByOrder(orderId);
      mails = told.map(({ template }) => template).filter((template) => template.startsWith('refund_'));
    },
    ...faults,
  };
  return temporal.run(activities, async (taskQueue) => {
    const handle = await temporal.env.client.workflow.start(refundWorkflow, {
      taskQueue,
      workflowId: refundWorkflowId(refundId),
      args: [{ refundId, orderId }],
    });
    await during({
      ...{ handle, refundId, now },
      pass: (days) => temporal.env.sleep(days * 86_400_000),
      record: () => shop.refunds.get(refundId),
      reaches: async (step) => {
        while ((await handle.query(refundStateQuery)).step !== step) await new Promise((go) => setTimeout(go, 20));
      },
    });
    return { outcome: await handle.result(), refund: await shop.refunds.get(refundId), orderId };
  });
}

describe('a refund that nobody has to agree to', () => {
  it('goes back at once, tells the customer once, and is watched until no bank returns refunds any more', async () => {
    const start = await temporal.env.currentTimeMs();
    const { outcome, refund, orderId } = await play({});
    expect(outcome).toMatchObject({ outcome: 'given_back', reason: null });
    expect(refund).toMatchObject({ status: 'succeeded', amount: 11_900 });
    expect(mails).toEqual(['refund_done']);
    expect((await shop.store.require(orderId)).refundStatus).toBe('full');
    const days = ((await temporal.env.currentTimeMs()) - start) / 86_400_000;
    expect(days).toBeGreaterThanOrEqual(60);
  });

  it('may be taken back as long as no money has moved', async () => {
    const { outcome, refund, orderId } = await play({ price: 'server' }, async ({ reaches, refundId, now, handle }) => {
      await reaches('awaiting_person');
      await shop.refunds.cancel(refundId, await now());
      await handle.signal(refundMovedSignal);
    });
    expect(outcome).toMatchObject({ outcome: 'not_granted' });
    expect(refund.status).toBe('cancelled');
    expect(await shop.store.require(orderId)).toMatchObject({
      refundStatus: 'none',
      refunds: [{ status: 'cancelled' }],
    });
  });
});

describe('a refund that people have to agree to', () => {
  it('waits for one person, and goes back when that person agrees', async () => {
    const { outcome, refund } = await play({ price: 'server' }, async ({ reaches, refundId, now, handle, record }) => {
      await reaches('awaiting_person');
      expect(await record()).toMatchObject({ status: 'awaiting_approval', approvalsNeeded: 1 });
      await shop.refunds.approve(refundId, { by: 'ops_1', note: '' }, await now());
      await handle.signal(refundMovedSignal);
    });
    expect(outcome.outcome).toBe('given_back');
    expect(refund.votes).toMatchObject([{ by: 'ops_1', decision: 'approve' }]);
  });

  it('waits for two different people above an amount', async () => {
    const order = { lines: [{ price: 'server', quantity: 2 }] };
    const { outcome, refund } = await play({ price: 'server', order }, async ({ reaches, refundId, now, handle }) => {
      await reaches('awaiting_person');
      await shop.refunds.approve(refundId, { by: 'ops_1', note: '' }, await now());
      await handle.signal(refundMovedSignal);
      const again = shop.refunds.approve(refundId, { by: 'ops_1', note: '' }, await now());
      await expect(again).rejects.toMatchObject({ code: 'refund.same_person' });
      expect((await shop.refunds.get(refundId)).status).toBe('awaiting_approval');
      await shop.refunds.approve(refundId, { by: 'ops_2', note: '' }, await now());
      await handle.signal(refundMovedSignal);
    });
    expect(outcome.outcome).toBe('given_back');
    expect(refund.approvalsNeeded).toBe(2);
  });

  it('reminds after a day, and is refused at the deadline when nobody has decided', async () => {
    const { outcome, refund, orderId } = await play({ price: 'server' }, async ({ reaches, pass, record }) => {
      await reaches('awaiting_person');
      expect((await record()).escalatedAt).toBeNull();
      await pass(1.1);
      expect((await record()).escalatedAt).not.toBeNull();
      await pass(3);
    });
    expect(outcome).toMatchObject({ outcome: 'not_granted' });
    expect(refund).toMatchObject({ status: 'refused', statusReason: 'approval_deadline', appealUntil: null });
    expect(refund.timeline.map(({ event }) => event)).toContain('escalated');
    expect((await shop.store.require(orderId)).refunds).toMatchObject([{ status: 'cancelled' }]);
  });

  it('goes back at the deadline when the law grants it: nobody loses a right because nobody looked', async () => {
    const request = { requestedBy: 'customer' } as const;
    const { outcome, refund } = await play({ price: 'server', request }, async ({ reaches, pass }) => {
      await reaches('awaiting_person');
      await pass(5);
    });
    expect(refund.judgement?.kind).toBe('granted');
    expect(outcome.outcome).toBe('given_back');
    expect(mails).toEqual(['refund_requested', 'refund_approved', 'refund_done']);
  });
});

describe('a refund that the rules refuse', () => {
  const refused = { order: businessBuyer, request: { requestedBy: 'customer' } } as const;

  it('frees what it held, says by which rule, and ends when nobody appeals', async () => {
    const { outcome, refund, orderId } = await play(refused);
    expect(outcome).toMatchObject({ outcome: 'not_granted' });
    expect(refund).toMatchObject({ status: 'refused', judgement: { kind: 'refused' } });
    expect(mails).toEqual(['refund_refused']);
    expect((await shop.store.require(orderId)).refundStatus).toBe('none');
  });

  it('is looked at by a person when the customer appeals, and goes back when that person agrees', async () => {
    const { outcome, refund } = await play(refused, async ({ reaches, pass, refundId, now, handle }) => {
      await reaches('awaiting_appeal');
      await pass(20);
      await shop.refunds.appeal(refundId, 'It never started', await now());
      await handle.signal(refundMovedSignal);
      await reaches('awaiting_person');
      await shop.refunds.approve(refundId, { by: 'ops_1', note: 'Right' }, await now());
      await handle.signal(refundMovedSignal);
    });
    expect(outcome.outcome).toBe('given_back');
    expect(refund.appeal?.comment).toBe('It never started');
    expect(mails).toEqual(['refund_refused', 'refund_requested', 'refund_approved', 'refund_done']);
  });

  it('may be appealed once: a second refusal is final, and too late is too late', async () => {
    const { refund } = await play(refused, async ({ reaches, refundId, now, handle }) => {
      await reaches('awaiting_appeal');
      await shop.refunds.appeal(refundId, 'Please', await now());
      await handle.signal(refundMovedSignal);
      await shop.refunds.reject(refundId, { by: 'ops_1', note: '' }, await now());
      await handle.signal(refundMovedSignal);
    });
    expect(refund).toMatchObject({ status: 'refused', appealUntil: null });
    const late = shop.refunds.appeal(refund.id, 'Please', new Date(await temporal.env.currentTimeMs()).toISOString());
    await expect(late).rejects.toMatchObject({ code: 'refund.not_waiting' });
  });
});

describe('money that does not arrive', () => {
  it('returned by the bank three weeks later is owed again: the credit note stands, its payment is undone and told', async () => {
    const { outcome, refund, orderId } = await play({}, async ({ reaches, pass, refundId, now, handle, record }) => {
      await reaches('watching');
      await pass(20);
      const { orderId } = await record();
      const [payment] = await shop.world.booked(orderId);
      const [given] = await shop.world.refundsOf(payment?.id ?? '');
      await shop.world.act(`/refunds/${given?.id}/fail`);
      await handle.signal(refundMovedSignal);
      await reaches('awaiting_other_means');
      expect(await record()).toMatchObject({ status: 'awaiting_other_means', statusReason: 'payment.refund_failed' });
      expect(await shop.store.require(orderId)).toMatchObject({
        refundStatus: 'none',
        refunds: [{ status: 'pending' }],
      });
      expect(mails).toEqual(['refund_done', 'refund_reversed']);
      const choice = { means: 'bank_transfer', by: 'ops_1', reference: 'SEPA 17' } as const;
      await shop.refunds.payOtherwise(refundId, choice, await now());
      await handle.signal(refundMovedSignal);
    });
    expect(outcome.outcome).toBe('given_back');
    expect(refund).toMatchObject({ status: 'succeeded', otherwise: { means: 'bank_transfer' } });
    expect((await shop.store.require(orderId)).refundStatus).toBe('full');
    expect((await shop.invoices.listByOrder(orderId)).filter(({ kind }) => kind === 'credit_note')).toHaveLength(1);
    expect(await shop.ledger.find(facts.refundReturned(orderId, refund.id))).not.toBeNull();
    expect(await shop.ledger.find(facts.refundOtherwise(orderId, refund.id))).not.toBeNull();
    expect(await shop.ledger.sums()).toEqual([{ currency: 'EUR', sum: 0 }]);
  });

  it('is found by asking, too, when no notice comes', async () => {
    const { refund } = await play({}, async ({ reaches, pass, record, refundId, now, handle }) => {
      await reaches('watching');
      await pass(12);
      const { orderId } = await record();
      const [payment] = await shop.world.booked(orderId);
      const [given] = await shop.world.refundsOf(payment?.id ?? '');
      await shop.world.act(`/refunds/${given?.id}/fail`);
      await pass(10);
      await reaches('awaiting_other_means');
      await shop.refunds.payOtherwise(refundId, { means: 'store_credit', by: 'ops_1', reference: null }, await now());
      await handle.signal(refundMovedSignal);
    });
    expect(refund).toMatchObject({ status: 'succeeded', otherwise: { means: 'store_credit' } });
    expect(await shop.storeCredit.balance(refund.creditHolder, 'EUR')).toBe(11_900);
  });

  it('that the gateway refuses ends as not given back when nobody chooses another way, and is free again', async () => {
    const faults = { payRefundBack: async () => ({ kind: 'refused' as const }) };
    const approve = refundActivities();
    let first = true;
    const { outcome, refund, orderId } = await play({
      faults: {
        payRefundBack: async (step) => {
          // The record says that the gateway was asked; the gateway says no.
          if (first) await approve.payRefundBack(step).catch(() => undefined);
          first = false;
          return faults.payRefundBack();
        },
      },
    });
    expect(outcome.outcome).toBe('not_given_back');
    expect(refund).toMatchObject({ status: 'failed', statusReason: 'other_means_deadline' });
    expect(mails).toEqual(['refund_failed']);
    expect((await shop.store.require(orderId)).refunds).toMatchObject([{ status: 'failed' }]);
  });

  it('whose outcome nobody knows is asked for, and settles when the gateway says so', async () => {
    const real = refundActivities();
    let asked = 0;
    const { outcome, refund } = await play({
      faults: {
        payRefundBack: async (step) => {
          asked += 1;
          return asked < 4 ? { kind: 'pending' } : real.payRefundBack(step);
        },
      },
    });
    expect(asked).toBe(4);
    expect(outcome.outcome).toBe('given_back');
    expect(refund.timeline.map(({ event }) => event)).toContain('pending_at_gateway');
  });
});
