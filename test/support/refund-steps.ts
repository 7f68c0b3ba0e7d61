import type { Client } from '@temporalio/client';
import type { Activities } from '../../activities/index.ts';
import { idempotencyKeys } from '../../domain/idempotency.ts';
import type { RefundPayment } from '../../services/refund/refund-steps.ts';
import { refundWorkflowId } from '../../workflows/refund/refund.contract.ts';
import type { Journal } from './journal.ts';

type Answer = RefundPayment['kind'] | Error;

/**
 * The steps of refunds that nobody has to agree to, for workflows that ask for one: the gateway gives these answers, the
 * last one for ever.
 */
export function refundSteps(journal: Journal, answers: readonly Answer[] = ['paid_back']): Partial<Activities> {
  const noted = (entry: string): void => {
    journal.push(entry);
  };
  let asked = 0;
  const refund = { currency: 'EUR', status: 'requested' } as const;
  return {
    requestLineRefund: async ({ orderId, line }) => {
      noted(`requestLineRefund:${line}`);
      return { id: idempotencyKeys.refundOfLine(orderId, line), orderId, cause: 'undeliverable', ...refund };
    },
    requestTaxRefund: async ({ orderId }) => {
      noted('requestTaxRefund');
      return { id: idempotencyKeys.refundOfTax(orderId), orderId, cause: 'tax', ...refund };
    },
    advanceRefund: async () => ({ kind: 'approved' }),
    payRefundBack: async () => {
      noted('payRefundBack');
      asked += 1;
      const answer = answers[Math.min(asked, answers.length) - 1] ?? 'paid_back';
      if (answer instanceof Error) throw answer;
      return { kind: answer };
    },
    settleRefund: async () => {
      noted('settleRefund');
      return { revoke: [], recheckAt: [] };
    },
    noteRefund: async ({ notice, note }) => noted(`note:${notice}:${note}`),
    payRefundOtherwise: async () => ({ kind: 'ended', owed: false }),
  };
}

/** Waits for the refunds that a play has started; true when there were any. */
export async function refundsEnd(
  { workflow }: Pick<Client, 'workflow'>,
  orderId: string,
  journal: Journal,
): Promise<boolean> {
  const lines = journal.flatMap((entry) => /^requestLineRefund:(.+)$/.exec(entry)?.[1] ?? []);
  const ids = lines.map((line) => idempotencyKeys.refundOfLine(orderId, line));
  if (journal.includes('requestTaxRefund')) ids.push(idempotencyKeys.refundOfTax(orderId));
  for (const id of ids) await workflow.getHandle(refundWorkflowId(id)).result();
  return ids.length > 0;
}
