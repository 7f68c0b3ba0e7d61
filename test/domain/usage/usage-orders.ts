import type { PriceScheme } from '../../../domain/catalog/catalog.ts';
import type { Order } from '../../../domain/order/order.ts';
import type { UsageToBill } from '../../../domain/usage/usage-charge.ts';
import { taxedQuote } from '../invoice/taxed-sale.ts';
import type { SoldLine } from '../invoice/taxed-sale.ts';

const period = { start: '2026-01-01T00:00:00.000Z', end: '2026-02-01T00:00:00.000Z' };

export const perUnit = (amount: number): PriceScheme => ({ type: 'per_unit', amount });

/** What is known of the usage of item "1" in January. */
export function usageOf(change: Pick<UsageToBill, 'scheme' | 'quantity' | 'billedBefore'>): UsageToBill {
  return { item: '1', meter: 'calls', price: 'calls', period, ...change };
}

/** A paid order that billed that usage to a consumer in Germany on these lines: one, or the components of a bundle. */
export function usageOrder(
  sold: readonly SoldLine[],
  names: readonly string[] = ['1'],
): Pick<Order, 'quote' | 'billing' | 'refunds' | 'timeline' | 'disputed'> {
  const quote = taxedQuote({ lines: sold });
  const billed = { line: '1', item: '1', ...period };
  return {
    quote: { ...quote, lines: quote.lines.map((line, index) => ({ ...line, line: names[index] ?? line.line })) },
    billing: {
      ...{ reason: 'subscription_cycle', subscription: 'sub_1', lines: [billed] },
      ...{ periodStart: period.end, periodEnd: '2026-03-01T00:00:00.000Z' },
    },
    refunds: [],
    timeline: [{ at: period.end, event: 'paid', text: '' }],
    disputed: false,
  };
}
