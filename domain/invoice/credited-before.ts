import type { BillingDocument, CreditNote, InvoiceLine } from './invoice.ts';

/**
 * The lines that earlier credit notes of the order gave back. Their numbers decide what is earlier: two refunds at once
 * agree on it, and so does a repeat after a crash.
 */
export function creditedBefore(documents: readonly BillingDocument[], credit: CreditNote): readonly InvoiceLine[] {
  return documents
    .filter(({ kind, orderId }) => kind === 'credit_note' && orderId === credit.orderId)
    .filter(({ year, sequence }) => year < credit.year || (year === credit.year && sequence < credit.sequence))
    .flatMap(({ lines }) => lines);
}
