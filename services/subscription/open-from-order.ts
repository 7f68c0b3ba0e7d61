import type { Price } from '../../domain/catalog/catalog.ts';
import { fail } from '../../domain/failures.ts';
import { pricedQuote } from '../../domain/order/order-totals.ts';
import type { Order, OrderBilling, OrderLine } from '../../domain/order/order.ts';
import { periodAt } from '../../domain/periods/billing-period.ts';
import { termsIn } from '../../domain/pricing/price-in-currency.ts';
import { customerTimeZone } from '../../domain/subscription/customer-time-zone.ts';
import { recurrenceOf } from '../../domain/subscription/next-cycle.ts';
import type { PaidLine, Subscription, SubscriptionItem } from '../../domain/subscription/subscription.ts';
import type { CatalogService } from '../catalog/catalog-service.ts';
import type { OrderStore } from '../order/order-store.ts';
import { customerKey } from '../store-credit/credit-holder.ts';
import { subscriptionIdOf } from './subscription-ids.ts';
import type { SubscriptionMessages } from './subscription-messages.ts';
import type { SubscriptionNotices } from './subscription-notices.ts';
import type { SubscriptionStore } from './subscription-store.ts';

/** The payment method of whoever has given none: a trial that asks for none, an order of 0. */
export const noMethod = 'none';

export interface OpeningDeps {
  readonly store: SubscriptionStore;
  readonly orders: Pick<OrderStore, 'require' | 'noteBilling'>;
  readonly catalog: Pick<CatalogService, 'getPrices' | 'getCoupons'>;
  readonly notices: SubscriptionNotices;
  readonly messages: SubscriptionMessages;
}

/** A requested line and what was sold by it: several where it was a bundle. */
interface RecurringLine {
  readonly line: string;
  readonly sold: readonly OrderLine[];
  readonly item: SubscriptionItem;
}

/** What a paid order began: one subscription for all lines of one interval that begin alike. */
export function createSubscriptionOpening({ store, orders, catalog, notices, messages }: OpeningDeps) {
  async function open(order: Order, lines: readonly RecurringLine[], at: string): Promise<Subscription> {
    const id = subscriptionIdOf(order.id, lines[0]?.line ?? '');
    const coupon =
      order.coupon === null ? null : ((await catalog.getCoupons([order.coupon])).get(order.coupon) ?? null);
    const begun = beginning(order, lines, id);
    const fresh: Subscription = { ...begun, coupon, notices: notices.plan(begun, order, at) };
    const kept = await store.insert(fresh);
    await messages.started(kept, order, at);
    return kept;
  }

  return {
    /** @throws order.not_found, order.state_conflict before it is priced, catalog.price_unknown */
    async openFromOrder(orderId: string, at: string): Promise<readonly string[]> {
      const order = await orders.require(orderId);
      const prices = await catalog.getPrices(order.requestedLines.map(({ price }) => price));
      const groups = grouped(recurringLines(order, prices));
      const opened: Subscription[] = [];
      for (const lines of groups) opened.push(await open(order, lines, at));
      const [only] = opened;
      if (only !== undefined && opened.length === 1) await orders.noteBilling(orderId, purchaseBilling(only));
      return opened.map(({ id }) => id);
    },
  };
}

/** What was given back before it began, because it could not be delivered, does not begin. */
function recurringLines(order: Order, prices: ReadonlyMap<string, Price>): readonly RecurringLine[] {
  const quote = pricedQuote(order);
  const givenBack = new Set(
    order.refunds.filter(({ status }) => status === 'pending' || status === 'succeeded').flatMap(({ lines }) => lines),
  );
  return order.requestedLines.flatMap(({ price: priceId, quantity }, index): RecurringLine[] => {
    const line = `${index + 1}`;
    const sold = quote.lines.filter((one) => one.line === line || one.line.startsWith(`${line}.`));
    const [first] = sold;
    if (first?.recurring == null || sold.every((one) => givenBack.has(one.line))) return [];
    const { recurring, bundle, product } = first;
    const price = prices.get(priceId) ?? fail('catalog.price_unknown', `there is no price "${priceId}"`);
    const terms = termsIn(price, order.currency) ?? fail('price.currency_not_sold');
    const { usage, meter } = recurring;
    const metered = usage === 'metered';
    const item = { id: line, price: priceId, product: bundle ?? product, quantity: metered ? 1 : quantity };
    const agreed = { usage, meter, recurring, oneOff: false, terms };
    return [{ line, sold, item: { ...item, ...agreed } }];
  });
}

