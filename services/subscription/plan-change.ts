import { fail } from '../../domain/failures.ts';
import { creditPartOfLine } from '../../domain/invoice/credited-line.ts';
import { sum } from '../../domain/money/money.ts';
import { pricedQuote } from '../../domain/order/order-totals.ts';
import type { Quote } from '../../domain/order/order.ts';
import { periodAt, wholeFirstPeriod } from '../../domain/periods/billing-period.ts';
import type { BillingPeriod } from '../../domain/periods/billing-period.ts';
import { takenParts } from '../../domain/refund/taken-parts.ts';
import { firstPartShare } from '../../domain/subscription/first-charge.ts';
import { couponPeriodOf, sameInterval } from '../../domain/subscription/next-cycle.ts';
import { changeShare, planChange } from '../../domain/subscription/proration.ts';
import type { BilledLine, LineCredit } from '../../domain/subscription/proration.ts';
import type {
  AppliedChange,
  DueLine,
  PaidLine,
  Subscription,
  SubscriptionItem,
} from '../../domain/subscription/subscription.ts';
import type { CatalogService } from '../catalog/catalog-service.ts';
import type { OrderDocument, OrderStore } from '../order/order-store.ts';
import type { StoreCreditService } from '../store-credit/store-credit-service.ts';
import type { UsageService } from '../usage/usage-service.ts';
import { subscriptionHolder } from './bill-credits.ts';
import { changedItem } from './changed-item.ts';
import type { SmallBalances } from './small-balances.ts';
import type { SubscriptionBills } from './subscription-bills.ts';
import type { SubscriptionChange } from './subscription-steps.ts';

export interface PlanChangeDeps {
  readonly orders: Pick<OrderStore, 'require'>;
  readonly catalog: Pick<CatalogService, 'getPrices'>;
  readonly bills: Pick<SubscriptionBills, 'quote'>;
  readonly storeCredit: Pick<StoreCreditService, 'balance'>;
  readonly smallBalances: Pick<SmallBalances, 'ofChange'>;
  readonly usage: Pick<UsageService, 'usedBetween'>;
}

/** A change as it would be made at a moment: the same record and moment give the same, to the cent. */
export interface PlannedChange {
  readonly change: AppliedChange;
  readonly lines: readonly DueLine[];
  readonly couponPeriod: number;
  /** ISO 8601 UTC. */
  readonly effectiveAt: string;
  readonly quote: Quote | null;
  readonly credits: readonly {
    readonly order: string;
    readonly line: string;
    readonly net: number;
    readonly tax: number;
    readonly gross: number;
  }[];
  readonly credit: number;
  readonly balanceUsed: number;
  readonly charge: number;
  /** What would be left to charge and is too little for it; then `charge` is 0. */
  readonly waived: number;
  readonly creditLeft: number;
}

export type PlanChanges = ReturnType<typeof createPlanChanges>;

