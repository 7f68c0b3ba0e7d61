import { z } from 'zod';

/** Minor units. */
export const amountAnswer = z.int();
export const instantAnswer = z.string().meta({ format: 'date-time', examples: ['2027-01-31T10:00:00.000Z'] });

export const taxAmountAnswer = z
  .object({
    jurisdiction: z.string(),
    name: z.string(),
    rate: z.string().meta({ examples: ['0.19'] }),
    base: amountAnswer,
    amount: amountAnswer,
    exemption: z
      .string()
      .exactOptional()
      .meta({ description: 'The exemption certificate because of which the rate is 0' }),
  })
  .meta({ id: 'TaxAmount', description: 'One tax; `base` and `amount` in minor units, `rate` a decimal string' });

export const taxAmountsAnswer = z.array(taxAmountAnswer).readonly();
