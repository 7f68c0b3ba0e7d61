import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { taxClasses } from '../../../domain/catalog/catalog.ts';
import { creditPartOfLine } from '../../../domain/invoice/credited-line.ts';
import { creditNoteContent } from '../../../domain/invoice/invoice-content.ts';
import { documentNumber } from '../../../domain/invoice/invoice.ts';
import type { BillingDocument } from '../../../domain/invoice/invoice.ts';
import { legalEntityAt } from '../../../domain/invoice/legal-entity.ts';
import { minorUnitDigits } from '../../../domain/money/money.ts';
import { createEInvoiceRenderer } from '../../../services/invoice/e-invoice.ts';
import { createInvoicePdfRenderer } from '../../../services/invoice/invoice-pdf.ts';
import { propertyRuns } from '../../support/property-runs.ts';
import { saleAt, taxedInvoice, taxedQuote } from '../../domain/invoice/taxed-sale.ts';
import type { SoldLine, TaxedSale } from '../../domain/invoice/taxed-sale.ts';
import { elementsAt, parseXml, textAt } from './xml-tree.ts';
import type { XmlElement } from './xml-tree.ts';

const renderer = createEInvoiceRenderer({ pdf: createInvoicePdfRenderer() });

const business = { type: 'business', businessTaxId: 'FR40303265045', country: 'FR', postalCode: '75001' } as const;
const places: readonly Pick<TaxedSale, 'currency' | 'customer'>[] = [
  { customer: { country: 'DE' } },
  { customer: business },
  { customer: { country: 'IE', postalCode: null } },
  { currency: 'HUF', customer: { country: 'HU', postalCode: '1011' } },
  { currency: 'CAD', customer: { country: 'CA', region: 'QC' } },
  { currency: 'USD', customer: { country: 'US', region: 'TX' } },
  { currency: 'USD', customer: { country: 'US', region: 'CA' } },
  { currency: 'GBP', customer: { country: 'GB', postalCode: 'SW1A 1AA' } },
  { currency: 'JPY', customer: { country: 'JP', postalCode: '100-0001' } },
];

const line: fc.Arbitrary<SoldLine> = fc.record({
  amount: fc.oneof(fc.nat(20), fc.nat(1_000_000)),
  quantity: fc.integer({ min: 1, max: 60 }),
  discount: fc.nat(5_000),
  taxClass: fc.constantFrom(...taxClasses),
  taxBehavior: fc.constantFrom('exclusive' as const, 'inclusive' as const),
});
const sale: fc.Arbitrary<TaxedSale> = fc
  .tuple(fc.constantFrom(...places), fc.array(line, { minLength: 1, maxLength: 6 }))
  .map(([place, lines]) => ({ ...place, lines }));

