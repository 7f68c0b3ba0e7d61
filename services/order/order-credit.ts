import { facts } from '../../domain/idempotency.ts';
import { pricedQuote } from '../../domain/order/order-totals.ts';
import type { Order } from '../../domain/order/order.ts';
import type { PaymentService } from '../payment/payment-service.ts';
import { customerHolder } from '../store-credit/credit-holder.ts';
import type { StoreCreditService } from '../store-credit/store-credit-service.ts';
import type { OrderStore } from './order-store.ts';

export interface OrderCreditDeps {
  readonly store: Pick<OrderStore, 'noteCredit'>;
  readonly storeCredit: Pick<StoreCreditService, 'spend' | 'release'>;
  readonly payments: Pick<PaymentService, 'leastCharge'>;
}

/** The store credit that pays for an order: taken before its payment, given back when nothing was sold. Both repeatable. */
export function createOrderCredit({ store, storeCredit, payments }: OrderCreditDeps) {
  return {
    /** Takes it when it was asked for, and says how much pays for the order, minor units. */
    async apply(order: Order, at: string): Promise<number> {
      const { gross, currency } = pricedQuote(order);
      if (order.creditApplied !== undefined) return order.creditApplied;
      if (order.useStoreCredit !== true || gross === 0) return 0;
      const credit = await storeCredit.spend({
        ...{ holder: customerHolder(order.customer), currency, upTo: gross, at },
        leave: payments.leastCharge({ method: order.payment.method, currency, at }),
        key: facts.sale(order.id),
      });
      await store.noteCredit(order.id, credit);
      return credit;
    },

    async release({ id, useStoreCredit, creditApplied = 0 }: Order, at: string): Promise<void> {
      if (useStoreCredit === true || creditApplied > 0) await storeCredit.release(facts.sale(id), at);
    },
  };
}
