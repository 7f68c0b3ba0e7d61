import { describe, expect, it } from '@jest/globals';
import type { Journal } from '../support/journal.ts';
import { orderPlays } from '../support/order-plays.ts';
import { refundSteps } from '../support/refund-steps.ts';

// Goal: an order follows a refund that the gateway keeps open without keeping what could be delivered from the customer.

const play = await orderPlays();

describe('the refund of a line that the gateway does not settle at once', () => {
  const undeliverable = (answers: Parameters<typeof refundSteps>[1]) => (journal: Journal) => ({
    fulfilFromStock: async () => ({ completed: false, impossible: [{ line: '1', reason: 'license_pool_empty' }] }),
    prepareOrder: async () => ({
      kind: 'ready' as const,
      screening: 'accept' as const,
      checkBusinessTaxId: false,
      total: '49.00 EUR',
      deliveries: [
        { line: '1', method: 'license', byPartner: false },
        { line: '2', method: 'license', byPartner: false },
      ],
    }),
    ...refundSteps(journal, answers),
  });

  it('does not keep the order open for the customer, and counts only when it is settled', async () => {
    const { outcome, journal } = await play(undeliverable(['pending', 'pending', 'paid_back']));
    expect(outcome).toMatchObject({ status: 'completed', reason: null, refundedLines: ['1'] });
    const order = ['payRefundBack', 'event:line_refund_pending/1', 'event:completed', 'settleRefund'];
    expect(journal.filter((entry, index) => order.includes(entry) && journal.indexOf(entry) === index)).toEqual(order);
    expect(journal.filter((entry) => entry === 'payRefundBack')).toHaveLength(3);
  });

  it('that fails later leaves the order completed, and a person has to look', async () => {
    const { outcome, journal } = await play(undeliverable(['pending', 'refused']));
    expect(outcome).toMatchObject({ status: 'completed', reason: 'payment.refund_failed', refundedLines: [] });
    expect(journal).toContain('event:line_refund_failed/1');
    expect(journal).not.toContain('settleRefund');
  });

  it('that is never settled stays open, and a person has to look', async () => {
    const { outcome, journal } = await play(undeliverable(['pending']));
    expect(outcome).toMatchObject({ status: 'completed', reason: 'payment.refund_pending' });
    expect(journal).toContain('event:line_refund_failed/1');
    expect(journal).toContain('note:needs_attention:payment.refund_pending');
  });

  it('that fails at once ends in needs_attention: the customer is neither served nor paid back', async () => {
    const { outcome, journal } = await play(undeliverable(['refused']));
    expect(outcome).toMatchObject({ status: 'needs_attention', reason: 'payment.refund_failed' });
    expect(journal).toContain('event:needs_attention');
  });
});
