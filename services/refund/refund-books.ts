import { fail } from '../../domain/failures.ts';
import { facts } from '../../domain/idempotency.ts';
import { creditedBefore } from '../../domain/invoice/credited-before.ts';
import type { CreditedLine } from '../../domain/invoice/credited-line.ts';
import type { CreditReason } from '../../domain/invoice/invoice.ts';
import { refundEntry } from '../../domain/ledger/order-entries.ts';
import { pricedQuote } from '../../domain/order/order-totals.ts';
import type { Order } from '../../domain/order/order.ts';
import type { InvoiceService } from '../invoice/invoice-service.ts';
import type { LedgerService } from '../ledger/ledger-service.ts';
import type { RevenueService } from '../revenue/revenue-service.ts';

export interface RefundBooksDeps {
  readonly invoices: Pick<InvoiceService, 'findByFact' | 'issueCreditNote' | 'listByOrder'>;
  readonly ledger: Pick<LedgerService, 'find' | 'post'>;
  readonly revenue: Pick<RevenueService, 'credit'>;
}

/** What every refund leaves in the books: credit note, journal entry, revenue. Each is unique by the refund. */
export function createRefundBooks({ invoices, ledger, revenue }: RefundBooksDeps) {
  return {
    /** @param refund.gateway who gives the money back; null when all of it becomes store credit. Returns the credit note's id. */
    async book(refund: {
      readonly order: Order;
      readonly refundId: string;
      readonly lines: readonly CreditedLine[];
      readonly reason: CreditReason;
      readonly gateway: string | null;
      readonly toCredit: number;
      readonly at: string;
    }): Promise<string> {
      const { order, refundId, lines, reason, gateway, toCredit, at } = refund;
      const orderId = order.id;
      const quote = pricedQuote(order);
      const fact = facts.refund(orderId, refundId);
      const invoice = await invoices.findByFact(facts.sale(orderId));
      if (invoice?.kind !== 'invoice') return fail('invoice.not_found', `order ${orderId} has no invoice`);
      const creditNote = await invoices.issueCreditNote({ fact, invoice, lines, reason, at });
      const sale = (await ledger.find(facts.sale(orderId))) ?? fail('order.state_conflict', `${orderId} is not booked`);
      const earlier = creditedBefore(await invoices.listByOrder(orderId), creditNote);
      await ledger.post(refundEntry({ orderId, refundId, quote, sale, lines, earlier, gateway, toCredit, at }));
      await revenue.credit({ orderId, quote, fact, cause: 'refund', lines, at });
      return creditNote.id;
    },
  };
}
