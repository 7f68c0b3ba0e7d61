import { fail } from '../../domain/failures.ts';
import type { Order, OrderBilling, Quote } from '../../domain/order/order.ts';
import type { DueLine, OpenBill, Subscription } from '../../domain/subscription/subscription.ts';
import { billedTooMuch, chargedUsage } from '../../domain/usage/usage-charge.ts';
import type { UsageToBill } from '../../domain/usage/usage-charge.ts';
import { billedOrder } from '../order/billed-order.ts';
import type { OrderDocument, OrderStore } from '../order/order-store.ts';
import type { PeriodLine } from '../pricing/period-basket.ts';
import type { QuoteService } from '../pricing/quote-service.ts';
import type { BusinessTaxIdRecheck } from '../tax/business-tax-id-recheck.ts';
import type { UsageService } from '../usage/usage-service.ts';
import type { BillCredits } from './bill-credits.ts';
import { noMethod } from './open-from-order.ts';
import { cycleOrderId } from './subscription-ids.ts';

export interface BillDeps {
  readonly orders: Pick<OrderStore, 'require' | 'find' | 'insert'>;
  readonly quotes: Pick<QuoteService, 'quotePeriod'>;
  readonly businessTaxIds: BusinessTaxIdRecheck;
  readonly usage: Pick<UsageService, 'bill'>;
  readonly credits: Pick<BillCredits, 'correct'>;
}

export type SubscriptionBills = ReturnType<typeof createSubscriptionBills>;

interface PricedLine {
  readonly due: DueLine;
  readonly line: PeriodLine;
}

/** From what is due to an order: priced at the agreed terms, taxed as of today, written down once. */
export function createSubscriptionBills({ orders, quotes, businessTaxIds, usage, credits }: BillDeps) {
  /** The first sale, with what is known of the customer's id today: renewals are taxed as of today. */
  async function soldTo({ sourceOrder }: Subscription, at: string): Promise<OrderDocument> {
    const source = await orders.require(sourceOrder);
    return { ...source, businessTaxIdStatus: await businessTaxIds.currentStatus(source, at) };
  }

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

  /** What is stated of the usage once, and then the same for ever; nothing where nothing is metered. */
  async function stated(subscriptionId: string, { lines, openedAt }: OpenBill): Promise<readonly UsageToBill[]> {
    const metered = lines.filter(({ item }) => item.usage === 'metered');
    const [first] = metered;
    if (first === undefined) return [];
    const { start, end } = first;
    const items = metered.map(({ item: { id, meter, price, terms } }) => {
      return { item: id, meter: meter ?? '', price, scheme: terms.scheme };
    });
    return usage.bill({ subscriptionId, period: { start, end }, items, at: openedAt });
  }

  /**
   * The lines of a bill. Each period stands for itself: where corrections took usage back that an order has billed, that
   * order is credited, before this one is written down, so that a crash does both or begins again.
   */
  async function counted(subscription: Subscription, bill: OpenBill): Promise<readonly PricedLine[]> {
    const used = await stated(subscription.id, bill);
    const tooMuch = used.filter((one) => billedTooMuch(one) > 0);
    if (tooMuch.length > 0)
      await credits.correct(subscription, { order: billedWith(subscription, bill), used: tooMuch, at: bill.openedAt });
    return bill.lines.flatMap((line) => (line.item.usage === 'metered' ? usageLine(line, used) : [wholeLine(line)]));
  }

  return {
    /**
     * The order of a bill, made on first use; null when nothing is owed.
     * @throws what pricing and tax throw
     */
    async order(subscription: Subscription, bill: OpenBill): Promise<OrderDocument | null> {
      const known = await orders.find(bill.order);
      if (known !== null) return known;
      const { payment } = subscription;
      const lines = await counted(subscription, bill);
      if (lines.length === 0) return null;
      const at = bill.openedAt;
      const source = await soldTo(subscription, at);
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
      const source = await soldTo(subscription, at);
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
  const { id, price, product, terms, recurring } = due.item;
  const charged = chargedUsage(used.filter(({ item }) => item === id));
  if (charged === null) return [];
  return [{ due, line: { price, product, terms, recurring, ...charged, share: null } }];
}

/** The order that billed the usage before that of a bill: it began the period whose usage the bill is of. */
function billedWith({ id, period }: Subscription, { kind }: OpenBill): string {
  return cycleOrderId(id, kind === 'cycle' ? period.index - 1 : period.index);
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
