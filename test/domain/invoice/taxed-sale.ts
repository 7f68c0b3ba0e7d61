import type { TaxBehavior, TaxClass } from '../../../domain/catalog/catalog.ts';
import { invoiceContent } from '../../../domain/invoice/invoice-content.ts';
import { documentNumber } from '../../../domain/invoice/invoice.ts';
import type { Invoice } from '../../../domain/invoice/invoice.ts';
import { legalEntityAt } from '../../../domain/invoice/legal-entity.ts';
import type { ExchangeRate } from '../../../domain/money/exchange-rate.ts';
import type { Customer, Quote } from '../../../domain/order/order.ts';
import { computeTax } from '../../../domain/tax/compute-tax.ts';
import { sampleCustomer, sampleLine, sampleQuote } from './sample-order.ts';

export interface SoldLine {
  /** Minor units after discount. */
  readonly amount: number;
  readonly quantity?: number;
  readonly discount?: number;
  readonly taxClass?: TaxClass;
  readonly taxBehavior?: TaxBehavior;
}

export interface TaxedSale {
  readonly currency?: string;
  readonly customer?: Partial<Customer>;
  readonly lines: readonly SoldLine[];
  readonly at?: string;
  readonly exchangeRate?: ExchangeRate | null;
}

export const saleAt = '2026-11-21T10:00:00.000Z';

/** A basket as the tax tables tax it: a business counts as one with a confirmed id. */
export function taxedQuote({ currency = 'EUR', customer: change = {}, lines, at = saleAt }: TaxedSale): Quote {
  const customer = sampleCustomer(change);
  const { id: legalEntity, country: sellerCountry } = legalEntityAt(at);
  const { country, region, postalCode, type } = customer;
  const place = { country, region, postalCode, evidence: [] };
  const sold = lines.map((line, index) => ({
    ...sampleLine({
      ...{ line: `${index + 1}`, name: `Product ${index + 1}`, net: line.amount, taxes: [] },
      ...{ quantity: line.quantity ?? 1, discount: line.discount ?? 0 },
    }),
    taxClass: line.taxClass ?? ('saas' as const),
    taxBehavior: line.taxBehavior ?? ('exclusive' as const),
  }));
  const result = computeTax({
    ...{ currency, at, place, legalEntity, sellerCountry, customerType: type },
    businessTaxIdStatus: type === 'business' ? 'confirmed' : 'not_given',
    lines: sold.map(({ line, taxClass, taxBehavior, list, discount }) => ({
      ...{ line, taxClass, taxBehavior },
      amount: list - discount,
    })),
  });
  const taxed = sold.map((line, index) => ({ ...line, ...result.lines[index] }));
  const { net, tax, gross, taxes, reverseCharge } = result;
  return sampleQuote(taxed, { currency, net, tax, gross, taxes, reverseCharge, placeOfSupply: place });
}

/** Its invoice, number 42. */
export function taxedInvoice(sale: TaxedSale): Invoice {
  const at = sale.at ?? saleAt;
  const content = invoiceContent({
    ...{ id: 'inv_1', fact: 'order/x/sale', payment: { method: 'card', paidAt: at } },
    order: { id: 'ord_1', number: '7F3K-92QX', customer: sampleCustomer(sale.customer), quote: taxedQuote(sale) },
    entity: legalEntityAt(at),
    exchangeRate: sale.exchangeRate ?? null,
    at,
  });
  return { ...content, ...documentNumber('INV', 2026, 42) };
}
