import { z } from 'zod';
import { instantSchema } from '../../../services/catalog/catalog-schemas.ts';
import type { Api, ApiDeps } from '../api-deps.ts';
import { amountAnswer } from '../answer-schemas.ts';

const balancesAnswer = z
  .array(
    z.union([
      z.object({ account: z.string(), currency: z.string(), balance: amountAnswer }),
      z.object({ currency: z.string(), sum: amountAnswer }),
    ]),
  )
  .readonly();

export function registerLedger(app: Api, { ledger }: Pick<ApiDeps, 'ledger'>): void {
  app.get(
    '/ledger/balances',
    {
      schema: {
        operationId: 'getBalances',
        tags: ['ledger'],
        summary: 'Balance of every account, and per currency the sum of all',
        description:
          'Signed minor units, debit positive. After the accounts comes one row per currency with `sum`, which is 0 ' +
          'as long as the book is sound.',
        querystring: z.strictObject({ at: instantSchema.optional() }),
        response: { 200: balancesAnswer },
      },
    },
    async (request) => {
      const { at } = request.query;
      const query = at === undefined ? {} : { at };
      const [balances, sums] = await Promise.all([ledger.balances(query), ledger.sums(query)]);
      return [...balances, ...sums];
    },
  );
}
