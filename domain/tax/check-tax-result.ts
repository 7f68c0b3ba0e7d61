import { isFailure } from '../failures.ts';
import { sum } from '../money/money.ts';
import type { TaxAmount } from '../order/order.ts';
import type { TaxedLine, TaxResult } from './compute-tax.ts';
import type { TaxRequest } from './tax-request.ts';

/**
 * What is wrong with an engine's answer, as sentences; empty when it may be charged. Whatever its rates are: every line
 * is answered once, nothing is negative, net + tax = gross, taxes and lines add up, an exclusive price is the net and an
 * inclusive price is at least the gross.
 */
export function taxResultProblems(request: TaxRequest, result: TaxResult): readonly string[] {
  try {
    return [...unanswered(request, result), ...result.lines.flatMap(lineProblems), ...totalProblems(result)];
  } catch (error) {
    if (isFailure(error, 'money.amount_unsafe')) return [error.message];
    throw error;
  }
}

function unanswered(request: TaxRequest, { lines }: TaxResult): readonly string[] {
  const asked = request.lines.map(({ line }) => line);
  const answered = lines.map(({ line }) => line);
  if (asked.join() !== answered.join()) return [`lines ${asked.join()} were asked, ${answered.join()} answered`];
  return request.lines.flatMap(({ line, amount, taxBehavior }, at) => {
    const { net = 0, gross = 0 } = lines[at] ?? {};
    if (taxBehavior === 'exclusive' && net !== amount) return [`line ${line}: the net is ${net} and not ${amount}`];
    return taxBehavior === 'inclusive' && gross > amount ? [`line ${line}: the gross is above ${amount}`] : [];
  });
}

function lineProblems({ line, net, tax, gross, taxes }: TaxedLine): readonly string[] {
  return sumProblems(`line ${line}`, { net, tax, gross, taxes });
}

function totalProblems(result: TaxResult): readonly string[] {
  const parts = (['net', 'tax', 'gross'] as const).filter(
    (part) => sum(result.lines.map((line) => line[part])) !== result[part],
  );
  return [
    ...parts.map((part) => `the ${part} of the lines do not add up to ${result[part]}`),
    ...sumProblems('the total', result),
  ];
}

type Sums = Pick<TaxResult, 'net' | 'tax' | 'gross'> & { readonly taxes: readonly TaxAmount[] };

function sumProblems(what: string, { net, tax, gross, taxes }: Sums): readonly string[] {
  const amounts = [net, tax, gross, ...taxes.flatMap(({ base, amount }) => [base, amount])];
  return [
    ...(sum([net, tax]) === gross ? [] : [`${what}: ${net} + ${tax} is not ${gross}`]),
    ...(sum(taxes.map(({ amount }) => amount)) === tax ? [] : [`${what}: the taxes do not add up to ${tax}`]),
    ...(amounts.some((amount) => amount < 0) ? [`${what}: something is negative`] : []),
  ];
}
