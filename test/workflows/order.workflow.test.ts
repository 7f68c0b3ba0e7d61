import { describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/activity';
import { WorkflowUpdateFailedError } from '@temporalio/client';
import type { PaymentOutcome } from '../../domain/payment/payment-outcome.ts';
import {
  cancelOrderUpdate,
  orderStateQuery,
  paymentChangedSignal,
  reviewOrderUpdate,
} from '../../workflows/order/order.contract.ts';
import { orderPlays } from '../support/order-plays.ts';
import type { OrderHandle } from '../support/order-plays.ts';

// Goal: every branch of the story, every deadline and every undo. Method: the real workflow bundle on the time-skipping
// server, with activities whose answers the test chooses.

const play = await orderPlays();

async function until(handle: OrderHandle, waitingFor: string): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if ((await handle.query(orderStateQuery)).waitingFor === waitingFor) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`the order never waited for ${waitingFor}`);
}

const outcomes = (...answers: PaymentOutcome[]) => {
  let call = 0;
  return async () => answers[Math.min(call++, answers.length - 1)] ?? { kind: 'unknown' as const };
};
const captured: PaymentOutcome = { kind: 'captured', gateway: 'acquirer_a' };
const review = async () => ({
  kind: 'ready' as const,
  screening: 'review' as const,
  checkBusinessTaxId: false,
  total: '49.00 EUR',
  deliveries: [{ line: '1', method: 'license', byPartner: false }],
});

describe('an order that goes well', () => {
  it('is prepared, paid, booked, delivered and told, in that order', async () => {
    const { outcome, journal } = await play({});
    expect(outcome).toMatchObject({ status: 'completed', reason: null, refundedLines: [] });
    expect(journal).toEqual(['prepareOrder', 'takePayment', 'fulfilFromStock', 'sendMessages']);
  });

  it('asks about a business tax id before it takes the payment', async () => {
    const ready = {
      kind: 'ready',
      screening: 'accept',
      checkBusinessTaxId: true,
      total: '49.00 EUR',
      deliveries: [],
    } as const;
    const { journal } = await play({ prepareOrder: async () => ready });
    expect(journal.slice(0, 3)).toEqual(['checkBusinessTaxId', 'settleOrderTax:confirmed', 'takePayment']);
  });

  it('charges the tax when the register cannot be asked', async () => {
    const ready = {
      kind: 'ready',
      screening: 'accept',
      checkBusinessTaxId: true,
      total: '49.00 EUR',
      deliveries: [],
    } as const;
    const { journal } = await play({
      prepareOrder: async () => ready,
      checkBusinessTaxId: async () => {
        throw ApplicationFailure.nonRetryable('away', 'tax.checker_unavailable');
      },
    });
    expect(journal).toContain('settleOrderTax:unavailable');
  });
});

describe('refusals', () => {
  it('ends rejected when the checks refuse it, without touching money', async () => {
    const { outcome, journal } = await play({
      prepareOrder: async () => ({ kind: 'rejected', reason: 'mail.disposable' }),
    });
    expect(outcome).toMatchObject({ status: 'rejected', reason: 'mail.disposable' });
    expect(journal).toEqual(['event:rejected', 'sendMessages']);
  });

  it('ends failed with the decline code when the payment is declined', async () => {
    const { outcome, journal } = await play({
      takePayment: outcomes({ kind: 'declined', declineClass: 'soft_funds', declineCode: 'insufficient_funds' }),
    });
    expect(outcome).toMatchObject({ status: 'failed', reason: 'insufficient_funds' });
    expect(journal).not.toContain('fulfilFromStock');
  });
});

