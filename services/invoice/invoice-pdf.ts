import type PDFDocument from 'pdfkit';
import type { BillingDocument } from '../../domain/invoice/invoice.ts';
import { createLocalizedFormat } from '../../domain/message/localized.ts';
import { createFontLoader, fontFor } from './invoice-fonts.ts';
import type { FontName } from './invoice-fonts.ts';
import { invoiceLabels } from './invoice-labels.ts';
import { invoicePage } from './invoice-page.ts';
import type { InvoicePage, Table } from './invoice-page.ts';
import { attachFacturX } from './factur-x.ts';

export interface InvoicePdfRenderer {
  /** The same document gives the same bytes, on every machine with the same fonts and library. */
  render(document: BillingDocument, embedded?: EmbeddedXml): Promise<Buffer>;
}

/** With it the file is PDF/A-3b, a Factur-X 1.0 of profile EN 16931. */
interface EmbeddedXml {
  readonly facturX: Buffer;
}

type Pdf = InstanceType<typeof PDFDocument>;
type Weight = 'regular' | 'bold';

/** A4 in points. */
const margin = 50;
const width = 595.28 - 2 * margin;
const bottom = 841.89 - 80;
const ink = '#1b2430';
const quiet = '#667080';
const rule = '#d5dae1';

export function createInvoicePdfRenderer(): InvoicePdfRenderer {
  const loadFont = createFontLoader();
  return {
    async render(document, embedded) {
      const labels = invoiceLabels[document.locale];
      const page = invoicePage(document, labels, createLocalizedFormat(document.locale));
      const fonts = await Promise.all(
        fontsOf(page).map(async (name): Promise<[FontName, Buffer]> => [name, await loadFont(name)]),
      );
      // A quarter of a second of loading: for those who ask for a PDF, not for everyone who issues invoices.
      const { default: PdfKit } = await import('pdfkit');
      // The day of issue, not of rendering: the bytes must not depend on when somebody asks.
      const issued = new Date(document.issuedAt);
      const pdf = new PdfKit({
        size: 'A4',
        margins: { top: margin, left: margin, right: margin, bottom: margin },
        bufferPages: true,
        lang: document.locale,
        displayTitle: true,
        ...(embedded === undefined ? {} : { pdfVersion: '1.7', subset: 'PDF/A-3b' }),
        info: {
          Title: `${page.title} ${document.number}`,
          // pdfkit writes it into XML as it stands.
          Author: document.seller.name.replace(/[<>&]/g, ' '),
          CreationDate: issued,
          ModDate: issued,
        },
      });
      for (const [name, data] of fonts) pdf.registerFont(name, data);
      const bytes = collect(pdf);
      draw(pdf, page);
      numberPages(pdf, labels.page, document.number);
      if (embedded !== undefined) attachFacturX(pdf, embedded.facturX, issued);
      pdf.end();
      return bytes;
    },
  };
}

function fontsOf(page: InvoicePage): FontName[] {
  const texts = [
    page.seller.lines,
    page.buyer.lines,
    page.notes,
    page.facts.flat(),
    page.totals.flat(),
    page.lines.rows.flat(),
    page.taxes.rows.flat(),
    page.localTaxes?.table.rows.flat() ?? [],
  ].flat();
  const used = texts.flatMap((text) => [fontFor(text, 'regular'), fontFor(text, 'bold')]);
  return [...new Set<FontName>(['latin', 'latin-bold', ...used])];
}

function collect(pdf: Pdf): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk));
    pdf.on('end', () => {
      resolve(Buffer.concat(chunks));
    });
    pdf.on('error', reject);
  });
}

interface Style {
  readonly weight?: Weight;
  readonly size?: number;
  readonly color?: string;
  readonly align?: 'left' | 'right';
}

function write(pdf: Pdf, text: string, box: { x: number; y: number; width: number }, style: Style = {}): number {
  const { weight = 'regular', size = 9, color = ink, align = 'left' } = style;
  pdf.font(fontFor(text, weight)).fontSize(size).fillColor(color);
  pdf.text(text, box.x, box.y, { width: box.width, align });
  return pdf.y;
}

function height(pdf: Pdf, text: string, columnWidth: number, { weight = 'regular', size = 9 }: Style = {}): number {
  return pdf.font(fontFor(text, weight)).fontSize(size).heightOfString(text, { width: columnWidth });
}

