import { fail } from '../../domain/failures.ts';
import { minorUnitDigits } from '../../domain/money/money.ts';
import { formatPercent, parseRate } from '../../domain/money/rate.ts';
import type { Rate } from '../../domain/money/rate.ts';

/** EN 16931 knows two decimals for every amount (BR-DEC), four for a rate. */
const decimals = 2;
const rateDecimals = 4;

/**
 * Minor units as EN 16931 writes them: 1250 EUR is "12.50", 1250 JPY "1250", 1250 KWD "1.25".
 * @throws invoice.e_invoice_not_possible where two decimals are not enough: 1255 KWD
 */
export function amountText(amount: number, currency: string): string {
  const digits = minorUnitDigits(currency);
  const text = Math.abs(amount)
    .toString()
    .padStart(digits + 1, '0');
  const [whole, fraction] = [text.slice(0, text.length - digits), text.slice(text.length - digits)];
  const kept = fraction.slice(0, decimals);
  if (/[1-9]/.test(fraction.slice(decimals))) {
    return fail(
      'invoice.e_invoice_not_possible',
      `EN 16931 has two decimals; ${currency} ${whole}.${fraction} has more`,
    );
  }
  return `${amount < 0 ? '-' : ''}${kept === '' ? whole : `${whole}.${kept}`}`;
}

/** "19", "25.5", "14.975". @throws invoice.e_invoice_not_possible */
export function percentText(rate: Rate): string {
  const percent = formatPercent(rate).replace(/ %$/, '');
  if ((percent.split('.')[1] ?? '').length > rateDecimals) {
    return fail('invoice.e_invoice_not_possible', `A tax rate of ${percent} % has more than four decimals`);
  }
  return percent;
}

export function percentOf(rate: string): string {
  return percentText(parseRate(rate));
}
