import { sum } from '../../domain/money/money.ts';
import { pricedQuote } from '../../domain/order/order-totals.ts';
import type { OrderLine } from '../../domain/order/order.ts';
import type { Entitlement, OpenBill, PaidLine, Subscription } from '../../domain/subscription/subscription.ts';
import type { OrderDocument, OrderStore } from '../order/order-store.ts';
import type { OrderService } from '../order/order-service.ts';
import { plannedCredit } from './bill-credits.ts';
import type { BillCredits } from './bill-credits.ts';
import type { SmallBalances } from './small-balances.ts';
import type { SubscriptionAccess } from './subscription-access.ts';
import { requireBill } from './subscription-bills.ts';
import type { SubscriptionMessages } from './subscription-messages.ts';
import type { SubscriptionNotices } from './subscription-notices.ts';
import type { SubscriptionChanges, SubscriptionDocument, SubscriptionStore } from './subscription-store.ts';

export interface SettlementDeps {
  readonly store: SubscriptionStore;
  readonly orders: Pick<OrderStore, 'require'>;
  readonly fulfilment: Pick<OrderService, 'settleBill'>;
  readonly credits: BillCredits;
  readonly smallBalances: Pick<SmallBalances, 'pay'>;
  readonly access: SubscriptionAccess;
  readonly messages: SubscriptionMessages;
  readonly notices: SubscriptionNotices;
}

/** What a suspension is called; it is lifted under the same name. */
export const unpaidCause = (orderId: string): string => `unpaid/${orderId}`;

export const pausedCause = (from: string): string => `paused/${from}`;

export type BillSettlement = ReturnType<typeof createBillSettlement>;

/**
 * A bill that is paid, or costs nothing: booked, handed over, told, and last of all the record that says so. A crash
 * anywhere before that leaves the bill open, and the next call does it all again to no effect.
 */
export function createBillSettlement(deps: SettlementDeps) {
  const { store, orders, fulfilment, credits, smallBalances, access, messages, notices } = deps;

  async function tellSettled(known: SubscriptionDocument, bill: OpenBill, order: OrderDocument, at: string) {
    const { gross } = pricedQuote(order);
    const { start, end } = bill;
    const message = { order: order.id, at };
    if (bill.follows === 'change')
      return messages.queue(known, {
        ...message,
        template: 'plan_changed',
        about: `change/${bill.order}`,
        says: {
          amount: gross - plannedCredit(bill, order) - (bill.waived ?? 0),
          credit: sum((bill.change?.credits ?? []).map(({ amount }) => amount)),
          from: start,
          until: end,
        },
      });
    return messages.queue(known, {
      ...message,
      template: receiptOf(known, bill),
      about: `${bill.order}/settled`,
      says: { amount: gross, from: start, until: end },
    });
  }

  return {
    /** @param order null when nothing was owed */
    async settle(known: SubscriptionDocument, order: OrderDocument | null, at: string): Promise<SubscriptionDocument> {
      const bill = requireBill(known);
      const credit =
        bill.kind === 'update'
          ? await credits.settle(known, bill, order, at)
          : order === null
            ? 0
            : // It was taken before the money: this asks how much that was.
              await credits.spend(known, order, { leave: 0, at });
      const handed = order === null ? [] : newEntitlements(known, bill, order);
      if (order !== null) {
        const newLines = handed.map(({ line }) => line);
        const waived = await smallBalances.pay(known, order.id, bill, at);
        await fulfilment.settleBill(order.id, { creditApplied: credit + waived, newLines, at });
        await tellSettled(known, bill, order, at);
      }
      const lapsed = lapsedEntitlements(known, bill, order);
      await access.revoke(known, lapsed, `${bill.order}/replaced`, at);
      if (known.dunning?.stage === 'suspended') await access.restore(known, unpaidCause(bill.order), at);
      if (bill.kind === 'update' && bill.follows === 'pause' && known.pause !== null)
        await access.restore(known, pausedCause(known.pause.from), at);
      const settled = settledRecord(known, order, { handed, lapsed });
      const source = await orders.require(known.sourceOrder);
      return store.update(known, { ...settled, notices: notices.plan({ ...known, ...settled }, source, at) });
    },
  };
}

