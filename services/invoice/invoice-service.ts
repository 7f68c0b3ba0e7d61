import { createHash } from 'node:crypto';
import type { Db } from 'mongodb';
import { fail } from '../../domain/failures.ts';
import { idAlphabet } from '../../domain/ids.ts';
import { creditNoteContent, invoiceContent, supplyDateOf } from '../../domain/invoice/invoice-content.ts';
import type {
  BillingDocument,
  CreditNote,
  CreditReason,
  Invoice,
  InvoicedOrder,
  InvoicePayment,
} from '../../domain/invoice/invoice.ts';
import type { CreditedLine } from '../../domain/invoice/credited-line.ts';
import { legalEntityAt } from '../../domain/invoice/legal-entity.ts';
import { stateCurrencyRate } from '../../domain/invoice/state-currency.ts';
import type { ExchangeRates } from '../exchange-rates/exchange-rates.ts';
import { collectionOf } from '../store/collection.ts';
import { createEInvoiceRenderer } from './e-invoice.ts';
import type { EInvoiceFormat, RenderedEInvoice } from './e-invoice.ts';
import { createDocumentIssuer } from './document-numbering.ts';
import type { InvoicePdfRenderer } from './invoice-pdf.ts';
import { billingDocuments } from './invoice-store.ts';

export interface RenderedPdf {
  readonly content: Buffer;
  readonly sha256: string;
  /** Hash of the first rendering ever; differs only when fonts or layout changed since. */
  readonly firstSha256: string;
  readonly filename: string;
}

export interface InvoiceService {
  /**
   * The invoice of a sale. The same fact gives the same document, whatever the time of the repeat.
   * @throws invoice.conflict when the fact was invoiced with other content, invoice.legal_entity_missing,
   * invoice.exchange_rate_missing (to be retried) when a business needs its tax in another currency and no rate is on file
   */
  issueInvoice(request: {
    readonly fact: string;
    readonly order: InvoicedOrder;
    readonly payment: InvoicePayment | null;
    readonly at: string;
  }): Promise<Invoice>;
  /** @throws invoice.conflict, invoice.legal_entity_missing */
  issueCreditNote(request: {
    readonly fact: string;
    readonly invoice: Invoice;
    readonly lines: readonly CreditedLine[];
    readonly reason: CreditReason;
    readonly at: string;
  }): Promise<CreditNote>;
  /** Invoice or credit note. @throws invoice.not_found */
  getInvoice(id: string): Promise<BillingDocument>;
  /** The invoice of an order, if it has one. */
  findByFact(fact: string): Promise<BillingDocument | null>;
  /** Oldest first. */
  listByOrder(orderId: string): Promise<readonly BillingDocument[]>;
  /** Rendered on demand, never when issuing. @throws invoice.not_found */
  renderPdf(id: string, at: string): Promise<RenderedPdf>;
  /** For machines, by EN 16931. @throws invoice.not_found, invoice.e_invoice_not_possible */
  renderEInvoice(id: string, format: EInvoiceFormat): Promise<RenderedEInvoice>;
}

/** Invoices and credit notes: immutable, numbered without gaps, unique by fact. */
export function createInvoiceService(deps: {
  readonly db: Db;
  readonly pdf: InvoicePdfRenderer;
  readonly exchangeRates: ExchangeRates;
}): InvoiceService {
  const records = collectionOf(deps.db, billingDocuments);
  const issuer = createDocumentIssuer({ records });
  const eInvoices = createEInvoiceRenderer({ pdf: deps.pdf });

  const load = async (id: string) =>
    (await records.findOne({ _id: id })) ?? fail('invoice.not_found', `There is no invoice ${id}`);

  return {
    async issueInvoice({ fact, order, payment, at }) {
      const entity = legalEntityAt(at);
      const date = supplyDateOf(payment, entity, at);
      const needed = stateCurrencyRate(order.quote.taxes, order.quote.currency, date);
      const exchangeRate = needed === null ? null : await deps.exchangeRates.rateOn(needed);
      const content = invoiceContent({ id: documentId('inv', fact), fact, order, payment, entity, exchangeRate, at });
      if (
        needed !== null &&
        order.customer.type === 'business' &&
        content.legal.missing.includes('taxes.stateCurrency')
      ) {
        fail('invoice.exchange_rate_missing', `No rate from ${needed.from} to ${needed.to} is on file for ${date}`);
      }
      const issued = await issuer.issue(content);
      return issued.kind === 'invoice' ? issued : fail('invoice.conflict', `${issued.number} is no invoice`);
    },

    async issueCreditNote({ fact, invoice, lines, reason, at }) {
      const entity = legalEntityAt(at);
      const content = creditNoteContent({ id: documentId('crn', fact), fact, invoice, lines, reason, entity, at });
      const issued = await issuer.issue(content);
      return issued.kind === 'credit_note' ? issued : fail('invoice.conflict', `${issued.number} is no credit note`);
    },

    getInvoice: async (id) => (await load(id)).document,

    findByFact: async (fact) => (await records.findOne({ fact }))?.document ?? null,

    async listByOrder(orderId) {
      const found = await records.find({ orderId }).toArray();
      return found
        .map(({ document }) => document)
        .sort((a, b) => Date.parse(a.issuedAt) - Date.parse(b.issuedAt) || a.sequence - b.sequence);
    },

    renderEInvoice: async (id, format) => eInvoices.render((await load(id)).document, format),

    async renderPdf(id, at) {
      const record = await load(id);
      const content = await deps.pdf.render(record.document);
      const sha256 = createHash('sha256').update(content).digest('hex');
      const filename = `${record.document.number}.pdf`;
      if (record.pdf !== null) return { content, sha256, firstSha256: record.pdf.sha256, filename };
      // Two first readers at once: one hash is kept, and it is the same one.
      await records.updateOne({ _id: id, pdf: null }, { $set: { pdf: { sha256, renderedAt: at } } });
      return { content, sha256, firstSha256: sha256, filename };
    },
  };
}

/** Derived from the fact, so that a repeat names the same document: "inv_" and 20 characters of Crockford's alphabet. */
function documentId(prefix: 'inv' | 'crn', fact: string): string {
  const digest = createHash('sha256').update(fact).digest();
  const letters = [...digest.subarray(0, 20)].map((byte) => idAlphabet.charAt(byte % 32));
  return `${prefix}_${letters.join('')}`;
}
