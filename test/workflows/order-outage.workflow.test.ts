import { describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/activity';
import type { Activities } from '../../activities/index.ts';
import { cancelOrderUpdate, orderStateQuery } from '../../workflows/order/order.contract.ts';
import { orderPlays } from '../support/order-plays.ts';

// Goal: what an order does while every gateway is away.

const play = await orderPlays();

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
