import { formatMoney } from '../../domain/money/money.ts';
import type { SellerStatement } from './statement-service.ts';

const header = ['at', 'fact', 'kind', 'description', 'currency', 'net', 'retained', 'amount', 'balance'];

/**
 * RFC 4180, with the opening balance first, the closing balance last and the notes below. Amounts are decimal major
 * units: a spreadsheet adds them up as they are.
 */
export function statementCsv(statement: SellerStatement): string {
  const { currency, lines, totals, notes, from, to } = statement;
  const major = (amount: number) => formatMoney({ amount, currency }).slice(0, -currency.length - 1);
  const rows = [
    header,
    [from, '', 'opening', 'Opening balance', currency, '', '', '', major(statement.opening)],
    ...lines.map(({ at, fact, kind, description, net, retained, amount, balance }) => {
      const amounts = [net, retained, amount, balance].map(major);
      return [at, fact, kind, description, currency, ...amounts];
    }),
    [
      ...[to, '', 'closing', 'Closing balance', currency, major(totals.net), major(totals.retained)],
      ...[major(totals.earned + totals.settled), major(statement.closing)],
    ],
    ...notes.map(({ code, text }) => ['', '', code, text, '', '', '', '', '']),
  ];
  return rows.map((row) => `${row.map(field).join(',')}\r\n`).join('');
}

/** Quoted where it has to be. Text that a spreadsheet would run as a formula is marked as text. */
function field(text: string): string {
  const safe = /^[=+@\t\r]|^-(?!\d)/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
