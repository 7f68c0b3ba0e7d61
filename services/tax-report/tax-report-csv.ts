import { formatMoney } from '../../domain/money/money.ts';
import type { FiledReport } from './filing-period-store.ts';

const columns = [
  'section',
  'supplied_in',
  'jurisdiction',
  'tax',
  'rate_type',
  'rate',
  'currency',
  'sales',
  'exempt',
  'base',
  'tax_amount',
  'transactions',
  'documented',
  'nexus_status',
] as const;
type Column = (typeof columns)[number];

/**
 * A return as CSV (RFC 4180), one row per line: amounts in the currency of the return, as decimals; `documented` holds
 * base and tax as on the documents, per currency. `nexus_status` is filled for states only.
 */
export function taxReportCsv({ lines, currency, nexus }: FiledReport): string {
  const rows = lines.map((line): Readonly<Record<Column, string>> => {
    const decimal = (amount: number, of = currency): string =>
      formatMoney({ amount, currency: of }).split(' ')[0] ?? '';
    return {
      section: line.section,
      supplied_in: line.suppliedIn,
      jurisdiction: line.jurisdiction,
      tax: line.name,
      rate_type: line.rateType ?? '',
      rate: line.rate ?? '',
      currency,
      sales: decimal(line.sales),
      exempt: decimal(line.exempt),
      base: decimal(line.base),
      tax_amount: decimal(line.tax),
      transactions: line.transactions.toString(),
      documented: line.amounts
        .map(({ base, tax, currency: of }) => `${of} ${decimal(base, of)} ${decimal(tax, of)}`)
        .join('; '),
      nexus_status: nexus?.find(({ jurisdiction }) => jurisdiction === line.jurisdiction)?.status ?? '',
    };
  });
  return [columns.join(','), ...rows.map((row) => columns.map((column) => field(row[column])).join(','))]
    .map((line) => `${line}\r\n`)
    .join('');
}

function field(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
