import { sum } from '../money/money.ts';
import type { RefundStatus } from './order-status.ts';
import type { Order, OrderRefund } from './order.ts';

/** Only what went back counts. */
export function refundStatusOf({ quote }: Pick<Order, 'quote'>, refunds: readonly OrderRefund[]): RefundStatus {
  const refunded = sum(refunds.filter(({ status }) => status === 'succeeded').map(({ amount }) => amount));
  if (refunded === 0 || quote === null) return 'none';
  return refunded >= quote.gross ? 'full' : 'partial';
}
