import { describe, expect, it } from '@jest/globals';
import type { Journal } from '../support/order-activities.ts';
import { orderPlays } from '../support/order-plays.ts';

// Goal: an order follows a refund that the gateway keeps open without keeping what could be delivered from the customer.

const play = await orderPlays();

describe('the refund of a line that the gateway does not settle at once', () => {
  const undeliverable = (answers: readonly ('pending' | 'succeeded' | 'failed')[]) => (journal: Journal) => ({
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
    refundLine: async () => {
      journal.push('refundLine');
      const asked = journal.filter((entry) => entry === 'refundLine').length;
      return answers[Math.min(asked, answers.length) - 1] ?? 'succeeded';
    },
  });

  it('does not keep the order open for the customer, and is recorded only when it is settled', async () => {
    const { outcome, journal } = await play(undeliverable(['pending', 'pending', 'succeeded']));
    expect(outcome).toMatchObject({ status: 'completed', reason: null, refundedLines: ['1'] });
    const order = ['refundLine', 'event:line_refund_pending/1', 'event:completed', 'recordLineRefund:1'];
    expect(journal.filter((entry, index) => order.includes(entry) && journal.indexOf(entry) === index)).toEqual(order);
    expect(journal.filter((entry) => entry === 'refundLine')).toHaveLength(3);
  });

  it('that fails later leaves the order completed, and a person has to look', async () => {
    const { outcome, journal } = await play(undeliverable(['pending', 'failed']));
    expect(outcome).toMatchObject({ status: 'completed', reason: 'payment.refund_failed', refundedLines: [] });
    expect(journal).toContain('recordLineRefundFailed:1:payment.refund_failed');
    expect(journal).not.toContain('recordLineRefund:1');
  });

  it('that is never settled stays open, and a person has to look', async () => {
    const { outcome, journal } = await play(undeliverable(['pending']));
    expect(outcome).toMatchObject({ status: 'completed', reason: 'payment.refund_pending' });
    expect(journal).toContain('event:line_refund_failed/1');
    expect(journal.some((entry) => entry.startsWith('recordLineRefundFailed'))).toBe(false);
  });

  it('that fails at once ends in needs_attention: the customer is neither served nor paid back', async () => {
    const { outcome, journal } = await play(undeliverable(['failed']));
    expect(outcome).toMatchObject({ status: 'needs_attention', reason: 'payment.refund_failed' });
    expect(journal).toContain('event:needs_attention');
  });
});
