import { z } from 'zod';
import { withdrawalStatuses } from '../../../services/withdrawal/withdrawal-store.ts';
import type { WithdrawalService } from '../../../services/withdrawal/withdrawal-service.ts';
import { instantAnswer } from '../answer-schemas.ts';
import type { Api } from '../api-deps.ts';

const withdrawalsAnswer = z
  .array(
    z
      .object({
        id: z.string().meta({ examples: ['wdr_7F3K92QXM4TN8WRB'] }),
        status: z.enum(withdrawalStatuses),
        reason: z.string().nullable().meta({ description: 'A failure code' }),
        name: z.string(),
        orderNumber: z.string(),
        email: z.string(),
        order: z.string().nullable(),
        refund: z.string().nullable(),
        receivedAt: instantAnswer,
      })
      .meta({ id: 'Withdrawal', description: 'A statement as it was made on the withdrawal page' }),
  )
  .readonly();

/** For support: the statements that nobody but a person can bring further. */
export function registerWithdrawalList(app: Api, statements: Pick<WithdrawalService, 'list'>): void {
  app.get(
    '/withdrawals',
    {
      schema: {
        operationId: 'listWithdrawals',
        tags: ['refunds'],
        summary: 'Statements of withdrawal in a status',
        description: 'The newest 200. `unmatched` fits no order; `needs_person` could not be turned into a refund.',
        querystring: z.strictObject({ status: z.enum(withdrawalStatuses) }),
        response: { 200: withdrawalsAnswer },
      },
    },
    async (request) => {
      const found = await statements.list(request.query.status);
      return found.map(({ _id: id, status, reason, name, orderNumber, email, orderId, refundId, receivedAt }) => ({
        ...{ id, status, reason, name, orderNumber, email, receivedAt },
        ...{ order: orderId, refund: refundId },
      }));
    },
  );
}
