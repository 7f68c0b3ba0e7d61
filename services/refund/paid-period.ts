import { legalEntityAt } from '../../domain/invoice/legal-entity.ts';
import type { Order, OrderLine } from '../../domain/order/order.ts';
import { periodAt } from '../../domain/periods/billing-period.ts';

/** When the order was paid, or placed where that is not known. ISO 8601 UTC. */
export function soldAt({ timeline, createdAt }: Pick<Order, 'timeline' | 'createdAt'>): string {
  return timeline.find(({ event }) => event === 'paid')?.at ?? createdAt;
}

/** The time that the charge of a line paid for, half-open; null when it paid for no time. */
export function paidPeriod(
  order: Pick<Order, 'timeline' | 'createdAt' | 'billing'>,
  { line, recurring }: Pick<OrderLine, 'line' | 'recurring'>,
): { readonly start: string; readonly end: string } | null {
  const requested = line.split('.')[0];
  const billed = order.billing?.lines.find((one) => one.line === requested);
  if (billed !== undefined) return { start: billed.start, end: billed.end };
  if (recurring === null) return null;
  const at = soldAt(order);
  return periodAt({ at, timeZone: legalEntityAt(at).timeZone, alignment: 'anniversary' }, recurring, 0);
}
