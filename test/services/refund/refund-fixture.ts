import type { Db } from 'mongodb';
import type { Order } from '../../../domain/order/order.ts';
import type { Refund } from '../../../domain/refund/refund.ts';
import { priceInputSchema, productInputSchema } from '../../../services/catalog/catalog-schemas.ts';
import { createRefundJudge } from '../../../services/refund/refund-judge.ts';
import type { RefundRequest } from '../../../services/refund/refund-request.ts';
import { createRefundService } from '../../../services/refund/refund-service.ts';
import { createRefundStore } from '../../../services/refund/refund-store.ts';
import { at, openOrders } from '../order/order-fixture.ts';
import type { GivenParts } from '../order/order-fixture.ts';

export type RefundsUnderTest = Awaited<ReturnType<typeof openRefunds>>;

/** The refund service over every service that it stands on, on a real database; money moves at the sandbox over HTTP. */
export async function openRefunds(db: Db, given: GivenParts = {}) {
  const shop = await openOrders(db, given);
  const { store: orders, orders: events } = shop;
  await shop.sellers.ensureOwnSeller('Waybill Commerce Ltd');
  const refunds = createRefundService({
    ...shop,
    ...{ orders, events },
    store: createRefundStore(db),
    judge: createRefundJudge({ orders, deliveries: shop.deliveries, messages: shop.messages }),
  });
  let requested = 0;

  return {
    ...shop,
    refunds,

    /** A flat price of a product of its own, in EUR, tax included. */
    async sell(price: string, amount: number, change: object = {}): Promise<void> {
      const product = { name: price, taxClass: 'software_download', delivery: [{ method: 'license' }], ...change };
      await shop.catalog.putProduct(price, productInputSchema.parse(product));
      const body = { product: price, currency: 'EUR', taxBehavior: 'inclusive', scheme: { type: 'per_unit', amount } };
      await shop.catalog.putPrice(price, priceInputSchema.parse(body), at);
    },

    /** An order of these prices that is paid, invoiced and delivered. */
    async paidOrder(
      lines: readonly { readonly price: string; readonly quantity: number }[],
      change: object = {},
      when = at,
    ): Promise<Order> {
      const { id } = await shop.place([], { lines, ...change });
      const prepared = await shop.orders.prepare(id, when);
      if (prepared.kind === 'ready' && prepared.screening === 'review')
        await shop.orders.recordEvent({ orderId: id, event: 'review_approved', at: when });
      await shop.payments.take(await shop.orders.charge(id, when));
      await shop.orders.fulfilFromStock(id, when);
      return shop.store.require(id);
    },

    /** Everything that its workflow does when nobody has to be asked. */
    async refund(request: RefundRequest, refundId = `rfd_test_${(requested += 1)}`): Promise<Refund> {
      await refunds.requestRefund(request, { refundId, at });
      const wait = await refunds.advance(refundId, at);
      if (wait.kind !== 'approved') return refunds.get(refundId);
      const paid = await refunds.payBack(refundId, at);
      if (paid.kind !== 'paid_back') return refunds.get(refundId);
      const { revoke } = await refunds.settle(refundId, at);
      await refunds.revokeAccess(refundId, revoke, at);
      return refunds.get(refundId);
    },
  };
}

export { at };
