import { fail } from '../failures.ts';

/** A decimal fraction as a scaled integer: 19 % is { amount: 19, scale: 2 }, QST 9.975 % is { amount: 9975, scale: 5 }. */
export interface Rate {
  readonly amount: number;
  readonly scale: number;
}

/** Reads "0.19" or "0.09975", the form rates have in data files and in the API. @throws money.rate_invalid */
export function parseRate(text: string): Rate {
  if (!/^\d+(\.\d{1,10})?$/.test(text)) fail('money.rate_invalid', `"${text}" is not a decimal rate such as "0.19"`);
  const [whole = '0', fraction = ''] = text.split('.');
  const digits = fraction.replace(/0+$/, '');
  return assertRate({ amount: Number(whole + digits), scale: digits.length });
}

/** Reads "10" or "12.5" as percent: "12.5" is the rate 0.125. @throws money.rate_invalid */
export function parsePercent(text: string): Rate {
  const { amount, scale } = parseRate(text);
  return { amount, scale: scale + 2 };
}

/** The shortest decimal string: { 19, 2 } → "0.19". */
export function formatRate(rate: Rate): string {
  const { amount, scale } = assertRate(rate);
  if (scale === 0) return amount.toString();
  const text = amount.toString().padStart(scale + 1, '0');
  return `${text.slice(0, -scale)}.${text.slice(-scale)}`.replace(/\.?0+$/, '');
}

/** "19 %", "9.975 %": how invoices print it. */
export function formatPercent({ amount, scale }: Rate): string {
  return `${formatRate(scale >= 2 ? { amount, scale: scale - 2 } : { amount: amount * 10 ** (2 - scale), scale: 0 })} %`;
}

export const zeroRate: Rate = { amount: 0, scale: 0 };

/** a + b, exactly. @throws money.rate_invalid when the sum leaves the range of safe integers */
export function addRates(a: Rate, b: Rate): Rate {
  const scale = Math.max(a.scale, b.scale);
  return assertRate({ amount: a.amount * 10 ** (scale - a.scale) + b.amount * 10 ** (scale - b.scale), scale });
}

/** A rate is a non-negative safe integer over a power of ten. @throws money.rate_invalid */
export function assertRate(rate: Rate): Rate {
  const { amount, scale } = rate;
  if (!Number.isSafeInteger(amount) || amount < 0 || !Number.isInteger(scale) || scale < 0)
    fail('money.rate_invalid', `not a rate: ${amount} with scale ${scale}`);
  return rate;
}
