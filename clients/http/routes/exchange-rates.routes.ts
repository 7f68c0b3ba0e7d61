import { z } from 'zod';
import type { Api, ApiDeps } from '../api-deps.ts';

/** Days whose rates moved unusually are used by nobody until a person has said that they are right (docs/operate.md). */
export function registerExchangeRates(app: Api, { exchangeRateImport }: Pick<ApiDeps, 'exchangeRateImport'>): void {
  app.post(
    '/exchange-rates/:date/decision',
    {
      schema: {
        operationId: 'decideExchangeRates',
        tags: ['tax'],
        summary: 'Accepts or refuses the exchange rates of a day that were held back because they moved unusually',
        params: z.object({ date: z.iso.date() }),
        body: z
          .strictObject({ decision: z.enum(['accept', 'refuse']), by: z.string().trim().min(1).max(100) })
          .meta({ example: { decision: 'accept', by: 'ops_7' } }),
        response: { 200: z.object({ date: z.string(), decision: z.enum(['accept', 'refuse']) }) },
      },
    },
    async (request) => {
      const { date } = request.params;
      const { decision, by } = request.body;
      await exchangeRateImport.decide({ date, decision, by });
      return { date, decision };
    },
  );
}
