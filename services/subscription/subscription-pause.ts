import type { OrderStore } from '../order/order-store.ts';
import { pausedCause } from './bill-settlement.ts';
import type { CycleOpening } from './cycle-opening.ts';
import type { SubscriptionAccess } from './subscription-access.ts';
import type { SubscriptionMessages } from './subscription-messages.ts';
import type { SubscriptionNotices } from './subscription-notices.ts';
import type { SubscriptionDocument, SubscriptionStore } from './subscription-store.ts';

export type SubscriptionPauses = ReturnType<typeof createSubscriptionPauses>;

/** Rest and return, by the matrix of domain/subscription/pause-matrix.ts. */
export function createSubscriptionPauses({
  store,
  cycles,
  access,
  messages,
  notices,
  orders,
}: {
  readonly store: SubscriptionStore;
  readonly orders: Pick<OrderStore, 'require'>;
  readonly cycles: CycleOpening;
  readonly access: SubscriptionAccess;
  readonly messages: SubscriptionMessages;
  readonly notices: SubscriptionNotices;
}) {
  return {
    /** The pause begins: no access, nothing billed; the period that was paid for is over. */
    async begin(known: SubscriptionDocument, at: string): Promise<SubscriptionDocument> {
      const { pause, latestOrder } = known;
      const from = pause?.from ?? at;
      const until = pause?.until ?? null;
      await access.suspend(known, pausedCause(from), 'paused', at);
      await messages.queue(known, {
        template: 'subscription_paused',
        about: `paused/${from}`,
        order: latestOrder,
        says: { from, until },
        at,
      });
      const paused = { status: 'paused', pause: { from, until }, notices: [] } as const;
      const planned = notices.plan({ ...known, ...paused }, await orders.require(known.sourceOrder), at);
      return store.update(known, { ...paused, notices: planned, tell: latestOrder });
    },

    /**
     * A pause without an end that has reached its limit: the subscription ends as if it were cancelled now, by the will of
     * a customer who did not come back.
     */
    lapse(known: SubscriptionDocument, at: string): Promise<SubscriptionDocument> {
      const cancellation = { reason: 'paused_too_long', comment: null, by: 'system', voluntary: true, at } as const;
      return store.update(known, { cancelAt: at, cancellation });
    },

    /** The pause is over as it was agreed: a new period begins now and is collected; unpaid, it is dunned. */
    async end(known: SubscriptionDocument, at: string): Promise<SubscriptionDocument> {
      await access.restore(known, pausedCause(known.pause?.from ?? at), at);
      const anchor = { ...known.anchor, at };
      const begins = { anchor, anchorIndex: known.period.index + 1, period: { ...known.period, end: at } };
      return cycles.open({ ...known, ...begins }, at);
    },
  };
}
