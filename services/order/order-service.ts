import { fail, isFailure } from '../../domain/failures.ts';
import { deliveryCapabilities } from '../../domain/delivery/delivery.ts';
import type { DeliveryOutcome } from '../../domain/delivery/delivery.ts';
import { facts } from '../../domain/idempotency.ts';
import { saleEntry } from '../../domain/ledger/journal-entry.ts';
import { formatMoney, money } from '../../domain/money/money.ts';
import { orderEvent } from '../../domain/order/order-events.ts';
import type { OrderEvent } from '../../domain/order/order-events.ts';
import { orderLine, pricedQuote } from '../../domain/order/order-totals.ts';
import type { BusinessTaxIdStatus, Order, OrderLine, Quote } from '../../domain/order/order.ts';
import type { DeliveryService } from '../delivery/delivery-service.ts';
import type { InvoiceService } from '../invoice/invoice-service.ts';
import type { LedgerService } from '../ledger/ledger-service.ts';
import type { MessageService } from '../messages/message-service.ts';
import type { ChargeRequest, PaymentService } from '../payment/payment-service.ts';
import type { QuoteService } from '../pricing/quote-service.ts';
import type { RiskService } from '../risk/risk-service.ts';
import type { TaxService } from '../tax/tax-service.ts';
import { createLineRefunds } from './line-refunds.ts';
import { messageFactsOf } from './order-message-facts.ts';
import type { OrderDocument, OrderListQuery, OrderStore } from './order-store.ts';

/** What the workflow has to know to go on; everything else stays in the record. */
export type PreparedOrder =
  | {
      readonly kind: 'ready';
      readonly screening: 'accept' | 'review';
      readonly checkBusinessTaxId: boolean;
      /** What is to be paid, for the person who looks at the workflow: "49.00 EUR". */
      readonly total: string;
      readonly deliveries: readonly { readonly line: string; readonly method: string; readonly byPartner: boolean }[];
    }
  | { readonly kind: 'rejected'; readonly reason: string };

/** What came of a sale that our own stock can serve; partners and refunds are the workflow's next steps. */
export interface StockFulfilment {
  /** Nothing is left to do: the order was completed with it. */
  readonly completed: boolean;
  readonly impossible: readonly { readonly line: string; readonly reason: string }[];
}

interface DeliveryStep {
  readonly orderId: string;
  readonly line: string;
  readonly method: string;
  readonly at: string;
}

export interface OrderServiceDeps {
  readonly store: OrderStore;
  readonly quotes: QuoteService;
  readonly taxes: TaxService;
  readonly risk: RiskService;
  readonly payments: PaymentService;
  readonly deliveries: DeliveryService;
  readonly invoices: InvoiceService;
  readonly ledger: LedgerService;
  readonly messages: MessageService;
}

export type OrderService = ReturnType<typeof createOrderService>;

/**
 * The steps of an order's story, each repeatable after a crash: records are written in the order intent → effect →
 * settle, under keys of business ids. The workflow decides which step is next; nothing here calls the next one.
 */
