import countries from 'i18n-iso-countries';
import { z } from 'zod';
import type { OrderLine, TaxAmount } from '../../domain/order/order.ts';
import { evidenceItemKinds } from '../../domain/tax/place-of-supply.ts';
import type { Evidence } from '../../domain/tax/place-of-supply.ts';
import type { TaxNote } from '../../domain/tax/tax-note.ts';
import { catalogIdSchema, currencySchema, instantSchema } from '../catalog/catalog-schemas.ts';
import type { DisplayAmount, IssuedQuote } from './issued-quote-store.ts';

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

/** An IANA zone, such as "Europe/Berlin". */
const timeZoneSchema = z.string().max(60).refine(isTimeZone, 'must be an IANA time zone, such as "Europe/Berlin"');

function isTimeZone(name: string): boolean {
  try {
    return (
      new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '' && /^[A-Za-z]/.test(name)
    );
  } catch {
    return false;
  }
}

/** What pricing and tax need of a customer; an order's customer is these fields and more. */
export const taxCustomerFields = {
  country: countrySchema,
  postalCode: z.string().trim().min(1).max(20).nullable().default(null),
  region: regionSchema.nullable().default(null),
  type: z.enum(['consumer', 'business']).default('consumer'),
  businessTaxId: z.string().trim().min(1).max(40).nullable().default(null),
  ipCountry: countrySchema.nullable().default(null),
  cardCountry: countrySchema.nullable().default(null),
  /** The customer's answer when the evidence contradicted itself. */
  declaredCountry: countrySchema.nullable().exactOptional(),
  /** What else speaks for a country. */
  evidence: z
    .array(z.strictObject({ kind: z.enum(evidenceItemKinds), country: countrySchema }))
    .max(10)
    .readonly()
    .exactOptional(),
  /** Whose certificate it is, where one is named. */
  id: z.string().trim().min(1).max(200).nullable().exactOptional(),
  exemptionCertificate: catalogIdSchema.nullable().exactOptional(),
  timeZone: timeZoneSchema.nullable().exactOptional(),
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
  /** false: without the trials of its prices; the first period is paid at once. */
  trial: z.boolean().exactOptional(),
};

/** Body of POST /v1/quotes. `at`, when given, prices as of that moment; it reads back in UTC. */
export const quoteRequestSchema = z.strictObject({
  ...basketFields,
  customer: z.strictObject(taxCustomerFields),
  at: instantSchema.nullable().default(null),
  /** Another currency to show the total in, for information. */
  displayCurrency: currencySchema.nullable().default(null),
});

/** What is priced. `at` is not part of it: the caller of the service says which moment counts. */
export type QuoteRequest = Omit<z.output<typeof quoteRequestSchema>, 'at' | 'displayCurrency'>;

/** The id of an issued quote. */
export const quoteIdSchema = z.string().regex(/^quo_[0-9A-Z]{16}$/, 'must be the id of a quote: "quo_…"');

/** Answer of POST /v1/quotes: amounts are plain integers in `currency`. */
export interface QuoteAnswer {
  readonly id: string;
  readonly hash: string;
  readonly expiresAt: string;
  /** The total in the currency that was asked for; null when none was, or when no rate is on file. Never charged. */
  readonly display: DisplayAmount | null;
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
  /** Why a tax is absent or present against expectation. */
  readonly taxNotes: readonly TaxNote[];
}

export type QuoteAnswerLine = Pick<
  OrderLine,
  'line' | 'price' | 'quantity' | 'product' | 'bundle' | 'list' | 'discount' | 'net' | 'tax' | 'gross' | 'taxes'
>;

/** The contract's view of a quote: nothing of the snapshot that only orders need. */
export function quoteAnswer({ id, hash, expiresAt, display, quote }: IssuedQuote): QuoteAnswer {
  const { currency, net, discount, tax, gross, taxes, reverseCharge } = quote;
  const { country, region, evidence } = quote.placeOfSupply;
  return {
    id,
    hash,
    expiresAt,
    display,
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
    taxNotes: (quote.taxNotes ?? []).map(({ code, jurisdiction, text }) => ({ code, jurisdiction, text })),
  };
}

function quoteAnswerLine(line: OrderLine): QuoteAnswerLine {
  const { line: id, price, quantity, product, bundle, list, discount, net, tax, gross, taxes } = line;
  const amounts = { list, discount, net, tax, gross };
  return { line: id, price, quantity, product, bundle, ...amounts, taxes: taxes.map(taxAnswer) };
}

function taxAnswer({ jurisdiction, name, rate, base, amount, exemption }: TaxAmount): TaxAmount {
  return { jurisdiction, name, rate, base, amount, ...(exemption === undefined ? {} : { exemption }) };
}
