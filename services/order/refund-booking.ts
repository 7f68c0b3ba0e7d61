import { fail } from '../../domain/failures.ts';
import { facts } from '../../domain/idempotency.ts';
import { creditedBefore } from '../../domain/invoice/credited-before.ts';
import type { CreditedLine } from '../../domain/invoice/credited-line.ts';
import type { CreditReason, InvoiceLine } from '../../domain/invoice/invoice.ts';
import { sum } from '../../domain/money/money.ts';
import { refundStatusOf } from '../../domain/order/refund-status.ts';
import type { Order, OrderRefund } from '../../domain/order/order.ts';
import type { InvoiceService } from '../invoice/invoice-service.ts';
import type { LedgerService } from '../ledger/ledger-service.ts';
import type { PaymentService } from '../payment/payment-service.ts';
import type { RefundAnswer } from '../payment/payment-refunds.ts';
import { createRefundBooks } from '../refund/refund-books.ts';
import type { RevenueService } from '../revenue/revenue-service.ts';
import type { OrderStore, RecordedEvent } from './order-store.ts';

export interface RefundDeps {
  readonly store: OrderStore;
  readonly payments: PaymentService;
  readonly invoices: InvoiceService;
  readonly ledger: LedgerService;
  readonly revenue: Pick<RevenueService, 'credit'>;
  readonly record: (event: RecordedEvent) => Promise<unknown>;
  readonly capturedPayment: (orderId: string) => Promise<{ readonly gateway: string }>;
}

/**
 * How the refunds go that an order made for itself before refunds were a process of their own (workflows/refund): the
 * histories of orders from then still ask for it.
 */
export function createRefundBooking({ store, payments, invoices, ledger, revenue, capturedPayment }: RefundDeps) {
  const books = createRefundBooks({ invoices, ledger, revenue });

  return {
    /** What was credited of the order before this refund, which may have its credit note already, oldest first. */
    async creditedBefore(orderId: string, refundId: string): Promise<readonly InvoiceLine[]> {
      const documents = await invoices.listByOrder(orderId);
      const own = documents.find(({ fact }) => fact === facts.refund(orderId, refundId));
      if (own?.kind === 'credit_note') return creditedBefore(documents, own);
      return documents.filter(({ kind }) => kind === 'credit_note').flatMap(({ lines }) => lines);
    },

    /**
     * Writes the intent down and gives the money back. The amount of the first call holds for every later one.
     * @throws payment.refund_exceeds, and payment.* to be called again
     */
    async giveBack(order: Order, refund: OrderRefund): Promise<RefundAnswer> {
      const intent = order.refunds.find(({ id }) => id === refund.id) ?? refund;
      await store.upsertRefund(order.id, intent, order.refundStatus);
      if (intent.amount === 0) return 'succeeded';
      const answer = await payments.refund(order.id, intent.id, intent.amount);
      if (answer !== 'exceeds') return answer;
      return fail('payment.refund_exceeds', `less than refund ${intent.id} is left of order ${order.id}`);
    },

    /** The money went back: credit note, journal entry and record. What was free is neither credited nor booked. */
    async settle(
      order: Order,
      refund: { readonly id: string; readonly lines: readonly CreditedLine[]; readonly reason: string },
      credit: { readonly reason: CreditReason; readonly at: string },
    ): Promise<void> {
      const { id: refundId, lines } = refund;
      const amount = sum(lines.map(({ gross }) => gross));
      const booked = async () => {
        const { gateway } = await capturedPayment(order.id);
        return books.book({ order, refundId, lines, gateway, toCredit: 0, ...credit });
      };
      const creditNote = amount === 0 ? null : await booked();
      const settled: OrderRefund = {
        id: refundId,
        lines: lines.map(({ line }) => line),
        amount,
        reason: refund.reason,
        status: 'succeeded',
        creditNote,
      };
      await store.upsertRefund(order.id, settled, refundStatusOf(order, withRefund(order, settled)));
    },

    /** Nothing went back: the record says so, and the gateway's reservation was released with the answer. */
    async noteFailed(orderId: string, refundId: string): Promise<void> {
      const order = await store.require(orderId);
      const refund = order.refunds.find(({ id }) => id === refundId);
      if (refund === undefined || refund.status !== 'pending') return;
      const failed: OrderRefund = { ...refund, status: 'failed' };
      await store.upsertRefund(orderId, failed, refundStatusOf(order, withRefund(order, failed)));
    },
  };
}

function withRefund({ refunds }: Order, refund: OrderRefund): readonly OrderRefund[] {
  return [...refunds.filter(({ id }) => id !== refund.id), refund];
}
