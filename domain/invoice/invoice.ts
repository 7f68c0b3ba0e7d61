import type { Customer, CustomerType, Locale, Quote, TaxAmount } from '../order/order.ts';
import type { InvoiceField, InvoiceForm, InvoiceRuleArea, InvoiceTitle } from './data/invoice-rules.ts';
import type { InvoiceNote } from './exemption-notes.ts';
import type { VatCategory } from './vat-category.ts';

/** Each series counts on its own, per legal entity and year. */
export type DocumentSeries = 'INV' | 'CN';

/** Parts of an address that machines read; null where we do not know them. */
export interface PostalAddress {
  readonly street: string | null;
  readonly city: string | null;
  readonly postalCode: string | null;
  readonly region: string | null;
}

/** Under what number the seller reports the tax of a jurisdiction. */
export interface TaxRegistration {
  /** As in TaxAmount: "GB", "AU", "CA" for GST and HST, "CA-QC" for QST. */
  readonly jurisdiction: string;
  readonly scheme: RegistrationScheme;
  readonly id: string;
}

/** The name of such a number; the words are in services/invoice/invoice-labels.ts. */
export const registrationSchemes = ['vat', 'abn', 'jct', 'gst_hst', 'qst', 'pst'] as const;
export type RegistrationScheme = (typeof registrationSchemes)[number];

export interface Party {
  readonly name: string;
  /** The address as it is printed, without the country. */
  readonly addressLines: readonly string[];
  readonly address: PostalAddress;
  /** ISO 3166-1 alpha-2. */
  readonly country: string;
  /** VAT id or the like; null for a consumer. */
  readonly taxId: string | null;
  /** The seller's numbers in the jurisdictions that this document taxes, beside `taxId`; none for a buyer. */
  readonly registrations: readonly TaxRegistration[];
  /** Where the party takes documents: `scheme` is a code of the EAS list, "EM" for e-mail (EN 16931 BT-34, BT-49). */
  readonly electronicAddress: { readonly scheme: string; readonly id: string };
  /** Where the company is registered and under which number; null for a buyer. */
  readonly registerEntry: string | null;
  /** Whom to ask; null for a buyer. */
  readonly contact: { readonly name: string; readonly telephone: string; readonly email: string } | null;
  /** What else the law wants to see: the seller's register entry and address for questions. */
  readonly particulars: readonly string[];
}

export interface InvoiceLine {
  readonly line: string;
  readonly description: string;
  /** How EN 16931 calls the way this line is taxed. */
  readonly category: VatCategory;
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

/** What the law of a country makes of the document; frozen with it. */
export interface LegalFrame {
  readonly area: InvoiceRuleArea;
  readonly title: InvoiceTitle;
  readonly form: InvoiceForm;
  readonly source: string;
  /** Fields that the form asks for and that nobody told us. */
  readonly missing: readonly InvoiceField[];
}

/** An exchange rate as it was used: 1 `from` is `rate` `to`. */
export interface AppliedExchangeRate {
  readonly from: string;
  readonly to: string;
  /** Decimal string. */
  readonly rate: string;
  /** The day it was published for, YYYY-MM-DD. */
  readonly date: string;
  readonly source: string;
}

/** One tax of the document in the currency of the state that gets it (Directive 2006/112/EC art. 230). */
export interface LocalCurrencyTax extends Pick<TaxAmount, 'jurisdiction' | 'name' | 'rate'> {
  readonly currency: string;
  /** Minor units of `currency`. */
  readonly amount: number;
  readonly exchangeRate: AppliedExchangeRate;
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
  readonly customerType: CustomerType;
  readonly locale: Locale;
  readonly currency: string;
  readonly lines: readonly InvoiceLine[];
  /** One entry per jurisdiction and rate. */
  readonly taxes: readonly TaxAmount[];
  /** Of `taxes`, those whose state has another currency; a credit note takes the rate of its invoice. */
  readonly taxesInLocalCurrency: readonly LocalCurrencyTax[];
  readonly net: number;
  readonly discount: number;
  readonly tax: number;
  readonly gross: number;
  readonly legal: LegalFrame;
  readonly placeOfSupply: { readonly country: string; readonly region: string | null };
  readonly reverseCharge: boolean;
  readonly notes: readonly InvoiceNote[];
}

export interface InvoiceContent extends DocumentContent {
  readonly kind: 'invoice';
  /** The day of supply and payment, YYYY-MM-DD. */
  readonly supplyDate: string;
  /** null when nothing had to be paid. */
  readonly payment: InvoicePayment | null;
}

/** How an invoice was paid: it changes neither prices nor tax. */
export interface InvoicePayment {
  /** "store_credit" where nothing else paid. */
  readonly method: string;
  /** ISO 8601 UTC. */
  readonly paidAt: string;
  /** Minor units that store credit paid; absent: none. */
  readonly storeCredit?: number;
}

export const creditReasons = [
  'withdrawal',
  'not_delivered',
  'duplicate',
  'fraudulent',
  'price_adjustment',
  'goodwill',
  /** The tax goes back and nothing else: the customer accounts for it itself. */
  'business_tax_id_confirmed',
  /** Time that was paid for at a plan that no longer holds. */
  'plan_changed',
] as const;
export type CreditReason = (typeof creditReasons)[number];

export interface CreditNoteContent extends DocumentContent {
  readonly kind: 'credit_note';
  /** The invoice that this corrects (Directive 2006/112/EC art. 219). */
  readonly corrects: {
    readonly id: string;
    readonly number: string;
    readonly issueDate: string;
    readonly supplyDate: string;
  };
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