function grouped(lines: readonly RecurringLine[]): readonly (readonly RecurringLine[])[] {
  const groups = new Map<string, RecurringLine[]>();
  for (const line of lines) {
    const { interval, count, align } = recurrenceOf([line.item]);
    const key = [interval, count, align ?? 'anniversary', trialDaysOf(line) ?? 0].join('/');
    groups.set(key, [...(groups.get(key) ?? []), line]);
  }
  return [...groups.values()];
}

/** Whoever waived the trial, or was not granted one, has paid for the first period. */
function trialDaysOf({ sold, item }: RecurringLine): number | null {
  const { trial } = recurrenceOf([item]);
  const wasFree = sold.every(({ list }) => list === 0);
  return trial !== undefined && wasFree ? trial.days : null;
}

function beginning(order: Order, lines: readonly RecurringLine[], id: string): Subscription {
  const { customer, payment, createdAt, timeline } = order;
  const items = lines.map(({ item }) => item);
  const recurrence = recurrenceOf(items);
  const timeZone = customerTimeZone(customer);
  const alignment = recurrence.align ?? 'anniversary';
  // The first part of an aligned period was priced when the order was placed; any other begins when it is paid.
  const paidAt = timeline.find(({ event }) => event === 'paid')?.at ?? createdAt;
  const start = alignment === 'calendar' ? createdAt : paidAt;
  const trialDays = lines[0] === undefined ? null : trialDaysOf(lines[0]);
  const trialEnd = trialDays === null ? null : endOfTrial(start, trialDays, timeZone);
  const anchor = { at: trialEnd ?? start, timeZone, alignment };
  const first = trialEnd === null ? periodAt(anchor, recurrence, 0) : { start, end: trialEnd };
  const method = payment.method === noMethod ? null : payment;
  return {
    id,
    revision: 1,
    status: trialEnd === null ? 'active' : 'trialing',
    customerKey: customerKey(customer),
    customerId: customer.id,
    sourceOrder: order.id,
    items,
    currency: order.currency,
    coupon: null,
    anchor,
    anchorIndex: trialEnd === null ? 0 : 1,
    timeZone,
    period: { index: 0, ...first },
    trialEnd,
    cancelAt: null,
    cancellation: null,
    pause: null,
    pendingChange: null,
    dunning: null,
    payment: method,
    backupPayment: null,
    latestOrder: order.id,
    paidLines: paidLines(order.id, items, first),
    entitlements: lines.flatMap(({ sold, item }) =>
      sold
        .filter(({ delivery }) => delivery.length > 0)
        .map(({ line, product }) => ({ item: item.id, order: order.id, line, product })),
    ),
    openBill: null,
    notices: [],
    newTerms: [],
    lastCommand: null,
    tell: order.id,
    nextActionAt: null,
    createdAt: paidAt,
    startedAt: null,
    endedAt: null,
  };
}

/** So many days later, at the same time on the customer's clock. */
function endOfTrial(start: string, days: number, timeZone: string): string {
  return periodAt({ at: start, timeZone, alignment: 'anniversary' }, { interval: 'day', count: days }, 0).end;
}

function paidLines(
  order: string,
  items: readonly SubscriptionItem[],
  { start, end }: { readonly start: string; readonly end: string },
): readonly PaidLine[] {
  return items
    .filter(({ usage }) => usage === 'licensed')
    .map(({ id }) => ({ item: id, order, line: id, start, end, replacedAt: null }));
}

function purchaseBilling({ id, period, items }: Subscription): OrderBilling {
  const { start, end } = period;
  const lines = items.map((item) => ({ line: item.id, item: item.id, start, end }));
  return { reason: 'purchase', subscription: id, periodStart: start, periodEnd: end, lines };
}
