import { z } from 'zod';
import { taxClasses } from '../../domain/catalog/catalog.ts';
import type { DeliverySpec, Price, PriceScheme } from '../../domain/catalog/catalog.ts';
import { isPercentOff } from '../../domain/catalog/coupon.ts';
import type { Coupon } from '../../domain/catalog/coupon.ts';
import { isCurrency } from '../../domain/money/money.ts';
import { schemeProblems } from '../../domain/pricing/price-scheme.ts';

/** Ids that the caller chooses: products, prices, coupons, sellers. */
export const catalogIdSchema = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be 1 to 64 letters, digits, "_" or "-"');

/** File names end up in Content-Disposition and attachments: no separators, no control characters, no leading dot. */
export const fileNameSchema = z
  .string()
  .regex(/^[\p{L}\p{N}_][\p{L}\p{N} ._()+-]{0,127}$/u, 'must be a plain file name of up to 128 characters');

/** Upper-case ISO 4217. */
export const currencySchema = z
  .string()
  .refine(isCurrency, 'must be an ISO 4217 currency in upper case')
  .meta({ example: 'EUR' });

/** Any offset in, UTC out: "2027-01-31T10:00:00+01:00" → "2027-01-31T09:00:00.000Z". */
export const instantSchema = z.iso
  .datetime({ offset: true, abort: true })
  .overwrite((text) => new Date(text).toISOString());

const nameSchema = z.string().trim().min(1).max(200);
/** Minor units. Aborting, so that the rules for the whole scheme only speak when its parts are sound. */
const amountSchema = z.int({ abort: true }).min(0, { abort: true });
const countSchema = z.int({ abort: true }).min(1, { abort: true });

const deliverySchema = z.discriminatedUnion('method', [
  z.strictObject({
    method: z.literal('license'),
    /** Keys to use up, in this order. Absent: keys are generated. */
    pool: z.array(z.string().trim().min(1).max(500)).max(100_000).nullable().default(null),
  }),
  z.strictObject({ method: z.literal('download'), file: fileNameSchema }),
  z.strictObject({ method: z.literal('attachment'), file: fileNameSchema }),
  z.strictObject({
    method: z.literal('account'),
    host: catalogIdSchema.default('default'),
    /** Absent: the product's id. */
    plan: z.string().trim().min(1).max(100).nullable().default(null),
  }),
  z.strictObject({ method: z.literal('parcel') }),
]);

/** Body of PUT /v1/products/{id}. `seller` defaults to the one that Waybill makes itself. */
export const productInputSchema = z.strictObject({
  name: nameSchema,
  taxClass: z.enum(taxClasses),
  delivery: z.array(deliverySchema).max(20).superRefine(onePerMethod),
  components: z
    .array(z.strictObject({ product: catalogIdSchema, quantity: z.int().min(1).max(1_000_000) }))
    .max(100)
    .default([]),
  seller: catalogIdSchema.nullable().default(null),
});
export type ProductInput = z.output<typeof productInputSchema>;

/** Keys, accounts and parcels are known by line and method: a second one of a kind would be the first one again. */
function onePerMethod(specs: readonly { method: DeliverySpec['method'] }[], context: z.RefinementCtx): void {
  specs.forEach(({ method }, index) => {
    const repeated = specs.findIndex((other) => other.method === method) !== index;
    if (repeated && method !== 'download' && method !== 'attachment')
      context.addIssue({ code: 'custom', path: [index, 'method'], message: `"${method}" may appear once` });
  });
}

const tiersSchema = z
  .array(
    z.strictObject({ upTo: countSchema.nullable(), unitAmount: amountSchema, flatAmount: amountSchema.default(0) }),
  )
  .min(1, { abort: true })
  .max(100);

export const schemeSchema = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('flat'), amount: amountSchema }),
    z.strictObject({ type: z.literal('per_unit'), amount: amountSchema }),
    z.strictObject({ type: z.literal('volume'), tiers: tiersSchema }),
    z.strictObject({ type: z.literal('graduated'), tiers: tiersSchema }),
    z.strictObject({ type: z.literal('package'), size: countSchema, amount: amountSchema }),
  ])
  .superRefine((scheme: PriceScheme, context) => {
    for (const { path, message } of schemeProblems(scheme, ''))
      context.addIssue({ code: 'custom', path: pathSegments(path), message });
  });

/** ".tiers[1].upTo" → ["tiers", 1, "upTo"]. */
function pathSegments(path: string): (string | number)[] {
  return [...path.matchAll(/[^.[\]]+/g)].map(([part]) => (/^\d+$/.test(part) ? Number(part) : part));
}

