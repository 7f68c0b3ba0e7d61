import { z } from 'zod';
import type { Coupon } from '../../../domain/catalog/coupon.ts';
import { catalogIdSchema, couponInputSchema } from '../../../services/catalog/catalog-schemas.ts';
import type { Api, ApiDeps } from '../api-deps.ts';
import { amountAnswer, instantAnswer } from '../answer-schemas.ts';

const couponAnswer = z
  .object({
    id: z.string(),
    percentOff: z.string().nullable(),
    amountOff: amountAnswer.nullable(),
    currency: z.string().nullable(),
    duration: z.enum(['once', 'repeating', 'forever']),
    periods: z.int().nullable(),
    maxRedemptions: z.int().nullable(),
    validUntil: instantAnswer.nullable(),
    products: z.array(z.string()).readonly().nullable(),
  })
  .meta({ id: 'Coupon' });

// `example`, not `examples`: zod leaves the latter out for a schema that transforms its input.
const body = couponInputSchema.meta({ example: { percentOff: '10', duration: 'once' } });

export function registerCoupons(app: Api, { catalog }: Pick<ApiDeps, 'catalog'>): void {
  app.put(
    '/coupons/:id',
    {
      schema: {
        operationId: 'putCoupon',
        tags: ['catalogue'],
        summary: 'Create or replace a coupon',
        description: '`percentOff` (a decimal string in percent), or `amountOff` (minor units) with `currency`.',
        params: z.object({ id: catalogIdSchema }),
        body,
        response: { 200: couponAnswer },
      },
    },
    async (request) => couponView(await catalog.putCoupon(request.params.id, request.body)),
  );
}

/** In the words of the request. */
function couponView({ discount, ...rest }: Coupon): z.output<typeof couponAnswer> {
  return discount.type === 'percent'
    ? { ...rest, percentOff: discount.percentOff, amountOff: null, currency: null }
    : { ...rest, percentOff: null, amountOff: discount.amountOff, currency: discount.currency };
}
