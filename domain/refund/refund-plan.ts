import { fail } from '../failures.ts';
import { allocate, applyFraction, sum } from '../money/money.ts';
import type { OrderLine, Quote } from '../order/order.ts';
import type { RefundPart } from './refund.ts';

/** What is asked to go back. Amounts are minor units, tax included. */
export type RefundAsk =
  | { readonly kind: 'everything' }
  /** `quantity` null and `amount` null: all that is left of the line. Both: so much money for so many units. */
  | { readonly kind: 'lines'; readonly lines: readonly AskedLine[] }
  /** Spread over these lines, or over all, by what is left of each; their units go back where they are named. */
  | { readonly kind: 'amount'; readonly amount: number; readonly lines: readonly AskedLine[] | null };

export interface AskedLine {
  readonly line: string;
  readonly quantity: number | null;
  readonly amount: number | null;
}

/** What of an order is sold, and what of it was given back or is on its way. */
export interface RefundableOrder {
  readonly quote: Pick<Quote, 'lines'>;
  /** How many of each requested line were sold: "1" is the first. Bundles are asked for by it. */
  readonly requestedLines: readonly { readonly quantity: number }[];
  readonly taken: readonly RefundPart[];
}

/** What is left of one line. */
interface LineLeft {
  readonly line: string;
  readonly quantity: number;
  readonly gross: number;
}

/**
 * Which units and how much of each line go back. Units take their share of what is left of the line, so that the last
 * unit takes the last cent; an amount is spread by largest remainder; no part is more than what is left.
 * @throws refund.line_unknown, refund.exceeds, refund.nothing_left, request.invalid, each naming the path
 */
export function planRefund(order: RefundableOrder, ask: RefundAsk): readonly RefundPart[] {
  const parts = partsOf(order, ask).filter(({ gross, quantity }) => gross > 0 || quantity > 0);
  if (sum(parts.map(({ gross }) => gross)) === 0) fail('refund.nothing_left');
  return parts;
}

function partsOf(order: RefundableOrder, ask: RefundAsk): readonly RefundPart[] {
  switch (ask.kind) {
    case 'everything':
      return whatIsLeft(order);
    case 'lines':
      return ask.lines.length === 0 ? [] : askedParts(order, ask.lines);
    case 'amount':
      return spread(order, ask.amount, ask.lines);
  }
}

/** Of every line, what was neither given back nor is on its way. */
export function whatIsLeft({ quote, taken }: Pick<RefundableOrder, 'quote' | 'taken'>): readonly LineLeft[] {
  return quote.lines.map(({ line, quantity, gross }) => {
    const own = taken.filter((part) => part.line === line);
    return {
      line,
      quantity: quantity - sum(own.map((part) => part.quantity)),
      gross: gross - sum(own.map((part) => part.gross)),
    };
  });
}

function askedParts(order: RefundableOrder, asked: readonly AskedLine[]): readonly RefundPart[] {
  const left = whatIsLeft(order);
  const seen = new Set<string>();
  return asked.flatMap((one, index) => {
    const path = `lines[${index}]`;
    return linesBehind(order, one, path).map(({ line, quantity }) => {
      if (seen.has(line)) refuse('request.invalid', `${path}.line`, `line ${line} is named twice`);
      seen.add(line);
      const remaining = left.find((each) => each.line === line) ?? { line, quantity: 0, gross: 0 };
      return one.amount === null
        ? unitsOf(remaining, quantity, path)
        : moneyOf(remaining, one.amount, quantity ?? 0, path);
    });
  });
}

/** The lines that an asked line stands for: itself, or the components of a bundle with as many of each. */
function linesBehind({ quote, requestedLines }: RefundableOrder, { line, quantity, amount }: AskedLine, path: string) {
  if (quote.lines.some((one) => one.line === line)) return [{ line, quantity }];
  const components = quote.lines.filter((one) => one.line.startsWith(`${line}.`));
  const bundles = requestedLines[Number(line) - 1]?.quantity;
  if (components.length === 0 || bundles === undefined)
    return refuse('refund.line_unknown', `${path}.line`, `the order has no line "${line}"`);
  if (amount !== null)
    return refuse('request.invalid', `${path}.amount`, `line ${line} is a bundle: name the line of the component`);
  if (quantity !== null && quantity > bundles)
    return refuse('refund.exceeds', `${path}.quantity`, `${bundles} of line ${line} were sold`);
  return components.map((component) => ({
    line: component.line,
    quantity: unitsInBundles(component, quantity, bundles),
  }));
}

function unitsInBundles({ quantity }: OrderLine, asked: number | null, bundles: number): number | null {
  return asked === null ? null : (quantity / bundles) * asked;
}

function unitsOf(left: LineLeft, asked: number | null, path: string): RefundPart {
  const quantity = asked ?? left.quantity;
  if (quantity > left.quantity)
    refuse('refund.exceeds', `${path}.quantity`, `${left.quantity} of line ${left.line} are left, not ${quantity}`);
  // Money may be left of a line without units: a goodwill credit takes none.
  const gross = asked === null || left.quantity === 0 ? left.gross : applyFraction(left.gross, quantity, left.quantity);
  return { line: left.line, quantity, gross };
}

function moneyOf(left: LineLeft, amount: number, quantity: number, path: string): RefundPart {
  if (amount > left.gross)
    refuse('refund.exceeds', `${path}.amount`, `${left.gross} of line ${left.line} are left, not ${amount}`);
  if (quantity > left.quantity)
    refuse('refund.exceeds', `${path}.quantity`, `${left.quantity} of line ${left.line} are left, not ${quantity}`);
  return { line: left.line, quantity, gross: amount };
}

function spread(order: RefundableOrder, amount: number, lines: readonly AskedLine[] | null): readonly RefundPart[] {
  const left = whatIsLeft(order);
  const asked = lines?.flatMap((one, index) => linesBehind(order, { ...one, amount: null }, `lines[${index}]`)) ?? left;
  const over = asked.flatMap(({ line, quantity }) => {
    const remaining = left.find((one) => one.line === line);
    if (remaining === undefined) return [];
    if (lines !== null && quantity !== null && quantity > remaining.quantity)
      refuse('refund.exceeds', 'lines', `${remaining.quantity} of line ${line} are left, not ${quantity}`);
    return [{ ...remaining, asked: lines === null ? null : quantity }];
  });
  const most = sum(over.map(({ gross }) => gross));
  if (amount > most) refuse('refund.exceeds', 'amount', `${most} are left, not ${amount}`);
  const shares = allocate(
    amount,
    over.map(({ gross }) => gross),
  );
  // What takes all the money that is left takes the units with it.
  return over.map(({ line, quantity, asked: units }, index) => ({
    line,
    quantity: units ?? (amount === most ? quantity : 0),
    gross: shares[index] ?? 0,
  }));
}

function refuse(
  code: 'refund.exceeds' | 'refund.line_unknown' | 'request.invalid',
  path: string,
  message: string,
): never {
  return fail(code, `${path}: ${message}`, [{ path, message }]);
}
