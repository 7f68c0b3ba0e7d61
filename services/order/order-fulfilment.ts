import { deliveryCapabilities } from '../../domain/delivery/delivery.ts';
import type { DeliveryOutcome } from '../../domain/delivery/delivery.ts';
import { fail } from '../../domain/failures.ts';
import { facts } from '../../domain/idempotency.ts';
import { saleEntry } from '../../domain/ledger/order-entries.ts';
import type { SettledPayment } from '../../domain/ledger/order-entries.ts';
import { orderLine, pricedQuote } from '../../domain/order/order-totals.ts';
import type { Order, OrderLine } from '../../domain/order/order.ts';
import type { DeliveryService } from '../delivery/delivery-service.ts';
import type { InvoiceService } from '../invoice/invoice-service.ts';
import type { LedgerService } from '../ledger/ledger-service.ts';
import type { RevenueService } from '../revenue/revenue-service.ts';
import type { OrderStore, RecordedEvent } from './order-store.ts';

/** What came of a sale that our own stock can serve; partners and refunds are the workflow's next steps. */
export interface StockFulfilment {
  /** Nothing is left to do: the order was completed with it. */
  readonly completed: boolean;
  readonly impossible: readonly { readonly line: string; readonly reason: string }[];
}

export interface DeliveryStep {
  readonly orderId: string;
  readonly line: string;
  readonly method: string;
  readonly at: string;
}

interface FulfilmentDeps {
  readonly store: OrderStore;
  readonly deliveries: DeliveryService;
  readonly invoices: InvoiceService;
  readonly ledger: LedgerService;
  readonly revenue: Pick<RevenueService, 'open'>;
  readonly record: (event: RecordedEvent) => Promise<unknown>;
  readonly capturedPayment: (orderId: string) => Promise<SettledPayment>;
}

/** What follows the captured money: the sale is booked, and what was bought handed over. */
export function createOrderFulfilment({
  store,
  deliveries,
  invoices,
  ledger,
  revenue,
  record,
  capturedPayment,
}: FulfilmentDeps) {
  /** Invoice and journal entry of captured money; each is unique by the sale. */
  async function bookSale(order: Order, at: string): Promise<void> {
    const orderId = order.id;
    const quote = pricedQuote(order);
    const payment = quote.gross === 0 ? null : await capturedPayment(orderId);
    const paid = payment === null ? null : { method: order.payment.method, paidAt: at };
    await invoices.issueInvoice({ fact: facts.sale(orderId), order: { ...order, quote }, payment: paid, at });
    await ledger.post(saleEntry({ orderId, quote, payment, at }));
    await revenue.open({ orderId, quote });
  }

  function deliverLine(order: Order, { line: lineId, method, at }: DeliveryStep): Promise<DeliveryOutcome> {
    const { product, quantity, delivery } = orderLine(order, lineId);
    const spec =
      delivery.find((one) => one.method === method) ??
      fail('delivery.not_found', `line ${lineId} is not delivered by ${method}`);
    const customerEmail = order.customer.email;
    return deliveries.deliver({ orderId: order.id, line: lineId, product, quantity, spec, customerEmail, at });
  }

  return {
    deliver: async (step: DeliveryStep): Promise<DeliveryOutcome> =>
      deliverLine(await store.require(step.orderId), step),

    /**
     * Books the captured sale, delivers side by side what is ours and, when that was all of it, completes the order: one
     * step, because nothing has to be decided in between and every part may be repeated.
     */
    async fulfilFromStock(orderId: string, at: string): Promise<StockFulfilment> {
      const order = await store.require(orderId);
      await bookSale(order, at);
      const planned = plannedDeliveries(pricedQuote(order).lines);
      const ours = planned.filter(({ byPartner }) => !byPartner);
      const outcomes = await Promise.all(
        ours.map(({ line, method }) => deliverLine(order, { orderId, line, method, at })),
      );
      const impossible = outcomes.flatMap((outcome, index) =>
        outcome.kind === 'delivered' ? [] : [{ line: ours[index]?.line ?? '', reason: outcome.reason }],
      );
      const completed = impossible.length === 0 && ours.length === planned.length;
      await record(completed ? { orderId, event: 'completed', via: ['paid'], at } : { orderId, event: 'paid', at });
      return { completed, impossible };
    },
  };
}

/** Every way in which every line is to be delivered. */
export function plannedDeliveries(lines: readonly OrderLine[]) {
  return lines.flatMap(({ line, delivery }) =>
    delivery.map(({ method }) => ({ line, method, byPartner: deliveryCapabilities[method].partner })),
  );
}
