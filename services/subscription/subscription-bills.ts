import { fail } from '../../domain/failures.ts';
import { sum } from '../../domain/money/money.ts';
import type { Order, OrderBilling, Quote } from '../../domain/order/order.ts';
import type { DueLine, OpenBill, Subscription } from '../../domain/subscription/subscription.ts';
import { usageAmount } from '../../domain/usage/usage-charge.ts';
import type { UsageToBill } from '../../domain/usage/usage-charge.ts';
import { billedOrder } from '../order/billed-order.ts';
import type { OrderDocument, OrderStore } from '../order/order-store.ts';
import type { PeriodLine } from '../pricing/period-basket.ts';
import type { QuoteService } from '../pricing/quote-service.ts';
import type { UsageService } from '../usage/usage-service.ts';
import { noMethod } from './open-from-order.ts';

export interface BillDeps {
  readonly orders: Pick<OrderStore, 'require' | 'find' | 'insert'>;
  readonly quotes: Pick<QuoteService, 'quotePeriod'>;
  readonly usage: Pick<UsageService, 'bill'>;
}

export type SubscriptionBills = ReturnType<typeof createSubscriptionBills>;

interface PricedLine {
  readonly due: DueLine;
  readonly line: PeriodLine;
}

/** From what is due to an order: priced at the agreed terms, taxed as of today, written down once. */
export function createSubscriptionBills({ orders, quotes, usage }: BillDeps) {
  function taxed(
    { currency, coupon }: Subscription,
    lines: readonly PricedLine[],
    sale: { readonly source: Order; readonly couponPeriod: number; readonly at: string },
  ): Promise<Quote> {
    const { customer, businessTaxIdStatus } = sale.source;
    const request = {
      currency,
      customer,
      coupon,
      couponPeriod: sale.couponPeriod,
      lines: lines.map(({ line }) => line),
    };
    return quotes.quotePeriod(request, sale.at, businessTaxIdStatus);
  }

  /** Usage is counted with its first bill, and never again. */
  async function counted(subscriptionId: string, due: readonly DueLine[], at: string): Promise<readonly PricedLine[]> {
    const metered = due.filter(({ item }) => item.usage === 'metered');
    const [first] = metered;
    const used =
      first === undefined
        ? []
        : await usage.bill({
            subscriptionId,
            period: { start: first.start, end: first.end },
            meters: metered.map(({ item }) => ({ meter: item.meter ?? '', price: item.price })),
            at,
          });
    return due.flatMap((line) => (line.item.usage === 'metered' ? usageLine(line, used) : [wholeLine(line)]));
  }

  return {
    /**
     * The order of a bill, made on first use; null when nothing is owed.
     * @throws what pricing and tax throw
     */
    async order(subscription: Subscription, bill: OpenBill): Promise<OrderDocument | null> {
      const known = await orders.find(bill.order);
      if (known !== null) return known;
      const { id, payment } = subscription;
      const source = await orders.require(subscription.sourceOrder);
      const lines = await counted(id, bill.lines, bill.openedAt);
      if (lines.length === 0) return null;
      const at = bill.openedAt;
      const fresh = billedOrder({
        id: bill.order,
        source,
        billing: billingOf(subscription, bill, lines),
        quote: await taxed(subscription, lines, { source, couponPeriod: bill.couponPeriod, at }),
        requestedLines: lines.map(({ line }) => ({ price: line.price, quantity: line.quantity })),
        payment: payment ?? { method: noMethod, token: noMethod },
        at,
      });
      return (await orders.insert(fresh)).order;
    },

    /** What lines would cost; nothing is written. Usage is left out: it is known afterwards. */
    async quote(
      subscription: Subscription,
      due: readonly DueLine[],
      { couponPeriod, at }: { readonly couponPeriod: number; readonly at: string },
    ): Promise<Quote | null> {
      const lines = due.filter(({ item }) => item.usage === 'licensed').map(wholeLine);
      if (lines.length === 0) return null;
      const source = await orders.require(subscription.sourceOrder);
      return taxed(subscription, lines, { source, couponPeriod, at });
    },
  };
}

function wholeLine(due: DueLine): PricedLine {
  const { price, product, terms, recurring, quantity } = due.item;
  return { due, line: { price, product, terms, recurring, quantity, amount: null, share: due.share } };
}

/** What came late for the period before is on the same line. */
function usageLine(due: DueLine, used: readonly UsageToBill[]): PricedLine[] {
  const { price, product, terms, recurring, meter } = due.item;
  const own = used.filter((one) => one.meter === meter);
  const quantity = sum(own.map((one) => one.quantity - one.billedBefore));
  const amount = sum(own.map((one) => usageAmount(terms.scheme, one)));
  // A correction that takes back more than was used owes nothing; it is not a debt of ours.
  if (quantity <= 0 || amount < 0) return [];
  return [{ due, line: { price, product, terms, recurring, quantity, amount, share: null } }];
}

function billingOf(
  { id }: Subscription,
  { follows, start, end }: OpenBill,
  lines: readonly PricedLine[],
): OrderBilling {
  return {
    reason: follows === 'change' ? 'subscription_update' : 'subscription_cycle',
    subscription: id,
    periodStart: start,
    periodEnd: end,
    lines: lines.map(({ due }, index) => {
      return { line: `${index + 1}`, item: due.item.id, start: due.start, end: due.end };
    }),
  };
}

/** The bill that is being collected. @throws subscription.state_conflict when there is none */
export function requireBill({ id, openBill }: Subscription): OpenBill {
  return openBill ?? fail('subscription.state_conflict', `subscription ${id} has no open bill`);
}
