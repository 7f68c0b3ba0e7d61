import { describe, expect, it } from '@jest/globals';
import type { BillingDocument } from '../../../domain/invoice/invoice.ts';
import { createEInvoiceRenderer } from '../../../services/invoice/e-invoice.ts';
import { createInvoicePdfRenderer } from '../../../services/invoice/invoice-pdf.ts';
import { taxedInvoice } from '../../domain/invoice/taxed-sale.ts';
import { readPdf } from './pdf-reader.ts';

const pdf = createInvoicePdfRenderer();
const read = async (document: BillingDocument) => readPdf(await pdf.render(document));

describe('a PDF, opened by another library', () => {
  it('has its pages, its title, embedded fonts and every fact of the invoice as text', async () => {
    const lines = Array.from({ length: 60 }, (_, index) => ({ amount: 1_000 + index }));
    const { pages, title, texts, embedded } = await read(taxedInvoice({ lines }));
    expect([pages, title, embedded]).toEqual([3, 'Invoice INV-2026-000042', true]);
    const words = texts.join('\n');
    for (const fact of ['INV-2026-000042', '21 November 2026', 'Waybill Commerce Ltd', 'VAT / tax ID: IE1234567FA']) {
      expect(words).toContain(fact);
    }
    for (const fact of ['Ada Lovelace', 'Invalidenstraße 1', '10115 Berlin', 'Germany', 'Product 60', '19 %']) {
      expect(words).toContain(fact);
    }
    expect(words).toContain('INV-2026-000042 · Page 3 of 3');
    expect(words).not.toContain('\ufffd');
  });

  it.each([
    ['Latin', 'Zoë Łuczak-Đorđević Ğünşığı', 'DejaVuSans'],
    ['Greek', 'Ελένη Παπαδοπούλου', 'DejaVuSans'],
    ['Cyrillic', 'Ђорђе Ющенко', 'DejaVuSans'],
    ['Japanese', '株式会社 山田カタカナひらがな', 'NotoSansJP'],
  ])('writes %s names so that they can be read and searched', async (_script, name, font) => {
    const document = await read(taxedInvoice({ customer: { name }, lines: [{ amount: 100 }] }));
    // The Japanese font has the narrow forms of its kind; compatibility folds them.
    expect(document.texts.map((text) => text.normalize('NFKC'))).toContain(name.normalize('NFKC'));
    expect(document.fonts.some((one) => one.startsWith(font))).toBe(true);
    expect(document.embedded).toBe(true);
  });

  it('has the title and the numbers that the taxing country asks for', async () => {
    const australian = await read(
      taxedInvoice({ currency: 'AUD', customer: { country: 'AU' }, lines: [{ amount: 200_000 }] }),
    );
    expect(australian.title).toBe('Tax invoice INV-2026-000042');
    expect(australian.texts).toContain('ABN: 00 000 000 000');
    const quebec = await read(
      taxedInvoice({
        ...{ currency: 'CAD', customer: { country: 'CA', region: 'QC', locale: 'de' } },
        lines: [{ amount: 10_000 }],
      }),
    );
    expect(quebec.texts).toEqual(
      expect.arrayContaining([
        'GST/HST-Nummer: 000000000 RT0001',
        'QST-Nummer: 0000000000 TQ0001',
        'GST (CA)',
        'QST (CA-QC)',
      ]),
    );
    const japanese = await read(
      taxedInvoice({ currency: 'JPY', customer: { country: 'JP' }, lines: [{ amount: 10_000 }] }),
    );
    expect(japanese.title).toBe('Qualified invoice INV-2026-000042');
    expect(japanese.texts).toContain('Registration number (JCT): T0000000000000');
  });

  it('shows the tax in the currency of the taxing state, with rate, day and publisher', async () => {
    const rate = { from: 'EUR', to: 'USD', rate: { amount: 11_500, scale: 4 }, date: '2026-11-20', source: 'ECB' };
    const { texts } = await read(taxedInvoice({ currency: 'USD', lines: [{ amount: 10_000 }], exchangeRate: rate }));
    expect(texts).toEqual(
      expect.arrayContaining([
        'Tax in the currency of the taxing state',
        '1 EUR = 1.15 USD',
        '€16.52',
        'Exchange rate of 20 November 2026: ECB',
      ]),
    );
  });
});

describe('a Factur-X', () => {
  it('is a PDF/A-3 that carries its CII as the alternative of its pages', async () => {
    const renderer = createEInvoiceRenderer({ pdf });
    const invoice = taxedInvoice({ lines: [{ amount: 10_000 }] });
    const { content } = await renderer.render(invoice, 'factur-x');
    const { pages, texts, attachments, metadata, embedded } = await readPdf(content);
    expect([pages, embedded]).toEqual([1, true]);
    expect(texts).toContain('INV-2026-000042');
    const cii = await renderer.render(invoice, 'cii');
    expect(attachments).toEqual([{ name: 'factur-x.xml', content: cii.content.toString() }]);
    expect(content.toString('latin1')).toMatch(/\/AFRelationship \/Alternative/);
    expect(metadata).toMatch(/<pdfaid:part>3<[^]*<pdfaid:conformance>B</);
    expect(metadata).toContain('<fx:ConformanceLevel>EN 16931</fx:ConformanceLevel>');
  });
});
