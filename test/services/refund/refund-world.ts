import type { Db } from 'mongodb';
import { isFailure } from '../../../domain/failures.ts';
import { idempotencyKeys } from '../../../domain/idempotency.ts';
import type { Order, Quote } from '../../../domain/order/order.ts';
import type { Refund } from '../../../domain/refund/refund.ts';
import { createRetryGovernor } from '../../../services/dunning/retry-governor.ts';
import { ordersCollection } from '../../../services/order/order-store.ts';
import type { OrderDocument } from '../../../services/order/order-store.ts';
import { createChargePace } from '../../../services/payment/charge-pace.ts';
import { createPaymentService } from '../../../services/payment/payment-service.ts';
import { createPaymentStore } from '../../../services/payment/payment-store.ts';
import type { RefundRequest } from '../../../services/refund/refund-request.ts';
import { collectionOf } from '../../../services/store/collection.ts';
import { sampleOrder } from '../../domain/invoice/sample-order.ts';
import { anyAmount, createInProcessAcquirer } from './in-process-acquirer.ts';
import { at, openRefunds } from './refund-fixture.ts';

export type RefundWorld = Awaited<ReturnType<typeof openRefundWorld>>;
export type OrderInPlay = Awaited<ReturnType<RefundWorld['place']>>;

/**
 * The real services on one database, each order with an acquirer of its own: what happens to one order's money is then
 * drawn by its sequence alone, however many sequences run at once.
 */
export async function openRefundWorld(db: Db) {
  const store = createPaymentStore(db);
  const acquirers = new Map<string, ReturnType<typeof createInProcessAcquirer>>();
  const acquirerOf = (orderId: string) => {
    const acquirer = acquirers.get(orderId) ?? createInProcessAcquirer();
    acquirers.set(orderId, acquirer);
    return acquirer;
  };
  /** The orders of one gateway are told apart by what every call names: the order in its key. */
  const by = (key: string) => acquirerOf(key.split('/')[1] ?? '').gateway;
  const payments = createPaymentService({
    store,
    gateways: {
      acquirer_a: {
        id: 'acquirer_a',
        authorize: (request) => by(request.key).authorize(request),
        capture: (request) => by(request.key).capture(request),
        void: (request) => by(request.key).void(request),
        refund: (request) => by(request.key).refund(request),
        lookup: (query) => by(query.key).lookup(query),
        lookupRefund: (query) => by(query.key).lookupRefund(query),
      },
    },
    profiles: [anyAmount],
    returnUrl: (orderId) => `https://shop.test/${orderId}`,
    chargeGuard: createRetryGovernor(db),
    chargePace: createChargePace(db, 1_000),
  });
  const shop = await openRefunds(db, { payments });
  const orders = collectionOf(db, ordersCollection);
  let placed = 0;

  return {
    ...shop,

    /** A priced order, its payment authorised and held back by risk signals. @param credit of the customer, minor units */
    async place(quote: Quote, credit: number) {
      placed += 1;
      const number = placed;
      const orderId = `ord_model_${number}`;
      const holder = `customer/cus_${number}`;
      const { currency } = quote;
      if (credit > 0) await shop.storeCredit.grant({ holder, currency, amount: credit, key: `gift/${number}`, at });
      await orders.insertOne(pricedOrder(orderId, `cus_${number}`, quote));
      await shop.payments.take(await shop.orders.charge(orderId, at));
      return createOrderInPlay(shop, acquirerOf(orderId), { orderId, holder, quote, gift: credit });
    },
  };
}

function pricedOrder(id: string, customerId: string, quote: Quote): OrderDocument {
  return {
    ...sampleOrder({ quote, customer: { id: customerId } }),
    ...{ _id: id, id, emailHash: '', requestHash: '', revision: 1, status: 'awaiting_payment', statusReason: null },
    ...{ refundStatus: 'none', disputed: false, currency: quote.currency, coupon: null, useStoreCredit: true },
    requestedLines: quote.lines.map(({ price, quantity }) => ({ price, quantity })),
    ...{ payment: { method: 'card', token: 'tok_risky' }, metadata: {}, quoteId: null, quoteHash: '' },
    ...{ consents: { immediateDelivery: true, withdrawalWaiver: true }, businessTaxIdStatus: 'not_given' },
    ...{ screening: null, review: null, refunds: [], timeline: [], createdAt: at, startedAt: at },
  };
}

