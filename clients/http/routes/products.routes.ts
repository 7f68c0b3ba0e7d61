import { z } from 'zod';
import { taxClasses } from '../../../domain/catalog/catalog.ts';
import { catalogIdSchema, productInputSchema } from '../../../services/catalog/catalog-schemas.ts';
import type { Api, ApiDeps } from '../api-deps.ts';

const productAnswer = z
  .object({
    id: z.string(),
    sellerId: z.string(),
    name: z.string(),
    taxClass: z.enum(taxClasses),
    delivery: z
      .array(
        z.discriminatedUnion('method', [
          z.object({ method: z.literal('license'), pool: z.string().nullable() }),
          z.object({ method: z.literal('download'), file: z.string() }),
          z.object({ method: z.literal('attachment'), file: z.string() }),
          z.object({ method: z.literal('account'), host: z.string(), plan: z.string() }),
          z.object({ method: z.literal('parcel') }),
        ]),
      )
      .readonly(),
    components: z.array(z.object({ product: z.string(), quantity: z.int() })).readonly(),
  })
  .meta({ id: 'Product' });

const body = productInputSchema.meta({
  examples: [
    {
      name: 'Pixel Editor',
      taxClass: 'software_download',
      delivery: [{ method: 'license' }, { method: 'download', file: 'pixel-editor.zip' }],
    },
  ],
});

export function registerProducts(app: Api, { catalog }: Pick<ApiDeps, 'catalog'>): void {
  app.put(
    '/products/:id',
    {
      schema: {
        operationId: 'putProduct',
        tags: ['catalogue'],
        summary: 'Create or replace a product',
        params: z.object({ id: catalogIdSchema }),
        body,
        response: { 200: productAnswer },
      },
    },
    (request) => catalog.putProduct(request.params.id, request.body),
  );
}
