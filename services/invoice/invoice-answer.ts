import type { BillingDocument } from '../../domain/invoice/invoice.ts';

/** What GET /v1/invoices/{id} answers: all that is on the document, nothing of how it is stored. */
export function toInvoiceAnswer(document: BillingDocument) {
  const { id, number, issuedAt, issueDate, orderId, orderNumber, seller, buyer, locale } = document;
  const { currency, lines, taxes, taxesInLocalCurrency, net, discount, tax, gross, legal } = document;
  const { placeOfSupply, reverseCharge, notes } = document;
  const shared = {
    id,
    number,
    issuedAt,
    issueDate,
    order: { id: orderId, number: orderNumber },
    seller,
    buyer,
    locale,
    /** All amounts are minor units of this. */
    currency,
    lines,
    taxes,
    taxesInLocalCurrency,
    net,
    discount,
    tax,
    gross,
    legal,
    placeOfSupply,
    reverseCharge,
    notes,
  };
  return document.kind === 'invoice'
    ? { kind: 'invoice' as const, ...shared, supplyDate: document.supplyDate, payment: document.payment }
    : { kind: 'credit_note' as const, ...shared, corrects: document.corrects, reason: document.reason };
}
