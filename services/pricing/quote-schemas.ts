import countries from 'i18n-iso-countries';
import { z } from 'zod';
import type { OrderLine, Quote, TaxAmount } from '../../domain/order/order.ts';
import type { Evidence } from '../../domain/tax/place-of-supply.ts';
import { catalogIdSchema, currencySchema, instantSchema } from '../catalog/catalog-schemas.ts';

/** ISO 3166-1 alpha-2 in upper case. */
export const countrySchema = z
  .string()
  .refine((code) => /^[A-Z]{2}$/.test(code) && countries.isValid(code), 'must be an ISO 3166-1 country in upper case')
  .meta({ example: 'DE' });

/** A subdivision by ISO 3166-2 ("TX", "us-tx" and "US-TX" are all "TX"), or a name where no tax depends on it. */
export const regionSchema = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .overwrite((text) =>
    /^([A-Za-z]{2}-)?[A-Za-z0-9]{1,3}$/.test(text) ? text.toUpperCase().replace(/^[A-Z]{2}-/, '') : text,
  );

/** What pricing and tax need of a customer; an order's customer is these fields and more. */
export const taxCustomerFields = {
  country: countrySchema,
  postalCode: z.string().trim().min(1).max(20).nullable().default(null),
  region: regionSchema.nullable().default(null),
  type: z.enum(['consumer', 'business']).default('consumer'),
  businessTaxId: z.string().trim().min(1).max(40).nullable().default(null),
  ipCountry: countrySchema.nullable().default(null),
  cardCountry: countrySchema.nullable().default(null),
};

export const requestedLineSchema = z.strictObject({
  price: catalogIdSchema,
  quantity: z.int().min(1).max(1_000_000),
});

/** The basket: shared by POST /v1/quotes and POST /v1/orders. */
export const basketFields = {
  currency: currencySchema,
  lines: z.array(requestedLineSchema).min(1).max(100),
  coupon: catalogIdSchema.nullable().default(null),
};

/** Body of POST /v1/quotes. `at`, when given, prices as of that moment; it reads back in UTC. */
export const quoteRequestSchema = z.strictObject({
  ...basketFields,
  customer: z.strictObject(taxCustomerFields),
  at: instantSchema.nullable().default(null),
});

/** What is priced. `at` is not part of it: the caller of the service says which moment counts. */
export type QuoteRequest = Omit<z.output<typeof quoteRequestSchema>, 'at'>;

/** Answer of POST /v1/quotes: amounts are plain integers in `currency`. */
export interface QuoteAnswer {
  readonly currency: string;
  readonly net: number;
  readonly discount: number;
  readonly tax: number;
  readonly gross: number;
  readonly lines: readonly QuoteAnswerLine[];
  readonly taxes: readonly TaxAmount[];
  readonly placeOfSupply: {
    readonly country: string;
    readonly region?: string;
    readonly evidence: readonly Evidence[];
  };
  readonly reverseCharge: boolean;
}

export type QuoteAnswerLine = Pick<
  OrderLine,
  'price' | 'quantity' | 'list' | 'discount' | 'net' | 'tax' | 'gross' | 'taxes'
>;

/** The contract's view of a quote: nothing of the snapshot that only orders need. */
export function quoteAnswer(quote: Quote): QuoteAnswer {
  const { currency, net, discount, tax, gross, taxes, reverseCharge } = quote;
  const { country, region, evidence } = quote.placeOfSupply;
  return {
    currency,
    net,
    discount,
    tax,
    gross,
    lines: quote.lines.map(quoteAnswerLine),
    taxes: taxes.map(taxAnswer),
    placeOfSupply: {
      country,
      ...(region === null ? {} : { region }),
      evidence: evidence.map((item) => ({ kind: item.kind, country: item.country })),
    },
    reverseCharge,
  };
}

function quoteAnswerLine(line: OrderLine): QuoteAnswerLine {
  const { price, quantity, list, discount, net, tax, gross, taxes } = line;
  return { price, quantity, list, discount, net, tax, gross, taxes: taxes.map(taxAnswer) };
}

function taxAnswer({ jurisdiction, name, rate, base, amount }: TaxAmount): TaxAmount {
  return { jurisdiction, name, rate, base, amount };
}
