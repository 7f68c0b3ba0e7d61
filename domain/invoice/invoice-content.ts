import { minorUnitDigits, sum } from '../money/money.ts';
import type { Customer, TaxAmount } from '../order/order.ts';
import type { CreditedLine } from './credited-line.ts';
import type {
  CreditNoteContent,
  CreditReason,
  Invoice,
  InvoiceContent,
  InvoicedOrder,
  InvoiceLine,
  Party,
} from './invoice.ts';
import { localDate } from '../time/local-date.ts';
import type { LegalEntity } from './legal-entity.ts';
import { reverseChargeNote } from './reverse-charge-wording.ts';

/** @param at when it is issued, ISO 8601 UTC */
export function invoiceContent(input: {
  readonly id: string;
  readonly fact: string;
  readonly order: InvoicedOrder;
  readonly payment: { readonly method: string; readonly paidAt: string } | null;
  readonly entity: LegalEntity;
  readonly at: string;
}): InvoiceContent {
  const { order, payment, entity, at } = input;
  const { quote, customer } = order;
  return {
    kind: 'invoice',
    id: input.id,
    fact: input.fact,
    orderId: order.id,
    orderNumber: order.number,
    legalEntity: entity.id,
    issuedAt: at,
    issueDate: localDate(at, entity.timeZone),
    supplyDate: localDate(payment?.paidAt ?? at, entity.timeZone),
    payment,
    seller: sellerParty(entity),
    buyer: buyerParty(customer),
    locale: customer.locale,
    currency: quote.currency,
    lines: quote.lines.map((line) => ({
      line: line.line,
      description: line.productName,
      quantity: line.quantity,
      unitNet: unitPrice(line.net, line.quantity, quote.currency),
      discount: line.discount,
      net: line.net,
      tax: line.tax,
      gross: line.gross,
      taxes: line.taxes,
    })),
    taxes: quote.taxes,
    net: quote.net,
    discount: quote.discount,
    tax: quote.tax,
    gross: quote.gross,
    placeOfSupply: { country: quote.placeOfSupply.country, region: quote.placeOfSupply.region },
    reverseCharge: quote.reverseCharge,
    notes: quote.reverseCharge ? [reverseChargeNote(customer)] : [],
  };
}

/** @param input.lines what is credited, from domain/invoice/credited-line.ts */
export function creditNoteContent(input: {
  readonly id: string;
  readonly fact: string;
  readonly invoice: Invoice;
  readonly lines: readonly CreditedLine[];
  readonly reason: CreditReason;
  readonly entity: LegalEntity;
  readonly at: string;
}): CreditNoteContent {
  const { invoice, entity, at } = input;
  const lines = input.lines.map((credit): InvoiceLine => {
    const invoiced = invoice.lines.find(({ line }) => line === credit.line);
    return {
      line: credit.line,
      description: invoiced?.description ?? credit.line,
      quantity: credit.quantity,
      unitNet: unitPrice(credit.net, credit.quantity, invoice.currency),
      discount: 0,
      net: credit.net,
      tax: credit.tax,
      gross: credit.gross,
      taxes: credit.taxes,
    };
  });
  const total = (part: 'net' | 'tax' | 'gross') => sum(lines.map((line) => line[part]));
  return {
    kind: 'credit_note',
    id: input.id,
    fact: input.fact,
    orderId: invoice.orderId,
    orderNumber: invoice.orderNumber,
    corrects: { id: invoice.id, number: invoice.number, issueDate: invoice.issueDate },
    reason: input.reason,
    legalEntity: entity.id,
    issuedAt: at,
    issueDate: localDate(at, entity.timeZone),
    seller: sellerParty(entity),
    buyer: invoice.buyer,
    locale: invoice.locale,
    currency: invoice.currency,
    lines,
    taxes: taxSummary(lines),
    net: total('net'),
    discount: 0,
    tax: total('tax'),
    gross: total('gross'),
    placeOfSupply: invoice.placeOfSupply,
    reverseCharge: invoice.reverseCharge,
    notes: invoice.notes,
  };
}

/** Taxes of all lines, one entry per jurisdiction, name and rate. */
export function taxSummary(lines: readonly { readonly taxes: readonly TaxAmount[] }[]): readonly TaxAmount[] {
  const summary = new Map<string, TaxAmount>();
  for (const tax of lines.flatMap(({ taxes }) => taxes)) {
    const key = JSON.stringify([tax.jurisdiction, tax.name, tax.rate]);
    const known = summary.get(key);
    summary.set(
      key,
      known === undefined ? tax : { ...tax, base: known.base + tax.base, amount: known.amount + tax.amount },
    );
  }
  return [...summary.values()];
}

function sellerParty(entity: LegalEntity): Party {
  return {
    name: entity.name,
    addressLines: entity.addressLines,
    country: entity.country,
    taxId: entity.taxId,
    particulars: [entity.registration, entity.email, entity.website],
  };
}

function buyerParty(customer: Customer): Party {
  const place = [customer.postalCode, customer.region].filter((part) => part !== null).join(' ');
  return {
    name: customer.name,
    addressLines: place === '' ? [] : [place],
    country: customer.country,
    taxId: customer.type === 'business' ? customer.businessTaxId : null,
    particulars: [],
  };
}

/** net / quantity to four more digits than the currency has, cut back to what is needed: "3.99", "0.0833". */
function unitPrice(net: number, quantity: number, currency: string): string | null {
  if (quantity === 0) return null;
  const digits = minorUnitDigits(currency);
  const scaled = (BigInt(net) * 20_000n + BigInt(quantity)) / (BigInt(quantity) * 2n);
  const text = scaled.toString().padStart(digits + 5, '0');
  const [whole, fraction] = [text.slice(0, text.length - digits - 4), text.slice(text.length - digits - 4)];
  const kept = fraction.replace(/0+$/, '').padEnd(digits, '0');
  return kept === '' ? whole : `${whole}.${kept}`;
}
