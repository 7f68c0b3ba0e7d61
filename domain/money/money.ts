import * as isoCurrencies from 'dinero.js/bigint/currencies';
import { dinero, halfAwayFromZero, multiply, toSnapshot, transformScale } from 'dinero.js/bigint';
import type { DineroCurrency } from 'dinero.js/bigint';
import { fail } from '../failures.ts';
import { retiredCurrencies } from './data/retired-currencies.ts';
import { assertRate } from './rate.ts';
import type { Rate } from './rate.ts';

/** Integer minor units (cents, yen, fils) of an ISO 4217 currency. */
export interface Money {
  readonly amount: number;
  readonly currency: string;
}

const iso = isoCurrencies as unknown as Readonly<Record<string, DineroCurrency<bigint> | undefined>>;

/** dinero.js models MGA and MRU as fifths (base 5); ISO 4217 list one says two digits, and so do gateways and invoices. */
function digitsOf(code: string): number | null {
  const ended = retiredCurrencies.find(({ currency }) => currency === code);
  if (ended !== undefined) return ended.minorUnitDigits;
  const current = /^[A-Z]{3}$/.test(code) ? iso[code] : undefined;
  if (current === undefined) return null;
  return current.base === 10n ? Number(current.exponent) : 2;
}

/** True for an ISO 4217 alphabetic code: a current one, or one that has ended and may still have to be refunded in. */
export function isCurrency(code: string): boolean {
  return digitsOf(code) !== null;
}

/** Digits after the decimal point by ISO 4217: 0 for JPY, 2 for EUR, 3 for KWD. @throws money.currency_unknown */
export function minorUnitDigits(currency: string): number {
  return digitsOf(currency) ?? fail('money.currency_unknown', `"${currency}" is not an ISO 4217 currency`);
}

/** @throws money.amount_unsafe when the number is not a safe integer: nothing is ever silently rounded by the platform. */
export function assertAmount(amount: number, what = 'amount'): number {
  if (!Number.isSafeInteger(amount)) fail('money.amount_unsafe', `${what} is not a safe integer: ${amount}`);
  return amount;
}

/** @throws money.currency_unknown, money.amount_unsafe */
export function money(amount: number, currency: string): Money {
  minorUnitDigits(currency);
  return { amount: assertAmount(amount), currency };
}

/** Sum in minor units. @throws money.amount_unsafe */
export function sum(amounts: Iterable<number>): number {
  let total = 0;
  for (const amount of amounts) total = assertAmount(total + assertAmount(amount));
  return total;
}

/**
 * amount × rate, rounded half away from zero so that a credit note mirrors its invoice to the cent.
 * @throws money.amount_unsafe, money.rate_invalid
 */
export function applyRate(amount: number, rate: Rate): number {
  const { amount: numerator, scale } = assertRate(rate);
  const exact = multiply(dinero({ amount: BigInt(assertAmount(amount)), currency: wholeUnits }), {
    amount: BigInt(numerator),
    scale: BigInt(scale),
  });
  return toAmount(toSnapshot(transformScale(exact, 0n, halfAwayFromZero)).amount);
}

/** round(numerator × amount / denominator), half away from zero, exact for every safe integer. @throws money.amount_unsafe */
export function applyFraction(amount: number, numerator: number, denominator: number): number {
  const product = BigInt(assertAmount(amount)) * BigInt(assertAmount(numerator));
  const divisor = BigInt(assertAmount(denominator));
  if (divisor === 0n) fail('money.amount_unsafe', 'a fraction with denominator 0');
  const negative = product < 0n !== divisor < 0n;
  const [p, d] = [product < 0n ? -product : product, divisor < 0n ? -divisor : divisor];
  const rounded = (2n * p + d) / (2n * d);
  return toAmount(negative ? -rounded : rounded);
}

/**
 * Splits a total by weights so that the parts sum to the total: every part gets its floor, what is left goes one unit
 * each to the largest remainders, the earlier part first on a tie. All-zero weights split evenly. Negative totals
 * mirror positive ones.
 * @throws money.amount_unsafe for a negative or unsafe weight, or an amount over no weights
 */
export function allocate(total: number, weights: readonly number[]): number[] {
  if (weights.length === 0)
    return total === 0 ? [] : fail('money.amount_unsafe', 'cannot split an amount over nothing');
  if (total < 0) return allocate(-total, weights).map((part) => (part === 0 ? 0 : -part));
  const shares = weights.map((weight) => {
    if (weight < 0) fail('money.amount_unsafe', `a weight is negative: ${weight}`);
    return BigInt(assertAmount(weight, 'weight'));
  });
  const whole = shares.reduce((a, b) => a + b, 0n);
  if (whole === 0n)
    return allocate(
      total,
      weights.map(() => 1),
    );
  const exact = shares.map((share) => share * BigInt(assertAmount(total)));
  const parts = exact.map((value) => value / whole);
  const left = Number(BigInt(total) - parts.reduce((a, b) => a + b, 0n));
  const byRemainder = exact
    .map((value, index) => ({ index, remainder: value % whole }))
    .sort((a, b) => (a.remainder === b.remainder ? a.index - b.index : a.remainder < b.remainder ? 1 : -1));
  const extra = new Set(byRemainder.slice(0, left).map(({ index }) => index));
  return parts.map((part, index) => toAmount(part) + (extra.has(index) ? 1 : 0));
}

/** "12.50 EUR", "1250 JPY": for logs and plain text; pages and mails format by locale. */
export function formatMoney({ amount, currency }: Money): string {
  const digits = minorUnitDigits(currency);
  const text = Math.abs(amount)
    .toString()
    .padStart(digits + 1, '0');
  const cut = text.length - digits;
  const value = digits === 0 ? text : `${text.slice(0, cut)}.${text.slice(cut)}`;
  return `${amount < 0 ? '-' : ''}${value} ${currency}`;
}

/** Rates are applied to integers; the currency plays no part in that arithmetic. */
const wholeUnits: DineroCurrency<bigint> = { code: 'XXX', base: 10n, exponent: 0n };

function toAmount(value: bigint): number {
  return assertAmount(Number(value));
}
