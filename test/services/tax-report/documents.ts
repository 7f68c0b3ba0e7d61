import type { BillingDocument, CreditNote, Invoice } from '../../../domain/invoice/invoice.ts';
import { documentNumber } from '../../../domain/invoice/invoice.ts';
import { creditPartOfLine } from '../../../domain/invoice/credited-line.ts';
import type { CreditedLine } from '../../../domain/invoice/credited-line.ts';
import { creditNoteContent, invoiceContent } from '../../../domain/invoice/invoice-content.ts';
import { legalEntityAt } from '../../../domain/invoice/legal-entity.ts';
import type { Quote } from '../../../domain/order/order.ts';
import type { DocumentJournal } from '../../../services/invoice/document-journal.ts';
import { sampleLine, sampleOrder, sampleQuote } from '../../domain/invoice/sample-order.ts';

/** A sale of one line. `taxes` are [jurisdiction, name, rate, amount]. */
export interface SampleSale {
  readonly country: string;
  readonly region?: string;
  readonly currency: string;
  readonly net: number;
  readonly taxes: readonly (readonly [jurisdiction: string, name: string, rate: string, amount: number])[];
}

export const german: SampleSale = {
  country: 'DE',
  currency: 'EUR',
  net: 10_000,
  taxes: [['DE', 'VAT', '0.19', 1_900]],
};
export const french: SampleSale = { country: 'FR', currency: 'USD', net: 5_000, taxes: [['FR', 'VAT', '0.2', 1_000]] };
export const frenchBook: SampleSale = { ...french, currency: 'EUR', taxes: [['FR', 'VAT', '0.055', 275]] };
export const irish: SampleSale = { country: 'IE', currency: 'EUR', net: 10_000, taxes: [['IE', 'VAT', '0.23', 2_300]] };
export const texan: SampleSale = {
  country: 'US',
  region: 'TX',
  currency: 'USD',
  net: 10_000,
  taxes: [['US-TX', 'Sales tax', '0.0625', 500]],
};
export const oregonian: SampleSale = { country: 'US', region: 'OR', currency: 'USD', net: 3_000, taxes: [] };
export const quebecois: SampleSale = {
  country: 'CA',
  region: 'QC',
  currency: 'CAD',
  net: 10_000,
  taxes: [
    ['CA', 'GST', '0.05', 500],
    ['CA-QC', 'QST', '0.09975', 998],
  ],
};
export const ontarian: SampleSale = {
  country: 'CA',
  region: 'ON',
  currency: 'CAD',
  net: 20_000,
  taxes: [['CA-ON', 'HST', '0.13', 2_600]],
};

export function quoteOf({ country, region, currency, net, taxes }: SampleSale): Quote {
  const placeOfSupply = { country, region: region ?? null, postalCode: null, evidence: [] };
  return sampleQuote([sampleLine({ line: '1', name: 'Editor', net, taxes })], { currency, placeOfSupply });
}

/** Billing documents in memory, numbered like the real ones; as long as nobody else looks, the same to a reader. */
export function createPaperwork() {
  const documents: BillingDocument[] = [];
  const credits = new Map<string, CreditedLine[]>();
  const entity = legalEntityAt('2026-01-01T00:00:00Z');
  const last = (series: string, year: number): number =>
    documents.filter((one) => one.series === series && one.year === year).at(-1)?.sequence ?? 0;

  const paperwork = {
    documents,

    /** @param times instants: when it was paid, and when it was issued if that was later */
    sell(sale: SampleSale, paidAt: string, at = paidAt): Invoice {
      const id = `inv_${documents.length}`;
      const order = { ...sampleOrder({ quote: quoteOf(sale) }), id: `ord_${documents.length}` };
      const payment = { method: 'card', paidAt };
      const content = invoiceContent({ id, fact: id, order, payment, entity, exchangeRate: null, at });
      const year = Number(content.issueDate.slice(0, 4));
      const invoice: Invoice = { ...content, ...documentNumber('INV', year, last('INV', year) + 1) };
      documents.push(invoice);
      return invoice;
    },

    /** Gives so much of the gross back, or what is left of it; null when nothing is. */
    credit(invoice: Invoice, sale: SampleSale, gross: number, at: string): CreditNote | null {
      const earlier = credits.get(invoice.id) ?? [];
      const left = invoice.gross - earlier.reduce((total, one) => total + one.gross, 0);
      if (left === 0) return null;
      const line = creditPartOfLine(quoteOf(sale), { line: '1', gross: Math.min(gross, left), quantity: 0 }, earlier);
      credits.set(invoice.id, [...earlier, line]);
      const id = `crn_${documents.length}`;
      const content = creditNoteContent({ id, fact: id, invoice, lines: [line], reason: 'goodwill', entity, at });
      const year = Number(content.issueDate.slice(0, 4));
      const note: CreditNote = { ...content, ...documentNumber('CN', year, last('CN', year) + 1) };
      documents.push(note);
      return note;
    },
  };
  return { ...paperwork, journal: journalOf(documents) };
}

function journalOf(documents: readonly BillingDocument[]): DocumentJournal {
  const invoices = (): readonly Invoice[] => documents.flatMap((one) => (one.kind === 'invoice' ? [one] : []));
  return {
    marks: () =>
      Promise.resolve(
        Object.fromEntries(documents.map(({ series, year, sequence }) => [`${series}-${year}`, sequence])),
      ),
    first: () => Promise.resolve(invoices()[0] ?? null),
    async *read({ series, year, after, upTo }) {
      await Promise.resolve();
      yield* documents.filter(
        (one) => one.series === series && one.year === year && one.sequence > after && one.sequence <= upTo,
      );
    },
    invoices: (ids) =>
      Promise.resolve(new Map(invoices().flatMap((one) => (ids.includes(one.id) ? [[one.id, one] as const] : [])))),
  };
}
