import type { Invoice as EInvoiceInput } from '@e-invoice-eu/core';
import { fail } from '../../domain/failures.ts';
import type { InputProblem } from '../../domain/failures.ts';
import type { BillingDocument } from '../../domain/invoice/invoice.ts';
import { eInvoiceDocument } from './e-invoice-document.ts';
import type { InvoicePdfRenderer } from './invoice-pdf.ts';

/** `ubl` is Peppol BIS Billing 3; `factur-x` is a PDF/A-3 with the CII inside (profile EN 16931). */
export const eInvoiceFormats = ['ubl', 'cii', 'xrechnung', 'factur-x'] as const;
export type EInvoiceFormat = (typeof eInvoiceFormats)[number];

export interface RenderedEInvoice {
  readonly content: Buffer;
  readonly mediaType: 'application/xml' | 'application/pdf';
  readonly filename: string;
}

export interface EInvoiceRenderer {
  /**
   * The same document gives the same bytes.
   * @throws invoice.e_invoice_not_possible when EN 16931 or the format cannot say what is on the document
   */
  render(document: BillingDocument, format: EInvoiceFormat): Promise<RenderedEInvoice>;
}

/** As the library names them. */
const syntaxes = { ubl: 'UBL', xrechnung: 'XRECHNUNG-UBL', cii: 'CII', 'factur-x': 'CII' } as const;

/** The library leaves it at the plain standard, which Peppol's network would not take (PEPPOL-EN16931-R004). */
const peppolBis3 = 'urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0';

export function createEInvoiceRenderer({ pdf }: { readonly pdf: InvoicePdfRenderer }): EInvoiceRenderer {
  async function xmlOf(document: BillingDocument, format: EInvoiceFormat): Promise<Buffer> {
    // 55 MB and most of a second: for those who ask for an e-invoice, not for every worker that starts.
    const { FormatFactoryService, invoiceSchema } = await import('@e-invoice-eu/core');
    refuseWhatCannotBeSaid(document, format, currenciesOf(invoiceSchema));
    const input = eInvoiceDocument(document);
    if (format === 'ubl') input['ubl:Invoice']['cbc:CustomizationID'] = peppolBis3;
    // Not InvoiceService.generate(): it compiles its schema anew for every document, a third of a second each.
    const formatter = new FormatFactoryService().createFormatService(syntaxes[format], silent);
    formatter.fillInvoiceDefaults(input);
    const xml = await formatter.generate(cii(format) ? withCiiReference(input) : input, {
      format: syntaxes[format],
      lang: document.locale,
    });
    const text = typeof xml === 'string' ? xml : Buffer.from(xml).toString();
    return Buffer.from(cii(format) ? text.replaceAll('schemeID="TAX"', 'schemeID="FC"') : text);
  }

  return {
    async render(document, format) {
      const xml = await xmlOf(document, format);
      if (format !== 'factur-x') {
        return { content: xml, mediaType: 'application/xml', filename: `${document.number}.xml` };
      }
      const content = await pdf.render(document, { facturX: xml });
      return { content, mediaType: 'application/pdf', filename: `${document.number}.factur-x.pdf` };
    },
  };
}

const cii = (format: EInvoiceFormat): boolean => format === 'cii' || format === 'factur-x';

/** Its log lines would hold names and addresses. */
const silent = { log: () => undefined, warn: () => undefined, error: () => undefined };

/**
 * The library's CII takes the number of a preceding invoice (BT-25) from beside the element in which UBL has it; without
 * it a credit note would not say what it corrects.
 */
function withCiiReference(input: EInvoiceInput): EInvoiceInput {
  const invoice = input['ubl:Invoice'];
  const references = invoice['cac:BillingReference']?.map((reference) => ({
    ...reference,
    'cbc:ID': reference['cac:InvoiceDocumentReference']['cbc:ID'],
  }));
  if (references === undefined) return input;
  return { ...input, 'ubl:Invoice': { ...invoice, 'cac:BillingReference': references } };
}

/** The currencies of the code list that the standard's current version has. */
function currenciesOf(schema: unknown): readonly string[] {
  const path = ['$defs', 'codeLists', 'ISO4217', 'enum'];
  const found = path.reduce<unknown>(
    (node, key) =>
      typeof node === 'object' && node !== null ? Object.entries(node).find(([k]) => k === key)?.[1] : null,
    schema,
  );
  return Array.isArray(found) ? found.filter((code) => typeof code === 'string') : [];
}

function refuseWhatCannotBeSaid(
  document: BillingDocument,
  format: EInvoiceFormat,
  currencies: readonly string[],
): void {
  const { buyer, currency } = document;
  const missing = (path: string, value: string | null): InputProblem[] =>
    value === null ? [{ path, message: 'is required in an XRechnung (BR-DE-8, BR-DE-9)' }] : [];
  const problems: InputProblem[] = [
    ...(currencies.includes(currency) ? [] : [{ path: 'currency', message: `${currency} is not in the code list` }]),
    ...(format === 'xrechnung'
      ? [
          ...missing('buyer.address.city', buyer.address.city),
          ...missing('buyer.address.postalCode', buyer.address.postalCode),
        ]
      : []),
  ];
  const [first] = problems;
  if (first === undefined) return;
  fail('invoice.e_invoice_not_possible', `${document.number}: ${first.path} ${first.message}`, problems);
}