function draw(pdf: Pdf, page: InvoicePage): void {
  const half = width / 2 - 10;
  const right = margin + width / 2 + 10;
  write(pdf, page.title, { x: margin, y: margin, width: half }, { weight: 'bold', size: 20 });
  let factsY = margin + 4;
  for (const [label, value] of page.facts) {
    write(pdf, label, { x: right, y: factsY, width: half * 0.45 }, { color: quiet });
    factsY = write(pdf, value, { x: right + half * 0.45, y: factsY, width: half * 0.55 }, { align: 'right' }) + 2;
  }
  const top = factsY + 24;
  const sellerEnd = drawParty(pdf, page.seller, { x: margin, y: top, width: half });
  const buyerEnd = drawParty(pdf, page.buyer, { x: right, y: top, width: half });
  let y = Math.max(sellerEnd, buyerEnd) + 24;
  for (const text of page.introduction) y = write(pdf, text, { x: margin, y, width }) + 4;
  y = drawTable(pdf, page.lines, y + 8) + 24;
  y = room(pdf, y, 60);
  y = write(pdf, page.taxTitle, { x: margin, y, width }, { weight: 'bold' }) + 6;
  y = drawTable(pdf, page.taxes, y) + 16;
  if (page.localTaxes !== null) {
    y = write(pdf, page.localTaxes.title, { x: margin, y: room(pdf, y, 60), width }, { weight: 'bold' }) + 6;
    y = drawTable(pdf, page.localTaxes.table, y) + 16;
  }
  y = drawTotals(pdf, page.totals, room(pdf, y, 70)) + 16;
  for (const note of page.notes) {
    y = room(pdf, y, height(pdf, note, width) + 6);
    y = write(pdf, note, { x: margin, y, width }) + 6;
  }
}

function drawParty(pdf: Pdf, party: InvoicePage['seller'], box: { x: number; y: number; width: number }): number {
  let y = write(pdf, party.title, box, { color: quiet }) + 3;
  party.lines.forEach((line, index) => {
    y = write(pdf, line, { ...box, y }, { weight: index === 0 ? 'bold' : 'regular' }) + 1;
  });
  return y;
}

function drawTotals(pdf: Pdf, totals: InvoicePage['totals'], top: number): number {
  let y = top;
  const x = margin + width * 0.45;
  totals.forEach(([label, value], index) => {
    const last = index === totals.length - 1;
    const style: Style = last ? { weight: 'bold', size: 11 } : {};
    write(pdf, label, { x, y, width: width * 0.33 }, style);
    y = write(pdf, value, { x: x + width * 0.33, y, width: width * 0.22 }, { ...style, align: 'right' }) + 4;
  });
  return y;
}

/** Draws header and rows, on as many pages as they need; every page repeats the header. */
function drawTable(pdf: Pdf, table: Table, top: number): number {
  const gap = 6;
  const columns = table.columns.map((column, index) => ({
    ...column,
    x: margin + width * table.columns.slice(0, index).reduce((total, before) => total + before.width, 0),
    inner: width * column.width - (index === table.columns.length - 1 ? 0 : gap),
  }));
  const row = (cells: readonly string[], y: number, style: Style) => {
    const heights = columns.map(({ inner }, index) => height(pdf, cells[index] ?? '', inner, style));
    columns.forEach(({ x, inner, align }, index) => {
      write(pdf, cells[index] ?? '', { x, y, width: inner }, { ...style, align });
    });
    const end = y + Math.max(...heights) + 4;
    pdf
      .moveTo(margin, end)
      .lineTo(margin + width, end)
      .lineWidth(0.5)
      .strokeColor(rule)
      .stroke();
    return end + 5;
  };
  const head = (y: number) =>
    row(
      table.columns.map(({ title }) => title),
      y,
      { weight: 'bold', size: 8, color: quiet },
    );
  let y = head(room(pdf, top, 50));
  for (const cells of table.rows) {
    const needed = Math.max(
      ...columns.map(({ inner }, index) => height(pdf, cells[index] ?? '', inner, { size: 8.5 })),
    );
    if (y + needed > bottom) y = head(nextPage(pdf));
    y = row(cells, y, { size: 8.5 });
  }
  return y;
}

function room(pdf: Pdf, y: number, needed: number): number {
  return y + needed > bottom ? nextPage(pdf) : y;
}

function nextPage(pdf: Pdf): number {
  pdf.addPage();
  return margin;
}

function numberPages(pdf: Pdf, label: (page: number, pages: number) => string, number: string): void {
  const { start, count } = pdf.bufferedPageRange();
  for (let index = 0; index < count; index += 1) {
    pdf.switchToPage(start + index);
    // Below the bottom margin pdfkit would start a new page.
    pdf.page.margins.bottom = 0;
    const text = `${number} · ${label(index + 1, count)}`;
    write(pdf, text, { x: margin, y: 841.89 - 40, width }, { size: 8, color: quiet, align: 'right' });
  }
}
