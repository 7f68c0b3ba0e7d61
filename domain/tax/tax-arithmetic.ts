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

/** One entry of an invoice's tax table: lines taxed on a part of their price share it with the others. */
const rateKey = (tax: Pick<TaxAmount, 'jurisdiction' | 'name' | 'rate' | 'exemption'>) =>
  [tax.jurisdiction, tax.name, tax.rate, tax.exemption ?? ''].join('|');

/** Added to net amounts: one rounding per tax over all lines that bear it. */
export function exclusiveTaxes(lines: readonly TaxableLine[]): LineTaxes {
  const result = new Map<string, TaxAmount[]>(lines.map(({ line }) => [line, []]));
  const borne = lines.flatMap(({ line, amount, taxes }) => taxes.map((tax) => ({ line, amount, tax })));
  for (const bearing of groupBy(borne, ({ tax }) => rateKey(tax))) {
    const based = groupBy(bearing, ({ tax }) => tax.baseShare).flatMap(withBases);
    const bases = based.map(({ base }) => base);
    const rate = parseRate(based[0]?.tax.rate ?? '0');
    const amounts = allocate(applyRate(sum(bases), rate), bases);
    based.forEach(({ line, tax, base }, at) => result.get(line)?.push(taxAmount(tax, base, amounts[at] ?? 0)));
  }
  return result;
}

/** The taxed part of each amount, rounded as one sum; all of them have the same share. */
function withBases<Bearing extends { readonly amount: number; readonly tax: ApplicableTax }>(all: readonly Bearing[]) {
  const amounts = all.map(({ amount }) => amount);
  const bases = allocate(applyRate(sum(amounts), parseRate(all[0]?.tax.baseShare ?? '1')), amounts);
  return all.map((one, at) => ({ ...one, base: bases[at] ?? 0 }));
}

/**
 * Taken out of gross amounts: one rounding per set of taxes over all lines that bear exactly that set. Where net amounts
 * in the same basket (`beside`) bear the same single tax, both are rounded as one sum and the gross amounts take the
 * difference.
 */
export function inclusiveTaxes(lines: readonly TaxableLine[], beside: LineTaxes = new Map()): LineTaxes {
  const setKey = ({ taxes }: TaxableLine) => taxes.map((tax) => `${rateKey(tax)}|${tax.baseShare}`).join('&');
  return new Map(groupBy(lines, setKey).flatMap((group) => [...extract(group, beside)]));
}

function extract(group: readonly TaxableLine[], beside: LineTaxes): LineTaxes {
  const taxes = group[0]?.taxes ?? [];
  const rates = taxes.map((tax) => multiplyRates(parseRate(tax.rate), parseRate(tax.baseShare)));
  const whole = rates.reduce(addRates, zeroRate);
  const amounts = group.map(({ amount }) => amount);
  const total = extractedTotal(sum(amounts), whole, netBearing(taxes, beside));
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

/** The base beside a group that bears the one tax of the group, which is on the whole price; 0 for several taxes. */
function netBearing(taxes: readonly ApplicableTax[], beside: LineTaxes): number {
  const [tax, another] = taxes;
  if (tax === undefined || another !== undefined || tax.baseShare !== '1') return 0;
  const same = [...beside.values()].flat().filter((one) => rateKey(one) === rateKey(tax));
  return sum(same.map(({ base }) => base));
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
    const key = rateKey(tax);
    const so = merged.get(key);
    const base = sum([so?.base ?? 0, tax.base]);
    merged.set(key, { ...tax, base, amount: sum([so?.amount ?? 0, tax.amount]) });
  }
  return [...merged.values()];
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[][] {
  const groups = new Map<string, Item[]>();
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item]);
  return [...groups.values()];
}

function multiplyRates(a: Rate, b: Rate): Rate {
  return { amount: a.amount * b.amount, scale: a.scale + b.scale };
}

function taxAmount({ jurisdiction, name, rate }: ApplicableTax, base: number, amount: number): TaxAmount {
  return { jurisdiction, name, rate, base, amount };
}