/** What a change comes to, for the preview and for the change itself. Writes nothing. */
export function createPlanChanges({ orders, catalog, bills, storeCredit, smallBalances, usage }: PlanChangeDeps) {
  /** The lines that pay for an item in the current period, with what was credited of them. */
  async function billedLines(
    subscription: Pick<Subscription, 'id' | 'items' | 'paidLines'>,
    items: readonly string[],
  ): Promise<{ readonly billed: readonly BilledLine[]; readonly sources: ReadonlyMap<string, OrderDocument> }> {
    const own = subscription.paidLines.filter(({ item, replacedAt }) => items.includes(item) && replacedAt === null);
    const ids = [...new Set(own.map(({ order }) => order))];
    const sources = new Map(await Promise.all(ids.map(async (id) => [id, await orders.require(id)] as const)));
    const allowances = new Map(
      await Promise.all(own.map(async (paid) => [paid, await allowanceOf(usage, subscription, paid)] as const)),
    );
    const billed = own.flatMap((paid) => {
      const { item, order: id, line, start, end } = paid;
      const order = sources.get(id);
      if (order === undefined) return [];
      const allowance = allowances.get(paid) ?? null;
      const taken = takenParts(order);
      return pricedQuote(order)
        .lines.filter((sold) => sold.line === line || sold.line.startsWith(`${line}.`))
        .map((sold): BilledLine => {
          const credited = sum(taken.filter((part) => part.line === sold.line).map(({ gross }) => gross));
          const paidFor = { start, end };
          return {
            item,
            order: id,
            line: sold.line,
            gross: sold.gross,
            credited,
            paidFor,
            replacedAt: null,
            allowance,
          };
        });
    });
    return { billed, sources };
  }

  async function atOnce(
    known: Subscription,
    {
      items,
      item,
      proration,
    }: {
      readonly items: readonly SubscriptionItem[];
      readonly item: SubscriptionItem;
      readonly proration: 'prorate' | 'none';
    },
    at: string,
  ): Promise<PlannedChange> {
    const before = known.items.find(({ id }) => id === item.id) ?? item;
    const newInterval = !sameInterval(requireRecurring(item), requireRecurring(before));
    const { period, anchor, anchorIndex } = newInterval ? restarted(known, item, at) : known;
    const share = changeShare({ period: wholePeriod(known, before), at, proration, newInterval });
    // What costs nothing for the rest of the period is not billed, and what is counted is billed by what is counted.
    const isBilled = item.usage === 'licensed' && share.seconds > 0 && known.status !== 'trialing';
    const due = newInterval
      ? { item, start: period.start, end: period.end, share: firstPartShare(anchor, requireRecurring(item)) }
      : { item, start: at, end: period.end, share };
    const lines: readonly DueLine[] = isBilled ? [due] : [];
    const couponPeriod = couponPeriodOf(known, period.index);
    const [quote, { billed, sources }, balance] = await Promise.all([
      bills.quote(known, lines, { couponPeriod, at }),
      billedLines(known, [item.id]),
      storeCredit.balance(subscriptionHolder(known), known.currency),
    ]);
    const newGross = quote?.gross ?? 0;
    const paid = planChange({ billed, at, proration: newInterval ? 'prorate' : proration, newGross, balance });
    const { credits, credited, toBalance, fromBalance } = paid;
    const waived = smallBalances.ofChange(known, paid.charge, at);
    const charge = paid.charge - waived;
    const replaced = proration === 'none' && !newInterval ? [] : [item.id];
    return {
      change: { items, anchor, anchorIndex, period, replaced, credits, fromBalance },
      ...{ lines, couponPeriod, effectiveAt: at, quote, credit: credited, balanceUsed: fromBalance, charge },
      ...{ waived, creditLeft: toBalance },
      credits: credits.map((one) => creditLine(one, sources)),
    };
  }

  return {
    billedLines,

    /**
     * @throws subscription.change_invalid naming the path, catalog.price_unknown, price.currency_not_sold and what
     * pricing and tax throw
     */
    async plan(known: Subscription, change: SubscriptionChange, at: string): Promise<PlannedChange> {
      const { items, item } = await changedItem(catalog, known, change);
      const runs = known.status !== 'paused';
      if (change.when === 'now' && runs) return atOnce(known, { items, item, proration: change.proration }, at);
      const { anchor, anchorIndex, period } = known;
      const unchanged = { anchor, anchorIndex, period, replaced: [], credits: [], fromBalance: 0 };
      return {
        change: { items, ...unchanged },
        ...{ lines: [], couponPeriod: couponPeriodOf(known, period.index), effectiveAt: period.end, quote: null },
        ...{ credits: [], credit: 0, balanceUsed: 0, charge: 0, waived: 0, creditLeft: 0 },
      };
    },
  };
}

/** Usage that came with an item, and what of it was used in the time that its line pays for. */
async function allowanceOf(
  usage: PlanChangeDeps['usage'],
  { id: subscriptionId, items }: Pick<Subscription, 'id' | 'items'>,
  { item: id, start, end }: PaidLine,
): Promise<BilledLine['allowance']> {
  const item = items.find((one) => one.id === id);
  const included = item?.recurring?.includes;
  if (item === undefined || included === undefined) return null;
  const used = await usage.usedBetween(subscriptionId, included.meter, { start, end });
  return { included: included.quantity * item.quantity, used };
}

/** What the price of the current period is for: it, or where periods follow the calendar what it is the first part of. */
function wholePeriod({ anchor, anchorIndex, period }: Subscription, item: SubscriptionItem): BillingPeriod {
  return period.index === anchorIndex ? wholeFirstPeriod(anchor, requireRecurring(item)) : period;
}

/** Another interval begins a new period with the change; where the current one is over, with its end: no time is free. */
function restarted(known: Subscription, item: SubscriptionItem, at: string) {
  const { end } = known.period;
  const anchor = { ...known.anchor, at: at < end ? at : end };
  const index = known.period.index + 1;
  if (known.items.some(({ usage }) => usage === 'metered'))
    fail('subscription.change_invalid', 'usage is billed by the period: another interval begins with the next one', [
      { path: 'when', message: 'must be "period_end"' },
    ]);
  if (known.status === 'trialing') return known;
  return { anchor, anchorIndex: index, period: { index, ...periodAt(anchor, requireRecurring(item), 0) } };
}

function requireRecurring({ recurring }: SubscriptionItem) {
  return recurring ?? fail('subscription.change_invalid', 'an item that is bought once cannot be changed');
}

/** With its tax, as the credit note will have it. */
function creditLine({ order: id, line, amount }: LineCredit, sources: ReadonlyMap<string, OrderDocument>) {
  const order = sources.get(id) ?? fail('order.not_found', `There is no order ${id}`);
  const earlier = order.refunds.flatMap(({ credited }) => credited?.lines ?? []);
  const { net, tax, gross } = creditPartOfLine(pricedQuote(order), { line, quantity: 0, gross: amount }, earlier);
  return { order: id, line, net, tax, gross };
}
