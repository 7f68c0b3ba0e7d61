import type { Customer, Locale, Quote, TaxAmount } from '../order/order.ts';
import type { InvoiceNote } from './reverse-charge-wording.ts';

/** Each series counts on its own, per legal entity and year. */
export type DocumentSeries = 'INV' | 'CN';

export interface Party {
  readonly name: string;
  readonly addressLines: readonly string[];
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** VAT id or the like; null for a consumer. */
  readonly taxId: string | null;
  /** What else the law wants to see: the seller's register entry and address for questions. */
  readonly particulars: readonly string[];
}

export interface InvoiceLine {
  readonly line: string;
  readonly description: string;
  readonly quantity: number;
  /** Net price of one unit after discount, a decimal string in major units; at most four digits more than the currency. */
  readonly unitNet: string | null;
  /** Minor units; `discount` is what was taken off before net. */
  readonly discount: number;
  readonly net: number;
  readonly tax: number;
  readonly gross: number;
  readonly taxes: readonly TaxAmount[];
}

/** What invoice and credit note have in common. Minor units of `currency`, positive in both. Never changed, never deleted. */
interface DocumentContent {
  readonly id: string;
  /** Key of the fact that it documents (domain/idempotency.ts); unique. */
  readonly fact: string;
  readonly orderId: string;
  readonly orderNumber: string;
  readonly legalEntity: string;
  /** ISO 8601 UTC. */
  readonly issuedAt: string;
  /** The day at the legal entity's seat, YYYY-MM-DD. */
  readonly issueDate: string;
  readonly seller: Party;
  readonly buyer: Party;
  readonly locale: Locale;
  readonly currency: string;
  readonly lines: readonly InvoiceLine[];
  /** One entry per jurisdiction and rate. */
  readonly taxes: readonly TaxAmount[];
  readonly net: number;
  readonly discount: number;
  readonly tax: number;
  readonly gross: number;
  readonly placeOfSupply: { readonly country: string; readonly region: string | null };
  readonly reverseCharge: boolean;
  readonly notes: readonly InvoiceNote[];
}

export interface InvoiceContent extends DocumentContent {
  readonly kind: 'invoice';
  /** The day of supply and payment, YYYY-MM-DD. */
  readonly supplyDate: string;
  /** null when nothing had to be paid. */
  readonly payment: { readonly method: string; readonly paidAt: string } | null;
}

export type CreditReason =
  'withdrawal' | 'not_delivered' | 'duplicate' | 'fraudulent' | 'price_adjustment' | 'goodwill';

export interface CreditNoteContent extends DocumentContent {
  readonly kind: 'credit_note';
  /** The invoice that this corrects (Directive 2006/112/EC art. 219). */
  readonly corrects: { readonly id: string; readonly number: string; readonly issueDate: string };
  readonly reason: CreditReason;
}

/** The place in a series: 1, 2, 3, … without gaps within (legal entity, series, year). */
export interface DocumentNumber {
  readonly number: string;
  readonly series: DocumentSeries;
  readonly year: number;
  readonly sequence: number;
}

export type Invoice = InvoiceContent & DocumentNumber;
export type CreditNote = CreditNoteContent & DocumentNumber;
export type BillingDocument = Invoice | CreditNote;
export type BillingDocumentContent = InvoiceContent | CreditNoteContent;

/** "INV-2026-000001"; wider once a year has more than 999,999 documents. */
export function documentNumber(series: DocumentSeries, year: number, sequence: number): DocumentNumber {
  return { number: `${series}-${year}-${sequence.toString().padStart(6, '0')}`, series, year, sequence };
}

export function seriesOf(content: Pick<BillingDocumentContent, 'kind'>): DocumentSeries {
  return content.kind === 'invoice' ? 'INV' : 'CN';
}

/** What an invoice is built from: the frozen part of an order, nothing that may still change. */
export interface InvoicedOrder {
  readonly id: string;
  readonly number: string;
  readonly customer: Customer;
  readonly quote: Quote;
}

/**
 * Whether a repeated fact says the same. Dates, number and the seller's particulars are left out: a repeat after a
 * crash may come on another day and must find the document of the first time.
 */
export function sameContent(a: BillingDocumentContent, b: BillingDocumentContent): boolean {
  const essence = (d: BillingDocumentContent) =>
    JSON.stringify([
      d.kind,
      d.fact,
      d.orderId,
      d.currency,
      d.net,
      d.tax,
      d.gross,
      d.reverseCharge,
      d.kind === 'credit_note' ? [d.corrects.id, d.reason] : [],
      d.lines.map((line) => [line.line, line.quantity, line.net, line.tax, line.gross]),
      d.taxes.map((tax) => [tax.jurisdiction, tax.name, tax.rate, tax.base, tax.amount]),
    ]);
  return essence(a) === essence(b);
}
