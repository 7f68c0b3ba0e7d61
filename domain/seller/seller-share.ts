import type { CreditedLine } from '../invoice/credited-line.ts';
import { allocate, applyFraction, sum } from '../money/money.ts';
import type { OrderLine, Quote } from '../order/order.ts';

/** The share of a line that is the seller's, minor units; 0 for what is our own. */
export interface LineShare {
  readonly line: string;
  readonly share: number;
}

/**
 * Net less commission, the fixed fee and, where the contract says so, the line's part of the gateway's fee: never less
 * than 0 and never more than net, so that no sale makes a seller our debtor.
 * @param gatewayFee of the whole order, minor units; split over the lines by what was charged for each
 */
export function sellerShares(quote: Quote, gatewayFee: number): readonly LineShare[] {
  const fees = allocate(
    gatewayFee,
    quote.lines.map(({ gross }) => gross),
  );
  return quote.lines.map((line, index) => ({ line: line.line, share: shareOf(line, fees[index] ?? 0) }));
}

/** What we keep of a line is its net less this. */
function shareOf({ net, sellerTerms }: OrderLine, gatewayFee: number): number {
  if (sellerTerms === null) return 0;
  const commission = applyFraction(net, sellerTerms.commissionBasisPoints, 10_000);
  const fee = sellerTerms.gatewayFees === 'seller' ? gatewayFee : 0;
  return Math.max(0, sum([net, -commission, -sellerTerms.fixedFee, -fee]));
}

/**
 * What a credit takes back of a line's share, in proportion to the net given back and cumulatively: whatever the
 * sequence of credits, the last one leaves the share at exactly zero. Tax that is given back alone takes nothing.
 * @param share of the whole line
 * @param earlier what was credited of the order before
 */
export function clawback(
  line: Pick<OrderLine, 'line' | 'net'>,
  share: number,
  credit: Pick<CreditedLine, 'net'>,
  earlier: readonly Pick<CreditedLine, 'line' | 'net'>[],
): number {
  if (share === 0) return 0;
  const before = sum(earlier.filter((one) => one.line === line.line).map(({ net }) => net));
  const until = (reached: number) => applyFraction(share, reached, line.net);
  return until(before + credit.net) - until(before);
}
