import { describe, expect, it } from '@jest/globals';
import { InvoiceService } from '@e-invoice-eu/core';
import { validateXML } from 'xmllint-wasm';
import { creditTaxOfLines, creditWholeLines } from '../../../domain/invoice/credited-line.ts';
import { creditNoteContent } from '../../../domain/invoice/invoice-content.ts';
import { documentNumber } from '../../../domain/invoice/invoice.ts';
import type { BillingDocument, CreditReason, Invoice } from '../../../domain/invoice/invoice.ts';
import { legalEntityAt } from '../../../domain/invoice/legal-entity.ts';
import { eInvoiceDocument } from '../../../services/invoice/e-invoice-document.ts';
import { createEInvoiceRenderer, eInvoiceFormats } from '../../../services/invoice/e-invoice.ts';
import { createInvoicePdfRenderer } from '../../../services/invoice/invoice-pdf.ts';
import { saleAt, taxedInvoice, taxedQuote } from '../../domain/invoice/taxed-sale.ts';
import type { TaxedSale } from '../../domain/invoice/taxed-sale.ts';
import { elementsAt, parseXml, textAt } from './xml-tree.ts';

const renderer = createEInvoiceRenderer({ pdf: createInvoicePdfRenderer() });

const french = { type: 'business', businessTaxId: 'FR 40 303265045', country: 'FR', postalCode: '75001' } as const;
const one = [{ amount: 10_000 }];
const usd = {
  ...{ from: 'EUR', to: 'USD', rate: { amount: 11_500, scale: 4 }, date: '2026-11-20' },
  source: 'ECB euro foreign exchange reference rates',
};

const sales: Readonly<Record<string, TaxedSale>> = {
  'a consumer in Germany, discounted': { lines: [{ amount: 11_997, quantity: 7, discount: 1_333 }, ...one] },
  'a consumer in Japan, in yen': {
    ...{ currency: 'JPY', customer: { country: 'JP', name: '株式会社 山田 & 子', postalCode: '100-0001' } },
    lines: [{ amount: 1_000, quantity: 3, taxBehavior: 'inclusive' }],
  },
  'a business in France: reverse charge': { customer: french, lines: one },
  'a consumer in Québec: two taxes on one net': {
    ...{ currency: 'CAD', customer: { country: 'CA', region: 'QC' } },
    lines: one,
  },
  'a consumer in Texas: taxed in part': { currency: 'USD', customer: { country: 'US', region: 'TX' }, lines: one },
  'a consumer in California: software is not taxed': {
    ...{ currency: 'USD', customer: { country: 'US', region: 'CA' } },
    lines: one,
  },
  'goods to a business in France': { customer: french, lines: [{ amount: 5_000, taxClass: 'physical' }] },
  'an e-book in Ireland: zero rate': {
    customer: { country: 'IE' },
    lines: [{ amount: 999, taxClass: 'ebook', taxBehavior: 'inclusive' }],
  },
  'a consumer in Germany who pays dollars': { currency: 'USD', lines: one, exchangeRate: usd },
  'a free line': { lines: [{ amount: 0, discount: 500 }] },
  'a consumer in Australia': { currency: 'AUD', customer: { country: 'AU', region: 'NSW' }, lines: one },
  'a consumer in Britain': { currency: 'GBP', customer: { country: 'GB', postalCode: 'SW1A 1AA' }, lines: one },
};
const names = Object.keys(sales);
const syntaxes = ['ubl', 'cii', 'xrechnung'] as const;

function saleOf(name: string): TaxedSale {
  const sale = sales[name];
  if (sale === undefined) throw new Error(name);
  return sale;
}

function creditNoteOf(sale: TaxedSale, reason: CreditReason = 'withdrawal'): BillingDocument {
  const quote = taxedQuote(sale);
  const lines = quote.lines.map(({ line }) => line);
  const content = creditNoteContent({
    ...{ id: 'crn_1', fact: 'order/x/refund/1', invoice: taxedInvoice(sale), entity: legalEntityAt(saleAt) },
    lines: reason === 'business_tax_id_confirmed' ? creditTaxOfLines(quote, lines, []) : creditWholeLines(quote, lines),
    ...{ reason, at: '2026-12-01T00:00:00.000Z' },
  });
  return { ...content, ...documentNumber('CN', 2026, 7) };
}

async function xmlOf(document: BillingDocument, format: 'ubl' | 'cii' | 'xrechnung' = 'ubl'): Promise<string> {
  return (await renderer.render(document, format)).content.toString();
}