function receiptOf({ dunning }: Subscription, { follows }: OpenBill) {
  if (dunning !== null) return 'subscription_recovered';
  return follows === 'pause' ? 'subscription_resumed' : 'subscription_renewed';
}

/** What the record becomes: paid, and changed as the bill said. */
function settledRecord(
  known: Subscription,
  order: OrderDocument | null,
  { handed, lapsed }: { readonly handed: readonly Entitlement[]; readonly lapsed: readonly Entitlement[] },
): SubscriptionChanges {
  const bill = requireBill(known);
  const lasting = handed.filter(({ item }) => bill.lines.some((line) => line.item.id === item && !line.item.oneOff));
  const settled: SubscriptionChanges = {
    status: 'active',
    openBill: null,
    dunning: null,
    latestOrder: order?.id ?? known.latestOrder,
    tell: order?.id ?? null,
    entitlements: [...known.entitlements.filter((one) => !lapsed.includes(one)), ...lasting],
  };
  const paid = order === null ? [] : paidLines(bill, order);
  if (bill.kind === 'cycle') return { ...settled, paidLines: paid };
  if (bill.change === null) return settled;
  const { items, anchor, anchorIndex, period, replaced } = bill.change;
  const earlier = known.paidLines.map((line) =>
    replaced.includes(line.item) && line.replacedAt === null ? { ...line, replacedAt: bill.start } : line,
  );
  const begun = {
    ...(bill.follows === 'trial' ? { trialEnd: bill.start } : {}),
    ...(bill.follows === 'pause' ? { pause: null } : {}),
  };
  const waived = bill.waived === undefined ? {} : { waivedChangeAt: bill.openedAt };
  const now = { items, anchor, anchorIndex, period, pendingChange: null, ...waived };
  return { ...settled, ...begun, ...now, paidLines: [...earlier.filter(({ end }) => end > bill.start), ...paid] };
}

/** The lines that pay for the time ahead, by which unused time is credited. */
function paidLines(bill: OpenBill, { id, billing }: OrderDocument): readonly PaidLine[] {
  const ahead = new Set(
    bill.lines.filter(({ item }) => item.usage === 'licensed' && !item.oneOff).map(({ item }) => item.id),
  );
  return (billing?.lines ?? [])
    .filter(({ item }) => ahead.has(item))
    .map(({ line, item, start, end }) => ({ item, order: id, line, start, end, replacedAt: null }));
}

/** Lines of the order by the item that they were billed for. */
function linesOf({ quote, billing }: OrderDocument, item: string): readonly OrderLine[] {
  const own = (billing?.lines ?? []).filter((one) => one.item === item).map(({ line }) => line);
  return (quote?.lines ?? []).filter(({ line }) => own.some((one) => line === one || line.startsWith(`${one}.`)));
}

/** What the customer has not got yet: another product than before, and what is bought once. */
function newEntitlements({ entitlements }: Subscription, bill: OpenBill, order: OrderDocument): readonly Entitlement[] {
  return bill.lines.flatMap(({ item }) => {
    if (item.usage === 'metered') return [];
    const had = new Set(entitlements.filter((one) => one.item === item.id).map(({ product }) => product));
    return linesOf(order, item.id)
      .filter(({ product, delivery }) => delivery.length > 0 && (item.oneOff || !had.has(product)))
      .map(({ line, product }) => ({ item: item.id, order: order.id, line, product }));
  });
}

/** What is no longer part of the subscription: items that are gone, and products that another took the place of. */
function lapsedEntitlements(
  { entitlements, items: current }: Subscription,
  bill: OpenBill,
  order: OrderDocument | null,
): readonly Entitlement[] {
  const items = new Set((bill.change?.items ?? current).map(({ id }) => id));
  return entitlements.filter((one) => {
    if (!items.has(one.item)) return true;
    const billed = order === null ? [] : linesOf(order, one.item);
    return billed.length > 0 && !billed.some(({ product }) => product === one.product);
  });
}
