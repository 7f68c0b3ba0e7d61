import { fail } from '../failures.ts';
import { applyFraction, sum } from '../money/money.ts';
import type { OrderLine, Quote, TaxAmount } from '../order/order.ts';

/** What one line gives back: positive minor units, split as the line was taxed when it was sold. */
export interface CreditedLine {
  readonly line: string;
  readonly sellerId: string;
  /** Units taken back; 0 when only money is (a goodwill credit). */
  readonly quantity: number;
  /** The part of the line's discount that goes with it; already taken off `net`, as on the invoice. */
  readonly discount: number;
  readonly net: number;
  readonly tax: number;
  readonly gross: number;
  readonly taxes: readonly TaxAmount[];
  /** What was credited before of each of `taxes`: what is derived from tax amounts can be split cumulatively, too. */
  readonly taxesBefore: readonly number[];
}

/** What has to be known of an earlier credit to split the next one. */
export type EarlierCredit = Pick<CreditedLine, 'line' | 'discount' | 'net' | 'tax' | 'gross' | 'taxes'>;

/** Lines credited in full. @throws request.invalid for a line that the order does not have or that is named twice */
export function creditWholeLines(quote: Quote, lines: readonly string[]): readonly CreditedLine[] {
  if (new Set(lines).size !== lines.length) fail('request.invalid', 'A line is named twice');
  return lines.map((id) => {
    const line = lineOf(quote, id);
    return {
      line: line.line,
      sellerId: line.sellerId,
      quantity: line.quantity,
      discount: line.discount,
      net: line.net,
      tax: line.tax,
      gross: line.gross,
      taxes: line.taxes,
      taxesBefore: line.taxes.map(() => 0),
    };
  });
}

/**
 * Part of a line's gross. Tax and discount follow in proportion and cumulatively: whatever the sequence of credits, the
 * last one leaves net, discount and every tax at exactly zero, and no tax is given back that was not collected. The base
 * of a tax on the whole net is that net, so that the lines of a credit note sum to its tax table.
 * @param gross minor units, 1 … what is left
 * @param quantity units taken back, 0 for money only
 * @param earlier what was credited of this line before
 * @throws request.invalid when it is more than is left
 */
export function creditPartOfLine(
  quote: Quote,
  part: { readonly line: string; readonly gross: number; readonly quantity: number },
  earlier: readonly EarlierCredit[],
): CreditedLine {
  const sold = lineOf(quote, part.line);
  const { line, before } = sinceTaxWasCredited(sold, earlier);
  const creditedGross = sum(before.map((credit) => credit.gross));
  const reached = creditedGross + part.gross;
  if (part.gross <= 0 || reached > line.gross) {
    fail('request.invalid', `Line ${line.line} has ${line.gross - creditedGross} left to credit, not ${part.gross}`);
  }
  const share = (whole: number, credited: readonly number[]) =>
    applyFraction(whole, reached, line.gross) - sum(credited);
  const due = line.taxes.map(({ amount }, index) =>
    share(
      amount,
      before.map((credit) => credit.taxes[index]?.amount ?? 0),
    ),
  );
  // Several taxes that round up at once may be more than a cent that is given back: the rest follows with the next one.
  const amounts = reached === line.gross ? due : within(part.gross, due);
  const tax = sum(amounts);
  const net = part.gross - tax;
  const base = (whole: TaxAmount, index: number) =>
    whole.base === line.net
      ? net
      : share(
          whole.base,
          before.map((credit) => credit.taxes[index]?.base ?? 0),
        );
  return {
    line: line.line,
    sellerId: line.sellerId,
    quantity: part.quantity,
    discount: share(
      line.discount,
      before.map((credit) => credit.discount),
    ),
    net,
    tax,
    gross: part.gross,
    taxes: line.taxes.map((whole, index) => ({ ...whole, base: base(whole, index), amount: amounts[index] ?? 0 })),
    taxesBefore: taxesBefore(sold, earlier),
  };
}

/** As much of each part, in order, as the limit leaves room for. */
function within(limit: number, parts: readonly number[]): readonly number[] {
  let left = limit;
  return parts.map((part) => {
    const taken = Math.min(part, left);
    left -= taken;
    return taken;
  });
}

/** Of each tax of a line, what was credited of it. */
function taxesBefore(
  { line, taxes }: OrderLine,
  earlier: readonly Pick<CreditedLine, 'line' | 'taxes'>[],
): readonly number[] {
  const own = earlier.filter((credit) => credit.line === line);
  return taxes.map((_, index) => sum(own.map((credit) => credit.taxes[index]?.amount ?? 0)));
}

/**
 * The tax that is left on these lines, and nothing of their net: it turned out not to be due. The base goes with it,
 * because the net is no longer taxed at that rate. A line without tax left gives nothing back and is left out.
 * @param earlier what was credited of the lines before
 * @throws request.invalid for a line that the order does not have
 */
export function creditTaxOfLines(
  quote: Quote,
  lines: readonly string[],
  earlier: readonly Pick<CreditedLine, 'line' | 'taxes'>[],
): readonly CreditedLine[] {
  return lines.flatMap((id) => {
    const sold = lineOf(quote, id);
    const { line, sellerId } = sold;
    const before = earlier.filter((credit) => credit.line === line);
    const taxes = sold.taxes.map((tax, index) =>
      leftOf(
        tax,
        before.map((credit) => credit.taxes[index]),
      ),
    );
    const tax = sum(taxes.map(({ amount }) => amount));
    if (tax === 0) return [];
    const nothingElse = { quantity: 0, discount: 0, net: 0 };
    return [{ line, sellerId, ...nothingElse, tax, gross: tax, taxes, taxesBefore: taxesBefore(sold, earlier) }];
  });
}

/**
 * Once tax was credited by itself, the proportion of net and tax that was sold no longer holds: what was left then is
 * what later credits share out.
 */
function sinceTaxWasCredited(
  sold: OrderLine,
  earlier: readonly EarlierCredit[],
): {
  readonly line: Pick<OrderLine, 'line' | 'sellerId' | 'discount' | 'net' | 'gross' | 'taxes'>;
  readonly before: readonly EarlierCredit[];
} {
  const own = earlier.filter((credit) => credit.line === sold.line);
  const done = own.findLastIndex(({ net, tax }) => net === 0 && tax > 0) + 1;
  const gone = own.slice(0, done);
  const line = {
    line: sold.line,
    sellerId: sold.sellerId,
    discount: sold.discount - sum(gone.map(({ discount }) => discount)),
    net: sold.net - sum(gone.map(({ net }) => net)),
    gross: sold.gross - sum(gone.map(({ gross }) => gross)),
    taxes: sold.taxes.map((tax, index) =>
      leftOf(
        tax,
        gone.map((credit) => credit.taxes[index]),
      ),
    ),
  };
  return { line, before: own.slice(done) };
}

function leftOf(tax: TaxAmount, credited: readonly (TaxAmount | undefined)[]): TaxAmount {
  return {
    ...tax,
    base: tax.base - sum(credited.map((credit) => credit?.base ?? 0)),
    amount: tax.amount - sum(credited.map((credit) => credit?.amount ?? 0)),
  };
}

function lineOf(quote: Quote, id: string): OrderLine {
  return quote.lines.find(({ line }) => line === id) ?? fail('request.invalid', `The order has no line "${id}"`);
}
