import type { Invoice as EInvoiceInput } from '@e-invoice-eu/core';
import type { BillingDocument } from '../../domain/invoice/invoice.ts';
import type { VatCategory } from '../../domain/invoice/vat-category.ts';
import { formatMoney, sum } from '../../domain/money/money.ts';
import { amountText, percentOf } from './e-invoice-amounts.ts';
import { eInvoiceLines, eInvoiceTaxes } from './e-invoice-lines.ts';
import type { EInvoiceLine, EInvoiceTax } from './e-invoice-lines.ts';
import { buyerElement, sellerElement } from './e-invoice-parties.ts';

/** UNTDID 1001. */
const typeCodes = { invoice: '380', credit_note: '381' } as const;
/** UNTDID 4461 "not defined": with the code of a card, the card's number would have to be named, and we have none. */
const paymentMeans = '1';
const one = 'C62';

/**
 * A billing document in the terms of EN 16931, as @e-invoice-eu/core takes it; from the frozen document alone.
 * What was paid (or, on a credit note, paid back) is prepaid, so that nothing is left to pay.
 * @throws invoice.e_invoice_not_possible
 */
export function eInvoiceDocument(document: BillingDocument): EInvoiceInput {
  const { currency } = document;
  const lines = eInvoiceLines(document);
  const categories = [...new Set(lines.map(({ category }) => category))];
  const money = (name: string, amount: number) => amountElement(name, amount, currency);
  const invoice = {
    'cbc:ID': document.number,
    'cbc:IssueDate': document.issueDate,
    'cbc:InvoiceTypeCode': typeCodes[document.kind],
    ...noteOf(document),
    'cbc:DocumentCurrencyCode': currency,
    ...taxCurrencyOf(document),
    'cbc:BuyerReference': document.orderNumber,
    'cac:OrderReference': { 'cbc:ID': document.orderNumber },
    ...billingReferenceOf(document),
    'cac:AccountingSupplierParty': { 'cac:Party': sellerElement(document.seller, categories) },
    'cac:AccountingCustomerParty': { 'cac:Party': buyerElement(document.buyer, categories) },
    'cac:Delivery': {
      'cbc:ActualDeliveryDate': document.kind === 'invoice' ? document.supplyDate : document.corrects.supplyDate,
      'cac:DeliveryLocation': {
        'cac:Address': { 'cac:Country': { 'cbc:IdentificationCode': document.placeOfSupply.country } },
      },
    },
    'cac:PaymentMeans': [{ 'cbc:PaymentMeansCode': paymentMeans }],
    'cac:TaxTotal': taxTotals(document, eInvoiceTaxes(lines)),
    'cac:LegalMonetaryTotal': {
      ...money('cbc:LineExtensionAmount', document.net),
      ...money('cbc:TaxExclusiveAmount', document.net),
      ...money('cbc:TaxInclusiveAmount', document.gross),
      ...money('cbc:PrepaidAmount', document.gross),
      ...money('cbc:PayableAmount', 0),
    },
    'cac:InvoiceLine': lines.map((line) => lineElement(line, currency)),
  };
  // The library's types are its code lists spelled out; its own schema checks what is built here (in the tests, for all
  // kinds of documents), and code lists are checked before rendering (e-invoice.ts).
  return { 'ubl:Invoice': invoice } as unknown as EInvoiceInput;
}

function amountElement(name: string, amount: number, currency: string): Record<string, string> {
  return { [name]: amountText(amount, currency), [`${name}@currencyID`]: currency };
}

