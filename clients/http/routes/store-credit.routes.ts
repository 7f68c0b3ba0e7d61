import { z } from 'zod';
import { currencySchema } from '../../../services/catalog/catalog-schemas.ts';
import type { Api, ApiDeps } from '../api-deps.ts';
import { amountAnswer } from '../answer-schemas.ts';

const holderSchema = z
  .string()
  .regex(/^(customer|subscription)\/[^/]{1,200}$/, 'must be "customer/…" or "subscription/…"')
  .meta({ example: 'customer/cus_1' });

const balanceAnswer = z
  .object({ holder: z.string(), currency: z.string(), balance: amountAnswer })
  .meta({ id: 'StoreCredit', description: 'What the holder may still buy with, minor units' });

export function registerStoreCredit(app: Api, { storeCredit }: Pick<ApiDeps, 'storeCredit'>): void {
  app.get(
    '/store-credit',
    {
      schema: {
        operationId: 'getStoreCredit',
        tags: ['refunds'],
        summary: 'Store credit of a customer or a subscription',
        description:
          'A customer is named by the `customer.id` of their orders, which take their credit with `useStoreCredit`.',
        querystring: z.strictObject({ holder: holderSchema, currency: currencySchema }),
        response: { 200: balanceAnswer },
      },
    },
    async ({ query: { holder, currency } }) => ({
      ...{ holder, currency },
      balance: await storeCredit.balance(holder, currency),
    }),
  );
}
