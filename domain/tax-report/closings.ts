/**
 * How far documents have come: the last sequence number per series and year, under "INV-2026". Numbers are gapless and
 * exist only because their documents do (services/invoice/document-numbering.ts), so below a mark nothing can turn up later.
 */
export type DocumentMarks = Readonly<Record<string, number>>;

export interface NumberedDocument {
  readonly series: string;
  readonly year: number;
  readonly sequence: number;
}

/** A return that is closed: it holds documents up to these marks, and never another one. */
export interface Closing {
  readonly period: string;
  readonly upTo: DocumentMarks;
}

export function markKey({ series, year }: Pick<NumberedDocument, 'series' | 'year'>): string {
  return `${series}-${year}`;
}

export function isUpTo(document: NumberedDocument, marks: DocumentMarks): boolean {
  return document.sequence <= (marks[markKey(document)] ?? 0);
}

/**
 * Whether a return that is closed has a document of that period. A period's documents are in its own return or, when they
 * came after it was closed, in the first return of a later period that was closed after them. So what counts is the last
 * closing that could take them.
 * @param closings of one scheme and legal entity, in the order in which they were made; their marks only grow
 */
export function isReported(document: NumberedDocument, period: string, closings: readonly Closing[]): boolean {
  if (!closings.some((closing) => closing.period === period)) return false;
  const last = closings.findLast((closing) => closing.period >= period);
  return last !== undefined && isUpTo(document, last.upTo);
}

/**
 * Whether a document of `period` goes into the return of `closing`, which is about to be closed at `upTo`. Every document
 * goes into exactly one return, in whatever order returns are closed.
 * @param earlier the closings before this one, in their order
 */
export function belongsInReturn(
  document: NumberedDocument,
  period: string,
  closing: Closing,
  earlier: readonly Closing[],
): boolean {
  if (!isUpTo(document, closing.upTo)) return false;
  if (period === closing.period) return true;
  const isLate = period < closing.period && earlier.some((one) => one.period === period);
  return isLate && !isReported(document, period, earlier);
}