/** One note only (PEPPOL-EN16931-R002). Each of several taxes on one net is named here: their rates are summed above. */
function noteOf(document: BillingDocument): { 'cbc:Note'?: string[] } {
  const several = document.lines.some(({ taxes }) => taxes.length > 1);
  const taxes = several
    ? document.taxes.map(
        ({ name, jurisdiction, rate, amount }) =>
          `${name} (${jurisdiction}) ${percentOf(rate)} %: ${formatMoney({ amount, currency: document.currency })}`,
      )
    : [];
  const rates = document.taxesInLocalCurrency.map(
    ({ exchangeRate: { from, to, rate, date, source } }) => `1 ${from} = ${rate} ${to} on ${date} (${source})`,
  );
  const numbers = document.seller.registrations.map(({ scheme, id }) => `${scheme.toUpperCase()} ${id}`);
  const texts = [...document.notes.map(({ text }) => text), ...taxes, ...numbers, ...new Set(rates)];
  return texts.length === 0 ? {} : { 'cbc:Note': [texts.join('; ')] };
}

function taxCurrencyOf({ taxesInLocalCurrency: [local] }: BillingDocument): { 'cbc:TaxCurrencyCode'?: string } {
  return local === undefined ? {} : { 'cbc:TaxCurrencyCode': local.currency };
}

function billingReferenceOf(document: BillingDocument): object {
  if (document.kind === 'invoice') return {};
  const { number, issueDate } = document.corrects;
  return {
    'cac:BillingReference': [{ 'cac:InvoiceDocumentReference': { 'cbc:ID': number, 'cbc:IssueDate': issueDate } }],
  };
}

function taxTotals(document: BillingDocument, taxes: readonly EInvoiceTax[]): object[] {
  const { currency, taxesInLocalCurrency } = document;
  const total = {
    ...amountElement('cbc:TaxAmount', document.tax, currency),
    'cac:TaxSubtotal': taxes.map(({ category, percent, base, amount }) => ({
      ...amountElement('cbc:TaxableAmount', base, currency),
      ...amountElement('cbc:TaxAmount', amount, currency),
      'cac:TaxCategory': { ...categoryElement(category, percent, exemptionOf(document, category)) },
    })),
  };
  const [local] = taxesInLocalCurrency;
  if (local === undefined) return [total];
  const amount = sum(taxesInLocalCurrency.map((tax) => tax.amount));
  return [total, amountElement('cbc:TaxAmount', amount, local.currency)];
}

/** Why nothing is charged: by the note of the category, or because only a part of the price is taxed. */
function exemptionOf({ notes }: BillingDocument, category: VatCategory): object {
  if (category === 'S' || category === 'Z') return {};
  const note = notes.find((one) => one.category === category) ?? notes.find((one) => one.category === 'O');
  const code = note?.category === category ? note.vatex : null;
  return {
    ...(code === null ? {} : { 'cbc:TaxExemptionReasonCode': code }),
    'cbc:TaxExemptionReason': note?.text ?? 'Part of the price that is not taxed',
  };
}

function categoryElement(category: VatCategory, percent: string | null, exemption: object = {}): object {
  return {
    'cbc:ID': category,
    ...(percent === null ? {} : { 'cbc:Percent': percent }),
    ...exemption,
    'cac:TaxScheme': { 'cbc:ID': 'VAT' },
  };
}

/** A price that is not a whole number of minor units per piece is given for the whole quantity: net is exact either way. */
function lineElement({ id, description, quantity, net, category, percent }: EInvoiceLine, currency: string): object {
  const [pieces, amount] = [Math.abs(quantity), Math.abs(net)];
  const divides = amount % pieces === 0;
  return {
    'cbc:ID': id,
    'cbc:InvoicedQuantity': `${quantity}`,
    'cbc:InvoicedQuantity@unitCode': one,
    ...amountElement('cbc:LineExtensionAmount', net, currency),
    'cac:Item': { 'cbc:Name': description, 'cac:ClassifiedTaxCategory': categoryElement(category, percent) },
    'cac:Price': {
      ...amountElement('cbc:PriceAmount', divides ? amount / pieces : amount, currency),
      ...(divides ? {} : { 'cbc:BaseQuantity': `${pieces}`, 'cbc:BaseQuantity@unitCode': one }),
    },
  };
}
