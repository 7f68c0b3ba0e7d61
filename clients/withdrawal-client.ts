import type { Client } from '@temporalio/client';
import type { RefundService } from '../services/refund/refund-service.ts';
import type { WithdrawalService } from '../services/withdrawal/withdrawal-service.ts';
import { startRefund } from '../workflows/refund/refund-start.contract.ts';

export interface WithdrawalClientDeps {
  readonly temporal: Client;
  readonly withdrawals: Pick<WithdrawalService, 'record' | 'settle'>;
  readonly refunds: Pick<RefundService, 'markStarted'>;
}

export type WithdrawalClient = ReturnType<typeof createWithdrawalClient>;

/** Takes statements of withdrawal. What is recorded cannot be lost: the sweep settles what nobody settled. */
export function createWithdrawalClient({ temporal, withdrawals, refunds }: WithdrawalClientDeps) {
  return {
    record: withdrawals.record,

    /** Acknowledges, asks for the refund and starts it. @throws whatever is away now; the sweep tries again */
    async settle(withdrawalId: string, now: string): Promise<void> {
      const { refund, mailFailure } = await withdrawals.settle(withdrawalId, now);
      // The money does not wait for the mail.
      if (refund !== null && refund.startedAt === null) {
        await startRefund(temporal, refund);
        await refunds.markStarted(refund.id, now);
      }
      if (mailFailure !== null) throw mailFailure;
    },
  };
}
