import { z } from 'zod';
import {
  invoiceFields,
  invoiceForms,
  invoiceRuleAreas,
  invoiceTitles,
} from '../../domain/invoice/data/invoice-rules.ts';
import { invoiceNoteCodes } from '../../domain/invoice/exemption-notes.ts';
import { creditReasons, registrationSchemes } from '../../domain/invoice/invoice.ts';
import type { BillingDocument } from '../../domain/invoice/invoice.ts';
import { vatCategories } from '../../domain/invoice/vat-category.ts';
import type { CollectionSpec } from '../store/collection.ts';

/** The document as it was issued; only `pdf` is set later, once. */
export interface BillingDocumentRecord {
  readonly _id: string;
  readonly legalEntity: string;
  readonly series: 'INV' | 'CN';
  readonly year: number;
  /** 1, 2, 3, …: the number exists because this document does. */
  readonly sequence: number;
  readonly fact: string;
  readonly orderId: string;
  readonly document: BillingDocument;
  /** Hash of the first rendering; null until somebody asked for the PDF. */
  readonly pdf: { readonly sha256: string; readonly renderedAt: string } | null;
}

const day = z.iso.date();
const amount = z.int();
const decimal = z.string().regex(/^\d+(\.\d+)?$/);

const party = z.strictObject({
  name: z.string(),
  addressLines: z.array(z.string()).readonly(),
  address: z.strictObject({
    street: z.string().nullable(),
    city: z.string().nullable(),
    postalCode: z.string().nullable(),
    region: z.string().nullable(),
  }),
  country: z.string().length(2),
  taxId: z.string().nullable(),
  registrations: z
    .array(
      z.strictObject({
        jurisdiction: z.string(),
        scheme: z.enum(registrationSchemes),
        id: z.string(),
      }),
    )
    .readonly(),
  electronicAddress: z.strictObject({ scheme: z.string(), id: z.string() }),
  registerEntry: z.string().nullable(),
  contact: z.strictObject({ name: z.string(), telephone: z.string(), email: z.string() }).nullable(),
  particulars: z.array(z.string()).readonly(),
});

const tax = z.strictObject({
  jurisdiction: z.string(),
  name: z.string(),
  rate: decimal,
  base: amount,
  amount,
  exemption: z.string().exactOptional(),
});

const category = z.enum(vatCategories);

const localCurrencyTax = z.strictObject({
  jurisdiction: z.string(),
  name: z.string(),
  rate: decimal,
  currency: z.string().length(3),
  amount,
  exchangeRate: z.strictObject({
    from: z.string().length(3),
    to: z.string().length(3),
    rate: decimal,
    date: day,
    source: z.string(),
  }),
});

const note = z.strictObject({
  code: z.enum(invoiceNoteCodes),
  category,
  text: z.string(),
  source: z.string(),
  vatex: z.string().nullable(),
});

const legal = z.strictObject({
  area: z.enum(invoiceRuleAreas),
  title: z.enum(invoiceTitles),
  form: z.enum(invoiceForms),
  source: z.string(),
  missing: z.array(z.enum(invoiceFields)).readonly(),
});

const line = z.strictObject({
  line: z.string(),
  description: z.string(),
  category,
  quantity: z.int().nonnegative(),
  unitNet: z.string().nullable(),
  discount: amount,
  net: amount,
  tax: amount,
  gross: amount,
  taxes: z.array(tax).readonly(),
});

const shared = {
  id: z.string(),
  fact: z.string(),
  orderId: z.string(),
  orderNumber: z.string(),
  legalEntity: z.string(),
  issuedAt: z.iso.datetime(),
  issueDate: day,
  seller: party,
  buyer: party,
  customerType: z.enum(['consumer', 'business']),
  locale: z.enum(['en', 'de']),
  currency: z.string().length(3),
  lines: z.array(line).readonly(),
  taxes: z.array(tax).readonly(),
  taxesInLocalCurrency: z.array(localCurrencyTax).readonly(),
  net: amount,
  discount: amount,
  tax: amount,
  gross: amount,
  legal,
  placeOfSupply: z.strictObject({ country: z.string(), region: z.string().nullable() }),
  reverseCharge: z.boolean(),
  notes: z.array(note).readonly(),
  number: z.string(),
  series: z.enum(['INV', 'CN']),
  year: z.int(),
  sequence: z.int().positive(),
};

const billingDocument: z.ZodType<BillingDocument> = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('invoice'),
    ...shared,
    supplyDate: day,
    payment: z
      .strictObject({ method: z.string(), paidAt: z.iso.datetime(), storeCredit: z.int().positive().exactOptional() })
      .nullable(),
  }),
  z.strictObject({
    kind: z.literal('credit_note'),
    ...shared,
    corrects: z.strictObject({ id: z.string(), number: z.string(), issueDate: day, supplyDate: day }),
    reason: z.enum(creditReasons),
  }),
]);

export const billingDocuments: CollectionSpec<BillingDocumentRecord> = {
  name: 'invoices',
  owner: 'invoice',
  retention: 'books',
  schema: z.strictObject({
    _id: z.string(),
    legalEntity: z.string(),
    series: z.enum(['INV', 'CN']),
    year: z.int(),
    sequence: z.int().positive(),
    fact: z.string(),
    orderId: z.string(),
    document: billingDocument,
    pdf: z.strictObject({ sha256: z.string().length(64), renderedAt: z.iso.datetime() }).nullable(),
  }),
  indexes: [
    { key: { legalEntity: 1, series: 1, year: 1, sequence: 1 }, name: 'number', unique: true },
    { key: { fact: 1 }, name: 'fact', unique: true },
    { key: { orderId: 1 }, name: 'order' },
  ],
};
