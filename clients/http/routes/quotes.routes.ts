import { z } from 'zod';
import { isFailure } from '../../../domain/failures.ts';
import type { BusinessTaxIdStatus } from '../../../domain/order/order.ts';
import { quoteAnswer, quoteRequestSchema } from '../../../services/pricing/quote-schemas.ts';
import type { QuoteRequest } from '../../../services/pricing/quote-schemas.ts';
import type { Api, ApiDeps } from '../api-deps.ts';
import { amountAnswer, taxAmountsAnswer } from '../answer-schemas.ts';

const quoteAnswerSchema = z
  .object({
    currency: z.string(),
    net: amountAnswer,
    discount: amountAnswer,
    tax: amountAnswer,
    gross: amountAnswer,
    lines: z
      .array(
        z.object({
          price: z.string(),
          quantity: z.int(),
          list: amountAnswer,
          discount: amountAnswer,
          net: amountAnswer,
          tax: amountAnswer,
          gross: amountAnswer,
          taxes: taxAmountsAnswer,
        }),
      )
      .readonly(),
    taxes: taxAmountsAnswer,
    placeOfSupply: z.object({
      country: z.string(),
      region: z.string().optional(),
      evidence: z.array(z.object({ kind: z.string(), country: z.string() })).readonly(),
    }),
    reverseCharge: z.boolean(),
  })
  .meta({ id: 'Quote', description: 'Amounts are minor units of `currency`' });

export const basketExample = {
  currency: 'EUR',
  customer: { country: 'DE', ipCountry: 'DE' },
  lines: [{ price: 'pixel-editor-eur', quantity: 2 }],
};

export function registerQuotes(app: Api, { quotes, taxes, now }: Pick<ApiDeps, 'quotes' | 'taxes' | 'now'>): void {
  /** A register that is away confirms nothing. */
  async function checkTaxId(
    { country, businessTaxId }: QuoteRequest['customer'],
    at: string,
  ): Promise<BusinessTaxIdStatus> {
    if (businessTaxId === null) return 'not_given';
    if (taxes === undefined) return 'unavailable';
    try {
      return await taxes.checkBusinessTaxId({ country, businessTaxId, at });
    } catch (error) {
      if (isFailure(error, 'tax.checker_unavailable')) return 'unavailable';
      throw error;
    }
  }

  app.post(
    '/quotes',
    {
      schema: {
        operationId: 'createQuote',
        tags: ['orders'],
        summary: 'Price and tax a basket',
        description: 'Writes nothing. With `at` it prices as of that moment. The same basket ordered costs the same.',
        body: quoteRequestSchema.meta({ examples: [basketExample] }),
        response: { 200: quoteAnswerSchema },
      },
    },
    async (request) => {
      const { at, ...basket } = request.body;
      const asOf = at ?? now();
      return quoteAnswer(await quotes.quote(basket, asOf, await checkTaxId(basket.customer, asOf)));
    },
  );
}