describe('review by a person', () => {
  it('goes on when approved', async () => {
    const { outcome } = await play({ prepareOrder: review }, async (handle) => {
      await until(handle, 'review');
      await expect(
        handle.executeUpdate(reviewOrderUpdate, { args: [{ decision: 'approve', by: 'usr_1' }] }),
      ).resolves.toBeDefined();
    });
    expect(outcome.status).toBe('completed');
  });

  it('ends rejected when refused', async () => {
    const { outcome, journal } = await play({ prepareOrder: review }, async (handle) => {
      await until(handle, 'review');
      await expect(
        handle.executeUpdate(reviewOrderUpdate, { args: [{ decision: 'reject', by: 'usr_1' }] }),
      ).resolves.toEqual({ status: 'rejected' });
    });
    expect(outcome).toMatchObject({ status: 'rejected', reason: 'review.rejected' });
    expect(journal).not.toContain('takePayment');
  });

  it('ends rejected after three days without a decision', async () => {
    const { outcome } = await play({ prepareOrder: review });
    expect(outcome).toMatchObject({ status: 'rejected', reason: 'review.deadline' });
  });

  it('is refused when nobody waits for it', async () => {
    await play({ takePayment: outcomes({ kind: 'waiting', reason: 'pending' }, captured) }, async (handle) => {
      await until(handle, 'customer_payment');
      const decided = handle.executeUpdate(reviewOrderUpdate, { args: [{ decision: 'approve', by: 'usr_1' }] });
      await expect(decided).rejects.toThrow(WorkflowUpdateFailedError);
    });
  });

  it('captures only after approval when the gateway raised risk signals', async () => {
    const { outcome, journal } = await play(
      { takePayment: outcomes({ kind: 'authorized', riskSignals: ['proxy'] }) },
      async (handle) => {
        await until(handle, 'review');
        await handle.executeUpdate(reviewOrderUpdate, { args: [{ decision: 'approve', by: 'usr_1' }] });
      },
    );
    expect(outcome.status).toBe('completed');
    expect(journal).toEqual(
      expect.arrayContaining([
        'event:payment_review_requested',
        'event:payment_review_approved',
        'capturePayment',
        'fulfilFromStock',
      ]),
    );
  });

  it('voids the authorisation when the review of risk signals runs out', async () => {
    const { outcome, journal } = await play({ takePayment: outcomes({ kind: 'authorized', riskSignals: ['proxy'] }) });
    expect(outcome).toMatchObject({ status: 'rejected', reason: 'review.deadline' });
    expect(journal).toContain('voidPayment');
    expect(journal).not.toContain('capturePayment');
  });
});

describe('a payment that needs somebody else', () => {
  it('goes on when a notice says that something moved', async () => {
    const { outcome } = await play(
      { takePayment: outcomes({ kind: 'waiting', reason: 'action_required' }, captured) },
      async (handle) => {
        await until(handle, 'customer_payment');
        await handle.signal(paymentChangedSignal);
      },
    );
    expect(outcome.status).toBe('completed');
  });

  it('goes on without a notice, because it asks by itself', async () => {
    const { outcome } = await play({
      takePayment: outcomes({ kind: 'waiting', reason: 'pending' }, { kind: 'waiting', reason: 'pending' }, captured),
    });
    expect(outcome.status).toBe('completed');
  });

  it('voids and ends failed when the voucher is never paid', async () => {
    const { outcome, journal } = await play({ takePayment: outcomes({ kind: 'waiting', reason: 'pending' }) });
    expect(outcome).toMatchObject({ status: 'failed', reason: 'payment.expired' });
    expect(journal).toContain('voidPayment');
  });

  it('delivers when the void comes too late because the customer paid in the last moment', async () => {
    const { outcome, journal } = await play({
      takePayment: outcomes({ kind: 'waiting', reason: 'pending' }),
      voidPayment: async () => captured,
    });
    expect(outcome.status).toBe('completed');
    expect(journal).toContain('fulfilFromStock');
  });
});

describe('an unknown outcome', () => {
  const lost = async (): Promise<never> => {
    throw ApplicationFailure.nonRetryable('no answer', 'payment.outcome_unknown');
  };

  it('is looked up, and the sale goes on when it was captured', async () => {
    const { outcome, journal } = await play({
      takePayment: lost,
      lookUpPayment: outcomes({ kind: 'unknown' }, captured),
    });
    expect(outcome.status).toBe('completed');
    expect(journal.filter((entry) => entry === 'fulfilFromStock')).toHaveLength(1);
  });

  it('needs a person when nobody can say, and never charges again', async () => {
    const { outcome, journal } = await play({ takePayment: lost, voidPayment: async () => ({ kind: 'unknown' }) });
    expect(outcome).toMatchObject({
      status: 'needs_attention',
      reason: 'payment.outcome_unknown; the payment could not be voided',
    });
    expect(journal).not.toContain('capturePayment');
  });
});

