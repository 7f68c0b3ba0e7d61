import { z } from 'zod';
import { gatewayFeeBearers, sellerRoles } from '../../domain/seller/seller.ts';
import type { SellerTerms } from '../../domain/seller/seller.ts';
import { catalogIdSchema, currencySchema, instantSchema } from '../catalog/catalog-schemas.ts';

const text = z.string().trim().min(1).max(200);

const termsSchema = z.strictObject({
  validFrom: instantSchema,
  validTo: instantSchema.nullable().default(null),
  role: z.enum(sellerRoles),
  commissionBasisPoints: z.int().min(0).max(10_000),
  fixedFees: z
    .array(z.strictObject({ currency: currencySchema, amount: z.int().min(0) }))
    .max(200)
    .default([]),
  gatewayFees: z.enum(gatewayFeeBearers).default('us'),
  source: text,
});

/** Body of PUT /v1/sellers/{id}. Terms in the order in which they hold. */
export const sellerInputSchema = z.strictObject({
  name: text,
  addressLines: z.array(text).max(6).default([]),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, 'must be an ISO 3166-1 alpha-2 code in upper case')
    .nullable()
    .default(null),
  taxId: text.nullable().default(null),
  locale: z.enum(['en', 'de']).default('en'),
  terms: z.array(termsSchema).max(200).default([]).superRefine(inOrder),
});
export type SellerInput = z.output<typeof sellerInputSchema>;

/** Half-open periods one after the other, and one fixed fee per currency. */
function inOrder(terms: readonly SellerTerms[], context: z.RefinementCtx): void {
  const problem = (path: (string | number)[], message: string) =>
    context.addIssue({ code: 'custom', path, message, input: terms });
  terms.forEach(({ validFrom, validTo, fixedFees }, index) => {
    if (validTo !== null && validTo <= validFrom) problem([index, 'validTo'], 'must be after validFrom');
    const before = terms[index - 1];
    if (before !== undefined && (before.validTo === null || validFrom < before.validTo))
      problem([index, 'validFrom'], 'must not be before the end of the terms above');
    fixedFees.forEach(({ currency }, fee) => {
      if (fixedFees.findIndex((other) => other.currency === currency) !== fee)
        problem([index, 'fixedFees', fee, 'currency'], `"${currency}" may appear once`);
    });
  });
}

/** Query of GET /v1/sellers/{id}/statement: from inclusive, to exclusive. */
export const statementQuerySchema = z
  .strictObject({ from: instantSchema, to: instantSchema, currency: currencySchema })
  .refine(({ from, to }) => from < to, { path: ['to'], message: 'must be after from' });

export const sellerIdSchema = catalogIdSchema;