/** What may rightly be answered when several do something at once, or a partner does not answer. */
const expected = new Set<string>([
  ...['payment.outcome_unknown', 'payment.gateway_unavailable', 'store.unavailable'],
  ...['refund.order_not_paid', 'refund.exceeds', 'refund.nothing_left', 'refund.too_late', 'refund.not_waiting'],
  ...['refund.same_person', 'refund.not_found', 'order.state_conflict'],
]);

/** One order and everything that people, banks and partners do about its money; what may go wrong is an answer here. */
function createOrderInPlay(
  shop: Awaited<ReturnType<typeof openRefunds>>,
  acquirer: ReturnType<typeof createInProcessAcquirer>,
  facts: { readonly orderId: string; readonly holder: string; readonly quote: Quote; readonly gift: number },
) {
  const { orderId } = facts;
  const { refunds } = shop;
  const asked: string[] = [];
  /** What a workflow does about one refund, one thing at a time. */
  const working = new Map<string, Promise<unknown>>();

  async function may<Answer>(step: () => Promise<Answer>): Promise<Answer | string> {
    try {
      return await step();
    } catch (error) {
      if (isFailure(error) && expected.has(error.code)) return error.code;
      throw error;
    }
  }
  function alone<Answer>(refundId: string, work: () => Promise<Answer>): Promise<Answer | string> {
    const mine = (working.get(refundId) ?? Promise.resolve()).then(() => may(work));
    working.set(
      refundId,
      mine.catch(() => undefined),
    );
    return mine;
  }

  /** As far as it goes now: judged, paid back, credited; or another way when the gateway could not. */
  async function advance(refundId: string): Promise<void> {
    const { status } = await refunds.get(refundId);
    if (status === 'awaiting_other_means') return void (await refunds.advanceOtherwise(refundId, at));
    if (status === 'succeeded') return;
    const wait = await refunds.advance(refundId, at);
    if (wait.kind !== 'approved') return;
    const { kind } = await refunds.payBack(refundId, at);
    if (kind === 'paid_back') await refunds.settle(refundId, at);
    if (kind === 'refused') await refunds.notice(refundId, 'refused_by_gateway', { note: 'payment.refund_failed', at });
  }
  const idAt = (index: number): string => asked[index % Math.max(1, asked.length)] ?? 'rfd_none';
  const keyOf = (refundId: string): string => idempotencyKeys.refund(orderId, refundId);

  return {
    ...facts,
    acquirer,
    asked: asked as readonly string[],

    capture: () =>
      may(async () => {
        const outcome = await shop.payments.find(orderId);
        if (outcome !== null && (await shop.payments.capture(orderId)).kind !== 'captured') return 'not yet';
        await shop.orders.fulfilFromStock(orderId, at);
        return 'captured';
      }),

    async ask(request: Omit<RefundRequest, 'order' | 'reason'>): Promise<void> {
      const refundId = `rfd_${orderId}_${asked.length + 1}`;
      asked.push(refundId);
      await may(() => refunds.requestRefund({ ...request, order: orderId, reason: 'A test' }, { refundId, at }));
    },
    work: (index: number) => alone(idAt(index), () => advance(idAt(index))),
    cancel: (index: number) => may(() => refunds.cancel(idAt(index), at)),
    vote: (index: number, by: string, yes: boolean) =>
      may(() =>
        yes ? refunds.approve(idAt(index), { by, note: '' }, at) : refunds.reject(idAt(index), { by, note: '' }, at),
      ),
    /** The bank sends the money of a refund back; the webhook comes with the next `hear`. */
    async bankReturns(index: number): Promise<void> {
      const found = acquirer.book.findRefundByKey('acquirer_a', keyOf(idAt(index)));
      if (found !== null) acquirer.book.failRefund(found.id, 'rejected');
    },
    async bankSettles(index: number): Promise<void> {
      acquirer.settle(keyOf(idAt(index)));
    },
    /** What the bank did, whether we know of it or not. */
    isSentBack: (refundId: string): boolean =>
      acquirer.book.findRefundByKey('acquirer_a', keyOf(refundId))?.state === 'failed',
    /** A webhook about a refund: a hint to ask the gateway. */
    hear: (index: number) =>
      alone(idAt(index), async () => {
        const refundId = idAt(index);
        if ((await refunds.recheck(refundId)) === 'returned') await refunds.settleReturn(refundId, at);
        else await advance(refundId);
      }),
    otherwise: (index: number, means: 'store_credit' | 'bank_transfer') =>
      may(() => refunds.payOtherwise(idAt(index), { means, by: 'ops_1', reference: 'TRF-1' }, at)),

    records: async (): Promise<readonly Refund[]> => refunds.ofOrder(orderId),
    order: (): Promise<Order> => shop.orders.get(orderId),
  };
}
