import { fail } from '../../domain/failures.ts';
import { facts } from '../../domain/idempotency.ts';
import type { SettledPayment } from '../../domain/ledger/order-entries.ts';
import { formatMoney, money } from '../../domain/money/money.ts';
import { orderEvent } from '../../domain/order/order-events.ts';
import { endsUnpaid } from '../../domain/order/order-status.ts';
import { pricedQuote } from '../../domain/order/order-totals.ts';
import type { BusinessTaxIdStatus, Order, Quote } from '../../domain/order/order.ts';
import type { DeliveryService } from '../delivery/delivery-service.ts';
import type { InvoiceService } from '../invoice/invoice-service.ts';
import type { LedgerService } from '../ledger/ledger-service.ts';
import type { MessageService } from '../messages/message-service.ts';
import type { ChargeRequest, PaymentService } from '../payment/payment-service.ts';
import { quoteHash } from '../pricing/quote-hash.ts';
import type { QuoteService } from '../pricing/quote-service.ts';
import type { RevenueService } from '../revenue/revenue-service.ts';
import type { RiskService } from '../risk/risk-service.ts';
import { customerKey } from '../store-credit/credit-holder.ts';
import type { TaxService } from '../tax/tax-service.ts';
import { createLineRefunds } from './line-refunds.ts';
import type { OrderCoupons } from './order-coupons.ts';
import { createOrderCredit } from './order-credit.ts';
import type { OrderCreditDeps } from './order-credit.ts';
import { createOrderFulfilment, plannedDeliveries } from './order-fulfilment.ts';
import { createTaxGiveback } from './tax-giveback.ts';
import type { TrialGuard } from './trial-guard.ts';
import type { OrderDocument, OrderListQuery, OrderStore, RecordedEvent } from './order-store.ts';

/** What the workflow has to know to go on; everything else stays in the record. */
export type PreparedOrder =
  | {
      readonly kind: 'ready';
      readonly screening: 'accept' | 'review';
      readonly checkBusinessTaxId: boolean;
      /** What is to be paid, for the person who looks at the workflow: "49.00 EUR". */
      readonly total: string;
      readonly deliveries: readonly { readonly line: string; readonly method: string; readonly byPartner: boolean }[];
      /** It sells something that renews; absent in histories from before there were subscriptions, and where nothing does. */
      readonly recurring?: true;
    }
  | { readonly kind: 'rejected'; readonly reason: string };

export interface OrderServiceDeps {
  readonly store: OrderStore;
  readonly quotes: Pick<QuoteService, 'retax'>;
  readonly coupons: OrderCoupons;
  readonly taxes: TaxService;
  readonly risk: RiskService;
  readonly payments: PaymentService;
  readonly deliveries: DeliveryService;
  readonly invoices: InvoiceService;
  readonly ledger: LedgerService;
  readonly revenue: RevenueService;
  readonly messages: MessageService;
  /** What a gateway keeps of an amount, minor units (services/payment/gateway-router.ts). */
  readonly gatewayFee: (gateway: string, amount: number) => number;
  readonly storeCredit: OrderCreditDeps['storeCredit'];
  /** Without it no trial was claimed. */
  readonly trials?: Pick<TrialGuard, 'release'>;
}

export type OrderService = ReturnType<typeof createOrderService>;

/**
 * The steps of an order's story, each repeatable after a crash: records are written in the order intent → effect →
 * settle, under keys of business ids. The workflow decides which step is next; nothing here calls the next one.
 */
