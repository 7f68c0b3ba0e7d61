import { allocate } from '../money/money.ts';
import type { Order, OrderRefund } from '../order/order.ts';
import type { RefundPart } from './refund.ts';

/** What was given back of the order or is on its way: all that counts against what is left. */
export function takenParts({ quote, refunds }: Pick<Order, 'quote' | 'refunds'>): readonly RefundPart[] {
  return refunds.filter(isReserved).flatMap((refund) => refund.parts ?? wholeLines(refund, quote?.lines ?? []));
}

/** Minor units that went back, or are on their way, at the gateway and not as store credit. */
export function takenMoney({ refunds }: Pick<Order, 'refunds'>): number {
  return refunds.filter(isReserved).reduce((total, { amount, toCredit }) => total + amount - (toCredit ?? 0), 0);
}

export function isReserved({ status }: OrderRefund): boolean {
  return status === 'pending' || status === 'succeeded';
}

/** Refunds from before parts were written down took whole lines, or the tax of whole lines. */
function wholeLines(
  { lines, amount, reason }: OrderRefund,
  sold: readonly { readonly line: string; readonly quantity: number; readonly gross: number; readonly tax: number }[],
): readonly RefundPart[] {
  const own = sold.filter(({ line }) => lines.includes(line));
  if (reason !== 'business_tax_id_confirmed')
    return own.map(({ line, quantity, gross }) => ({ line, quantity, gross }));
  const shares = allocate(
    amount,
    own.map(({ tax }) => tax),
  );
  return own.map(({ line }, index) => ({ line, quantity: 0, gross: shares[index] ?? 0 }));
}
