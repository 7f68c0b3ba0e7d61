import { fail } from '../failures.ts';
import { applyFraction, sum } from '../money/money.ts';
import type { OrderLine, Quote, TaxAmount } from '../order/order.ts';

/** What one line gives back: positive minor units, split as the line was taxed when it was sold. */
export interface CreditedLine {
  readonly line: string;
  readonly sellerId: string;
  /** Units taken back; 0 when only money is (a goodwill credit). */
  readonly quantity: number;
  readonly net: number;
  readonly tax: number;
  readonly gross: number;
  readonly taxes: readonly TaxAmount[];
}

/** Lines credited in full. @throws request.invalid for a line that the order does not have or that is named twice */
export function creditWholeLines(quote: Quote, lines: readonly string[]): readonly CreditedLine[] {
  if (new Set(lines).size !== lines.length) fail('request.invalid', 'A line is named twice');
  return lines.map((id) => {
    const line = lineOf(quote, id);
    return {
      line: line.line,
      sellerId: line.sellerId,
      quantity: line.quantity,
      net: line.net,
      tax: line.tax,
      gross: line.gross,
      taxes: line.taxes,
    };
  });
}

/**
 * Part of a line's gross. Tax follows in proportion and cumulatively: whatever the sequence of credits, the last one
 * leaves net and every tax at exactly zero, and no tax is given back that was not collected.
 * @param gross minor units, 1 … what is left
 * @param quantity units taken back, 0 for money only
 * @param earlier what was credited of this line before
 * @throws request.invalid when it is more than is left
 */
export function creditPartOfLine(
  quote: Quote,
  part: { readonly line: string; readonly gross: number; readonly quantity: number },
  earlier: readonly CreditedLine[],
): CreditedLine {
  const line = lineOf(quote, part.line);
  const before = earlier.filter((credit) => credit.line === line.line);
  const creditedGross = sum(before.map((credit) => credit.gross));
  const reached = creditedGross + part.gross;
  if (part.gross <= 0 || reached > line.gross) {
    fail('request.invalid', `Line ${line.line} has ${line.gross - creditedGross} left to credit, not ${part.gross}`);
  }
  const taxes = line.taxes.map((tax, index) => {
    const earlierTaxes = before.map((credit) => credit.taxes[index]);
    return {
      ...tax,
      base: applyFraction(tax.base, reached, line.gross) - sum(earlierTaxes.map((earlierTax) => earlierTax?.base ?? 0)),
      amount:
        applyFraction(tax.amount, reached, line.gross) - sum(earlierTaxes.map((earlierTax) => earlierTax?.amount ?? 0)),
    };
  });
  const tax = sum(taxes.map(({ amount }) => amount));
  return {
    line: line.line,
    sellerId: line.sellerId,
    quantity: part.quantity,
    net: part.gross - tax,
    tax,
    gross: part.gross,
    taxes,
  };
}

function lineOf(quote: Quote, id: string): OrderLine {
  return quote.lines.find(({ line }) => line === id) ?? fail('request.invalid', `The order has no line "${id}"`);
}