async function errorsIn(xmls: readonly string[]): Promise<readonly string[]> {
  const xml = xmls.map((contents, index) => ({ fileName: `${index}.xml`, contents }));
  const { valid, errors } = await validateXML({ xml, normalization: 'format' });
  return valid ? [] : errors.map(({ message }) => message);
}

/** The path that the library recommends: with its own JSON schema of EN 16931 (AJV) in front. */
async function validated(document: BillingDocument, format: string): Promise<string> {
  const errors: unknown[] = [];
  const logger = { log: () => undefined, warn: () => undefined, error: (message: string) => errors.push(message) };
  const xml = await new InvoiceService(logger).generate(eInvoiceDocument(document), { format, lang: 'en' });
  expect(errors).toEqual([]);
  return xml.toString();
}

const withoutProfile = (xml: string) => xml.replace(/<cbc:CustomizationID>.*?</, '<cbc:CustomizationID><');

describe('the e-invoice of', () => {
  it.each(names)('%s is what the schema of EN 16931 takes', async (name) => {
    for (const document of [taxedInvoice(saleOf(name)), creditNoteOf(saleOf(name))]) {
      expect(withoutProfile(await xmlOf(document))).toBe(withoutProfile(await validated(document, 'UBL')));
    }
  });

  it('any sale is well-formed in every syntax', async () => {
    const documents = Object.values(sales).flatMap((sale) => [taxedInvoice(sale), creditNoteOf(sale)]);
    const xmls = documents.flatMap((document) => syntaxes.map((syntax) => xmlOf(document, syntax)));
    expect(await errorsIn(await Promise.all(xmls))).toEqual([]);
    expect(await errorsIn(['<a><b></a>'])).not.toEqual([]);
  });

  it('an invoice is an Invoice of type 380, a credit note a CreditNote of type 381 that names its invoice', async () => {
    const invoice = parseXml(await xmlOf(taxedInvoice({ lines: one })));
    expect([invoice.name, textAt(invoice, 'cbc:InvoiceTypeCode')]).toEqual(['Invoice', '380']);
    const note = parseXml(await xmlOf(creditNoteOf({ lines: one })));
    expect([note.name, textAt(note, 'cbc:CreditNoteTypeCode')]).toEqual(['CreditNote', '381']);
    const reference = elementsAt(note, 'cac:BillingReference/cac:InvoiceDocumentReference')[0];
    expect(reference?.children.map(({ text }) => text)).toEqual(['INV-2026-000042', '2026-11-21']);
    expect(textAt(note, 'cac:CreditNoteLine/cbc:CreditedQuantity')).toBe('1');
    const cii = await xmlOf(creditNoteOf({ lines: one }), 'cii');
    expect(cii).toMatch(/<ram:InvoiceReferencedDocument>\s*<ram:IssuerAssignedID>INV-2026-000042</);
  });

  it('Peppol BIS 3 by default, XRechnung with what Germany asks for', async () => {
    const ubl = parseXml(await xmlOf(taxedInvoice({ lines: one })));
    expect(textAt(ubl, 'cbc:ProfileID')).toBe('urn:fdc:peppol.eu:2017:poacc:billing:01:1.0');
    expect(textAt(ubl, 'cbc:CustomizationID')).toMatch(/poacc:billing:3\.0$/);
    const german = parseXml(await xmlOf(taxedInvoice({ lines: one }), 'xrechnung'));
    expect(textAt(german, 'cbc:CustomizationID')).toContain('xrechnung_3.0');
    expect(textAt(german, 'cbc:BuyerReference')).toBe('7F3K-92QX');
    const nowhere = taxedInvoice({ customer: { city: null }, lines: one });
    await expect(xmlOf(nowhere, 'xrechnung')).rejects.toMatchObject({
      code: 'invoice.e_invoice_not_possible',
      problems: [{ path: 'buyer.address.city' }],
    });
  });
});

