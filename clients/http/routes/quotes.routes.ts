import { z } from 'zod';
import { isFailure } from '../../../domain/failures.ts';
import type { BusinessTaxIdStatus } from '../../../domain/order/order.ts';
import { taxNoteCodes } from '../../../domain/tax/tax-note.ts';
import { quoteAnswer, quoteIdSchema, quoteRequestSchema } from '../../../services/pricing/quote-schemas.ts';
import type { QuoteRequest } from '../../../services/pricing/quote-schemas.ts';
import type { Api, ApiDeps } from '../api-deps.ts';
import { amountAnswer, instantAnswer, taxAmountsAnswer } from '../answer-schemas.ts';

const quoteAnswerSchema = z
  .object({
    id: z.string(),
    hash: z.string().meta({ description: 'SHA-256 over what the quote asks for' }),
    expiresAt: instantAnswer,
    display: z
      .object({
        currency: z.string(),
        gross: amountAnswer,
        rate: z.string(),
        source: z.string(),
        date: z.iso.date(),
      })
      .nullable()
      .meta({ description: 'The total in `displayCurrency`, for information: never charged. null: no rate on file' }),
    currency: z.string(),
    net: amountAnswer,
    discount: amountAnswer,
    tax: amountAnswer,
    gross: amountAnswer,
    lines: z
      .array(
        z.object({
          line: z.string(),
          price: z.string(),
          quantity: z.int(),
          product: z.string(),
          bundle: z.string().nullable().meta({ description: 'The bundle that the line is a component of' }),
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
    taxNotes: z
      .array(z.object({ code: z.enum(taxNoteCodes), jurisdiction: z.string(), text: z.string() }))
      .readonly()
      .meta({ description: 'Why a tax is absent or present against expectation' }),
  })
  .meta({ id: 'Quote', description: 'Amounts are minor units of `currency`' });

const tags = ['orders'];

export const basketExample = {
  currency: 'EUR',
  customer: { country: 'DE', ipCountry: 'DE' },
  lines: [{ price: 'pixel-editor-eur', quantity: 2 }],
};

export function registerQuotes(
  app: Api,
  { issuedQuotes, taxes, now }: Pick<ApiDeps, 'issuedQuotes' | 'taxes' | 'now'>,
): void {
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
        tags,
        summary: 'Price and tax a basket',
        description:
          'A promise until `expiresAt`: an order that names its `id` is charged exactly this, whatever the catalogue says ' +
          'by then. With `at` it prices as of that moment, and cannot be ordered. A bundle comes as one line per component.',
        body: quoteRequestSchema.meta({ examples: [basketExample] }),
        response: { 200: quoteAnswerSchema },
      },
    },
    async (request) => {
      const { at, displayCurrency, ...basket } = request.body;
      const issuedAt = now();
      const pricedAt = at ?? issuedAt;
      const businessTaxIdStatus = await checkTaxId(basket.customer, pricedAt);
      const terms = { issuedAt, pricedAt, businessTaxIdStatus, displayCurrency };
      return quoteAnswer(await issuedQuotes.issue(basket, terms));
    },
  );

  app.get(
    '/quotes/:id',
    {
      schema: {
        operationId: 'getQuote',
        tags,
        summary: 'A quote, as it was given',
        description: 'Kept for 30 days.',
        params: z.object({ id: quoteIdSchema }),
        response: { 200: quoteAnswerSchema },
      },
    },
    async (request) => quoteAnswer(await issuedQuotes.get(request.params.id)),
  );
}
