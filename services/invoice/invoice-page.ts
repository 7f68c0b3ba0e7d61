import type { BillingDocument, InvoiceLine, Party } from '../../domain/invoice/invoice.ts';
import type { LocalizedFormat } from '../../domain/message/localized.ts';
import type { TaxAmount } from '../../domain/order/order.ts';
import type { InvoiceLabels } from './invoice-labels.ts';

export interface Column {
  readonly title: string;
  /** Share of the page's width. */
  readonly width: number;
  readonly align: 'left' | 'right';
}

export interface Table {
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly string[])[];
}

/** All words of a document in reading order; what draws it decides on places and fonts only. */
export interface InvoicePage {
  readonly title: string;
  readonly facts: readonly (readonly [label: string, value: string])[];
  readonly seller: { readonly title: string; readonly lines: readonly string[] };
  readonly buyer: { readonly title: string; readonly lines: readonly string[] };
  readonly introduction: readonly string[];
  readonly lines: Table;
  readonly taxTitle: string;
  readonly taxes: Table;
  /** null where the state's currency is the document's. */
  readonly localTaxes: { readonly title: string; readonly table: Table } | null;
  readonly totals: readonly (readonly [label: string, value: string])[];
  readonly notes: readonly string[];
}

export function invoicePage(document: BillingDocument, labels: InvoiceLabels, format: LocalizedFormat): InvoicePage {
  const money = (amount: number) => format.money(amount, document.currency);
  return {
    title: (document.kind === 'invoice' ? labels.invoice : labels.creditNote)[document.legal.title],
    facts: factsOf(document, labels, format),
    seller: { title: labels.from, lines: partyLines(document.seller, labels, format) },
    buyer: { title: labels.billedTo, lines: partyLines(document.buyer, labels, format) },
    introduction: introductionOf(document, labels, format),
    lines: linesTable(document, labels, format),
    taxTitle: labels.taxSummary,
    taxes: taxTable(document.taxes, money, labels, format),
    localTaxes: localTaxesOf(document, labels, format),
    totals: [
      [labels.net, money(document.net)],
      [labels.tax, money(document.tax)],
      [document.kind === 'invoice' ? labels.total : labels.totalCredited, money(document.gross)],
      ...(document.kind === 'invoice' && document.payment?.storeCredit !== undefined
        ? [[labels.paidByStoreCredit, money(document.payment.storeCredit)] as const]
        : []),
    ],
    notes: [
      ...document.notes.map(({ text, source }) => `${text} (${source})`),
      ...rateNotes(document, labels, format),
      ...(document.kind === 'invoice' && document.payment !== null
        ? [labels.paid(format.date(document.supplyDate))]
        : []),
    ],
  };
}

function factsOf(document: BillingDocument, labels: InvoiceLabels, format: LocalizedFormat): InvoicePage['facts'] {
  const { country, region } = document.placeOfSupply;
  return [
    [labels.number, document.number],
    [labels.issueDate, format.date(document.issueDate)],
    ...(document.kind === 'invoice' ? [[labels.supplyDate, format.date(document.supplyDate)] as const] : []),
    [labels.order, document.orderNumber],
    [labels.currency, document.currency],
    [labels.placeOfSupply, region === null ? format.country(country) : `${format.country(country)}, ${region}`],
  ];
}

function introductionOf(document: BillingDocument, labels: InvoiceLabels, format: LocalizedFormat): string[] {
  if (document.kind === 'invoice') return [];
  const { corrects, reason } = document;
  return [
    labels.corrects(corrects.number, format.date(corrects.issueDate)),
    `${labels.reason}: ${labels.reasons[reason]}`,
  ];
}

function partyLines(party: Party, labels: InvoiceLabels, format: LocalizedFormat): string[] {
  return [
    party.name,
    ...party.addressLines,
    format.country(party.country),
    ...(party.taxId === null ? [] : [`${labels.taxId}: ${party.taxId}`]),
    ...party.registrations.map(({ scheme, id }) => `${labels.registrations[scheme]}: ${id}`),
    ...party.particulars,
  ];
}

function linesTable(document: BillingDocument, labels: InvoiceLabels, format: LocalizedFormat): Table {
  const amount = (value: number) => format.amount(value, document.currency);
  const description = (line: InvoiceLine) =>
    line.discount > 0
      ? `${line.description}\n${labels.discountIncluded(format.money(line.discount, document.currency))}`
      : line.description;
  return {
    columns: [
      { title: labels.description, width: 0.27, align: 'left' },
      { title: labels.quantity, width: 0.09, align: 'right' },
      { title: labels.unitNet, width: 0.12, align: 'right' },
      { title: labels.net, width: 0.14, align: 'right' },
      { title: labels.taxRate, width: 0.12, align: 'right' },
      { title: labels.tax, width: 0.12, align: 'right' },
      { title: labels.gross, width: 0.14, align: 'right' },
    ],
    rows: document.lines.map((line) => [
      description(line),
      line.quantity === 0 ? '' : format.number(line.quantity),
      line.unitNet === null ? '' : format.decimal(line.unitNet),
      amount(line.net),
      line.taxes.map(({ rate }) => format.percent(rate)).join('\n'),
      amount(line.tax),
      amount(line.gross),
    ]),
  };
}

function taxTable(
  taxes: readonly TaxAmount[],
  money: (amount: number) => string,
  labels: InvoiceLabels,
  format: LocalizedFormat,
): Table {
  return {
    columns: [
      { title: labels.tax, width: 0.34, align: 'left' },
      { title: labels.taxRate, width: 0.18, align: 'right' },
      { title: labels.taxBase, width: 0.26, align: 'right' },
      { title: labels.tax, width: 0.22, align: 'right' },
    ],
    rows:
      taxes.length === 0
        ? [[labels.noTax, '', '', money(0)]]
        : taxes.map((tax) => [
            `${tax.name} (${tax.jurisdiction})`,
            format.percent(tax.rate),
            money(tax.base),
            money(tax.amount),
          ]),
  };
}

function localTaxesOf(
  document: BillingDocument,
  labels: InvoiceLabels,
  format: LocalizedFormat,
): InvoicePage['localTaxes'] {
  if (document.taxesInLocalCurrency.length === 0) return null;
  const table: Table = {
    columns: [
      { title: labels.tax, width: 0.34, align: 'left' },
      { title: labels.taxRate, width: 0.18, align: 'right' },
      { title: labels.exchangeRate, width: 0.26, align: 'right' },
      { title: labels.tax, width: 0.22, align: 'right' },
    ],
    rows: document.taxesInLocalCurrency.map(({ name, jurisdiction, rate, amount, currency, exchangeRate }) => [
      `${name} (${jurisdiction})`,
      format.percent(rate),
      `1 ${exchangeRate.from} = ${format.decimal(exchangeRate.rate)} ${exchangeRate.to}`,
      format.money(amount, currency),
    ]),
  };
  return { title: labels.localTaxTitle, table };
}

/** The day and the publisher of the rate, once. */
function rateNotes({ taxesInLocalCurrency: taxes }: BillingDocument, labels: InvoiceLabels, format: LocalizedFormat) {
  const notes = taxes.map(({ exchangeRate: { date, source } }) => labels.ratedOn(format.date(date), source));
  return [...new Set(notes)];
}