export function createOrderService(deps: OrderServiceDeps) {
  const { store, quotes, coupons, taxes, risk, payments, messages } = deps;
  const credit = createOrderCredit(deps);

  /** The fact, then the message that speaks of it: unique by fact, so a repeat tells nobody twice. */
  async function record(event: RecordedEvent): Promise<OrderDocument> {
    const { status, message: template } = orderEvent(event.event);
    // The reason belongs to the status: the next status has its own, or none.
    const reason = status === null ? {} : { statusReason: event.note ?? null };
    const order = await store.record({ ...event, set: { ...reason, ...event.set } });
    if (endsUnpaid(order.status)) {
      await coupons.release(order);
      await deps.trials?.release(order.id);
      await credit.release(order, event.at);
    }
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

  async function capturedPayment(orderId: string): Promise<SettledPayment> {
    const payment = await payments.find(orderId);
    if (payment?.gateway == null || payment.captured === 0)
      return fail('payment.not_found', `order ${orderId} has no captured payment`);
    const { gateway, captured } = payment;
    return { gateway, captured, fee: deps.gatewayFee(gateway, captured) };
  }

  return {
    /** Screens what intake has priced, and redeems its coupon. One that is used up by now is a refusal, not a failure. */
    async prepare(orderId: string, at: string): Promise<PreparedOrder> {
      const order = await store.require(orderId);
      const quote = pricedQuote(order);
      const screening = await risk.screen(order, [], at);
      if (screening.decision === 'reject') return { kind: 'rejected', reason: screening.reasons.join(',') };
      if (!(await coupons.redeem(order))) return { kind: 'rejected', reason: 'price.coupon_refused' };
      const event = screening.decision === 'accept' ? 'screened' : 'priced';
      // Whoever started the workflow need not note it: an order that got here is started.
      await record({ orderId, event, at, set: { screening, startedAt: order.startedAt ?? at } });
      return {
        kind: 'ready',
        screening: screening.decision,
        checkBusinessTaxId: asksRegister(order),
        total: totalOf(quote),
        deliveries: plannedDeliveries(quote.lines),
        ...(quote.lines.some(({ recurring }) => recurring !== null) ? { recurring: true } : {}),
      };
    },

    async checkBusinessTaxId(orderId: string, at: string): Promise<BusinessTaxIdStatus> {
      const { country, businessTaxId } = (await store.require(orderId)).customer;
      return businessTaxId === null ? 'not_given' : taxes.checkBusinessTaxId({ country, businessTaxId, at });
    },

    /** Taxes the frozen lines again, now that the id was asked about. Returns what is to be paid, as `prepare` does. */
    async settleTax(orderId: string, businessTaxIdStatus: BusinessTaxIdStatus, at: string): Promise<string> {
      const order = await store.require(orderId);
      const quote = await quotes.retax(pricedQuote(order), order.customer, order.createdAt, businessTaxIdStatus);
      await record({
        orderId,
        event: 'tax_settled',
        at,
        note: businessTaxIdStatus,
        set: { quote, quoteHash: quoteHash(quote), businessTaxIdStatus },
      });
      return totalOf(quote);
    },

    async recordEvent(event: Omit<RecordedEvent, 'via' | 'set'>): Promise<void> {
      await record(event);
    },

    /** What is to be charged, after store credit: read from the records, so that neither token nor amount travels. */
    async charge(orderId: string, at: string): Promise<ChargeRequest> {
      const order = await store.require(orderId);
      const { gross, currency } = pricedQuote(order);
      const amount = money(gross - (await credit.apply(order, at)), currency);
      const { method, token } = order.payment;
      return { orderId, amount, method, token, customerId: customerKey(order.customer), at };
    },

    ...createOrderFulfilment({ ...deps, record, capturedPayment }),
    ...createLineRefunds({ ...deps, record, capturedPayment }),
    ...createTaxGiveback({ ...deps, record, capturedPayment }),

    noteReview: (orderId: string, review: NonNullable<Order['review']>): Promise<void> =>
      store.noteReview(orderId, review),

    get: (orderId: string): Promise<OrderDocument> => store.require(orderId),
    find: (orderId: string): Promise<OrderDocument | null> => store.find(orderId),
    list: (query: OrderListQuery): Promise<OrderDocument[]> => store.list(query),
    unstarted: (olderThan: string): Promise<OrderDocument[]> => store.unstarted(olderThan, sweepBatch),
    markStarted: (orderId: string, at: string): Promise<void> => store.markStarted(orderId, at),
  };
}

/** One sweep starts at most this many; the next one goes on. */
const sweepBatch = 200;

/** An id that was confirmed, or refused, for the quote that the order names is not asked about again. */
function asksRegister({ customer, businessTaxIdStatus: status }: Order): boolean {
  return customer.businessTaxId !== null && (status === 'not_given' || status === 'unavailable');
}

function totalOf({ gross, currency }: Quote): string {
  return formatMoney({ amount: gross, currency });
}
