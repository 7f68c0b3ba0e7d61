import { z } from 'zod';
import type { Api, ApiDeps } from '../api-deps.ts';
import { instantAnswer } from '../answer-schemas.ts';

export interface TaxConfirmationRouteDeps {
  readonly orderClient: Pick<ApiDeps['orderClient'], 'askRegister' | 'taxConfirmation'>;
}

const orderParams = z.object({ id: z.string().min(1).max(64) });
const tags = ['orders'];

const taxConfirmationAnswer = z
  .object({
    step: z.enum(['awaiting_register', 'giving_back', 'refund_pending', 'ended']),
    outcome: z
      .enum(['confirmed', 'unknown', 'still_unavailable', 'refund_failed', 'nothing_at_stake', 'cancelled'])
      .nullable(),
    reason: z.string().nullable(),
    tax: z
      .string()
      .nullable()
      .meta({ description: 'What goes back when the id is confirmed', examples: ['10.78 EUR'] }),
    asked: z.int(),
    lastAnswer: z.enum(['confirmed', 'unknown', 'unavailable']).nullable(),
    nextAskAt: instantAnswer.nullable(),
    lastAskAt: instantAnswer.nullable(),
  })
  .meta({ id: 'TaxConfirmation' });

/** The tax of an order that was charged because the register of business tax ids did not answer. */
export function registerTaxConfirmations(app: Api, { orderClient }: TaxConfirmationRouteDeps): void {
  app.get(
    '/orders/:id/tax-confirmation',
    {
      schema: {
        operationId: 'getTaxConfirmation',
        tags,
        summary: 'How it stands with tax that hangs on a business tax id',
        description: 'Tax was charged because the register did not answer; it is asked again, and the tax goes back.',
        params: orderParams,
        response: { 200: taxConfirmationAnswer },
      },
    },
    (request) => orderClient.taxConfirmation(request.params.id),
  );

  app.post(
    '/orders/:id/tax-confirmation',
    {
      schema: {
        operationId: 'askRegister',
        tags,
        summary: 'Have the register asked about the business tax id now',
        description: 'Answers when it was asked. 409 `tax.confirmation_not_waiting` when nobody waits for it any more.',
        params: orderParams,
        body: z
          .strictObject({})
          .nullable()
          .meta({ examples: [{}] }),
        response: { 200: taxConfirmationAnswer },
      },
    },
    (request) => orderClient.askRegister(request.params.id),
  );
}