/** Minor units of a decimal, in which currency whatever: the file has that of its amounts. */
function minor(text: string | undefined, currency: string): number {
  const digits = minorUnitDigits(currency);
  const [whole = '', fraction = ''] = (text ?? 'absent').split('.');
  return Number(`${whole}${fraction.padEnd(digits, '0')}`);
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** What EN 16931 calls BR-CO-…, computed anew from the text of the file. */
function sumsHold(document: BillingDocument, root: XmlElement): void {
  const amount = (element: XmlElement, path: string) => minor(textAt(element, path), document.currency);
  const total = (name: string) => amount(root, `cac:LegalMonetaryTotal/cbc:${name}`);
  const lines = elementsAt(root, document.kind === 'invoice' ? 'cac:InvoiceLine' : 'cac:CreditNoteLine');
  const nets = lines.map((element) => amount(element, 'cbc:LineExtensionAmount'));
  const tax = amount(root, 'cac:TaxTotal/cbc:TaxAmount');
  const subtotals = elementsAt(root, 'cac:TaxTotal/cac:TaxSubtotal');
  // BR-CO-10, 13, 14, 15, 16; without allowances and charges on the document.
  expect(total('LineExtensionAmount')).toBe(sumOf(nets));
  expect(total('TaxExclusiveAmount')).toBe(total('LineExtensionAmount'));
  expect(tax).toBe(sumOf(subtotals.map((element) => amount(element, 'cbc:TaxAmount'))));
  expect(total('TaxInclusiveAmount')).toBe(total('TaxExclusiveAmount') + tax);
  expect(total('PayableAmount')).toBe(total('TaxInclusiveAmount') - total('PrepaidAmount'));
  expect([total('TaxExclusiveAmount'), tax, total('TaxInclusiveAmount')]).toEqual([
    document.net,
    document.tax,
    document.gross,
  ]);
  const categoryOf = (element: XmlElement, path: string) =>
    `${textAt(element, `${path}/cbc:ID`)} ${textAt(element, `${path}/cbc:Percent`)}`;
  for (const element of subtotals) {
    const category = categoryOf(element, 'cac:TaxCategory');
    const base = amount(element, 'cbc:TaxableAmount');
    const own = lines.filter((one) => categoryOf(one, 'cac:Item/cac:ClassifiedTaxCategory') === category);
    // BR-S-08 and its siblings: the base is what the lines of the category say.
    expect(base).toBe(sumOf(own.map((one) => amount(one, 'cbc:LineExtensionAmount'))));
    // BR-CO-17, as its published test has it: less than one unit of the currency away.
    const exact = (base * Number(textAt(element, 'cac:TaxCategory/cbc:Percent') ?? '0')) / 100;
    const unit = 10 ** minorUnitDigits(document.currency);
    expect(Math.abs(amount(element, 'cbc:TaxAmount') - exact)).toBeLessThan(Math.max(unit, 2.5));
    // BR-O-11: alone or not at all.
    if (category.startsWith('O')) expect(subtotals).toHaveLength(1);
  }
  // PEPPOL-EN16931-R120: quantity × price / base quantity.
  for (const element of lines) {
    const quantity = Number(
      textAt(element, document.kind === 'invoice' ? 'cbc:InvoicedQuantity' : 'cbc:CreditedQuantity'),
    );
    const base = Number(textAt(element, 'cac:Price/cbc:BaseQuantity') ?? '1');
    expect((quantity * amount(element, 'cac:Price/cbc:PriceAmount')) / base).toBe(
      amount(element, 'cbc:LineExtensionAmount'),
    );
  }
}

describe('the sums of an e-invoice', () => {
  it('are those of EN 16931 for any invoice: BR-CO-10, 13, 14, 15, 16, 17, BR-S-08, BR-O-11, PEPPOL R120', async () => {
    const property = fc.asyncProperty(sale, async (sold) => {
      const invoice = taxedInvoice(sold);
      const { content } = await renderer.render(invoice, 'ubl');
      sumsHold(invoice, parseXml(content.toString()));
    });
    await fc.assert(property, { numRuns: propertyRuns() });
  });

  it('are those of EN 16931 for any credit note of a part of a line', async () => {
    const share = fc.integer({ min: 1, max: 1_000 });
    const property = fc.asyncProperty(sale, share, fc.boolean(), async (sold, permille, money) => {
      const quote = taxedQuote(sold);
      const [first] = quote.lines.filter(({ gross }) => gross > 0);
      if (first === undefined) return;
      const gross = Math.max(1, Math.floor((first.gross * permille) / 1_000));
      const part = creditPartOfLine(quote, { line: first.line, gross, quantity: money ? 0 : 1 }, []);
      const content = creditNoteContent({
        ...{ id: 'crn_1', fact: 'r1', invoice: taxedInvoice(sold), lines: [part], reason: 'price_adjustment' },
        ...{ entity: legalEntityAt(saleAt), at: saleAt },
      });
      const note = { ...content, ...documentNumber('CN', 2026, 1) };
      const { content: xml } = await renderer.render(note, 'ubl');
      sumsHold(note, parseXml(xml.toString()));
    });
    await fc.assert(property, { numRuns: propertyRuns() });
  });
});
