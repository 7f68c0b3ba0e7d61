import { allocate, applyFraction, applyRate, sum } from '../money/money.ts';
import { addRates, parseRate, zeroRate } from '../money/rate.ts';
import type { Rate } from '../money/rate.ts';
import type { TaxAmount } from '../order/order.ts';
import type { ApplicableTax } from './tax-law.ts';

/** A line with the taxes on it; `amount` in minor units, net or gross by the function that gets it. */
export interface TaxableLine {
  readonly line: string;
  readonly amount: number;
  readonly taxes: readonly ApplicableTax[];
}

/** The taxes of each line, by line. */
export type LineTaxes = ReadonlyMap<string, readonly TaxAmount[]>;

const keyOf = (tax: ApplicableTax) => [tax.jurisdiction, tax.name, tax.rate, tax.baseShare].join('|');

/** Added to net amounts: one rounding per tax over all lines that bear it. */
export function exclusiveTaxes(lines: readonly TaxableLine[]): LineTaxes {
  const result = new Map<string, TaxAmount[]>(lines.map(({ line }) => [line, []]));
  for (const tax of distinct(lines.flatMap((line) => line.taxes))) {
    const bearing = lines.filter((line) => line.taxes.some((t) => keyOf(t) === keyOf(tax)));
    const amounts = bearing.map(({ amount }) => amount);
    const base = applyRate(sum(amounts), parseRate(tax.baseShare));
    const bases = allocate(base, amounts);
    const taxes = allocate(applyRate(base, parseRate(tax.rate)), amounts);
    bearing.forEach(({ line }, at) => result.get(line)?.push(taxAmount(tax, bases[at] ?? 0, taxes[at] ?? 0)));
  }
  return result;
}

/**
 * Taken out of gross amounts: one rounding per set of taxes over all lines that bear exactly that set. Where net amounts
 * in the same basket bear the same single tax, both are rounded as one sum and the gross amounts take the difference.
 */
export function inclusiveTaxes(lines: readonly TaxableLine[], beside: readonly TaxableLine[] = []): LineTaxes {
  const groups = new Map<string, TaxableLine[]>();
  for (const line of lines) {
    const key = line.taxes.map(keyOf).join('&');
    groups.set(key, [...(groups.get(key) ?? []), line]);
  }
  return new Map([...groups.values()].flatMap((group) => [...extract(group, beside)]));
}

function extract(group: readonly TaxableLine[], beside: readonly TaxableLine[]): LineTaxes {
  const taxes = group[0]?.taxes ?? [];
  const rates = taxes.map((tax) => multiplyRates(parseRate(tax.rate), parseRate(tax.baseShare)));
  const whole = rates.reduce(addRates, zeroRate);
  const amounts = group.map(({ amount }) => amount);
  const total = extractedTotal(sum(amounts), whole, netBearingOnly(taxes, beside));
  const lineTotals = allocate(total, amounts);
  const nets = amounts.map((amount, at) => amount - (lineTotals[at] ?? 0));
  const perTax = splitByTax(total, lineTotals, rates);
  const result = new Map<string, TaxAmount[]>(group.map(({ line }) => [line, []]));
  taxes.forEach((tax, column) => {
    const bases = allocate(applyRate(sum(nets), parseRate(tax.baseShare)), nets);
    group.forEach(({ line }, at) => result.get(line)?.push(taxAmount(tax, bases[at] ?? 0, perTax[column]?.[at] ?? 0)));
  });
  return result;
}

/** The net amounts beside a group that bear the one tax of the group, on the whole price. */
function netBearingOnly(taxes: readonly ApplicableTax[], beside: readonly TaxableLine[]): number {
  const [tax, another] = taxes;
  if (tax === undefined || another !== undefined || tax.baseShare !== '1') return 0;
  return sum(beside.filter((line) => line.taxes.some((t) => keyOf(t) === keyOf(tax))).map(({ amount }) => amount));
}

/** round(net·r + gross·r/(1+r)) − round(net·r): without net amounts, round(gross·r/(1+r)). */
function extractedTotal(gross: number, rate: Rate, net: number): number {
  const one = 10 ** rate.scale;
  if (net === 0 || gross === 0) return applyFraction(gross, rate.amount, one + rate.amount);
  const [r, d] = [BigInt(rate.amount), BigInt(one)];
  const denominator = d * (d + r);
  const exact = BigInt(net) * r * (d + r) + BigInt(gross) * r * d;
  const rounded = (2n * exact + denominator) / (2n * denominator);
  return Number(rounded - BigInt(applyRate(net, rate)));
}

/**
 * Splits the extracted tax by tax and by line so that both ways of summing hold: each tax in turn takes its total out of
 * what the lines have left, so that no line ever gives more than it has and the last tax takes exactly the rest.
 */
function splitByTax(total: number, lineTotals: readonly number[], rates: readonly Rate[]): number[][] {
  const scale = Math.max(0, ...rates.map((rate) => rate.scale));
  const weights = rates.map((rate) => rate.amount * 10 ** (scale - rate.scale));
  const taxTotals = rates.length === 0 ? [] : allocate(total, weights);
  let left = lineTotals;
  return taxTotals.map((taxTotal) => {
    const parts = allocate(taxTotal, left);
    left = left.map((amount, at) => amount - (parts[at] ?? 0));
    return parts;
  });
}

/** One entry per tax, bases and amounts added up, in order of appearance. */
export function mergeTaxes(taxes: readonly TaxAmount[]): TaxAmount[] {
  const merged = new Map<string, TaxAmount>();
  for (const tax of taxes) {
    const key = [tax.jurisdiction, tax.name, tax.rate].join('|');
    const so = merged.get(key);
    const base = sum([so?.base ?? 0, tax.base]);
    merged.set(key, { ...tax, base, amount: sum([so?.amount ?? 0, tax.amount]) });
  }
  return [...merged.values()];
}

function distinct(taxes: readonly ApplicableTax[]): ApplicableTax[] {
  return [...new Map(taxes.map((tax) => [keyOf(tax), tax])).values()];
}

function multiplyRates(a: Rate, b: Rate): Rate {
  return { amount: a.amount * b.amount, scale: a.scale + b.scale };
}

function taxAmount({ jurisdiction, name, rate }: ApplicableTax, base: number, amount: number): TaxAmount {
  return { jurisdiction, name, rate, base, amount };
}
