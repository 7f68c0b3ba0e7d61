import { fail } from '../failures.ts';
import type { ExchangeRate } from '../money/exchange-rate.ts';
import { minorUnitDigits, sum } from '../money/money.ts';
import type { OrderLine, TaxAmount } from '../order/order.ts';
import type { CreditedLine } from './credited-line.ts';
import { exemptionNotes, reverseChargeNote } from './exemption-notes.ts';
import type {
  CreditNoteContent,
  CreditReason,
  Invoice,
  InvoiceContent,
  InvoiceLine,
  InvoicePayment,
  InvoicedOrder,
} from './invoice.ts';
import { localDate } from '../time/local-date.ts';
import type { LegalEntity } from './legal-entity.ts';
import { legalFrameOf } from './legal-frame.ts';
import { buyerParty, sellerParty } from './parties.ts';
import { creditedInLocalCurrency, taxesInLocalCurrency } from './state-currency.ts';
import { vatCategoryOf } from './vat-category.ts';
import type { VatCategory } from './vat-category.ts';

/**
 * @param input.exchangeRate to the currency of the taxing state where that is another one; null where it is not, or where
 * no rate is on file: then `legal.missing` says so if the law asks for it
 * @param input.at when it is issued, ISO 8601 UTC
 */
export function invoiceContent(input: {
  readonly id: string;
  readonly fact: string;
  readonly order: InvoicedOrder;
  readonly payment: InvoicePayment | null;
  readonly entity: LegalEntity;
  readonly exchangeRate: ExchangeRate | null;
  readonly at: string;
}): InvoiceContent {
  const { order, payment, entity, at } = input;
  const { quote, customer } = order;
  const supplyDate = supplyDateOf(payment, entity, at);
  const question = { quote, customerType: customer.type, sellerCountry: entity.country, at: payment?.paidAt ?? at };
  const lines = quote.lines.map((line) => invoicedLine(line, vatCategoryOf(line, question), quote.currency));
  const content = {
    kind: 'invoice' as const,
    id: input.id,
    fact: input.fact,
    orderId: order.id,
    orderNumber: order.number,
    legalEntity: entity.id,
    issuedAt: at,
    issueDate: localDate(at, entity.timeZone),
    supplyDate,
    payment,
    seller: sellerParty(entity, quote.taxes, supplyDate),
    buyer: buyerParty(customer),
    customerType: customer.type,
    locale: customer.locale,
    currency: quote.currency,
    lines,
    taxes: quote.taxes,
    taxesInLocalCurrency: taxesInLocalCurrency(quote.taxes, quote.currency, supplyDate, input.exchangeRate),
    net: quote.net,
    discount: quote.discount,
    tax: quote.tax,
    gross: quote.gross,
    placeOfSupply: { country: quote.placeOfSupply.country, region: quote.placeOfSupply.region },
    reverseCharge: quote.reverseCharge,
    notes: notesOf(lines, quote.reverseCharge, customer),
  };
  return { ...itemised(content), legal: legalFrameOf(content) };
}

/** No hidden fees: what is charged is on the lines. @throws invoice.not_itemised */
function itemised<Content extends Pick<InvoiceContent, 'lines' | 'taxes' | 'net' | 'tax' | 'gross'>>(
  content: Content,
): Content {
  const { lines, taxes } = content;
  const sums = {
    net: sum(lines.map(({ net }) => net)),
    tax: sum(lines.map(({ tax }) => tax)),
    gross: sum(lines.map(({ net, tax }) => net + tax)),
  };
  const listed = sum(taxes.map(({ amount }) => amount));
  const { net, tax, gross } = content;
  if (sums.net === net && sums.tax === tax && sums.gross === gross && listed === tax) return content;
  return fail(
    'invoice.not_itemised',
    `net ${net}, tax ${tax}, gross ${gross}; the lines sum to ${sums.net}, ${sums.tax}, ${sums.gross}, the taxes to ${listed}`,
  );
}

/** The day of payment, or of the sale where nothing had to be paid, at the seat of the legal entity: the tax point. */
export function supplyDateOf(payment: { readonly paidAt: string } | null, entity: LegalEntity, at: string): string {
  return localDate(payment?.paidAt ?? at, entity.timeZone);
}

function invoicedLine(line: OrderLine, category: VatCategory, currency: string): InvoiceLine {
  const { net, quantity, discount, tax, gross, taxes } = line;
  const unitNet = unitPrice(net, quantity, currency);
  return {
    line: line.line,
    description: line.productName,
    ...{ category, quantity, unitNet, discount, net, tax, gross, taxes },
  };
}

/** The one about reverse charge stands wherever the quote says so, also when nothing but free lines were sold. */
function notesOf(
  lines: readonly InvoiceLine[],
  reverseCharge: boolean,
  customer: Parameters<typeof exemptionNotes>[1],
): InvoiceContent['notes'] {
  const categories = lines.map(({ category }) => category);
  return exemptionNotes(reverseCharge ? ['AE', ...categories] : categories, customer);
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
      category: invoiced?.category ?? 'S',
      quantity: credit.quantity,
      unitNet: unitPrice(credit.net, credit.quantity, invoice.currency),
      discount: credit.discount,
      net: credit.net,
      tax: credit.tax,
      gross: credit.gross,
      taxes: credit.taxes,
    };
  });
  const total = (part: 'net' | 'discount' | 'tax' | 'gross') => sum(lines.map((line) => line[part]));
  const content = {
    kind: 'credit_note' as const,
    id: input.id,
    fact: input.fact,
    orderId: invoice.orderId,
    orderNumber: invoice.orderNumber,
    corrects: {
      ...{ id: invoice.id, number: invoice.number },
      ...{ issueDate: invoice.issueDate, supplyDate: invoice.supplyDate },
    },
    reason: input.reason,
    legalEntity: entity.id,
    issuedAt: at,
    issueDate: localDate(at, entity.timeZone),
    seller: sellerParty(entity, invoice.taxes, invoice.supplyDate),
    buyer: invoice.buyer,
    customerType: invoice.customerType,
    locale: invoice.locale,
    currency: invoice.currency,
    lines,
    taxes: taxSummary(lines),
    taxesInLocalCurrency: creditedInLocalCurrency(invoice, input.lines),
    net: total('net'),
    discount: total('discount'),
    tax: total('tax'),
    gross: total('gross'),
    placeOfSupply: invoice.placeOfSupply,
    ...chargeOf(invoice, input.reason),
  };
  return { ...itemised(content), legal: legalFrameOf(content) };
}

/** A credit note speaks as its invoice did, except the one that shifts the tax to the customer. */
function chargeOf(
  { reverseCharge, notes, buyer, locale }: Invoice,
  reason: CreditReason,
): Pick<CreditNoteContent, 'reverseCharge' | 'notes'> {
  if (reason !== 'business_tax_id_confirmed') return { reverseCharge, notes };
  return { reverseCharge: true, notes: [...notes, reverseChargeNote({ country: buyer.country, locale })] };
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
