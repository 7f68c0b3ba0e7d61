import { describe, expect, it } from '@jest/globals';
import type { Quote } from '../../../domain/order/order.ts';
import type { IssuedQuote } from '../../../services/pricing/issued-quote-store.ts';
import { quoteAnswer, quoteRequestSchema } from '../../../services/pricing/quote-schemas.ts';

const at = '2027-02-01T10:00:00.000Z';
const body = { currency: 'EUR', customer: { country: 'DE' }, lines: [{ price: 'p', quantity: 1 }] };

function problemPaths(input: unknown): string[] {
  const parsed = quoteRequestSchema.safeParse(input);
  return parsed.success ? [] : parsed.error.issues.map(({ path }) => path.join('.'));
}

describe('the body of POST /quotes', () => {
  it('fills what is absent with null and a consumer', () => {
    expect(quoteRequestSchema.parse(body)).toEqual({
      currency: 'EUR',
      customer: {
        country: 'DE',
        postalCode: null,
        region: null,
        type: 'consumer',
        businessTaxId: null,
        ipCountry: null,
        cardCountry: null,
      },
      lines: [{ price: 'p', quantity: 1 }],
      coupon: null,
      at: null,
      displayCurrency: null,
    });
  });

  it.each(['TX', 'tx', 'US-TX', ' us-tx '])('reads the region %j as TX', (region) => {
    const parsed = quoteRequestSchema.parse({ ...body, customer: { country: 'US', region } });
    expect(parsed.customer.region).toBe('TX');
  });

  it('leaves the name of a region as it is', () => {
    const parsed = quoteRequestSchema.parse({ ...body, customer: { country: 'FR', region: 'Île-de-France' } });
    expect(parsed.customer.region).toBe('Île-de-France');
  });

  it('reads any offset of `at` as UTC', () => {
    expect(quoteRequestSchema.parse({ ...body, at: '2027-03-01T01:00:00+02:00' }).at).toBe('2027-02-28T23:00:00.000Z');
  });

  it('takes 100 lines and a million units', () => {
    const lines = Array.from({ length: 100 }, () => ({ price: 'p', quantity: 1_000_000 }));
    expect(problemPaths({ ...body, lines })).toEqual([]);
    expect(problemPaths({ ...body, lines: [...lines, ...lines] })).toEqual(['lines']);
  });

  it.each<[string, object, string]>([
    ['no lines', { ...body, lines: [] }, 'lines'],
    ['a quantity of 0', { ...body, lines: [{ price: 'p', quantity: 0 }] }, 'lines.0.quantity'],
    ['half a unit', { ...body, lines: [{ price: 'p', quantity: 0.5 }] }, 'lines.0.quantity'],
    ['more than a million units', { ...body, lines: [{ price: 'p', quantity: 1_000_001 }] }, 'lines.0.quantity'],
    ['a lower-case country', { ...body, customer: { country: 'de' } }, 'customer.country'],
    ['a country that does not exist', { ...body, customer: { country: 'ZQ' } }, 'customer.country'],
    ['a three-letter country', { ...body, customer: { country: 'DEU' } }, 'customer.country'],
    ['an unknown currency', { ...body, currency: 'EUROS' }, 'currency'],
    ['an unknown field', { ...body, customer: { country: 'DE', vat: 'x' } }, 'customer'],
    ['a day without time', { ...body, at: '2027-01-31' }, 'at'],
    ['a currency to show that is none', { ...body, displayCurrency: 'EURO' }, 'displayCurrency'],
  ])('is refused with %s', (_, input, path) => {
    expect(problemPaths(input)).toEqual([path]);
  });
});

describe('the answer of POST /quotes', () => {
  it('holds the contract and nothing of the snapshot', () => {
    const tax = { jurisdiction: 'DE', name: 'VAT', rate: '0.19', base: 10_000, amount: 1900 };
    const quote: Quote = {
      currency: 'EUR',
      net: 10_000,
      discount: 0,
      tax: 1900,
      gross: 11_900,
      lines: [
        {
          line: '1',
          price: 'p',
          quantity: 1,
          product: 'editor',
          productName: 'Editor',
          bundle: null,
          sellerId: 'seller_default',
          sellerTerms: null,
          taxClass: 'software_download',
          taxBehavior: 'inclusive',
          delivery: [{ method: 'license', pool: 'secret' }],
          recurring: null,
          list: 11_900,
          discount: 0,
          net: 10_000,
          tax: 1900,
          gross: 11_900,
          taxes: [tax],
        },
      ],
      taxes: [tax],
      placeOfSupply: {
        country: 'DE',
        region: null,
        postalCode: '10115',
        evidence: [{ kind: 'billing_address', country: 'DE' }],
      },
      reverseCharge: false,
    };
    const times = { issuedAt: at, pricedAt: at, expiresAt: '2027-02-02T10:00:00.000Z' };
    const basket = quoteRequestSchema.parse(body);
    const issued = (given: Quote): IssuedQuote => {
      return {
        id: 'quo_1',
        hash: 'h',
        basket,
        businessTaxIdStatus: 'not_given',
        quote: given,
        display: null,
        ...times,
      };
    };
    expect(quoteAnswer(issued(quote))).toEqual({
      id: 'quo_1',
      hash: 'h',
      expiresAt: times.expiresAt,
      display: null,
      currency: 'EUR',
      net: 10_000,
      discount: 0,
      tax: 1900,
      gross: 11_900,
      lines: [
        {
          ...{ line: '1', price: 'p', quantity: 1, product: 'editor', bundle: null },
          ...{ list: 11_900, discount: 0, net: 10_000, tax: 1900, gross: 11_900, taxes: [tax] },
        },
      ],
      taxes: [tax],
      placeOfSupply: { country: 'DE', evidence: [{ kind: 'billing_address', country: 'DE' }] },
      reverseCharge: false,
      taxNotes: [],
    });
    expect(
      quoteAnswer(issued({ ...quote, placeOfSupply: { ...quote.placeOfSupply, region: 'TX' } })).placeOfSupply,
    ).toHaveProperty('region', 'TX');
  });
});
