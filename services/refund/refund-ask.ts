import { fail } from '../../domain/failures.ts';
import type { FailureCode } from '../../domain/failures.ts';
import { applyFraction } from '../../domain/money/money.ts';
import type { Order, Quote } from '../../domain/order/order.ts';
import { planRefund, whatIsLeft } from '../../domain/refund/refund-plan.ts';
import type { AskedLine, RefundAsk } from '../../domain/refund/refund-plan.ts';
import type { RefundPart } from '../../domain/refund/refund.ts';
import { takenParts } from '../../domain/refund/taken-parts.ts';
import { paidPeriod } from './paid-period.ts';
import type { ReadRefundRequest } from './refund-request.ts';

/**
 * The parts of the order that a request takes, of what is left now.
 * @throws refund.line_unknown, refund.currency_mismatch, refund.exceeds, refund.nothing_left, request.invalid
 */
export function askedParts(order: Order, request: ReadRefundRequest, at: string): readonly RefundPart[] {
  const { lines, amount, extent } = request;
  if (typeof amount === 'object' && amount.currency !== order.currency)
    refuse('refund.currency_mismatch', 'amount.currency', `the order was paid in ${order.currency}`);
  const quote = order.quote ?? fail('refund.order_not_paid');
  const refundable = { quote, requestedLines: order.requestedLines, taken: takenParts(order) };
  if (extent === 'unused') {
    if (lines !== undefined || amount !== undefined)
      refuse('request.invalid', 'extent', '"unused" takes neither lines nor an amount');
    return planRefund(refundable, { kind: 'lines', lines: unusedLines(order, quote, at) });
  }
  return planRefund(refundable, askOf(lines?.map(askedLine) ?? null, amount));
}

function askOf(lines: readonly AskedLine[] | null, amount: ReadRefundRequest['amount']): RefundAsk {
  if (amount !== undefined) {
    if (lines?.some((line) => line.amount !== null) === true)
      refuse('request.invalid', 'amount', 'is given for the lines already');
    return { kind: 'amount', amount: typeof amount === 'number' ? amount : amount.amount, lines };
  }
  return lines === null ? { kind: 'everything' } : { kind: 'lines', lines };
}

function askedLine({ line, quantity, amount }: NonNullable<ReadRefundRequest['lines']>[number]): AskedLine {
  return { line, quantity: quantity ?? null, amount: amount ?? null };
}

/** Of recurring lines, the part of the paid period that is not over, to the millisecond; lines paid once are left out. */
function unusedLines(order: Order, quote: Quote, at: string): readonly AskedLine[] {
  const left = whatIsLeft({ quote, taken: takenParts(order) });
  return quote.lines.flatMap((sold) => {
    const period = paidPeriod(order, sold);
    if (period === null) return [];
    const whole = Date.parse(period.end) - Date.parse(period.start);
    const unused = Math.min(whole, Math.max(0, Date.parse(period.end) - Date.parse(at)));
    const most = left.find(({ line }) => line === sold.line)?.gross ?? 0;
    const amount = Math.min(most, applyFraction(sold.gross, unused, whole));
    return amount === 0 ? [] : [{ line: sold.line, quantity: null, amount }];
  });
}

function refuse(code: FailureCode, path: string, message: string): never {
  return fail(code, `${path}: ${message}`, [{ path, message }]);
}
