import { z } from 'zod';
import { refundCauses, refundOutcomes, refundRequesters } from '../../domain/refund/refund.ts';

const minorUnits = z.int().positive();

/**
 * What goes back: `lines` by units or by amount, `amount` spread over the lines that are named (all when none is), or
 * everything that is left. `extent` "unused" takes, of recurring lines, the part of the billed period that is not over.
 */
export const refundRequestSchema = z.strictObject({
  order: z.string().min(1).max(64).optional(),
  invoice: z.string().min(1).max(64).optional(),
  lines: z
    .array(
      z.strictObject({
        line: z.string().min(1).max(20),
        /** All units that are left when neither is given. */
        quantity: z.int().positive().max(1_000_000).optional(),
        /** Money only, minor units: no unit is taken back. */
        amount: minorUnits.optional(),
      }),
    )
    .min(1)
    .max(500)
    .optional(),
  /** Minor units of the order's currency, or money that names it. */
  amount: z
    .union([minorUnits, z.strictObject({ amount: minorUnits, currency: z.string().regex(/^[A-Z]{3}$/) })])
    .optional(),
  extent: z.enum(['all', 'unused']).default('all'),
  reason: z.string().trim().min(1).max(500),
  requestedBy: z.enum(refundRequesters),
  outcome: z.enum(refundOutcomes).default('original_method'),
  cause: z.enum(refundCauses).default('request'),
  /** Whose store credit; absent: the customer's. */
  creditHolder: z
    .string()
    .regex(/^(customer|subscription)\/[A-Za-z0-9_.-]{1,100}$/)
    .optional(),
});

/** As callers write it; defaults are filled in by the schema. */
export type RefundRequest = z.input<typeof refundRequestSchema>;
/** As the service reads it. */
export type ReadRefundRequest = z.output<typeof refundRequestSchema>;
