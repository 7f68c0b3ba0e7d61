import { describe, expect, it } from '@jest/globals';
import type { OrderRefund } from '../../../domain/order/order.ts';
import { correctedParts } from '../../../domain/usage/usage-correction.ts';
import { perUnit, usageOrder, usageOf } from './usage-orders.ts';

const refund = (gross: number, status: OrderRefund['status'] = 'succeeded'): OrderRefund => ({
  ...{ id: 'rfd_1', lines: ['1'], amount: gross, reason: 'goodwill', status, creditNote: null },
  parts: [{ line: '1', quantity: 0, gross }],
});
const order = usageOrder([{ amount: 1_000, taxBehavior: 'exclusive' }]);
/** 100 units at 10 were billed, and 40 were used. */
const used = usageOf({ scheme: perUnit(10), quantity: 40, billedBefore: 100 });

describe('usage that an order billed and a correction took back', () => {
  it('goes back as its part of the line, with the tax that was charged on it', () => {
    expect(correctedParts(order, [used])).toEqual([{ line: '1', quantity: 0, gross: 600 + 114 }]);
  });

  it('goes back less its part of the discount that the line had', () => {
    const discounted = usageOrder([{ amount: 750, discount: 250, taxBehavior: 'inclusive' }]);
    expect(correctedParts(discounted, [used])).toEqual([{ line: '1', quantity: 0, gross: 450 }]);
  });

  it('is rated in the tiers of its own period', () => {
    const tiers = [
      { upTo: 50, unitAmount: 16, flatAmount: 0 },
      { upTo: null, unitAmount: 4, flatAmount: 0 },
    ];
    const graduated = { ...used, scheme: { type: 'graduated', tiers } } as const;
    expect(correctedParts(order, [graduated])).toEqual([
      { line: '1', quantity: 0, gross: Math.round(1_190 * ((1_000 - 640) / 1_000)) },
    ]);
  });

  it('is all of the line when nothing was used', () => {
    expect(correctedParts(order, [{ ...used, quantity: 0 }])).toEqual([{ line: '1', quantity: 0, gross: 1_190 }]);
  });

  it('is never more than refunds have left of the line', () => {
    expect(correctedParts({ ...order, refunds: [refund(1_000)] }, [used])).toEqual([
      { line: '1', quantity: 0, gross: 190 },
    ]);
    expect(correctedParts({ ...order, refunds: [refund(1_190, 'pending')] }, [used])).toEqual([]);
    expect(correctedParts({ ...order, refunds: [refund(1_190, 'failed')] }, [used])).toHaveLength(1);
  });

  it('goes back of the components of a bundle by what each of them cost', () => {
    const bundled = usageOrder([{ amount: 333 }, { amount: 667 }], ['1.1', '1.2']);
    expect(correctedParts(bundled, [{ ...used, quantity: 50 }])).toEqual([
      { line: '1.1', quantity: 0, gross: 198 },
      { line: '1.2', quantity: 0, gross: 397 },
    ]);
  });

  it('is nothing where another order billed it', () => {
    expect(correctedParts(order, [{ ...used, item: '2' }])).toEqual([]);
    const period = { start: '2026-02-01T00:00:00.000Z', end: '2026-03-01T00:00:00.000Z' };
    expect(correctedParts(order, [{ ...used, period }])).toEqual([]);
    expect(correctedParts({ ...order, billing: null }, [used])).toEqual([]);
  });

  it('is nothing of an order that cost nothing, was not paid, or whose payment is disputed', () => {
    expect(correctedParts(usageOrder([{ amount: 0 }]), [used])).toEqual([]);
    expect(correctedParts({ ...order, timeline: [] }, [used])).toEqual([]);
    expect(correctedParts({ ...order, disputed: true }, [used])).toEqual([]);
    expect(correctedParts({ ...order, quote: null }, [used])).toEqual([]);
  });
});
