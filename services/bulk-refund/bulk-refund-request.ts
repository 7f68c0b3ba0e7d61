import { z } from 'zod';
import { refundOutcomes } from '../../domain/refund/refund.ts';

const orderId = z.string().min(1).max(64);
const catalogId = z.string().min(1).max(100);
const instant = z.iso.datetime();

/** What was sold: a product, a price, or both. */
const sold = { product: catalogId.optional(), price: catalogId.optional() };

/** Which orders: a list, or all that sold something in a time (half-open, by when they were placed). */
const selection = {
  orders: z.array(orderId).min(1).max(10_000).optional(),
  filter: z.strictObject({ ...sold, from: instant, to: instant }).optional(),
};

/**
 * What of each: all that is left, the lines of a product or price, or for each unit of them the difference to what it
 * should have cost (minor units, tax included).
 */
const wanted = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('full') }),
  z.strictObject({ kind: z.literal('lines'), ...sold }),
  z.strictObject({
    ...{ kind: z.literal('difference'), ...sold },
    perUnit: z.strictObject({ amount: z.int().positive(), currency: z.string().regex(/^[A-Z]{3}$/) }),
  }),
]);

export const bulkRefundRequestSchema = z
  .strictObject({
    ...selection,
    refund: wanted,
    outcome: z.enum(refundOutcomes).default('original_method'),
    reason: z.string().trim().min(1).max(500),
    /** Opaque id of the person who asks. */
    by: z.string().trim().min(1).max(200),
  })
  .superRefine(({ orders, filter, refund }, context) => {
    const problem = (path: string[], message: string): void => context.addIssue({ code: 'custom', path, message });
    if ((orders === undefined) === (filter === undefined)) problem(['orders'], 'name either orders or a filter');
    if (filter !== undefined && Date.parse(filter.from) >= Date.parse(filter.to))
      problem(['filter', 'to'], 'must be after from');
    if (filter !== undefined && namesNothing(filter)) problem(['filter', 'product'], 'name a product or a price');
    if (refund.kind !== 'full' && namesNothing(refund)) problem(['refund', 'product'], 'name a product or a price');
    if (orders !== undefined && new Set(orders).size !== orders.length) problem(['orders'], 'names an order twice');
  });

/** As callers write it; defaults are filled in by the schema. */
export type BulkRefundRequest = z.input<typeof bulkRefundRequestSchema>;
/** As the service reads it. */
export type ReadBulkRefundRequest = z.output<typeof bulkRefundRequestSchema>;

/** A line that sold it. */
export interface Sold {
  readonly product?: string | undefined;
  readonly price?: string | undefined;
}

function namesNothing({ product, price }: Sold): boolean {
  return product === undefined && price === undefined;
}
