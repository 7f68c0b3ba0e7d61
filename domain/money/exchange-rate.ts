import { fail } from '../failures.ts';
import { assertAmount, minorUnitDigits } from './money.ts';
import type { Money } from './money.ts';
import { assertRate, parseRate } from './rate.ts';
import type { Rate } from './rate.ts';

/** One published rate: 1 unit of `from` costs `rate` units of `to`. Kept with its origin wherever it is used. */
export interface ExchangeRate {
  readonly from: string;
  readonly to: string;
  readonly rate: Rate;
  /** The day it was published for, YYYY-MM-DD. */
  readonly date: string;
  /** Who published it, such as "ECB euro foreign exchange reference rates". */
  readonly source: string;
}

/** What a publisher says of one day: 1 unit of `base` costs so many units of each currency. */
export interface RatePublication {
  readonly source: string;
  /** YYYY-MM-DD. */
  readonly date: string;
  readonly base: string;
  /** Decimal strings as published, by currency; `base` itself is not among them. */
  readonly rates: Readonly<Record<string, string>>;
}

/** Derived rates have ten decimals, the most that a rate's text has (domain/money/rate.ts). */
const derivedScale = 10;

/**
 * The rate between two currencies of one publication; null when it does not name both. From the base it is the published
 * figure, unrounded. Any other pair is derived through the base in one division, to(base)/from(base), rounded once to
 * ten decimals, half away from zero; publications have five or six significant digits, so nothing of them is lost.
 * @throws money.rate_invalid when the publication holds something that is no rate
 */
export function publishedRate(publication: RatePublication, from: string, to: string): ExchangeRate | null {
  const { date, source } = publication;
  const [a, b] = [quoted(publication, from), quoted(publication, to)];
  if (a === null || b === null) return null;
  if (from === publication.base || from === to) {
    return { from, to, rate: from === to ? one : b, date, source };
  }
  const rate = quotient(b, a, derivedScale);
  if (rate.amount === 0) return null;
  return { from, to, rate, date, source: `${source}, ${to} per ${publication.base} / ${from} per ${publication.base}` };
}

/**
 * An amount in the other currency of a rate, in minor units of that currency, rounded once, half away from zero. A rate
 * may be used in either direction: against its direction the amount is divided by it, exactly. So what the law wants
 * converted at a published rate takes the publisher's own figure and no derived one. The result is never converted again.
 * @throws money.rate_invalid when the rate is not between these two currencies, money.currency_unknown, money.amount_unsafe
 */
export function convert(money: Money, { from, to, rate }: ExchangeRate, toCurrency: string): Money {
  const { amount: factor, scale } = assertRate(rate);
  const amount = BigInt(assertAmount(money.amount));
  const [ours, theirs] = [minorUnitDigits(money.currency), minorUnitDigits(toCurrency)];
  const along = money.currency === from && toCurrency === to;
  if (factor === 0 || (!along && !(money.currency === to && toCurrency === from))) {
    return fail('money.rate_invalid', `The rate ${from} to ${to} does not convert ${money.currency} to ${toCurrency}`);
  }
  const [up, down] = [BigInt(factor), 10n ** BigInt(scale)];
  const converted = divideRounded(
    amount * (along ? up : down) * 10n ** BigInt(theirs),
    (along ? down : up) * 10n ** BigInt(ours),
  );
  return { amount: assertAmount(Number(converted)), currency: toCurrency };
}

export interface RateJump {
  readonly currency: string;
  readonly before: string;
  readonly after: string;
}

/** A published rate that moves by more than this between two publications is taken for a mistake until a person says otherwise. */
const unusualPercent = 20n;

/** Currencies whose rate moved by more than 20 % of what it was. Currencies that only one of the two names are left out. */
export function unusualJumps(before: RatePublication, after: RatePublication): readonly RateJump[] {
  return Object.entries(after.rates).flatMap(([currency, rate]): RateJump[] => {
    const earlier = before.rates[currency];
    if (earlier === undefined) return [];
    const [a, b] = [parseRate(earlier), parseRate(rate)];
    const [x, y] = [BigInt(a.amount) * 10n ** BigInt(b.scale), BigInt(b.amount) * 10n ** BigInt(a.scale)];
    const moved = y > x ? y - x : x - y;
    return moved * 100n > x * unusualPercent ? [{ currency, before: earlier, after: rate }] : [];
  });
}

const one: Rate = { amount: 1, scale: 0 };

function quoted({ base, rates }: RatePublication, currency: string): Rate | null {
  if (currency === base) return one;
  const text = rates[currency];
  if (text === undefined) return null;
  const rate = parseRate(text);
  return rate.amount === 0 ? fail('money.rate_invalid', `A rate of 0 for ${currency}`) : rate;
}

/** b/a with so many decimals, or as many as fit a safe integer; from the exact fraction, so rounded once in any case. */
function quotient(b: Rate, a: Rate, scale: number): Rate {
  const amount = divideRounded(
    BigInt(b.amount) * 10n ** BigInt(a.scale + scale),
    BigInt(a.amount) * 10n ** BigInt(b.scale),
  );
  if (scale > 0 && amount > BigInt(Number.MAX_SAFE_INTEGER)) return quotient(b, a, scale - 1);
  return simplest(Number(amount), scale);
}

/** Half away from zero; the denominator is positive. */
function divideRounded(numerator: bigint, denominator: bigint): bigint {
  const size = numerator < 0n ? -numerator : numerator;
  const rounded = (2n * size + denominator) / (2n * denominator);
  return numerator < 0n ? -rounded : rounded;
}

/** Without trailing zeros, as parseRate would read it. */
function simplest(amount: number, scale: number): Rate {
  if (scale === 0 || amount === 0 || amount % 10 !== 0) return assertRate({ amount, scale: amount === 0 ? 0 : scale });
  return simplest(amount / 10, scale - 1);
}
