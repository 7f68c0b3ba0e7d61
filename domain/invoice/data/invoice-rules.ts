import type { DatedRow } from '../../tax/dated-row.ts';
import { provenance } from '../../tax/data/provenance.ts';

/** Whose law says what an invoice must hold. `EU` stands for the member states, `*` for everybody without a row. */
export const invoiceRuleAreas = ['EU', 'GB', 'US', 'CA', 'JP', 'AU', '*'] as const;
export type InvoiceRuleArea = (typeof invoiceRuleAreas)[number];

/** What the law calls the document; the words are in services/invoice/invoice-labels.ts. */
export const invoiceTitles = ['invoice', 'tax_invoice', 'qualified_invoice'] as const;
export type InvoiceTitle = (typeof invoiceTitles)[number];

/**
 * `full`: every field below. `simplified`: small amounts, with fewer fields. `not_required`: no invoice is owed; what we
 * issue is a proof of purchase and holds what we know.
 */
export const invoiceForms = ['full', 'simplified', 'not_required'] as const;
export type InvoiceForm = (typeof invoiceForms)[number];

/** What can be absent from a document. Date, number, both names, quantities, amounts and rates are always there. */
export const invoiceFields = [
  'seller.registration',
  'buyer.address',
  'buyer.taxId',
  'lines.unitNet',
  'notes.exemption',
  'taxes.stateCurrency',
] as const;
export type InvoiceField = (typeof invoiceFields)[number];

/** What holds up to a total; the last one is open. */
export interface InvoiceTier {
  /** Minor units of the rule's currency, tax included, inclusive; null for any total. */
  readonly upTo: number | null;
  readonly form: InvoiceForm;
  readonly fields: readonly InvoiceField[];
}

export interface InvoiceRuleRow extends DatedRow {
  readonly area: InvoiceRuleArea;
  readonly title: InvoiceTitle;
  readonly currency: string;
  /** By rising total. A document in another currency takes the last one, which asks for most. */
  readonly tiers: readonly InvoiceTier[];
  /** Whether private customers are owed the same document as businesses. */
  readonly consumers: 'same' | 'not_required';
}

const { generalKnowledge } = provenance;
/** Research notes on the directive's text; the article is named so that it can be compared. */
const from = (article: string, validFrom = '2020-01-01', validTo: string | null = null): DatedRow => ({
  validFrom,
  validTo,
  ...generalKnowledge,
  source: `${article} (${generalKnowledge.source})`,
});

const tier = (upTo: number | null, form: InvoiceForm, ...fields: InvoiceField[]): InvoiceTier => ({
  upTo,
  form,
  fields,
});

const europeanFields: readonly InvoiceField[] = [
  'seller.registration',
  'buyer.address',
  'buyer.taxId',
  'lines.unitNet',
  'notes.exemption',
  'taxes.stateCurrency',
];

export const invoiceRules: readonly InvoiceRuleRow[] = [
  {
    area: 'EU',
    title: 'invoice',
    currency: 'EUR',
    // Up to EUR 100; member states may go to 400, Ireland does not.
    tiers: [tier(100_00, 'simplified', 'seller.registration'), tier(null, 'full', ...europeanFields)],
    consumers: 'not_required',
    ...from('Directive 2006/112/EC art. 220, 220a, 226, 226b and 230'),
  },
  {
    area: 'GB',
    title: 'invoice',
    currency: 'GBP',
    tiers: [tier(250_00, 'simplified', 'seller.registration'), tier(null, 'full', ...europeanFields)],
    consumers: 'not_required',
    ...from('VAT Regulations 1995 (SI 1995/2518), reg. 14 and 16'),
  },
  {
    area: 'US',
    title: 'invoice',
    currency: 'USD',
    tiers: [tier(null, 'not_required')],
    consumers: 'same',
    ...from('No federal rule on the form of an invoice'),
  },
  {
    area: 'CA',
    title: 'invoice',
    currency: 'CAD',
    tiers: [
      tier(29_99, 'not_required'),
      tier(149_99, 'simplified', 'seller.registration'),
      tier(null, 'full', 'seller.registration'),
    ],
    consumers: 'same',
    ...from('Input Tax Credit Information (GST/HST) Regulations, CAD 30 and 150', '2020-01-01', '2021-04-20'),
  },
  {
    area: 'CA',
    title: 'invoice',
    currency: 'CAD',
    tiers: [
      tier(99_99, 'not_required'),
      tier(499_99, 'simplified', 'seller.registration'),
      tier(null, 'full', 'seller.registration'),
    ],
    consumers: 'same',
    ...from('Input Tax Credit Information (GST/HST) Regulations, CAD 100 and 500', '2021-04-20'),
  },
  {
    area: 'JP',
    title: 'invoice',
    currency: 'JPY',
    tiers: [tier(null, 'full', 'taxes.stateCurrency')],
    consumers: 'not_required',
    ...from('Consumption Tax Act art. 30, before the qualified invoice system', '2020-01-01', '2023-10-01'),
  },
  {
    area: 'JP',
    title: 'qualified_invoice',
    currency: 'JPY',
    tiers: [tier(null, 'full', 'seller.registration', 'taxes.stateCurrency')],
    consumers: 'not_required',
    ...from('Consumption Tax Act art. 57-4 (qualified invoices)', '2023-10-01'),
  },
  {
    area: 'AU',
    title: 'tax_invoice',
    currency: 'AUD',
    tiers: [
      tier(82_50, 'not_required'),
      tier(999_99, 'simplified', 'seller.registration', 'taxes.stateCurrency'),
      // From AUD 1,000 the buyer's identity or ABN; the name is always there.
      tier(null, 'full', 'seller.registration', 'taxes.stateCurrency'),
    ],
    consumers: 'same',
    ...from('A New Tax System (Goods and Services Tax) Act 1999 s 29-70 and 29-80'),
  },
  {
    area: '*',
    title: 'invoice',
    currency: 'EUR',
    tiers: [tier(null, 'full', 'seller.registration')],
    consumers: 'not_required',
    ...from('No rule of this country is on file: the fields that most laws ask for'),
  },
];
