import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { creditWholeLines } from '../../../domain/invoice/credited-line.ts';
import { creditNoteContent, invoiceContent } from '../../../domain/invoice/invoice-content.ts';
import { documentNumber } from '../../../domain/invoice/invoice.ts';
import type { Invoice } from '../../../domain/invoice/invoice.ts';
import { legalEntityAt } from '../../../domain/invoice/legal-entity.ts';
import { createLocalizedFormat } from '../../../domain/message/localized.ts';
import { fontFor } from '../../../services/invoice/invoice-fonts.ts';
import { invoiceLabels } from '../../../services/invoice/invoice-labels.ts';
import { invoicePage } from '../../../services/invoice/invoice-page.ts';
import { createInvoicePdfRenderer } from '../../../services/invoice/invoice-pdf.ts';
import { sampleLine, sampleOrder, sampleQuote } from '../../domain/invoice/sample-order.ts';

const at = '2026-11-21T10:00:00.000Z';
const entity = legalEntityAt(at);

function invoiceOf(order = sampleOrder()): Invoice {
  const content = invoiceContent({
    id: 'inv_1',
    fact: 'f1',
    order,
    payment: { method: 'card', paidAt: at },
    entity,
    exchangeRate: null,
    at,
  });
  return { ...content, ...documentNumber('INV', 2026, 42) };
}

const pageOf = (invoice: Invoice) =>
  invoicePage(invoice, invoiceLabels[invoice.locale], createLocalizedFormat(invoice.locale));
const sha256 = (content: Buffer) => createHash('sha256').update(content).digest('hex');

describe('the words of an invoice', () => {
  it('writes amounts, rates and dates as English readers do', () => {
    const page = pageOf(invoiceOf());
    expect(page.lines.rows[0]).toEqual([
      'Editor Pro\nafter a discount of €13.33',
      '3',
      '39.99',
      '119.97',
      '19 %',
      '22.79',
      '142.76',
    ]);
    expect(page.taxes.rows).toEqual([['VAT (DE)', '19 %', '€129.97', '€24.69']]);
    expect(page.totals.at(-1)).toEqual(['Total', '€154.66']);
    expect(page.facts).toContainEqual(['Date of issue', '21 November 2026']);
  });

  it('writes them as German readers do', () => {
    const page = pageOf(invoiceOf(sampleOrder({ customer: { locale: 'de' } })));
    expect(page.title).toBe('Rechnung');
    expect(page.totals.at(-1)).toEqual(['Gesamtbetrag', '154,66\u00a0€']);
    expect(page.facts).toContainEqual(['Ausstellungsdatum', '21. November 2026']);
    expect(page.facts).toContainEqual(['Leistungsort', 'Deutschland']);
  });

  it('shows store credit as a payment below the total, which it does not change', () => {
    for (const [locale, words] of [
      ['en', ['Of which paid with store credit', '€5.00']],
      ['de', ['Davon mit Guthaben bezahlt', '5,00\u00a0€']],
    ] as const) {
      const invoice = invoiceOf(sampleOrder({ customer: { locale } }));
      const paid = { ...invoice, payment: { method: 'card', paidAt: at, storeCredit: 500 } };
      expect(pageOf(paid).totals).toEqual([...pageOf(invoice).totals, words]);
    }
  });

  it('shows each of several taxes, and the digits that the currency has', () => {
    const quote = sampleQuote(
      [
        sampleLine({
          line: '1',
          name: 'Cours',
          net: 10000,
          taxes: [
            ['CA', 'GST', '0.05', 500],
            ['CA-QC', 'QST', '0.09975', 998],
          ],
        }),
      ],
      { currency: 'CAD' },
    );
    const page = pageOf(invoiceOf(sampleOrder({ quote })));
    expect(page.lines.rows[0]?.[4]).toBe('5 %\n9.975 %');
    expect(page.taxes.rows.map(([name]) => name)).toEqual(['GST (CA)', 'QST (CA-QC)']);
    const forint = sampleQuote([sampleLine({ line: '1', name: 'x', net: 123456, taxes: [] })], { currency: 'HUF' });
    expect(pageOf(invoiceOf(sampleOrder({ quote: forint }))).totals[0]?.[1]).toBe('HUF\u00a01,234.56');
  });

  it('carries the reverse charge note with its source', () => {
    const quote = sampleQuote([sampleLine({ line: '1', name: 'x', net: 100, taxes: [] })], { reverseCharge: true });
    const page = pageOf(invoiceOf(sampleOrder({ quote, customer: { locale: 'de' } })));
    expect(page.notes[0]).toContain('Steuerschuldnerschaft des Leistungsempfängers / Reverse charge');
    expect(page.taxes.rows).toEqual([['Keine Steuer berechnet', '', '', '0,00\u00a0€']]);
  });
});

describe('the PDF of an invoice', () => {
  it('has the same bytes every time, whoever renders it and when', async () => {
    const first = await createInvoicePdfRenderer().render(invoiceOf());
    const renderer = createInvoicePdfRenderer();
    await renderer.render(invoiceOf(sampleOrder({ customer: { name: 'Somebody Else' } })));
    const second = await renderer.render(invoiceOf());
    expect(first.subarray(0, 5).toString()).toBe('%PDF-');
    expect(sha256(second)).toBe(sha256(first));
  });

  it('embeds the Japanese font only where Japanese is written', async () => {
    const renderer = createInvoicePdfRenderer();
    const latin = await renderer.render(invoiceOf(sampleOrder({ customer: { name: 'Ελένη Ђорђевић' } })));
    const japanese = await renderer.render(invoiceOf(sampleOrder({ customer: { name: '株式会社 山田' } })));
    expect(latin.includes('DejaVuSans')).toBe(true);
    expect(latin.includes('NotoSansJP')).toBe(false);
    expect(japanese.includes('NotoSansJP')).toBe(true);
    expect(fontFor('Łódź, Ünïcödé', 'bold')).toBe('latin-bold');
    expect(fontFor('カタカナ', 'regular')).toBe('japanese');
  });

  it('goes on over as many pages as the lines need', async () => {
    const lines = Array.from({ length: 90 }, (_, index) =>
      sampleLine({ line: `${index + 1}`, name: `Product ${index + 1}`, net: 100, taxes: [['DE', 'VAT', '0.19', 19]] }),
    );
    const content = await createInvoicePdfRenderer().render(invoiceOf(sampleOrder({ quote: sampleQuote(lines) })));
    expect(content.toString('latin1').match(/\/Type \/Page\b/g)?.length).toBeGreaterThanOrEqual(3);
  });

  it('renders a credit note too', async () => {
    const invoice = invoiceOf();
    const note = creditNoteContent({
      id: 'crn_1',
      fact: 'r1',
      invoice,
      lines: creditWholeLines(sampleOrder().quote, ['2']),
      reason: 'not_delivered',
      entity,
      at,
    });
    const content = await createInvoicePdfRenderer().render({ ...note, ...documentNumber('CN', 2026, 1) });
    expect(content.length).toBeGreaterThan(5_000);
  });
});
