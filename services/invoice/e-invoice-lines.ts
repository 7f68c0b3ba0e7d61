import { fail } from '../../domain/failures.ts';
import type { BillingDocument, InvoiceLine } from '../../domain/invoice/invoice.ts';
import type { VatCategory } from '../../domain/invoice/vat-category.ts';
import { sum } from '../../domain/money/money.ts';
import { addRates, parseRate, zeroRate } from '../../domain/money/rate.ts';
import { percentText } from './e-invoice-amounts.ts';

/** A line as EN 16931 has it: exactly one category, exactly one rate, on the whole net. */
export interface EInvoiceLine {
  readonly id: string;
  readonly description: string;
  /** Negative where a net is taken out of one category to go into another. */
  readonly quantity: number;
  /** Minor units; has the sign of the quantity. */
  readonly net: number;
  readonly tax: number;
  readonly category: VatCategory;
  /** Percent; null for O, which has no rate. */
  readonly percent: string | null;
}

/** One row of the tax breakdown (BG-23). */
export interface EInvoiceTax {
  readonly category: VatCategory;
  readonly percent: string | null;
  readonly base: number;
  readonly amount: number;
}

/**
 * The lines of a document, each split by how its net is taxed:
 * - several taxes on the same net (GST and QST) become one rate, their sum; the note names them one by one
 * - a net that is taxed in part has a second, untaxed line for the rest
 * - tax that is credited by itself (the customer accounts for it after all) moves its net from S to AE
 * O stands alone or not at all (BR-O-11): beside other categories it is written as E.
 * @throws invoice.e_invoice_not_possible for taxes on different parts of one net
 */
export function eInvoiceLines(document: BillingDocument): readonly EInvoiceLine[] {
  const lines = document.lines.flatMap((line, index) => splitLine(line, index, document));
  if (!lines.some(({ category }) => category !== 'O')) return lines;
  return lines.map((line) => (line.category === 'O' ? { ...line, category: 'E' as const, percent: '0' } : line));
}

export function eInvoiceTaxes(lines: readonly EInvoiceLine[]): readonly EInvoiceTax[] {
  const groups = new Map<string, EInvoiceTax>();
  for (const { category, percent, net, tax } of lines) {
    const key = `${category} ${percent}`;
    const known = groups.get(key) ?? { category, percent, base: 0, amount: 0 };
    groups.set(key, { ...known, base: sum([known.base, net]), amount: sum([known.amount, tax]) });
  }
  return [...groups.values()];
}

function splitLine(line: InvoiceLine, index: number, { reverseCharge }: BillingDocument): readonly EInvoiceLine[] {
  const { net, tax, category, description, taxes } = line;
  const quantity = line.quantity === 0 ? 1 : line.quantity;
  const whole = { id: `${index + 1}`, description, quantity, net, tax };
  const [first] = taxes;
  if (category !== 'S' || first === undefined) {
    return [{ ...whole, category, percent: category === 'O' ? null : '0' }];
  }
  if (taxes.some(({ base }) => base !== first.base)) {
    fail('invoice.e_invoice_not_possible', 'EN 16931 has no taxes on different parts of a price', [
      { path: `lines[${index}].taxes`, message: 'have different bases' },
    ]);
  }
  const percent = percentText(taxes.map(({ rate }) => parseRate(rate)).reduce(addRates, zeroRate));
  const rest = net - first.base;
  if (rest === 0) return [{ ...whole, category, percent }];
  const untaxed = reverseCharge ? ('AE' as const) : ('E' as const);
  return [
    { ...whole, net: first.base, category, percent },
    {
      ...{ id: `${index + 1}.1`, description, net: rest, tax: 0 },
      quantity: rest < 0 ? -quantity : quantity,
      ...{ category: untaxed, percent: '0' },
    },
  ];
}
