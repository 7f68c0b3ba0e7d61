import { fail } from '../../domain/failures.ts';
import type { Order, OrderLine } from '../../domain/order/order.ts';
import type { RefundRequest } from '../refund/refund-request.ts';
import type { ReadBulkRefundRequest, Sold } from './bulk-refund-request.ts';

/**
 * What a bulk refund asks of one order, as an ordinary request: the same for every repeat, because it reads only what is
 * frozen on the order. @throws refund.order_not_paid, refund.line_unknown when the order did not sell it
 */
export function wantedRefund(
  order: Pick<Order, 'id' | 'quote' | 'requestedLines'>,
  { refund, reason, outcome }: Pick<ReadBulkRefundRequest, 'refund' | 'reason' | 'outcome'>,
): RefundRequest {
  const asked = { order: order.id, reason, outcome, requestedBy: 'merchant', cause: 'bulk' } as const;
  switch (refund.kind) {
    case 'full':
      return asked;
    case 'lines':
      return { ...asked, lines: linesThatSold(order, refund).map(({ line }) => ({ line })) };
    case 'difference':
      return { ...asked, ...difference(order, refund) };
  }
}

type Difference = Extract<ReadBulkRefundRequest['refund'], { kind: 'difference' }>;

/** Money and no units: what was bought stays. Of a bundle it is spread over the components, by what they cost. */
function difference(
  order: Pick<Order, 'id' | 'quote' | 'requestedLines'>,
  { perUnit, ...sold }: Difference,
): Pick<RefundRequest, 'lines' | 'amount'> {
  const { amount, currency } = perUnit;
  const found = linesThatSold(order, sold);
  const asBundle = (line: OrderLine): boolean => line.bundle !== null && line.product !== sold.product;
  if (order.quote?.currency !== currency)
    fail('refund.currency_mismatch', `refund.perUnit.currency: order ${order.id} was not paid in ${currency}`);
  if (!found.some(asBundle)) {
    return { lines: found.map(({ line, quantity }) => ({ line, amount: amount * quantity })) };
  }
  const places = new Set(found.filter(asBundle).map(({ line }) => placeOf(line)));
  const bundles = [...places].reduce((units, place) => units + (order.requestedLines[place - 1]?.quantity ?? 0), 0);
  const single = found.filter((line) => !asBundle(line)).reduce((units, { quantity }) => units + quantity, 0);
  return { lines: found.map(({ line }) => ({ line })), amount: { amount: amount * (bundles + single), currency } };
}

function linesThatSold({ id, quote }: Pick<Order, 'id' | 'quote'>, sold: Sold): readonly OrderLine[] {
  if (quote === null) return fail('refund.order_not_paid', `order ${id} was never priced`);
  const found = quote.lines.filter((line) => isSold(line, sold));
  return found.length > 0 ? found : fail('refund.line_unknown', `order ${id} did not sell it`);
}

function isSold(line: OrderLine, { product, price }: Sold): boolean {
  if (price !== undefined && line.price !== price) return false;
  return product === undefined || line.product === product || line.bundle === product;
}

/** "2.1" is a component of the second line that was asked for. */
function placeOf(line: string): number {
  return Number(line.split('.')[0]);
}
