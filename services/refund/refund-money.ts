import { fail } from '../../domain/failures.ts';
import type { OtherMeans, Refund } from '../../domain/refund/refund.ts';
import type { RefundRecordStatus } from '../../domain/refund/refund-record-status.ts';
import type { PaymentService } from '../payment/payment-service.ts';
import type { RefundIntake } from './refund-intake.ts';
import type { RefundMessages } from './refund-messages.ts';
import { otherMeansBy } from './refund-settlement.ts';
import type { RefundPayment } from './refund-steps.ts';
import type { RefundChange, RefundDocument, RefundStore } from './refund-store.ts';

/** Something that the workflow noticed and that moves no money. */
export type RefundNotice =
  'pending_at_gateway' | 'outcome_unknown' | 'refused_by_gateway' | 'needs_attention' | 'failed';

export interface RefundMoneyDeps {
  readonly store: RefundStore;
  readonly intake: Pick<RefundIntake, 'reserve' | 'release'>;
  readonly payments: Pick<PaymentService, 'refund' | 'recheckRefund'>;
  readonly messages: RefundMessages;
}

/** Money back at the gateway that took it, and what is chosen when that does not go. */
export function createRefundMoney({ store, intake, payments, messages }: RefundMoneyDeps) {
  async function write(refund: RefundDocument, change: RefundChange): Promise<RefundDocument> {
    return (
      (await store.change(refund, change)) ?? fail('store.unavailable', `refund ${refund.id} has changed meanwhile`)
    );
  }

  /** From here it cannot be cancelled: whoever was first, canceller or we, has changed the record. */
  async function begin(refund: RefundDocument, at: string): Promise<RefundDocument> {
    if (refund.status !== 'approved') return refund;
    // An appeal has reserved it once more; a crash may have come between.
    const { amount, parts = refund.parts, toCredit = 0 } = await intake.reserve(refund);
    return write(refund, { event: 'paying_back', at, status: 'paying_back', set: { amount, parts, toCredit } });
  }

  return {
    /**
     * Gives the gateway's part back; repeated while it answers `pending`: it is looked up before it is asked for again.
     * @throws payment.refund_exceeds, refund.exceeds, payment.* to be called again
     */
    async payBack(refundId: string, at: string): Promise<RefundPayment> {
      const refund = await begin(await store.require(refundId), at);
      if (refund.status === 'succeeded') return { kind: 'paid_back' };
      if (refund.status !== 'paying_back' && refund.status !== 'needs_attention') return { kind: 'not_due' };
      const money = refund.amount - refund.toCredit;
      if (money === 0) return { kind: 'paid_back' };
      const answer = await payments.refund(refund.orderId, refundId, money);
      switch (answer) {
        case 'succeeded':
          return { kind: 'paid_back' };
        case 'pending':
          return { kind: 'pending' };
        case 'failed':
          return { kind: 'refused' };
        case 'exceeds':
          return fail('payment.refund_exceeds', `less than refund ${refundId} is left of order ${refund.orderId}`);
      }
    },

    /** Whether the money is still with the customer: asks the gateway once more about a refund that has succeeded. */
    async recheck(refundId: string): Promise<'kept' | 'returned'> {
      const { orderId, status, amount, toCredit } = await store.require(refundId);
      if (status !== 'succeeded' || amount === toCredit) return 'kept';
      return (await payments.recheckRefund(orderId, refundId)) === 'failed' ? 'returned' : 'kept';
    },

    /** Writes down what was noticed on the way; each at most once in a row. */
    async notice(
      refundId: string,
      notice: RefundNotice,
      { note, at }: { readonly note: string; readonly at: string },
    ): Promise<void> {
      const refund = await store.require(refundId);
      const { status, tells } = outcomes[notice];
      if (status !== null && refund.status === status) return;
      if (status === null && refund.timeline.at(-1)?.event === notice) return;
      const decideBy = status === 'awaiting_other_means' ? otherMeansBy(at) : null;
      const moved = status === null ? {} : { status, set: { statusReason: note, decideBy } };
      const changed = await write(refund, { event: notice, at, note, ...moved });
      if (status === 'failed') await intake.release(refund.orderId, refundId, 'failed');
      if (tells) await messages.tellMoney(changed, 'refund_failed', at);
    },

    /** Notes the choice; the workflow settles it. The same choice again changes nothing. */
    async payOtherwise(
      refundId: string,
      choice: { readonly means: OtherMeans; readonly by: string; readonly reference: string | null },
      at: string,
    ): Promise<Refund> {
      const refund = await store.require(refundId);
      if (refund.otherwise !== null && refund.otherwise.means === choice.means) return refund;
      if (refund.otherwise !== null || refund.status !== 'awaiting_other_means')
        return fail('refund.not_waiting', `refund ${refundId} does not wait for another way`);
      if (choice.means === 'bank_transfer' && choice.reference === null)
        return fail('request.invalid', 'reference: a bank transfer needs one', [
          { path: 'reference', message: 'a bank transfer needs one' },
        ]);
      return write(refund, {
        event: 'other_means_chosen',
        at,
        note: choice.means,
        set: { otherwise: { ...choice, at } },
      });
    },
  };
}

const outcomes: Record<RefundNotice, { readonly status: RefundRecordStatus | null; readonly tells: boolean }> = {
  pending_at_gateway: { status: null, tells: false },
  outcome_unknown: { status: null, tells: false },
  refused_by_gateway: { status: 'awaiting_other_means', tells: true },
  needs_attention: { status: 'needs_attention', tells: false },
  failed: { status: 'failed', tells: false },
};
