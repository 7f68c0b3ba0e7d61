import { deliveryCapabilities } from '../../domain/delivery/delivery.ts';
import type { DeliveryOutcome } from '../../domain/delivery/delivery.ts';
import { fail } from '../../domain/failures.ts';
import { facts } from '../../domain/idempotency.ts';
import type { InvoicePayment } from '../../domain/invoice/invoice.ts';
import { saleEntry } from '../../domain/ledger/order-entries.ts';
import type { SettledPayment } from '../../domain/ledger/order-entries.ts';
import { chargedOf, orderLine, pricedQuote } from '../../domain/order/order-totals.ts';
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
    const payment = chargedOf(order) === 0 ? null : await capturedPayment(orderId);
    const credit = order.creditApplied ?? 0;
    const paid = paidBy(order, payment, at);
    await invoices.issueInvoice({ fact: facts.sale(orderId), order: { ...order, quote }, payment: paid, at });
    await ledger.post(saleEntry({ orderId, quote, payment, credit, at }));
    await revenue.open({ orderId, quote, billing: order.billing ?? null });
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
    /**
     * Books a bill of a subscription that was collected, hands over the lines that are new to the customer, and completes
     * the order. Repeatable. @returns lines that could not be delivered
     */
    async settleBill(
      orderId: string,
      { creditApplied, newLines, at }: { creditApplied: number; newLines: readonly string[]; at: string },
    ): Promise<readonly string[]> {
      const order = { ...(await store.require(orderId)), creditApplied };
      await bookSale(order, at);
      const planned = plannedDeliveries(pricedQuote(order).lines).filter(({ line }) => newLines.includes(line));
      const missing: string[] = [];
      for (const { line, method } of planned) {
        const outcome = await deliverLine(order, { orderId, line, method, at });
        if (outcome.kind === 'impossible') missing.push(line);
      }
      await record({ orderId, event: 'bill_settled', via: ['paid'], at, set: { creditApplied } });
      return missing;
    },

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

/** As the invoice shows it: store credit is a payment. null: nothing had to be paid. */
function paidBy(
  { payment, creditApplied = 0 }: Order,
  charged: SettledPayment | null,
  at: string,
): InvoicePayment | null {
  if (charged === null && creditApplied === 0) return null;
  const method = charged === null ? 'store_credit' : payment.method;
  return { method, paidAt: at, ...(creditApplied === 0 ? {} : { storeCredit: creditApplied }) };
}

/** Every way in which every line is to be delivered. */
export function plannedDeliveries(lines: readonly OrderLine[]) {
  return lines.flatMap(({ line, delivery }) =>
    delivery.map(({ method }) => ({ line, method, byPartner: deliveryCapabilities[method].partner })),
  );
}
