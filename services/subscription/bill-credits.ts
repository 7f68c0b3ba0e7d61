import { fail } from '../../domain/failures.ts';
import { facts } from '../../domain/idempotency.ts';
import type { CreditReason } from '../../domain/invoice/invoice.ts';
import { sum } from '../../domain/money/money.ts';
import type { OrderRefund } from '../../domain/order/order.ts';
import { whatIsLeft } from '../../domain/refund/refund-plan.ts';
import { takenParts } from '../../domain/refund/taken-parts.ts';
import type { OpenBill, Subscription } from '../../domain/subscription/subscription.ts';
import { correctedParts } from '../../domain/usage/usage-correction.ts';
import type { UsageToBill } from '../../domain/usage/usage-charge.ts';
import type { OrderDocument, OrderStore } from '../order/order-store.ts';
import { entryOf, withSplit } from '../refund/credit-split.ts';
import { createRefundBooks } from '../refund/refund-books.ts';
import type { RefundBooksDeps } from '../refund/refund-books.ts';
import type { StoreCreditService } from '../store-credit/store-credit-service.ts';

export interface BillCreditDeps extends RefundBooksDeps {
  readonly orders: Pick<OrderStore, 'find' | 'changeRefunds'>;
  readonly storeCredit: Pick<StoreCreditService, 'grant' | 'spend' | 'release' | 'balance'>;
}

/** Whose store credit pays for a subscription before the card does: its own, from changes of plan and of usage. */
export function subscriptionHolder({ id }: Pick<Subscription, 'id'>): string {
  return `subscription/${id}`;
}

/** The name of the credit of a change on the orders that paid for what it ended. */
const creditId = ({ order }: Pick<OpenBill, 'order'>): string => `change-${order}`;

/** The name of the credit of corrected usage on the order that billed it: a period is corrected by one statement. */
const correctionId = (orderId: string): string => `usage-${orderId}`;

export type BillCredits = ReturnType<typeof createBillCredits>;

/** Store credit around a bill: what a change and a correction of usage give back becomes it. Each step is repeatable. */
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

  /** What is set aside on an order becomes store credit of the subscription: credit note, journal and revenue first. */
  async function giveBack(
    { subscription, order: orderId, refundId, reason }: CreditOfOrder,
    at: string,
  ): Promise<void> {
    const documents = await books.invoices.listByOrder(orderId);
    const refund = { id: refundId, cause: 'cancellation' } as const;
    const order = await orders.changeRefunds(orderId, (known) => withSplit(known, refund, documents));
    const { amount, credited } = entryOf(order, refundId);
    const booking = { order, refundId, lines: credited?.lines ?? [], reason, gateway: null } as const;
    const creditNote = await refundBooks.book({ ...booking, toCredit: amount, at });
    const { currency } = subscription;
    const holder = subscriptionHolder(subscription);
    await storeCredit.grant({ holder, currency, amount, key: facts.refund(orderId, refundId), at });
    await orders.changeRefunds(orderId, ({ refunds }) =>
      refunds.map((one) => (one.id === refundId ? { ...one, status: 'succeeded', creditNote } : one)),
    );
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

    /** What a subscription leaves at its end is its customer's, for whatever they buy or renew next. Repeatable. */
    async handOver({ id, customerKey, currency }: Subscription, at: string): Promise<void> {
      const moved = { currency, key: facts.subscription(id, 'credit-handed-over'), at };
      const holder = subscriptionHolder({ id });
      const amount = await storeCredit.spend({ ...moved, holder, upTo: await storeCredit.balance(holder, currency) });
      if (amount > 0) await storeCredit.grant({ ...moved, holder: `customer/${customerKey}`, amount });
    },

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
          return [...known.refunds, setAside(creditId(bill), 'plan_changed', parts)];
        });
    },

    /** The change did not come about: what was set aside is free again. */
    cancel: (bill: OpenBill): Promise<void> => settleStatus(bill, 'cancelled'),

    /**
     * The change is paid: credit notes, journal and revenue of the unused time, which becomes store credit, and out of
     * that what the new lines cost. Returns how much of them store credit paid.
     */
    async settle(subscription: Subscription, bill: OpenBill, order: OrderDocument | null, at: string): Promise<number> {
      for (const { order: billed } of creditsByOrder(bill))
        await giveBack({ subscription, order: billed, refundId: creditId(bill), reason: 'plan_changed' }, at);
      if (order === null) return 0;
      const holder = subscriptionHolder(subscription);
      const { currency } = subscription;
      const upTo = plannedCredit(bill, order);
      return storeCredit.spend({ holder, currency, upTo, key: facts.sale(order.id), at });
    },

    /**
     * Usage that an order billed and corrections took back: credited there as far as it is left, for the bills to come.
     * @param corrected.order that billed it; nothing is given back where there is none
     */
    async correct(
      subscription: Subscription,
      { order: orderId, used, at }: CorrectedUsage & { readonly at: string },
    ): Promise<void> {
      if ((await orders.find(orderId)) === null) return;
      const refundId = correctionId(orderId);
      const { refunds } = await orders.changeRefunds(orderId, (known) => {
        if (known.refunds.some(({ id }) => id === refundId)) return known.refunds;
        const parts = correctedParts(known, used);
        return parts.length === 0 ? known.refunds : [...known.refunds, setAside(refundId, 'price_adjustment', parts)];
      });
      if (!refunds.some(({ id }) => id === refundId)) return;
      await giveBack({ subscription, order: orderId, refundId, reason: 'price_adjustment' }, at);
    },
  };
}

/** What store credit is to pay of the new lines of a change: the unused time, then what was there before. */
export function plannedCredit({ change }: OpenBill, { quote }: Pick<OrderDocument, 'quote'>): number {
  const credited = sum((change?.credits ?? []).map(({ amount }) => amount));
  return Math.min(quote?.gross ?? 0, credited + (change?.fromBalance ?? 0));
}

/** Reserved on the order, so that no refund takes it as well. */
function setAside(id: string, reason: CreditReason, parts: Parts): OrderRefund {
  const amount = sum(parts.map(({ gross }) => gross));
  const lines = parts.map(({ line }) => line);
  return { id, lines, amount, reason, status: 'pending', creditNote: null, parts, toCredit: amount };
}

type Parts = NonNullable<OrderRefund['parts']>;

interface CreditOfOrder {
  readonly subscription: Pick<Subscription, 'id' | 'currency'>;
  readonly order: string;
  readonly refundId: string;
  readonly reason: CreditReason;
}

interface CorrectedUsage {
  readonly order: string;
  readonly used: readonly UsageToBill[];
}
