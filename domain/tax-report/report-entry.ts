import type { BillingDocument, Invoice } from '../invoice/invoice.ts';
import { sum } from '../money/money.ts';
import { formatRate, parseRate } from '../money/rate.ts';
import type { TaxAmount } from '../order/order.ts';
import { euTerritories } from '../tax/data/eu-territories.ts';
import { euMemberStates, euStandardRates } from '../tax/data/eu-vat.ts';
import { holdsOn } from '../tax/dated-row.ts';
import { filingRule, periodOfDate } from './filing-period.ts';
import type { TaxScheme } from './data/filing-rules.ts';

/** What a return needs of an invoice or credit note. Amounts are positive in both; `kind` gives the sign. */
export interface TaxDocument {
  readonly kind: 'invoice' | 'credit_note';
  readonly series: string;
  readonly year: number;
  readonly sequence: number;
  readonly sellerCountry: string;
  /** The local day at the legal entity's seat on which it counts: an invoice's day of supply, a credit note's of issue. */
  readonly date: string;
  /** The day of supply of the invoice, or of the invoice that the credit note corrects. */
  readonly suppliedOn: string;
  readonly currency: string;
  readonly net: number;
  readonly placeOfSupply: { readonly country: string; readonly region: string | null };
  readonly taxes: readonly TaxAmount[];
}

/** @param corrected the invoice that a credit note corrects; null for an invoice */
export function taxDocument(
  document: BillingDocument,
  corrected: Pick<Invoice, 'supplyDate' | 'issueDate'> | null,
): TaxDocument {
  const { kind, series, year, sequence, currency, net, placeOfSupply, taxes } = document;
  const date = kind === 'invoice' ? earlier(document.supplyDate, document.issueDate) : document.issueDate;
  return {
    ...{ kind, series, year, sequence, currency, net, placeOfSupply, taxes },
    sellerCountry: document.seller.country,
    date,
    suppliedOn: corrected === null ? date : earlier(corrected.supplyDate, corrected.issueDate),
  };
}

/** A tax is due at the latest when it is invoiced. */
const earlier = (a: string, b: string): string => (a < b ? a : b);

/** One row of a return. Rows of the same key are added up. */
export interface ReportKey {
  /** The period of supply: the return's own, or an earlier one that it corrects. */
  readonly suppliedIn: string;
  /** The member state of consumption, "US-TX" or "CA-ON". */
  readonly jurisdiction: string;
  /** "VAT", "Sales tax", "GST", "HST", "PST", "QST". */
  readonly name: string;
  readonly rateType: 'standard' | 'reduced' | null;
  /** Decimal string; null where a row takes all rates together. */
  readonly rate: string | null;
}

/** Signed minor units of a document's currency: negative for credit notes. */
export interface ReportAmounts {
  readonly currency: string;
  /** Net sales, taxed or not. */
  readonly sales: number;
  /** What the tax is computed from. */
  readonly base: number;
  readonly tax: number;
}

export interface ReportEntry {
  readonly key: ReportKey;
  /** The period in whose return it belongs as long as that is not closed. */
  readonly period: string;
  readonly amounts: ReportAmounts;
  /** 1 for an invoice, 0 for a credit note: a sale that is given back was a sale. */
  readonly transactions: number;
}

/** What a document contributes to the returns of a scheme; nothing when it is none of that scheme's business. */
export function reportEntries(scheme: TaxScheme, document: TaxDocument): readonly ReportEntry[] {
  const period = periodOfDate(scheme, document.date);
  const { creditNotes } = filingRule(scheme, period.start);
  const suppliedIn =
    document.kind === 'credit_note' && creditNotes === 'correct_the_sale'
      ? earlier(periodOfDate(scheme, document.suppliedOn).period, period.period)
      : period.period;
  const sign = document.kind === 'invoice' ? 1 : -1;
  return rowsOf(scheme, document).map(({ sales, base, tax, ...key }) => ({
    key: { suppliedIn, ...key },
    period: period.period,
    amounts: {
      currency: document.currency,
      sales: signed(sales, sign),
      base: signed(base, sign),
      tax: signed(tax, sign),
    },
    transactions: document.kind === 'invoice' ? 1 : 0,
  }));
}

const signed = (amount: number, sign: 1 | -1): number => (amount === 0 ? 0 : amount * sign);

type Row = Omit<ReportKey, 'suppliedIn'> & Omit<ReportAmounts, 'currency'>;

function rowsOf(scheme: TaxScheme, document: TaxDocument): readonly Row[] {
  switch (scheme) {
    case 'oss':
      return oneStopShopRows(document);
    case 'us':
      return stateRows(document);
    case 'ca':
      return provinceRows(document);
  }
}

/** What the seller's own member state gets is in its domestic return, what a reverse charge leaves to the customer in none. */
function oneStopShopRows({ taxes, sellerCountry, suppliedOn }: TaxDocument): readonly Row[] {
  return taxes.flatMap((tax): Row[] => {
    const memberState = memberStateOf(tax.jurisdiction);
    if (memberState === null || memberState === sellerCountry) return [];
    const { name, base, amount } = tax;
    const rate = plainRate(tax.rate);
    const rateType = rateTypeOf(tax, memberState, suppliedOn);
    return [{ jurisdiction: memberState, name, rateType, rate, sales: base, base, tax: amount }];
  });
}

/** The member state that a jurisdiction belongs to, or "XI" for goods to Northern Ireland; null where the One-Stop Shop does not reach. */
function memberStateOf(jurisdiction: string): string | null {
  const [country = ''] = jurisdiction.split('-');
  return euMemberStates.includes(country) || country === 'XI' ? country : null;
}

/** A territory with rates of its own has a standard rate of its own. */
function rateTypeOf({ jurisdiction, rate }: TaxAmount, memberState: string, date: string): 'standard' | 'reduced' {
  const territory = euTerritories.find((row) => row.territory === jurisdiction && holdsOn(row, date));
  if (territory !== undefined && territory.treatment.kind === 'rate')
    return plainRate(territory.treatment.rate) === plainRate(rate) ? 'standard' : 'reduced';
  const standard = euStandardRates.find((row) => row.country === memberState && holdsOn(row, date));
  return standard === undefined || plainRate(standard.rate) === plainRate(rate) ? 'standard' : 'reduced';
}

/** One row per document: a state wants its sales, taxed or not. Taxes of cities and counties go with the state's. */
function stateRows({ placeOfSupply, taxes, net }: TaxDocument): readonly Row[] {
  if (placeOfSupply.country !== 'US') return [];
  const jurisdiction = `US-${placeOfSupply.region ?? ''}`;
  const taxed = taxes.filter((tax) => tax.jurisdiction === jurisdiction && tax.exemption === undefined);
  const base = sum(taxed.map((tax) => tax.base));
  const tax = sum(taxes.map(({ amount }) => amount));
  return [{ jurisdiction, name: 'Sales tax', rateType: null, rate: null, sales: net, base, tax }];
}

/** Each tax is a line of its own; GST is federal and is counted where the customer is. */
function provinceRows({ placeOfSupply, taxes }: TaxDocument): readonly Row[] {
  if (placeOfSupply.country !== 'CA') return [];
  const jurisdiction = `CA-${placeOfSupply.region ?? ''}`;
  return taxes.map(({ name, rate, base, amount }) => {
    return { jurisdiction, name, rateType: null, rate: plainRate(rate), sales: base, base, tax: amount };
  });
}

/** "0.20" and "0.2" are one rate. */
const plainRate = (rate: string): string => formatRate(parseRate(rate));
