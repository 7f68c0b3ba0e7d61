import {
  PDFArray,
  PDFDict,
  PDFDocument,
  PDFName,
  PDFRawStream,
  PDFRef,
  PDFStream,
  decodePDFRawStream,
} from '@cantoo/pdf-lib';
import type { PDFPage } from '@cantoo/pdf-lib';

export interface ReadPdf {
  readonly title: string | undefined;
  readonly pages: number;
  /** One line per drawn text, page by page, decoded as a reader that searches or copies would. */
  readonly texts: readonly string[];
  /** Base names of the fonts, without the tag of the subset. */
  readonly fonts: readonly string[];
  /** True when every font carries its glyphs in the file. */
  readonly embedded: boolean;
  readonly attachments: readonly { readonly name: string; readonly content: string }[];
  /** The XMP metadata. */
  readonly metadata: string;
}

/** Opens a PDF with another library than the one that wrote it. */
export async function readPdf(content: Buffer): Promise<ReadPdf> {
  const document = await PDFDocument.load(content, { updateMetadata: false });
  const pages = document.getPages();
  const fonts = pages.flatMap((page) => [...fontsOf(page).values()]);
  const attachments = document.getAttachments().map(({ name, data }) => ({ name, content: text(data) }));
  const metadata = document.catalog.lookup(PDFName.of('Metadata'));
  return {
    title: document.getTitle(),
    pages: pages.length,
    texts: pages.flatMap(textsOf),
    fonts: [...new Set(fonts.map(({ name }) => name))],
    embedded: fonts.every(({ embedded }) => embedded),
    attachments,
    metadata: metadata instanceof PDFStream ? text(bytesOf(metadata)) : '',
  };
}

interface Font {
  readonly name: string;
  readonly embedded: boolean;
  readonly unicode: ReadonlyMap<string, string>;
}

function fontsOf(page: PDFPage): ReadonlyMap<string, Font> {
  const dict = page.node.Resources()?.lookupMaybe(PDFName.of('Font'), PDFDict);
  return new Map(
    (dict?.entries() ?? []).map(([key]) => {
      const font = dict?.lookup(key, PDFDict) ?? fail('a font');
      const descendant = font.lookup(PDFName.of('DescendantFonts'), PDFArray).lookup(0, PDFDict);
      const descriptor = descendant.lookup(PDFName.of('FontDescriptor'), PDFDict);
      const name = font
        .lookup(PDFName.of('BaseFont'), PDFName)
        .decodeText()
        .replace(/^[A-Z]{6}\+/, '');
      const map = text(bytesOf(font.lookup(PDFName.of('ToUnicode'), PDFStream)));
      return [
        key.decodeText(),
        { name, embedded: descriptor.get(PDFName.of('FontFile2')) instanceof PDFRef, unicode: unicodeOf(map) },
      ] as const;
    }),
  );
}

/** Glyph → characters, from a ToUnicode map as pdfkit writes it: ranges with an array of UTF-16 strings. */
function unicodeOf(map: string): ReadonlyMap<string, string> {
  const entries = [...map.matchAll(/<([0-9a-f]{4})> <[0-9a-f]{4}> \[([^\]]*)\]/gi)].flatMap(([, first, values]) =>
    [...(values ?? '').matchAll(/<([0-9a-f ]*)>/gi)].map(([, units], index) => {
      const glyph = (parseInt(first ?? '', 16) + index).toString(16).padStart(4, '0');
      const codes = (units ?? '').replaceAll(' ', '').match(/.{4}/g) ?? [];
      return [glyph, String.fromCharCode(...codes.map((code) => parseInt(code, 16)))] as const;
    }),
  );
  return new Map(entries);
}

function textsOf(page: PDFPage): string[] {
  const fonts = fontsOf(page);
  const contents = page.node.Contents();
  const streams =
    contents instanceof PDFArray ? contents.asArray().map((ref) => page.node.context.lookup(ref)) : [contents];
  const drawn = streams.map((stream) => (stream instanceof PDFStream ? text(bytesOf(stream)) : '')).join('\n');
  const texts: string[] = [];
  let font: Font | undefined;
  for (const [, name, array] of drawn.matchAll(/\/(\S+) [\d.]+ Tf|\[([^\]]*)\] TJ/g)) {
    if (name !== undefined) font = fonts.get(name);
    else {
      const glyphs = [...(array ?? '').matchAll(/<([0-9a-f]*)>/gi)].flatMap(
        ([, hex]) => (hex ?? '').match(/.{4}/g) ?? [],
      );
      texts.push(glyphs.map((glyph) => font?.unicode.get(glyph.toLowerCase()) ?? '\ufffd').join(''));
    }
  }
  return texts;
}

function bytesOf(stream: PDFStream): Uint8Array {
  return stream instanceof PDFRawStream ? decodePDFRawStream(stream).decode() : stream.getContents();
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}

function fail(what: string): never {
  throw new Error(`the file has no ${what}`);
}
