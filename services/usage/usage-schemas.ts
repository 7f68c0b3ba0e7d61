import { z } from 'zod';
import { usageAggregations } from '../../domain/usage/meter.ts';
import { catalogIdSchema, instantSchema } from '../catalog/catalog-schemas.ts';

/** Chosen by the sender; part of a document's id. */
const senderIdSchema = z.string().regex(/^[\x21-\x7e]{1,128}$/, 'must be 1 to 128 printable ASCII characters');

/** Largest number of entries in one call. */
const batchLimit = 1_000;

/** What was used. `value` is what a meter of different values counts, such as a user's opaque id; only its hash is kept. */
const eventSchema = z.strictObject({
  id: senderIdSchema,
  subscription: catalogIdSchema,
  meter: catalogIdSchema,
  quantity: z.int(),
  at: instantSchema,
  value: z.string().min(1).max(200).nullable().default(null),
});

/** Says what an earlier event should have said; a quantity of null takes it back. */
const correctionSchema = z.strictObject({
  id: senderIdSchema,
  subscription: catalogIdSchema,
  corrects: senderIdSchema,
  quantity: z.int().nullable(),
});

const entrySchema = z.union([eventSchema, correctionSchema]);
export type UsageEntry = z.output<typeof entrySchema>;
export type UsageEvent = z.output<typeof eventSchema>;
export type UsageCorrection = z.output<typeof correctionSchema>;

/** Body of POST /v1/usage: one entry, or up to 1,000. */
export const usageInputSchema = z.union([entrySchema, z.array(entrySchema).min(1).max(batchLimit)]);

const levelSchema = z.int().min(1);

/** Body of PUT /v1/meters/{id}. */
export const meterInputSchema = z.strictObject({
  aggregation: z.enum(usageAggregations).default('sum'),
  unit: z.string().trim().min(1).max(40).nullable().default(null),
  thresholds: z
    .array(levelSchema)
    .max(20)
    .default([])
    .overwrite((levels) => [...new Set(levels)].sort((a, b) => a - b)),
  cap: levelSchema.nullable().default(null),
});
export type MeterInput = z.output<typeof meterInputSchema>;
