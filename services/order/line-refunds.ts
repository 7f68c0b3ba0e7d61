import { fail } from '../../domain/failures.ts';
import { facts, idempotencyKeys } from '../../domain/idempotency.ts';
import { creditWholeLines } from '../../domain/invoice/credited-line.ts';
import { refundEntry } from '../../domain/ledger/journal-entry.ts';
import { sum } from '../../domain/money/money.ts';
import { orderLine, pricedQuote } from '../../domain/order/order-totals.ts';
import type { Order, Quote } from '../../domain/order/order.ts';
import type { InvoiceService } from '../invoice/invoice-service.ts';
import type { LedgerService } from '../ledger/ledger-service.ts';
import type { PaymentService } from '../payment/payment-service.ts';
import type { OrderStore } from './order-store.ts';

export interface LineRefundDeps {
  readonly store: OrderStore;
  readonly payments: PaymentService;
  readonly invoices: InvoiceService;
  readonly ledger: LedgerService;
  readonly record: (event: Parameters<OrderStore['record']>[0]) => Promise<unknown>;
  readonly capturedPayment: (orderId: string) => Promise<{ readonly gateway: string }>;
}

/** The money of a line that can never be delivered goes back: paid first, then credited, booked and told. */
export function createLineRefunds({ store, payments, invoices, ledger, record, capturedPayment }: LineRefundDeps) {
  /** Credit note and journal entry, each unique by the refund. Returns the credit note's id. */
  async function bookRefund(refund: {
    readonly orderId: string;
    readonly refundId: string;
    readonly quote: Quote;
    readonly lines: ReturnType<typeof creditWholeLines>;
    readonly at: string;
  }): Promise<string> {
    const { orderId, refundId, quote, lines, at } = refund;
    const { gateway } = await capturedPayment(orderId);
    const fact = facts.refund(orderId, refundId);
    const invoice = await invoices.findByFact(facts.sale(orderId));
    if (invoice?.kind !== 'invoice') return fail('invoice.not_found', `order ${orderId} has no invoice`);
    const creditNote = await invoices.issueCreditNote({ fact, invoice, lines, reason: 'not_delivered', at });
    await ledger.post(refundEntry({ orderId, refundId, currency: quote.currency, lines, gateway, at }));
    return creditNote.id;
  }

  return {
    /** Money back for a line: the record first, then the gateway that took it. @throws payment.* to be retried */
    async refundLine(orderId: string, lineId: string, at: string): Promise<void> {
      const order = await store.require(orderId);
      const { gross } = orderLine(order, lineId);
      const id = idempotencyKeys.undeliverableRefund(lineId);
      const pending = {
        id,
        lines: [lineId],
        amount: gross,
        reason: 'not_delivered',
        status: 'pending',
        creditNote: null,
      } as const;
      await store.upsertRefund(
        orderId,
        order.refunds.find((refund) => refund.id === id) ?? pending,
        order.refundStatus,
      );
      if (gross === 0) return;
      const answer = await payments.refund(orderId, id, gross);
      if (answer === 'exceeds')
        fail('order.state_conflict', `less than the amount of line ${lineId} is left to refund at ${at}`);
      if (answer === 'failed') fail('payment.gateway_rejected', `the gateway refused the refund of line ${lineId}`);
    },

    /** Credit note, journal entry, refund status and message of money that went back. */
    async recordLineRefund(orderId: string, lineId: string, reason: string, at: string): Promise<void> {
      const order = await store.require(orderId);
      const quote = pricedQuote(order);
      const refundId = idempotencyKeys.undeliverableRefund(lineId);
      const lines = creditWholeLines(quote, [lineId]);
      const amount = sum(lines.map(({ gross }) => gross));
      // What was free is neither credited nor booked.
      const creditNote = amount === 0 ? null : await bookRefund({ orderId, refundId, quote, lines, at });
      const refunded = sum(order.refunds.filter(({ id }) => id !== refundId).map((refund) => refund.amount)) + amount;
      const settled = {
        id: refundId,
        lines: [lineId],
        amount,
        reason,
        status: 'succeeded',
        creditNote,
      } as const;
      await store.upsertRefund(orderId, settled, refundStatusOf(refunded, quote));
      await record({ orderId, event: 'line_refunded', line: lineId, at });
    },
  };
}

function refundStatusOf(refunded: number, { gross }: Quote): Order['refundStatus'] {
  if (refunded === 0) return 'none';
  return refunded >= gross ? 'full' : 'partial';
}