describe('cancel', () => {
  it('voids a waiting payment and ends cancelled', async () => {
    const { outcome, journal } = await play(
      { takePayment: outcomes({ kind: 'waiting', reason: 'pending' }) },
      async (handle) => {
        await until(handle, 'customer_payment');
        await expect(handle.executeUpdate(cancelOrderUpdate, { args: [{ requestedBy: 'customer' }] })).resolves.toEqual(
          { status: 'cancelled' },
        );
      },
    );
    expect(outcome.status).toBe('cancelled');
    expect(journal).toContain('voidPayment');
  });

  it('ends a review', async () => {
    const { outcome } = await play({ prepareOrder: review }, async (handle) => {
      await until(handle, 'review');
      await expect(handle.executeUpdate(cancelOrderUpdate, { args: [{ requestedBy: 'customer' }] })).resolves.toEqual({
        status: 'cancelled',
      });
    });
    expect(outcome.status).toBe('cancelled');
  });

  it('is refused when the void finds the money captured', async () => {
    const { outcome } = await play(
      { takePayment: outcomes({ kind: 'waiting', reason: 'pending' }), voidPayment: async () => captured },
      async (handle) => {
        await until(handle, 'customer_payment');
        await expect(handle.executeUpdate(cancelOrderUpdate, { args: [{ requestedBy: 'customer' }] })).rejects.toThrow(
          WorkflowUpdateFailedError,
        );
      },
    );
    expect(outcome.status).toBe('completed');
  });

  it('from the operator (a cancelled workflow) lets go of the money first', async () => {
    const { outcome, journal } = await play(
      { takePayment: outcomes({ kind: 'waiting', reason: 'pending' }) },
      async (handle) => {
        await until(handle, 'customer_payment');
        await handle.cancel();
      },
    );
    expect(outcome.status).toBe('cancelled');
    expect(journal).toContain('voidPayment');
  });
});

describe('delivery', () => {
  const twoLines = async () => ({
    kind: 'ready' as const,
    screening: 'accept' as const,
    checkBusinessTaxId: false,
    total: '49.00 EUR',
    deliveries: [
      { line: '1', method: 'license', byPartner: false },
      { line: '2', method: 'account', byPartner: true },
    ],
  });

  const rest = async () => ({ completed: false, impossible: [] });
  const emptyPool = async () => ({ completed: false, impossible: [{ line: '1', reason: 'license_pool_empty' }] });

  it('pays back the line that can never be delivered and keeps what worked', async () => {
    const { outcome, journal } = await play({
      prepareOrder: twoLines,
      fulfilFromStock: emptyPool,
    });
    expect(outcome).toMatchObject({ status: 'completed', refundedLines: ['1'] });
    expect(journal).toEqual(
      expect.arrayContaining([
        'event:line_undeliverable/1',
        'requestLineRefund:1',
        'payRefundBack',
        'settleRefund',
        'deliver:2/account',
        'event:completed',
      ]),
    );
  });

  it('says so when nothing could be delivered', async () => {
    const { outcome, journal } = await play({
      fulfilFromStock: emptyPool,
    });
    expect(outcome).toMatchObject({
      status: 'completed',
      refundedLines: ['1'],
      reason: 'delivery.nothing_deliverable',
    });
    expect(journal).toContain('event:completed_undelivered');
  });

  it('tells the customer when a partner takes long, and again when it arrives', async () => {
    let tries = 0;
    const { outcome, journal } = await play({
      prepareOrder: twoLines,
      fulfilFromStock: rest,
      deliverByPartner: async () => {
        tries += 1;
        if (tries < 9) throw ApplicationFailure.retryable('away', 'delivery.account_host_unavailable');
        return { kind: 'delivered' };
      },
    });
    expect(outcome.status).toBe('completed');
    expect(journal).toEqual(expect.arrayContaining(['event:delivery_delayed', 'event:completed_late']));
    expect(journal).not.toContain('event:completed');
  });

  it('gives the money back when the partner is away for a week', async () => {
    const { outcome, journal } = await play({
      prepareOrder: twoLines,
      fulfilFromStock: rest,
      deliverByPartner: async () => {
        throw ApplicationFailure.retryable('away', 'delivery.account_host_unavailable');
      },
    });
    expect(outcome).toMatchObject({ status: 'completed', refundedLines: ['2'] });
    expect(journal).toContain('requestLineRefund:2');
  });
});
