import { fail } from '../failures.ts';
import type { InputProblem } from '../failures.ts';
import { holdsOn } from '../tax/dated-row.ts';
import { localDate } from '../time/local-date.ts';
import { retiredCurrencies } from './data/retired-currencies.ts';
import type { RetiredCurrencyRow } from './data/retired-currencies.ts';
import { convert } from './exchange-rate.ts';
import type { ExchangeRate } from './exchange-rate.ts';
import { assertAmount } from './money.ts';
import type { Money } from './money.ts';
import { parseRate } from './rate.ts';

/** How a currency ended, once it has at `at` (ISO 8601); null while it is in use. */
export function retirementOf(currency: string, at: string): RetiredCurrencyRow | null {
  const row = retiredCurrencies.find((one) => one.currency === currency);
  return row !== undefined && holdsOn(row, localDate(at, row.timeZone)) ? row : null;
}

/** Nothing is sold in a currency that has ended. @throws price.currency_retired, naming `path` */
export function requireSoldCurrency(currency: string, at: string, path: string): void {
  const problem = retiredProblem(currency, at, path);
  if (problem !== null) fail('price.currency_retired', problem.message, [problem]);
}

/** The same for those who list all problems at once. */
export function retiredProblem(currency: string, at: string, path: string): InputProblem | null {
  const row = retirementOf(currency, at);
  if (row === null) return null;
  return { path, message: `${currency} ended on ${row.validFrom}; sell in ${row.successor}` };
}

export interface RefundConversion {
  /** What is paid out. */
  readonly paid: Money;
  /** Units of the charged currency for one of the paid one, fixed by law; null when both are the same. */
  readonly rate: string | null;
  readonly source: string | null;
}

/**
 * In which currency, and how much, a refund of `amount` is paid out at `at`: in the currency of the charge or, once that
 * has ended, in its successor at the fixed rate. `refundedBefore` is what was given back of the same charge: each refund
 * pays the difference of two roundings, so that parts never add up to more or less than the whole.
 * @throws money.amount_unsafe
 */
export function refundConversion(refund: {
  readonly amount: Money;
  /** Minor units of the charged currency. */
  readonly refundedBefore: number;
  readonly at: string;
}): RefundConversion {
  const { amount, refundedBefore, at } = refund;
  const row = retirementOf(amount.currency, at);
  if (row === null) return { paid: amount, rate: null, source: null };
  const { currency, successor, rate, validFrom: date, source } = row;
  const fixed: ExchangeRate = { from: successor, to: currency, rate: parseRate(rate), date, source };
  const converted = (minor: number) => convert({ amount: minor, currency }, fixed, successor).amount;
  const after = converted(assertAmount(refundedBefore + amount.amount));
  return { paid: { amount: after - converted(refundedBefore), currency: successor }, rate, source };
}