export function createOrderService(deps: OrderServiceDeps) {
  const { store, quotes, taxes, risk, payments, deliveries, invoices, ledger, messages } = deps;

  /** The fact, then the message that speaks of it: unique by fact, so a repeat tells nobody twice. */
  async function record(event: Parameters<OrderStore['record']>[0]): Promise<OrderDocument> {
    const { status, message: template } = orderEvent(event.event);
    // The reason belongs to the status: the next status has its own, or none.
    const reason = status === null ? {} : { statusReason: event.note ?? null };
    const order = await store.record({ ...event, set: { ...reason, ...event.set } });
    if (template !== null) {
      const name = event.line === undefined ? event.event : `${event.event}/${event.line}`;
      await messages.queue({
        fact: facts.status(order.id, name),
        template,
        orderId: order.id,
        locale: order.customer.locale,
        to: order.customer.email,
        at: event.at,
        data: event.line === undefined ? {} : { line: event.line },
      });
    }
    return order;
  }

  async function capturedPayment(orderId: string): Promise<{ gateway: string; captured: number }> {
    const payment = await payments.find(orderId);
    if (payment?.gateway == null || payment.captured === 0)
      return fail('payment.not_found', `order ${orderId} has no captured payment`);
    return { gateway: payment.gateway, captured: payment.captured };
  }

  /** Invoice, journal entry and status of captured money; each is unique by the sale. */
  async function recordSale(orderId: string, at: string): Promise<Order> {
    const order = await store.require(orderId);
    const quote = pricedQuote(order);
    const payment = quote.gross === 0 ? null : await capturedPayment(orderId);
    const fact = facts.sale(orderId);
    const paid = payment === null ? null : { method: order.payment.method, paidAt: at };
    await invoices.issueInvoice({ fact, order: { ...order, quote }, payment: paid, at });
    await ledger.post(saleEntry({ orderId, quote, payment, at }));
    return record({ orderId, event: 'paid', at });
  }

  async function deliver(step: DeliveryStep): Promise<DeliveryOutcome> {
    const { orderId, line: lineId, method, at } = step;
    const order = await store.require(orderId);
    const line = orderLine(order, lineId);
    const spec =
      line.delivery.find((one) => one.method === method) ??
      fail('delivery.not_found', `line ${lineId} is not delivered by ${method}`);
    const { product, quantity } = line;
    const customerEmail = order.customer.email;
    return deliveries.deliver({ orderId, line: lineId, product, quantity, spec, customerEmail, at });
  }

  const priceOf = (order: Order, status: BusinessTaxIdStatus, at: string) =>
    quotes.quote(
      { currency: order.currency, customer: order.customer, lines: [...order.requestedLines], coupon: order.coupon },
      at,
      status,
    );

  return {
    /** Prices, taxes and screens. Something sold out of the catalogue since intake is a refusal, not a failure. */
    async prepare(orderId: string, at: string): Promise<PreparedOrder> {
      const order = await store.require(orderId);
      try {
        const quote = await priceOf(order, 'not_given', order.createdAt);
        const priced: Order = { ...order, quote };
        const screening = await risk.screen(priced, [], at);
        if (screening.decision === 'reject') return { kind: 'rejected', reason: screening.reasons.join(',') };
        const event = screening.decision === 'accept' ? 'screened' : 'priced';
        await record({ orderId, event, at, set: { quote, screening } });
        return {
          kind: 'ready',
          screening: screening.decision,
          checkBusinessTaxId: order.customer.businessTaxId !== null,
          total: totalOf(quote),
          deliveries: plannedDeliveries(quote.lines),
        };
      } catch (error) {
        if (isFailure(error) && !error.definition.retryable && error.definition.actor !== 'operator') {
          return { kind: 'rejected', reason: error.code };
        }
        throw error;
      }
    },

    async checkBusinessTaxId(orderId: string, at: string): Promise<BusinessTaxIdStatus> {
      const { country, businessTaxId } = (await store.require(orderId)).customer;
      return businessTaxId === null ? 'not_given' : taxes.checkBusinessTaxId({ country, businessTaxId, at });
    },

    /** Taxes again, now that the id was asked about. Returns what is to be paid, as `prepare` does. */
    async settleTax(orderId: string, businessTaxIdStatus: BusinessTaxIdStatus, at: string): Promise<string> {
      const order = await store.require(orderId);
      const quote = await priceOf(order, businessTaxIdStatus, order.createdAt);
      await record({
        orderId,
        event: 'tax_settled',
        at,
        note: businessTaxIdStatus,
        set: { quote, businessTaxIdStatus },
      });
      return totalOf(quote);
    },

    async recordEvent({
      orderId,
      event,
      at,
      line,
      note,
    }: {
      readonly orderId: string;
      readonly event: OrderEvent;
      readonly at: string;
      readonly line?: string;
      readonly note?: string;
    }): Promise<void> {
      await record({
        orderId,
        event,
        at,
        ...(line === undefined ? {} : { line }),
        ...(note === undefined ? {} : { note }),
      });
    },

    /** What is to be charged: read from the records, so that neither token nor amount travels. */
    async charge(orderId: string, at: string): Promise<ChargeRequest> {
      const order = await store.require(orderId);
      const { gross, currency } = pricedQuote(order);
      return { orderId, amount: money(gross, currency), method: order.payment.method, token: order.payment.token, at };
    },

    recordSale,

    deliver,

    /**
     * Books the captured sale, delivers side by side what is ours and, when that was all of it, completes the order: one
     * step, because nothing has to be decided in between and every part may be repeated.
     */
    async fulfilFromStock(orderId: string, at: string): Promise<StockFulfilment> {
      const planned = plannedDeliveries(pricedQuote(await recordSale(orderId, at)).lines);
      const ours = planned.filter(({ byPartner }) => !byPartner);
      const outcomes = await Promise.all(ours.map(({ line, method }) => deliver({ orderId, line, method, at })));
      const impossible = outcomes.flatMap((outcome, index) =>
        outcome.kind === 'delivered' ? [] : [{ line: ours[index]?.line ?? '', reason: outcome.reason }],
      );
      const completed = impossible.length === 0 && ours.length === planned.length;
      if (completed) await record({ orderId, event: 'completed', at });
      return { completed, impossible };
    },

    ...createLineRefunds({ ...deps, record, capturedPayment }),

    noteReview: (orderId: string, review: NonNullable<Order['review']>): Promise<void> =>
      store.noteReview(orderId, review),

    messageFacts: async (orderId: string) => messageFactsOf(await store.require(orderId)),

    get: (orderId: string): Promise<OrderDocument> => store.require(orderId),
    find: (orderId: string): Promise<OrderDocument | null> => store.find(orderId),
    list: (query: OrderListQuery): Promise<OrderDocument[]> => store.list(query),
    unstarted: (olderThan: string): Promise<OrderDocument[]> => store.unstarted(olderThan, sweepBatch),
    markStarted: (orderId: string, at: string): Promise<void> => store.markStarted(orderId, at),
  };
}

/** One sweep starts at most this many; the next one goes on. */
const sweepBatch = 200;

function totalOf({ gross, currency }: Quote): string {
  return formatMoney({ amount: gross, currency });
}

function plannedDeliveries(lines: readonly OrderLine[]) {
  return lines.flatMap(({ line, delivery }) =>
    delivery.map(({ method }) => ({ line, method, byPartner: deliveryCapabilities[method].partner })),
  );
}