describe('the category of a tax', () => {
  const taxesOf = async (document: BillingDocument) => {
    const root = parseXml(await xmlOf(document));
    return elementsAt(root, 'cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory').map((category) => [
      textAt(category, 'cbc:ID'),
      textAt(category, 'cbc:Percent'),
      textAt(category, 'cbc:TaxExemptionReasonCode'),
    ]);
  };
  it.each([
    ['a consumer in Germany, discounted', [['S', '19', undefined]]],
    ['a business in France: reverse charge', [['AE', '0', 'VATEX-EU-AE']]],
    ['a consumer in Québec: two taxes on one net', [['S', '14.975', undefined]]],
    [
      'a consumer in Texas: taxed in part',
      [
        ['S', '6.25', undefined],
        ['E', '0', undefined],
      ],
    ],
    ['a consumer in California: software is not taxed', [['O', undefined, 'VATEX-EU-O']]],
    ['goods to a business in France', [['K', '0', 'VATEX-EU-IC']]],
    ['an e-book in Ireland: zero rate', [['Z', '0', undefined]]],
  ])('of %s', async (name, expected) => {
    expect(await taxesOf(taxedInvoice(saleOf(name)))).toEqual(expected);
  });

  it('of goods that leave the Union is G', async () => {
    const goods = taxedInvoice({
      ...{ customer: { country: 'US', region: 'OR' }, currency: 'USD' },
      lines: [{ amount: 5_000, taxClass: 'physical' }],
    });
    expect(await taxesOf(goods)).toEqual([['G', '0', 'VATEX-EU-G']]);
  });

  it('moves from S to AE when the tax alone is credited', async () => {
    const note = creditNoteOf({ lines: one }, 'business_tax_id_confirmed');
    const root = parseXml(await xmlOf(note));
    const subtotals = elementsAt(root, 'cac:TaxTotal/cac:TaxSubtotal').map((subtotal) => [
      textAt(subtotal, 'cac:TaxCategory/cbc:ID'),
      textAt(subtotal, 'cbc:TaxableAmount'),
      textAt(subtotal, 'cbc:TaxAmount'),
    ]);
    expect(subtotals).toEqual([
      ['S', '100.00', '19.00'],
      ['AE', '-100.00', '0.00'],
    ]);
    expect(textAt(root, 'cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount')).toBe('19.00');
    await validated(note, 'UBL');
  });
});

describe('the parties of an e-invoice', () => {
  const root = async (name: string) => parseXml(await xmlOf(taxedInvoice(saleOf(name))));
  const taxIds = (party: string, element: Awaited<ReturnType<typeof root>>) =>
    elementsAt(element, `cac:${party}/cac:Party/cac:PartyTaxScheme`).map((scheme) => [
      textAt(scheme, 'cac:TaxScheme/cbc:ID'),
      textAt(scheme, 'cbc:CompanyID'),
    ]);

  it('have both VAT ids under reverse charge', async () => {
    const element = await root('a business in France: reverse charge');
    expect(taxIds('AccountingSupplierParty', element)).toEqual([['VAT', 'IE1234567FA']]);
    expect(taxIds('AccountingCustomerParty', element)).toEqual([['VAT', 'FR40303265045']]);
    expect(textAt(element, 'cbc:Note')).toContain('Autoliquidation');
  });

  it('have the number of the state that taxes, and no VAT id where nothing is subject to VAT', async () => {
    expect(taxIds('AccountingSupplierParty', await root('a consumer in Britain'))).toEqual([['VAT', 'GB000000000']]);
    expect(taxIds('AccountingSupplierParty', await root('a consumer in Australia'))).toEqual([
      ['VAT', 'IE1234567FA'],
      ['TAX', '00 000 000 000'],
    ]);
    const none = await root('a consumer in California: software is not taxed');
    expect(taxIds('AccountingSupplierParty', none)).toEqual([['TAX', 'IE1234567FA']]);
  });

  it('state the tax in the currency of the taxing state as a second total', async () => {
    const element = await root('a consumer in Germany who pays dollars');
    expect(textAt(element, 'cbc:TaxCurrencyCode')).toBe('EUR');
    expect(elementsAt(element, 'cac:TaxTotal/cbc:TaxAmount').map(({ text, attributes }) => [text, attributes])).toEqual(
      [
        ['19.00', { currencyID: 'USD' }],
        ['16.52', { currencyID: 'EUR' }],
      ],
    );
  });
});

describe('what EN 16931 cannot say', () => {
  it('is refused with the reason: a third decimal, a currency without a code', async () => {
    const dinars = { currency: 'KWD', customer: { country: 'AE' } };
    const even = taxedInvoice({ ...dinars, lines: [{ amount: 10_000, taxBehavior: 'inclusive' }] });
    await expect(xmlOf({ ...even, lines: [], taxes: [], net: 10_001 })).rejects.toMatchObject({
      code: 'invoice.e_invoice_not_possible',
    });
    const unknown: Invoice = { ...even, currency: 'HRK' };
    await expect(xmlOf(unknown)).rejects.toMatchObject({ problems: [{ path: 'currency' }] });
  });
});

describe('rendering', () => {
  it('gives the same bytes every time, in every format', async () => {
    const document = taxedInvoice({ lines: one });
    for (const format of eInvoiceFormats) {
      const [first, second] = [await renderer.render(document, format), await renderer.render(document, format)];
      expect(second).toEqual(first);
      expect(first.mediaType).toBe(format === 'factur-x' ? 'application/pdf' : 'application/xml');
    }
  });
});
