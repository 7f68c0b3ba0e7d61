import { termsIn } from '../../domain/pricing/price-in-currency.ts';
import { couponPeriodOf, nextCycle } from '../../domain/subscription/next-cycle.ts';
import type { NextCycle } from '../../domain/subscription/next-cycle.ts';
import { periodTerms } from '../../domain/subscription/period-terms.ts';
import type { NewTerms, OpenBill, Subscription } from '../../domain/subscription/subscription.ts';
import type { CatalogService } from '../catalog/catalog-service.ts';
import type { OrderStore } from '../order/order-store.ts';
import { cycleOrderId, updateOrderId } from './subscription-ids.ts';
import { noticeFacts } from './subscription-notices.ts';
import type { SubscriptionNotices } from './subscription-notices.ts';
import type { SubscriptionDocument, SubscriptionStore } from './subscription-store.ts';

export interface CycleDeps {
  readonly store: SubscriptionStore;
  readonly orders: Pick<OrderStore, 'require'>;
  readonly catalog: Pick<CatalogService, 'getPrices'>;
  readonly notices: SubscriptionNotices;
}

export type CycleOpening = ReturnType<typeof createCycleOpening>;

/** The next period, written down with what it owes before anything of it is priced or charged. */
export function createCycleOpening({ store, orders, catalog, notices }: CycleDeps) {
  async function plan(known: Subscription): Promise<NextCycle & { readonly newTerms: readonly NewTerms[] }> {
    const { pendingChange, period, currency } = known;
    const items = pendingChange !== null && pendingChange.from <= period.end ? pendingChange.items : known.items;
    const [source, prices] = await Promise.all([
      orders.require(known.sourceOrder),
      catalog.getPrices(items.map(({ price }) => price)),
    ]);
    const catalogue = new Map(
      [...prices].flatMap(([id, price]) => {
        const terms = termsIn(price, currency);
        return terms === null ? [] : [[id, terms] as const];
      }),
    );
    const facts = noticeFacts(known, source);
    const { terms, announced } = periodTerms(known, items, { catalogue, start: period.end, facts });
    const cycle = nextCycle(known, terms);
    return { ...cycle, newTerms: announced.map((one) => ({ ...one, from: cycle.period.end })) };
  }

  return {
    /** Periods go on: the period begins, and its bill with it. What nobody owes anything for just begins. */
    async open(known: SubscriptionDocument, at: string): Promise<SubscriptionDocument> {
      const { period, anchor, anchorIndex, items, lines, newTerms } = await plan(known);
      const openBill = lines.length === 0 ? null : billOf(known, { period, lines, at });
      const { pendingChange } = known;
      const applied = pendingChange !== null && pendingChange.from <= known.period.end;
      const began: Partial<Subscription> = {
        ...{ status: 'active', period, anchor, anchorIndex, items, newTerms, openBill, pause: null, tell: null },
        ...(applied ? { pendingChange: null } : {}),
      };
      // The notices of the new period are planned when it is paid for: who has not paid is dunned.
      const source = openBill === null ? await orders.require(known.sourceOrder) : null;
      const planned = source === null ? {} : { notices: notices.plan({ ...known, ...began }, source, at) };
      return store.update(known, { ...began, ...planned });
    },

    /**
     * A period that begins now because somebody asked for it: nothing of it holds before it is paid.
     * @param known with the anchor and the end of the period as they are to be
     */
    async onRequest(
      known: SubscriptionDocument,
      { command, at, follows }: { readonly command: string; readonly at: string; readonly follows: 'trial' | 'pause' },
    ): Promise<SubscriptionDocument> {
      const begins: Subscription = {
        ...known,
        anchor: { ...known.anchor, at },
        anchorIndex: known.period.index + 1,
        period: { ...known.period, end: at },
      };
      const { period, anchor, anchorIndex, items, lines } = await plan(begins);
      const bill = billOf(begins, { period, lines, at });
      const openBill: OpenBill = {
        ...bill,
        ...{ order: updateOrderId(known.id, command), kind: 'update', follows, command, offSession: false },
        change: {
          items,
          anchor,
          anchorIndex,
          period,
          replaced: items.map(({ id }) => id),
          credits: [],
          fromBalance: 0,
        },
      };
      return store.update(known, { openBill });
    },
  };
}

function billOf(
  known: Subscription,
  { period, lines, at }: Pick<NextCycle, 'period' | 'lines'> & { readonly at: string },
): OpenBill {
  return {
    order: cycleOrderId(known.id, period.index),
    kind: 'cycle',
    follows: known.status === 'trialing' ? 'trial' : known.status === 'paused' ? 'pause' : 'period',
    lines,
    start: period.start,
    end: period.end,
    couponPeriod: couponPeriodOf(known, period.index),
    change: null,
    command: null,
    openedAt: at,
    round: 1,
    offSession: true,
    lookAt: null,
    looks: 0,
  };
}