const recurringSchema = z
  .strictObject({
    interval: z.enum(['day', 'week', 'month', 'year']),
    count: z.int().min(1).max(366),
    usage: z.enum(['licensed', 'metered']).default('licensed'),
    meter: catalogIdSchema.nullable().default(null),
    trial: z.strictObject({ days: z.int().min(1).max(730), methodRequired: z.boolean().default(true) }).exactOptional(),
    align: z.enum(['anniversary', 'calendar']).exactOptional(),
    includes: z.strictObject({ meter: catalogIdSchema, quantity: countSchema }).exactOptional(),
  })
  .superRefine(({ usage, meter, trial, align, includes }, context) => {
    if (usage === 'metered' && includes !== undefined)
      context.addIssue({ code: 'custom', path: ['includes'], message: 'only a licensed price includes usage' });
    if (trial !== undefined && align === 'calendar')
      context.addIssue({ code: 'custom', path: ['align'], message: 'after a trial periods begin with its end' });
    if (usage === 'metered' && meter === null)
      context.addIssue({ code: 'custom', path: ['meter'], message: 'a metered price needs a meter' });
    if (usage === 'licensed' && meter !== null)
      context.addIssue({ code: 'custom', path: ['meter'], message: 'only a metered price has a meter' });
  });

const taxBehaviorSchema = z.enum(['inclusive', 'exclusive']);

const priceBodySchema = z.strictObject({
  product: catalogIdSchema,
  currency: currencySchema,
  taxBehavior: taxBehaviorSchema,
  scheme: schemeSchema,
  /** Further currencies, with amounts of their own; `taxBehavior` as in the main currency unless it says otherwise. */
  currencyOptions: z
    .record(
      z.string(),
      z.strictObject({ scheme: schemeSchema, taxBehavior: taxBehaviorSchema.nullable().default(null) }),
    )
    .default({}),
  recurring: recurringSchema.nullable().default(null),
});

/** Body of PUT /v1/prices/{id}. */
export const priceInputSchema = priceBodySchema.transform((body, context): Omit<Price, 'id'> => {
  const problem = (currency: string, message: string) =>
    context.addIssue({ code: 'custom', path: ['currencyOptions', currency], message });
  const options = Object.entries(body.currencyOptions).map(([currency, { scheme, taxBehavior }]) => {
    if (!isCurrency(currency)) problem(currency, 'must be an ISO 4217 currency in upper case');
    if (currency === body.currency) problem(currency, 'is the main currency of this price');
    return [currency, { scheme, taxBehavior: taxBehavior ?? body.taxBehavior }] as const;
  });
  return { ...body, currencyOptions: Object.fromEntries(options) };
});
export type PriceInput = z.output<typeof priceInputSchema>;

const couponBodySchema = z.strictObject({
  percentOff: z
    .string()
    .refine(isPercentOff, 'must be a percentage above 0 and up to 100, such as "10" or "12.5"')
    .nullable()
    .default(null),
  amountOff: z.int().min(1).nullable().default(null),
  currency: currencySchema.nullable().default(null),
  duration: z.enum(['once', 'repeating', 'forever']),
  periods: z.int().min(1).max(1000).nullable().default(null),
  maxRedemptions: z.int().min(1).max(1_000_000).nullable().default(null),
  validUntil: instantSchema.nullable().default(null),
  products: z.array(catalogIdSchema).min(1).max(1000).nullable().default(null),
});

/** Body of PUT /v1/coupons/{id}: `percentOff`, or `amountOff` with `currency`. */
export const couponInputSchema = couponBodySchema.transform((body, context): Omit<Coupon, 'id'> => {
  const { percentOff, amountOff, currency, duration, periods, maxRedemptions, validUntil, products } = body;
  const problem = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
  if (duration === 'repeating' && periods === null) problem('periods', 'a repeating coupon says for how many periods');
  if (duration !== 'repeating' && periods !== null) problem('periods', 'only a repeating coupon has periods');
  const rest = { duration, periods, maxRedemptions, validUntil, products };
  if (percentOff !== null) {
    if (amountOff !== null) problem('amountOff', 'a coupon takes off a percentage or an amount, not both');
    if (currency !== null) problem('currency', 'only a coupon with amountOff has a currency');
    return { discount: { type: 'percent', percentOff }, ...rest };
  }
  if (amountOff === null) problem('percentOff', 'a coupon needs percentOff or amountOff');
  else if (currency === null) problem('currency', 'amountOff needs its currency');
  return { discount: { type: 'amount', amountOff: amountOff ?? 0, currency: currency ?? '' }, ...rest };
});
export type CouponInput = z.output<typeof couponInputSchema>;
