import type { TaxBehavior } from '../catalog/catalog.ts';
import { assertAmount, minorUnitDigits, sum } from '../money/money.ts';
import type { TaxAmount } from '../order/order.ts';
import { assess } from './assess-line.ts';
import type { AssessedLine } from './assess-line.ts';
import { exclusiveTaxes, inclusiveTaxes, mergeTaxes } from './tax-arithmetic.ts';
import type { TaxNote } from './tax-note.ts';
import type { TaxRequest } from './tax-request.ts';

export interface TaxedLine {
  readonly line: string;
  readonly net: number;
  readonly tax: number;
  readonly gross: number;
  readonly taxes: readonly TaxAmount[];
}

/** Minor units. net + tax = gross on every line and in total; the lines sum to the totals. */
export interface TaxResult {
  readonly lines: readonly TaxedLine[];
  readonly net: number;
  readonly tax: number;
  readonly gross: number;
  readonly taxes: readonly TaxAmount[];
  readonly reverseCharge: boolean;
  readonly notes: readonly TaxNote[];
}

/**
 * Taxes a basket that is one invoice.
 * - Each tax is rounded once per rate and invoice, half away from zero, and distributed to the lines by largest
 *   remainder (EN 16931 BR-CO-17). An inclusive price gives up round(gross·r/(1+r)), r being the sum of the rates that
 *   apply, each on its share of the base; what it gives up is split between those taxes. Inclusive and exclusive
 *   prices that bear the same single tax are rounded as one sum.
 * - A business in another country than the seller with a `confirmed` id accounts for the tax itself where the law has
 *   that rule (all of the EU; GB, CH, NO, AU and others): tax 0. With any other status it is charged like a consumer;
 *   it stays a business where the rate depends on that (US).
 * - A tax that an exemption certificate takes away stays as a row of rate 0 that names the certificate.
 * - Inclusive prices without tax: under reverse charge, and with a certificate, the customer pays what is left after the
 *   tax is taken out: the label's price holds a tax that it owes itself or need not pay. Where no tax is due at all, or we are not registered, nobody else
 *   collects it and the price is what the label says: net = gross.
 * @throws tax.country_not_served, tax.region_required, tax.data_missing, money.currency_unknown, money.amount_unsafe
 */
export function computeTax(request: TaxRequest): TaxResult {
  minorUnitDigits(request.currency);
  const assessed = request.lines.map((line) => assess(request, line));
  const priced = (behavior: TaxBehavior) => assessed.filter(({ line }) => line.taxBehavior === behavior).map(taxable);
  const exclusive = exclusiveTaxes(priced('exclusive'));
  const inclusive = inclusiveTaxes(priced('inclusive'), exclusive);
  const lines = assessed.map((one) =>
    taxedLine(one, (one.line.taxBehavior === 'exclusive' ? exclusive : inclusive).get(one.line.line) ?? []),
  );
  const notes = assessed.flatMap((a) => a.notes);
  return {
    lines,
    net: sum(lines.map(({ net }) => net)),
    tax: sum(lines.map(({ tax }) => tax)),
    gross: sum(lines.map(({ gross }) => gross)),
    taxes: mergeTaxes(lines.flatMap(({ taxes }) => taxes)),
    reverseCharge: notes.some(({ code }) => code === 'reverse_charge'),
    notes: notes.filter((note, at) => notes.findIndex((n) => sameNote(n, note)) === at),
  };
}

const taxable = ({ line, taxes, charged }: AssessedLine) => ({
  line: line.line,
  amount: line.amount,
  // An exclusive price under reverse charge is already the net: nothing to compute.
  taxes: charged || line.taxBehavior === 'inclusive' ? taxes : [],
});

/** `borne` decides the net of an inclusive price; what is charged of it depends on who accounts for it. */
function taxedLine({ line, charged, exempt }: AssessedLine, borne: readonly TaxAmount[]): TaxedLine {
  const whole = sum(borne.map(({ amount }) => amount));
  const net = line.taxBehavior === 'exclusive' ? line.amount : line.amount - whole;
  const taxes = charged ? borne.map((tax) => exempted(tax, exempt.get(tax.jurisdiction))) : [];
  const tax = sum(taxes.map(({ amount }) => amount));
  return { line: line.line, net, tax, gross: assertAmount(net + tax), taxes };
}

function exempted(tax: TaxAmount, certificate: string | undefined): TaxAmount {
  return certificate === undefined ? tax : { ...tax, rate: '0', amount: 0, exemption: certificate };
}

const sameNote = (a: TaxNote, b: TaxNote) =>
  a.code === b.code && a.jurisdiction === b.jurisdiction && a.text === b.text;
