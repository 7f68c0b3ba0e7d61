import { fail } from '../../domain/failures.ts';
import { facts } from '../../domain/idempotency.ts';
import { sum } from '../../domain/money/money.ts';
import type { OrderRefund } from '../../domain/order/order.ts';
import { whatIsLeft } from '../../domain/refund/refund-plan.ts';
import { takenParts } from '../../domain/refund/taken-parts.ts';
import type { OpenBill, Subscription } from '../../domain/subscription/subscription.ts';
import type { OrderDocument, OrderStore } from '../order/order-store.ts';
import { entryOf, withSplit } from '../refund/credit-split.ts';
import { createRefundBooks } from '../refund/refund-books.ts';
import type { RefundBooksDeps } from '../refund/refund-books.ts';
import type { StoreCreditService } from '../store-credit/store-credit-service.ts';

export interface BillCreditDeps extends RefundBooksDeps {
  readonly orders: Pick<OrderStore, 'changeRefunds'>;
  readonly storeCredit: Pick<StoreCreditService, 'grant' | 'spend' | 'release' | 'balance'>;
}

/** Whose store credit pays for a subscription before the card does: its own, from changes of plan. */
export function subscriptionHolder({ id }: Pick<Subscription, 'id'>): string {
  return `subscription/${id}`;
}

/** The name of the credit of a change on the orders that paid for what it ended. */
const creditId = ({ order }: Pick<OpenBill, 'order'>): string => `change-${order}`;

export type BillCredits = ReturnType<typeof createBillCredits>;

/** Store credit around a bill, and the unused time that a change gives back as such. Each step is repeatable. */
export function createBillCredits({ orders, storeCredit, ...books }: BillCreditDeps) {
  const refundBooks = createRefundBooks(books);

  /** What a change takes back of each order. */
  function creditsByOrder({ change }: OpenBill): readonly { readonly order: string; readonly parts: Parts }[] {
    const byOrder = new Map<string, Parts>();
    for (const { order, line, amount } of change?.credits ?? [])
      byOrder.set(order, [...(byOrder.get(order) ?? []), { line, quantity: 0, gross: amount }]);
    return [...byOrder].map(([order, parts]) => ({ order, parts }));
  }

  async function settleStatus(bill: OpenBill, status: OrderRefund['status']): Promise<void> {
    for (const { order } of creditsByOrder(bill))
      await orders.changeRefunds(order, ({ refunds }) => {
        const own = refunds.find(({ id }) => id === creditId(bill));
        if (own === undefined || own.status === status) return refunds;
        return refunds.map((one) => (one === own ? { ...one, status } : one));
      });
  }

  return {
    /**
     * What store credit pays of a period: first that of the subscription, then the customer's.
     * @param debit.leave where it does not pay for all of it, what is left is at least as much, minor units
     */
    async spend(
      { id, customerKey }: Subscription,
      order: OrderDocument,
      { leave, at }: { readonly leave: number; readonly at: string },
    ): Promise<number> {
      const gross = order.quote?.gross ?? 0;
      const debit = { currency: order.currency, key: facts.sale(order.id), leave, at };
      const own = await storeCredit.spend({ ...debit, holder: subscriptionHolder({ id }), upTo: gross });
      const rest = gross - own;
      return own + (await storeCredit.spend({ ...debit, holder: `customer/${customerKey}`, upTo: rest }));
    },

    release: (orderId: string, at: string): Promise<number> => storeCredit.release(facts.sale(orderId), at),

    /**
     * Sets aside what a change gives back, so that no refund takes it meanwhile. Repeatable.
     * @throws refund.exceeds when that is no longer left of the orders: nothing is set aside then
     */
    async reserve(bill: OpenBill): Promise<void> {
      for (const { order, parts } of creditsByOrder(bill))
        await orders.changeRefunds(order, (known) => {
          if (known.refunds.some(({ id }) => id === creditId(bill))) return known.refunds;
          const left = known.quote === null ? [] : whatIsLeft({ quote: known.quote, taken: takenParts(known) });
          const tooMuch = parts.some(({ line, gross }) => gross > (left.find((one) => one.line === line)?.gross ?? 0));
          if (tooMuch) fail('refund.exceeds', `less than the unused time is left of order ${order}`);
          const amount = sum(parts.map(({ gross }) => gross));
          const lines = parts.map(({ line }) => line);
          const entry = { id: creditId(bill), lines, amount, reason: 'plan_changed', status: 'pending' } as const;
          return [...known.refunds, { ...entry, creditNote: null, parts, toCredit: amount }];
        });
    },

    /** The change did not come about: what was set aside is free again. */
    cancel: (bill: OpenBill): Promise<void> => settleStatus(bill, 'cancelled'),

    /**
     * The change is paid: credit notes, journal and revenue of the unused time, which becomes store credit, and out of
     * that what the new lines cost. Returns how much of them store credit paid.
     */
    async settle(subscription: Subscription, bill: OpenBill, order: OrderDocument | null, at: string): Promise<number> {
      const holder = subscriptionHolder(subscription);
      const { currency } = subscription;
      for (const { order: orderId, parts } of creditsByOrder(bill)) {
        const refundId = creditId(bill);
        const documents = await books.invoices.listByOrder(orderId);
        const refund = { id: refundId, cause: 'cancellation' } as const;
        const credited = await orders.changeRefunds(orderId, (known) => withSplit(known, refund, documents));
        const lines = entryOf(credited, refundId).credited?.lines ?? [];
        const amount = sum(parts.map(({ gross }) => gross));
        const booking = { order: credited, refundId, lines, reason: 'plan_changed', gateway: null } as const;
        const creditNote = await refundBooks.book({ ...booking, toCredit: amount, at });
        await storeCredit.grant({ holder, currency, amount, key: facts.refund(orderId, refundId), at });
        await orders.changeRefunds(orderId, ({ refunds }) =>
          refunds.map((one) => (one.id === refundId ? { ...one, status: 'succeeded', creditNote } : one)),
        );
      }
      if (order === null) return 0;
      const upTo = plannedCredit(bill, order);
      return storeCredit.spend({ holder, currency, upTo, key: facts.sale(order.id), at });
    },
  };
}

/** What store credit is to pay of the new lines of a change: the unused time, then what was there before. */
export function plannedCredit({ change }: OpenBill, { quote }: Pick<OrderDocument, 'quote'>): number {
  const credited = sum((change?.credits ?? []).map(({ amount }) => amount));
  return Math.min(quote?.gross ?? 0, credited + (change?.fromBalance ?? 0));
}

type Parts = NonNullable<OrderRefund['parts']>;
