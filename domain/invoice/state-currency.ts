import { convert } from '../money/exchange-rate.ts';
import type { ExchangeRate } from '../money/exchange-rate.ts';
import { allocate, applyFraction, money, sum } from '../money/money.ts';
import { formatRate } from '../money/rate.ts';
import type { TaxAmount } from '../order/order.ts';
import { taxCountryOf } from '../tax/country.ts';
import { rowOn } from '../tax/dated-row.ts';
import type { CreditedLine } from './credited-line.ts';
import { stateCurrencies } from './data/state-currencies.ts';
import type { AppliedExchangeRate, Invoice, LocalCurrencyTax } from './invoice.ts';

/** The currency of the state that a jurisdiction ("DE", "CA-QC", "GP") belongs to; null when none is on file. */
export function stateCurrencyOf(jurisdiction: string, date: string): string | null {
  const country = taxCountryOf(jurisdiction.slice(0, 2));
  return (
    rowOn(
      stateCurrencies.filter((row) => row.country === country),
      date,
    )?.currency ?? null
  );
}

/** The rate that a document needs; null where the state's currency is the document's, which is nearly always. */
export function stateCurrencyRate(
  taxes: readonly TaxAmount[],
  currency: string,
  date: string,
): { readonly from: string; readonly to: string; readonly date: string } | null {
  const wanted = taxes
    .filter(({ amount }) => amount !== 0)
    .map(({ jurisdiction }) => stateCurrencyOf(jurisdiction, date))
    .find((one) => one !== null && one !== currency);
  if (wanted === undefined || wanted === null) return null;
  // The publisher quotes the euro in other currencies: taken as it was published, not its reciprocal.
  return wanted === 'EUR' ? { from: 'EUR', to: currency, date } : { from: currency, to: wanted, date };
}

/** Every tax whose state wants it in the rate's other currency, each converted and rounded once. */
export function taxesInLocalCurrency(
  taxes: readonly TaxAmount[],
  currency: string,
  date: string,
  rate: ExchangeRate | null,
): readonly LocalCurrencyTax[] {
  if (rate === null) return [];
  const local = rate.from === currency ? rate.to : rate.from;
  return taxes
    .filter(({ jurisdiction }) => stateCurrencyOf(jurisdiction, date) === local)
    .map(({ jurisdiction, name, rate: taxRate, amount }) => ({
      jurisdiction,
      name,
      rate: taxRate,
      currency: local,
      amount: convert(money(amount, currency), rate, local).amount,
      exchangeRate: applied(rate),
    }));
}

/**
 * What credited lines take back of the amounts on the invoice. Each line has its share of the invoice's amount, and gives
 * it back in step with its tax: when all tax is credited, in whatever parts and order, nothing of it is left.
 */
export function creditedInLocalCurrency(
  invoice: Pick<Invoice, 'lines' | 'taxesInLocalCurrency'>,
  credited: readonly Pick<CreditedLine, 'line' | 'taxes' | 'taxesBefore'>[],
): readonly LocalCurrencyTax[] {
  return invoice.taxesInLocalCurrency.flatMap((whole): LocalCurrencyTax[] => {
    const weights = invoice.lines.map(({ taxes }) => taxes.find((tax) => sameTax(tax, whole))?.amount ?? 0);
    const shares = allocate(whole.amount, weights);
    const parts = credited.map(({ line, taxes, taxesBefore }) => {
      const place = invoice.lines.findIndex((one) => one.line === line);
      const index = taxes.findIndex((tax) => sameTax(tax, whole));
      const [share, tax] = [shares[place] ?? 0, weights[place] ?? 0];
      const before = taxesBefore[index] ?? 0;
      const reached = before + (taxes[index]?.amount ?? 0);
      return tax === 0 ? 0 : applyFraction(share, reached, tax) - applyFraction(share, before, tax);
    });
    const taxed = credited.some(({ taxes }) => taxes.some((tax) => sameTax(tax, whole)));
    return taxed ? [{ ...whole, amount: sum(parts) }] : [];
  });
}

function sameTax(a: Pick<TaxAmount, 'jurisdiction' | 'name' | 'rate'>, b: typeof a): boolean {
  return a.jurisdiction === b.jurisdiction && a.name === b.name && a.rate === b.rate;
}

function applied({ from, to, rate, date, source }: ExchangeRate): AppliedExchangeRate {
  return { from, to, rate: formatRate(rate), date, source };
}
