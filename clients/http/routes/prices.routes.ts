import { z } from 'zod';
import { catalogIdSchema, priceInputSchema } from '../../../services/catalog/catalog-schemas.ts';
import type { Api, ApiDeps } from '../api-deps.ts';
import { amountAnswer } from '../answer-schemas.ts';

const tiersAnswer = z
  .array(z.object({ upTo: z.int().nullable(), unitAmount: amountAnswer, flatAmount: amountAnswer }))
  .readonly();

const taxBehaviorAnswer = z.enum(['inclusive', 'exclusive']);

const schemeAnswer = z.discriminatedUnion('type', [
  z.object({ type: z.literal('flat'), amount: amountAnswer }),
  z.object({ type: z.literal('per_unit'), amount: amountAnswer }),
  z.object({ type: z.enum(['volume', 'graduated']), tiers: tiersAnswer }),
  z.object({ type: z.literal('package'), size: z.int(), amount: amountAnswer }),
]);

const priceAnswer = z
  .object({
    id: z.string(),
    product: z.string(),
    currency: z.string(),
    taxBehavior: taxBehaviorAnswer,
    scheme: schemeAnswer,
    currencyOptions: z
      .record(z.string(), z.object({ taxBehavior: taxBehaviorAnswer, scheme: schemeAnswer }))
      .readonly(),
    recurring: z
      .object({
        interval: z.enum(['day', 'week', 'month', 'year']),
        count: z.int(),
        usage: z.enum(['licensed', 'metered']),
        meter: z.string().nullable(),
        trial: z.object({ days: z.int(), methodRequired: z.boolean() }).exactOptional(),
        align: z.enum(['anniversary', 'calendar']).exactOptional(),
        includes: z.object({ meter: z.string(), quantity: z.int() }).exactOptional(),
      })
      .nullable(),
  })
  .meta({ id: 'Price' });

// `example`, not `examples`: zod leaves the latter out for a schema that transforms its input.
const body = priceInputSchema.meta({
  example: {
    product: 'pixel-editor',
    currency: 'EUR',
    taxBehavior: 'inclusive',
    scheme: { type: 'per_unit', amount: 4900 },
    currencyOptions: { USD: { scheme: { type: 'per_unit', amount: 5400 }, taxBehavior: 'exclusive' } },
  },
});

export function registerPrices(app: Api, { catalog, now }: Pick<ApiDeps, 'catalog' | 'now'>): void {
  app.put(
    '/prices/:id',
    {
      schema: {
        operationId: 'putPrice',
        tags: ['catalogue'],
        summary: 'Create or replace a price',
        description:
          'Amounts are minor units of `currency`. `currencyOptions` sells it in further currencies, with amounts of their ' +
          'own: nothing is ever converted to be charged.',
        params: z.object({ id: catalogIdSchema }),
        body,
        response: { 200: priceAnswer },
      },
    },
    (request) => catalog.putPrice(request.params.id, request.body, now()),
  );
}
