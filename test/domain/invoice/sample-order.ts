import type { CustomerType, Customer, Locale, OrderLine, Quote, TaxAmount } from '../../../domain/order/order.ts';

/** An order line as pricing freezes it: `rates` are [jurisdiction, name, rate, amount]. */
export function sampleLine(given: {
  readonly line: string;
  readonly name: string;
  readonly quantity?: number;
  readonly net: number;
  readonly discount?: number;
  readonly sellerId?: string;
  readonly sellerTerms?: OrderLine['sellerTerms'];
  readonly taxes: readonly (readonly [jurisdiction: string, name: string, rate: string, amount: number])[];
}): OrderLine {
  const taxes: TaxAmount[] = given.taxes.map(([jurisdiction, name, rate, amount]) => ({
    jurisdiction,
    name,
    rate,
    base: given.net,
    amount,
  }));
  const tax = taxes.reduce((total, { amount }) => total + amount, 0);
  return {
    line: given.line,
    price: `price_${given.line}`,
    quantity: given.quantity ?? 1,
    product: `product_${given.line}`,
    productName: given.name,
    bundle: null,
    sellerId: given.sellerId ?? 'seller_default',
    sellerTerms: given.sellerTerms ?? null,
    taxClass: 'saas',
    taxBehavior: 'exclusive',
    delivery: [{ method: 'license', pool: null }],
    recurring: null,
    list: given.net + (given.discount ?? 0),
    discount: given.discount ?? 0,
    net: given.net,
    tax,
    gross: given.net + tax,
    taxes,
  };
}

export function sampleQuote(lines: readonly OrderLine[], change: Partial<Quote> = {}): Quote {
  const total = (part: 'net' | 'tax' | 'gross' | 'discount') => lines.reduce((sum, line) => sum + line[part], 0);
  const summary = new Map<string, TaxAmount>();
  for (const tax of lines.flatMap(({ taxes }) => taxes)) {
    const key = `${tax.jurisdiction} ${tax.rate}`;
    const known = summary.get(key);
    summary.set(
      key,
      known === undefined ? tax : { ...tax, base: known.base + tax.base, amount: known.amount + tax.amount },
    );
  }
  return {
    currency: 'EUR',
    net: total('net'),
    discount: total('discount'),
    tax: total('tax'),
    gross: total('gross'),
    lines,
    taxes: [...summary.values()],
    placeOfSupply: { country: 'DE', region: null, postalCode: '10115', evidence: [] },
    reverseCharge: false,
    ...change,
  };
}

export function sampleCustomer(change: Partial<Customer> = {}): Customer {
  const locale: Locale = 'en';
  const type: CustomerType = 'consumer';
  return {
    id: 'cus_1',
    email: 'ada@example.org',
    name: 'Ada Lovelace',
    locale,
    country: 'DE',
    region: null,
    postalCode: '10115',
    street: 'Invalidenstraße 1',
    city: 'Berlin',
    type,
    businessTaxId: null,
    ipCountry: 'DE',
    cardCountry: 'DE',
    ...change,
  };
}

/** Two products with German VAT, one of them discounted: net 129.97, tax 24.69, gross 154.66 EUR. */
export function sampleOrder(change: { readonly customer?: Partial<Customer>; readonly quote?: Quote } = {}) {
  return {
    id: 'ord_7F3K92QXM4TN8WRB',
    number: '7F3K-92QX-M4TN-8WRB',
    customer: sampleCustomer(change.customer),
    quote:
      change.quote ??
      sampleQuote([
        sampleLine({
          line: '1',
          name: 'Editor Pro',
          quantity: 3,
          net: 11997,
          discount: 1333,
          taxes: [['DE', 'VAT', '0.19', 2279]],
        }),
        sampleLine({
          line: '2',
          name: 'Handbook',
          net: 1000,
          sellerId: 'seller_books',
          taxes: [['DE', 'VAT', '0.19', 190]],
        }),
      ]),
  };
}
