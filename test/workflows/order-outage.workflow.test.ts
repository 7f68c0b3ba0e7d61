import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/activity';
import type { WorkflowHandle } from '@temporalio/client';
import type { Activities } from '../../activities/index.ts';
import { orderWorkflow } from '../../workflows/index.ts';
import { cancelOrderUpdate, orderStateQuery, orderWorkflowId } from '../../workflows/order/order.contract.ts';
import type { OrderOutcome } from '../../workflows/order/order.contract.ts';
import { orderActivities } from '../support/order-activities.ts';
import type { Journal } from '../support/order-activities.ts';
import { openTimeSkipping } from '../support/time-skipping.ts';
import type { TimeSkipping } from '../support/time-skipping.ts';

// Goal: what an order does while every gateway is away.

let temporal: TimeSkipping;
let orders = 0;

beforeAll(async () => {
  temporal = await openTimeSkipping();
});
afterAll(() => temporal.close());

async function play(
  overrides: Partial<Activities>,
  during: (handle: WorkflowHandle<typeof orderWorkflow>) => Promise<void> = () => Promise.resolve(),
): Promise<{ outcome: OrderOutcome; journal: Journal }> {
  const journal: Journal = [];
  orders += 1;
  const orderId = `ord_outage_${orders}`;
  return temporal.run(orderActivities(journal, overrides), async (taskQueue) => {
    const handle = await temporal.env.client.workflow.start(orderWorkflow, {
      taskQueue,
      workflowId: orderWorkflowId(orderId),
      args: [{ orderId }],
    });
    await during(handle);
    return { outcome: await handle.result(), journal };
  });
}

/** Away for so many calls, as the payment service says it: surely nothing was done. */
function awayFor(calls: number): Activities['takePayment'] {
  let left = calls;
  return () => {
    left -= 1;
    if (left >= 0)
      throw ApplicationFailure.create({ type: 'payment.gateway_unavailable', nonRetryable: true, message: 'away' });
    return Promise.resolve({ kind: 'captured', gateway: 'acquirer_b' });
  };
}

describe('an order while every gateway is away', () => {
  it('tries again later and goes on when one is back', async () => {
    const { outcome, journal } = await play({ takePayment: awayFor(3) });
    expect(outcome).toMatchObject({ status: 'completed', reason: null });
    expect(journal).toContain('event:payment_delayed');
    expect(journal).not.toContain('voidPayment');
  });

  it('asks a person when none comes back', async () => {
    const { outcome, journal } = await play({ takePayment: awayFor(1_000) });
    expect(outcome).toMatchObject({ status: 'needs_attention', reason: 'payment.gateway_unavailable' });
    expect(journal).toContain('voidPayment');
  });

  it('is cancelled while it waits', async () => {
    const { outcome, journal } = await play({ takePayment: awayFor(1_000) }, async (handle) => {
      while ((await handle.query(orderStateQuery)).waitingFor !== 'gateway')
        await new Promise((resolve) => setTimeout(resolve, 25));
      await handle.executeUpdate(cancelOrderUpdate, { args: [{ requestedBy: 'customer' }] });
    });
    expect(outcome.status).toBe('cancelled');
    expect(journal).toContain('voidPayment');
  });
});
