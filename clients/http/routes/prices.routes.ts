import { z } from 'zod';
import { catalogIdSchema, priceInputSchema } from '../../../services/catalog/catalog-schemas.ts';
import type { Api, ApiDeps } from '../api-deps.ts';
import { amountAnswer } from '../answer-schemas.ts';

const tiersAnswer = z
  .array(z.object({ upTo: z.int().nullable(), unitAmount: amountAnswer, flatAmount: amountAnswer }))
  .readonly();

const priceAnswer = z
  .object({
    id: z.string(),
    product: z.string(),
    currency: z.string(),
    taxBehavior: z.enum(['inclusive', 'exclusive']),
    scheme: z.discriminatedUnion('type', [
      z.object({ type: z.literal('flat'), amount: amountAnswer }),
      z.object({ type: z.literal('per_unit'), amount: amountAnswer }),
      z.object({ type: z.enum(['volume', 'graduated']), tiers: tiersAnswer }),
      z.object({ type: z.literal('package'), size: z.int(), amount: amountAnswer }),
    ]),
    recurring: z
      .object({
        interval: z.enum(['day', 'week', 'month', 'year']),
        count: z.int(),
        usage: z.enum(['licensed', 'metered']),
        meter: z.string().nullable(),
      })
      .nullable(),
  })
  .meta({ id: 'Price' });

const body = priceInputSchema.meta({
  examples: [
    {
      product: 'pixel-editor',
      currency: 'EUR',
      taxBehavior: 'inclusive',
      scheme: { type: 'per_unit', amount: 4900 },
    },
  ],
});

export function registerPrices(app: Api, { catalog }: Pick<ApiDeps, 'catalog'>): void {
  app.put(
    '/prices/:id',
    {
      schema: {
        operationId: 'putPrice',
        tags: ['catalogue'],
        summary: 'Create or replace a price',
        description: 'Amounts are minor units of `currency`.',
        params: z.object({ id: catalogIdSchema }),
        body,
        response: { 200: priceAnswer },
      },
    },
    (request) => catalog.putPrice(request.params.id, request.body),
  );
}
