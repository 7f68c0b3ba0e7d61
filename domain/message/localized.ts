import { assertAmount, minorUnitDigits } from '../money/money.ts';
import { formatPercent, parseRate } from '../money/rate.ts';
import type { Locale } from '../order/order.ts';

/** How people of a language read amounts and dates. Nothing depends on the machine: locale and zone are always named. */
export interface LocalizedFormat {
  /** Minor units → "€12.50", "12,50 €", "¥1,250": digits by ISO 4217, never by Intl. */
  readonly money: (amount: number, currency: string) => string;
  /** The same without the currency, for tables that name it once: "12,50". */
  readonly amount: (amount: number, currency: string) => string;
  /** "2026-11-21" or a moment (its day in UTC) → "21 November 2026". */
  readonly date: (iso: string) => string;
  /** A moment → "21 November 2026 at 14:05 UTC". */
  readonly dateTime: (iso: string) => string;
  readonly number: (value: number) => string;
  /** A decimal in major units, as it stands: "0.0833" → "0,0833". */
  readonly decimal: (value: string) => string;
  /** "0.09975" → "9.975 %". */
  readonly percent: (rate: string) => string;
  /** ISO 3166-1 alpha-2 → "Germany". */
  readonly country: (code: string) => string;
}

/** The company sits in Ireland: English is written as there, with the day before the month. */
const tags: Readonly<Record<Locale, string>> = { en: 'en-IE', de: 'de-DE' };

/** Formatters are costly to make and cheap to use: make one per locale and keep it. */
export function createLocalizedFormat(locale: Locale): LocalizedFormat {
  const tag = tags[locale];
  const day = new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeZone: 'UTC' });
  const moment = new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' });
  const plain = new Intl.NumberFormat(tag, { maximumFractionDigits: 10 });
  const separator = plain.formatToParts(1.5).find(({ type }) => type === 'decimal')?.value ?? '.';
  const countries = new Intl.DisplayNames(tag, { type: 'region' });
  const currencies = new Map<string, Record<'currency' | 'decimal', Intl.NumberFormat>>();

  const formatsOf = (currency: string) => {
    const known = currencies.get(currency);
    if (known !== undefined) return known;
    const digits = minorUnitDigits(currency);
    const options = { currency, minimumFractionDigits: digits, maximumFractionDigits: digits };
    const formats = {
      currency: new Intl.NumberFormat(tag, { ...options, style: 'currency' }),
      decimal: new Intl.NumberFormat(tag, { ...options, style: 'decimal' }),
    };
    currencies.set(currency, formats);
    return formats;
  };

  return {
    money: (amount, currency) => formatsOf(currency).currency.format(majorUnits(amount, minorUnitDigits(currency))),
    amount: (amount, currency) => formatsOf(currency).decimal.format(majorUnits(amount, minorUnitDigits(currency))),
    date: (iso) => day.format(new Date(iso)),
    dateTime: (iso) => `${moment.format(new Date(iso))} UTC`,
    number: (value) => plain.format(value),
    decimal: (value) => value.replace('.', separator),
    percent: (rate) => formatPercent(parseRate(rate)).replace('.', separator),
    country: (code) => countries.of(code) ?? code,
  };
}

/** 1250 with 2 digits → "12.50": a decimal string, which Intl formats exactly; a float would not hold large amounts. */
function majorUnits(amount: number, digits: number): Intl.StringNumericLiteral {
  const text = Math.abs(assertAmount(amount))
    .toString()
    .padStart(digits + 1, '0');
  const cut = text.length - digits;
  const decimal = digits === 0 ? text : `${text.slice(0, cut)}.${text.slice(cut)}`;
  // A decimal string by construction; the type system cannot follow string slicing.
  return `${amount < 0 ? '-' : ''}${decimal}` as Intl.StringNumericLiteral;
}
